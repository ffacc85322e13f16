"""A file for Word: headings for its navigation pane, styles that can be changed.

Every paragraph has one of Word's built-in styles, so that a house style applied to the file works.
Tables repeat their first row on each page; the page's number stands at its foot. A model's markdown
is written from its tokens (`write_markdown`), with nothing that leads out of the document.
"""

import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import assert_never

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Inches, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from markdown_it.token import Token

from components.export import contents as blocks
from components.languages import RTL, pieces, runs_left
from components.markdown import printable
from components.plots.static_plots import PlotImage

#: Longest value of a property of the document, in characters: Word refuses more.
_LONGEST = 255

_SMALL = Pt(8.5)

#: The room between the margins: python-docx makes pages of 8.5 inches.
_MARGIN = Inches(1)
_WIDTH = Inches(6.5)

#: How much wider a column of words is than one of figures.
_WORDS = 1.6

#: Margins at both sides of a cell, in twentieths of a point.
_MARGINS = (
    f"<w:tblCellMar {nsdecls('w')}>"
    '<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
)

#: What follows the direction among the properties of a paragraph, as Word wants them ordered.
_AFTER_BIDI = ("w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")

#: The same of the size of what runs from right to left, among those of a run.
_AFTER_SIZE = ("w:highlight", "w:u", "w:vertAlign", "w:rtl", "w:cs", "w:lang")

#: The same of the room between letters.
_AFTER_SPACING = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", *_AFTER_SIZE)

#: Languages for which Word has fonts of their own.
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})

#: Word's built-in styles have three levels of lists.
_LEVELS = 3


def report_docx(contents: blocks.Contents) -> bytes:
    """Return all of `contents` as a Word file."""
    document = Document()
    document.sections[0].left_margin = document.sections[0].right_margin = _MARGIN
    _properties(document, contents)
    _foot(document)
    for level, section in contents.walk():
        if section.title:
            document.add_heading(printable(section.title), level=min(level, 9))
        for block in section.blocks:
            _block(document, block, section.below(level))
    _set_directions(document, contents.language)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_directions(document: WordDocument, language: str) -> None:
    """Tell Word which way each paragraph and its pieces run, and what is East Asian or Arabic.

    Word does not find out by itself: a full stop would stand at the wrong end of a line. It has a
    size and weights of its own for what runs from right to left.
    """
    spoken = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    if language and spoken is not None:
        script = "eastAsia" if language.partition("-")[0] in _EAST_ASIAN else "bidi"
        spoken.set(qn(f"w:{script}"), language)
    for element in document.element.body.iter(qn("w:p")):
        paragraph = WordParagraph(element, document)
        if not RTL.search(paragraph.text):
            continue
        if runs_left(paragraph.text):
            properties = element.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        directed = (is_left for piece, is_left in pieces(paragraph.text) for _ in piece)
        for run in paragraph.runs:
            _split(run, list(islice(directed, len(run.text))))


def _split(run: Run, directed: Sequence[bool]) -> None:
    """Make of a run one for each stretch of characters of one direction."""
    text, at = run.text, 0
    for is_left, stretch in groupby(directed):
        length = len(list(stretch))
        if at:
            copied = deepcopy(run._r)  # noqa: SLF001
            run._r.addnext(copied)  # noqa: SLF001
            run = Run(copied, run._parent)  # noqa: SLF001
        run.text, at = text[at : at + length], at + length
        run.font.rtl = is_left or None
        if is_left:  # Spaced out, as titles are, letters that are joined would come apart.
            close = OxmlElement("w:spacing", {qn("w:val"): "0"})
            run._r.get_or_add_rPr().insert_element_before(close, *_AFTER_SPACING)  # noqa: SLF001
        run.font.cs_bold, run.font.cs_italic = run.bold, run.italic
        if run.font.size is not None:
            plain = run._r.get_or_add_rPr()  # noqa: SLF001
            for old in plain.findall(qn("w:szCs")):
                plain.remove(old)
            size = OxmlElement("w:szCs", {qn("w:val"): str(int(run.font.size.pt * 2))})
            plain.insert_element_before(size, *_AFTER_SIZE)


def _properties(document: WordDocument, contents: blocks.Contents) -> None:
    properties, now = document.core_properties, datetime.now(UTC)
    properties.title = printable(contents.title)[:_LONGEST]
    properties.subject = printable(contents.subtitle)[:_LONGEST]
    # Who wrote the book did not write this, and no person did.
    properties.author = properties.last_modified_by = "First Reader"
    properties.category = "Reader’s report"
    properties.comments = "Written by a model; quotations looked up in the manuscript."
    properties.keywords = ""
    properties.created = properties.modified = now.replace(tzinfo=None)


def _foot(document: WordDocument) -> None:
    """Write the page's number and the number of pages, as fields that Word fills in."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for code, before in (("PAGE", ""), ("NUMPAGES", " / ")):
        paragraph.add_run(before)
        field = OxmlElement("w:fldSimple", {qn("w:instr"): code})
        field.append(paragraph.add_run("1")._r)  # noqa: SLF001
        paragraph._p.append(field)  # noqa: SLF001


def _block(document: WordDocument, block: blocks.Block, below: int) -> None:
    """Write a block; the headings of an answer stand under level `below`."""
    match block:
        case blocks.Subtitle():
            document.add_paragraph(printable(block.text), style="Subtitle")
        case blocks.FactList():
            for name, value in block.rows:
                paragraph = document.add_paragraph(style="List Bullet")
                paragraph.add_run(printable(f"{name}: ")).bold = True
                paragraph.add_run(printable(value))
        case blocks.Paragraph():
            document.add_paragraph(printable(block.text))
        case blocks.Notice():
            document.add_paragraph(style="Intense Quote").add_run(printable(block.text))
            _list(document, block.lines)
        case blocks.Listing():
            _list(document, block.lines)
        case blocks.Answer():
            write_markdown(document, block, below=below)
        case blocks.Quotation():
            paragraph = document.add_paragraph(style="Quote")
            paragraph.add_run(printable(f"“{block.text}” "))
            where = paragraph.add_run(printable(f"({block.where})"))
            where.italic, where.bold = False, not block.is_found or None
            quoted_in = printable(f" Quoted in {'; '.join(block.quoted_in)}.")
            paragraph.add_run(quoted_in).italic = False
        case blocks.Verbatim():
            paragraph = document.add_paragraph(style="No Spacing")
            paragraph.add_run(printable(block.text)).font.size = _SMALL
            document.add_paragraph()
        case blocks.Table():
            _table(document, block)
        case PlotImage():
            _picture(document, block)
        case _:
            assert_never(block)


def _list(document: WordDocument, lines: Sequence[str]) -> None:
    for line in lines:
        document.add_paragraph(printable(line), style="List Bullet")


def _table(document: WordDocument, block: blocks.Table) -> None:
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001
    look.addprevious(parse_xml(_MARGINS))  # Word wants them in this order.
    shares = [1.0 if at in block.figures else _WORDS for at in range(len(block.head))]
    widths = [Emu(int(_WIDTH * share / sum(shares))) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate((block.head, *block.rows)):
        added = table.add_row()
        properties = added._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))  # Repeated on each page.
        for at, (cell, value) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = widths[at]
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(printable(value))
            run.font.size, run.bold = _SMALL, number == 0 or None
            if at in block.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _picture(document: WordDocument, block: PlotImage) -> None:
    if not block.png:  # Word shows no SVG of ours: then its words stand for it.
        document.add_paragraph(printable(f"{block.title}: {block.text}"))
        return
    shape = document.add_picture(io.BytesIO(block.png), width=_WIDTH)
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", printable(block.text))
    properties.set("title", printable(block.title))
    document.add_paragraph(printable(block.title), style="Caption")


@dataclass(slots=True)
class _List:
    """An open list: its style in the document, its number there, whether an item begins next."""

    style: str
    number: int | None
    begins_item: bool = False


def write_markdown(document: WordDocument, answer: blocks.Answer, *, below: int = 1) -> None:
    """Add an answer; its headings stand under a heading of level `below`.

    Links and pictures become text, so that nothing in the document leads elsewhere. The words of a
    mark are written in parentheses after the marked text.
    """
    lowering, quotations = answer.lowering(below), 0
    lists: list[_List] = []
    style: str | None = None
    row: list[str] | None = None
    rows: list[list[str]] = []
    for token in answer.tokens():
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append(_opened(document, token, len(lists) + 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                lists[-1].begins_item = True
            case "blockquote_open" | "blockquote_close":
                quotations += token.nesting
            case "heading_open":
                style = f"Heading {min(int(token.tag[1:]) + lowering, 9)}"
            case "heading_close":
                style = None
            case "table_open":
                rows = []
            case "tr_open":
                row = []
                rows.append(row)
            case "table_close":
                _table(document, blocks.Table(rows[0], rows[1:]))
                row = None
            case "inline":
                children = token.children or []
                if row is not None:
                    row.append("".join(map(_text, children)))
                    continue
                paragraph = document.add_paragraph(style=style or _style(lists, quotations))
                _runs(paragraph, children)
                if lists and lists[-1].begins_item:
                    lists[-1].begins_item = False
                    if style is None and lists[-1].number is not None:
                        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
                        numbered.get_or_add_ilvl().val = 0
                        numbered.get_or_add_numId().val = lists[-1].number
            case "fence" | "code_block":
                document.add_paragraph(printable(token.content.rstrip("\n")), style="No Spacing")
            case _:
                pass


def _opened(document: WordDocument, token: Token, level: int) -> _List:
    is_numbered = token.type == "ordered_list_open"
    name = "List Number" if is_numbered else "List Bullet"
    style = name if level == 1 else f"{name} {min(level, _LEVELS)}"
    start = int(token.attrs.get("start", 1))
    return _List(style, _new_list(document, style, start) if is_numbered else None)


def _new_list(document: WordDocument, style: str, start: int) -> int:
    """Return the number of a new list in `style` that begins at `start`.

    Word counts all paragraphs of a list style as one list, so that the second list of a document
    would continue the first: each gets a numbering of its own, with the looks of the style.
    """
    own = document.styles[style].element.pPr.numPr.numId.val
    numbering = document.part.numbering_part.element
    number = numbering.add_num(numbering.num_having_numId(own).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(number.numId)


def _style(lists: Sequence[_List], quotations: int) -> str | None:
    if lists and lists[-1].begins_item:
        return lists[-1].style
    if quotations:
        return "Quote"
    if not lists:
        return None
    level = min(len(lists), _LEVELS)
    return "List Continue" if level == 1 else f"List Continue {level}"


def _runs(paragraph: WordParagraph, tokens: Sequence[Token]) -> None:
    depth = {"strong": 0, "em": 0, "s": 0}
    for token in tokens:
        if token.tag in depth:
            depth[token.tag] += token.nesting
            continue
        run = paragraph.add_run(_text(token))
        run.bold, run.italic = bool(depth["strong"]) or None, bool(depth["em"]) or None
        run.font.strike = bool(depth["s"]) or None


def _text(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "address_open":
            return ""
        case "address_close":
            address = str(token.meta["address"])
            return f" ({printable(address)})" if address and address != token.content else ""
        case "mark_close":
            return f" ({printable(token.meta['mark'].said)})" if token.meta["is_last"] else ""
        case "picture":
            return f"[picture left out: {printable(token.content.strip())}]"
        case _:
            return printable(token.content)
