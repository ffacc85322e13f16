"""A whole-book report as a Word file: headings for its navigation pane, styles to be changed.

Every paragraph has one of Word's built-in styles, so that a house style put over the file takes.
Tables repeat their first row on each page; the page's number stands at its foot.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import assert_never

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from components.export.docx_blocks import repeat, text, write_markdown
from components.export.report_document import (
    Answer,
    Block,
    Contents,
    FactList,
    Listing,
    Notice,
    Paragraph,
    Quotation,
    Table,
    Verbatim,
)
from components.plots.static_plots import PlotImage

#: Longest value of a property of the document, in characters: Word refuses more.
_LONGEST = 255

_SMALL = Pt(8.5)

#: How much wider a column of words is than one of figures.
_WORDS = 1.6

#: Room at both sides of a cell, in twentieths of a point.
_MARGIN = 60


def report_docx(contents: Contents) -> bytes:
    """Return all of `contents` as a Word file."""
    document = Document()
    document.sections[0].left_margin = document.sections[0].right_margin = Inches(1)
    _properties(document, contents)
    _foot(document)
    document.add_heading(text(contents.title), level=0)
    if contents.notice is not None:
        _block(document, contents.notice, 0)
    if contents.subtitle:
        document.add_paragraph(text(contents.subtitle), style="Subtitle")
    _block(document, contents.facts, 0)
    for one in contents.about:
        _block(document, one, 0)
    for level, section in contents.walk():
        document.add_heading(text(section.title), level=min(level, 9))
        for block in section.blocks:
            _block(document, block, level)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _properties(document: WordDocument, contents: Contents) -> None:
    properties, now = document.core_properties, datetime.now(UTC)
    properties.title = text(contents.title)[:_LONGEST]
    properties.subject = text(contents.subtitle)[:_LONGEST]
    # Who wrote the book did not write this, and no person did.
    properties.author = properties.last_modified_by = "First Reader"
    properties.category = "Reader’s report"
    properties.comments = "Written by a model; quotations looked up in the manuscript."
    properties.keywords = ""
    properties.created = properties.modified = now.replace(tzinfo=None)


def _foot(document: WordDocument) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for at, code in enumerate(("PAGE", "NUMPAGES")):
        if at:
            paragraph.add_run(" / ")
        _field(paragraph, code)


def _field(paragraph: WordParagraph, code: str) -> None:
    """Add a field that Word fills in: a begin, what it is, what stands there until then, an end."""
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)  # noqa: SLF001
        if kind == "begin":
            said = OxmlElement("w:instrText")
            said.set(qn("xml:space"), "preserve")
            said.text = f" {code} "
            paragraph.add_run()._r.append(said)  # noqa: SLF001
        if kind == "separate":
            paragraph.add_run("1")


def _block(document: WordDocument, block: Block, level: int) -> None:
    match block:
        case FactList():
            for name, said in block.rows:
                paragraph = document.add_paragraph(style="List Bullet")
                paragraph.add_run(text(f"{name}: ")).bold = True
                paragraph.add_run(text(said))
        case Paragraph():
            document.add_paragraph(text(block.text))
        case Notice():
            document.add_paragraph(style="Intense Quote").add_run(text(block.text))
            for one in block.lines:
                document.add_paragraph(text(one), style="List Bullet")
        case Listing():
            for line in block.lines:
                document.add_paragraph(text(line), style="List Bullet")
        case Answer():
            write_markdown(
                document, block.source, below=block.lowering(level) + 1, marks=block.marks
            )
        case Quotation():
            _quotation(document, block)
        case Verbatim():
            paragraph = document.add_paragraph(style="No Spacing")
            paragraph.add_run(text(block.text)).font.size = _SMALL
            document.add_paragraph()
        case Table():
            _table(document, block)
        case PlotImage():
            _picture(document, block)
        case _:
            assert_never(block)


def _quotation(document: WordDocument, block: Quotation) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run(text(f"“{block.text}” "))
    said = paragraph.add_run(text(f"({block.said})"))
    said.italic, said.bold = False, not block.is_found or None
    paragraph.add_run(text(f" Quoted in {'; '.join(block.quoted_in)}.")).italic = False


def _table(document: WordDocument, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    _cell_margins(table)
    widths = _widths(document, block)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate((block.head, *block.rows)):
        added = table.add_row()
        properties = added._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            repeat(added)
        for at, (cell, said) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = widths[at]
            _cell(cell, said, is_head=number == 0, is_figure=at in block.figures)
    document.add_paragraph()


def _widths(document: WordDocument, block: Table) -> list[Emu]:
    """Return the widths of the columns: words take more room than figures."""
    shares = [1.0 if at in block.figures else _WORDS for at in range(len(block.head))]
    return [Emu(int(_page_width(document) * share / sum(shares))) for share in shares]


def _page_width(document: WordDocument) -> int:
    section = document.sections[0]
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    return (section.page_width or Inches(8.5)) - margins


def _cell_margins(table: WordTable) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr  # noqa: SLF001
    look = properties.find(qn("w:tblLook"))  # Word wants them in this order.
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def _cell(cell: _Cell, said: str, *, is_head: bool, is_figure: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text(said))
    run.font.size, run.bold = _SMALL, is_head or None
    if is_figure:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _picture(document: WordDocument, block: PlotImage) -> None:
    if not block.png:  # Word shows no SVG of ours: then its words stand for it.
        document.add_paragraph(text(f"{block.title}: {block.text}"))
        return
    width = Emu(_page_width(document))
    shape = document.add_picture(io.BytesIO(block.png), width=width)
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", text(block.text))
    properties.set("title", text(block.title))
    document.add_paragraph(text(block.title), style="Caption")
