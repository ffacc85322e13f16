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
from docx.shared import Emu, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from components.export.outline import (
    Answer,
    Block,
    Contents,
    Facts,
    Listing,
    Notice,
    Paragraph,
    Picture,
    Quotation,
    Table,
    Verbatim,
)
from components.export.word import text, write_markdown

#: Longest value of a property of the document, in characters: Word refuses more.
_LONGEST = 255

_SMALL = Pt(8.5)


def report_docx(contents: Contents) -> bytes:
    """Return all of `contents` as a Word file."""
    document = Document()
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
        case Facts():
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
            for one in block.lines:
                document.add_paragraph(text(one), style="List Bullet")
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
        case Picture():
            _picture(document, block)
        case _:
            assert_never(block)


def _quotation(document: WordDocument, block: Quotation) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run(text(f"“{block.text}” "))
    said = paragraph.add_run(text(f"({block.said})"))
    said.italic, said.bold = False, not block.is_found or None


def _table(document: WordDocument, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    for number, row in enumerate((block.head, *block.rows)):
        added = table.add_row()
        properties = added._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, said) in enumerate(zip(added.cells, row, strict=True)):
            _cell(cell, said, is_head=number == 0, is_figure=at in block.figures)
    document.add_paragraph()


def _cell(cell: _Cell, said: str, *, is_head: bool, is_figure: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text(said))
    run.font.size, run.bold = _SMALL, is_head or None
    if is_figure:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _picture(document: WordDocument, block: Picture) -> None:
    section = document.sections[0]
    page = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    shape = document.add_picture(io.BytesIO(block.png), width=Emu(page))
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", text(block.text))
    properties.set("title", text(block.title))
    document.add_paragraph(text(block.title), style="Caption")
