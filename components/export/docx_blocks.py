"""A model's markdown in a Word document: headings, lists, quotations, tables, emphasis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml import OxmlElement
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from components.export.docx_lists import new_list, put_in_list
from components.markdown import Highlight, cut, parse

#: What XML cannot hold, and what would turn the direction of an address.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e]")

#: Word's built-in styles have three levels of lists.
_LEVELS = 3


@dataclass(slots=True)
class _List:
    """A list that is open: its style in the document, its number there, and what comes next."""

    style: str
    number: int | None
    begins_item: bool = False


def write_markdown(
    document: Document, source: str, *, below: int = 1, marks: Sequence[Highlight] = ()
) -> None:
    """Add `source`, untrusted markdown; its headings stand below a heading of level `below`.

    Links and pictures become what they say, and nothing in the document leads elsewhere. `marks`
    do not overlap; what they say stands in parentheses after what they mark.
    """
    lists: list[_List] = []
    quotations = stretch = 0
    style: str | None = None
    row: list[str] | None = None
    rows: list[list[str]] = []
    for token in parse(source):
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
                style = f"Heading {min(int(token.tag[1:]) + below - 1, 9)}"
            case "heading_close":
                style = None
            case "table_open":
                rows = []
            case "tr_open":
                row = []
                rows.append(row)
            case "table_close":
                _table(document, rows)
                row = None
            case "inline":
                here = [mark for mark in marks if mark.stretch == stretch]
                stretch += 1
                children = cut(token.children or [], here) if here else token.children or []
                if row is not None:
                    row.append(_plain(children))
                    continue
                paragraph = document.add_paragraph(style=style or _style(lists, quotations))
                _runs(paragraph, children)
                _number(paragraph, lists, is_plain=style is None)
            case "fence" | "code_block":
                document.add_paragraph(text(token.content.rstrip("\n")), style="No Spacing")
            case _:
                pass


def _opened(document: Document, token: Token, level: int) -> _List:
    is_numbered = token.type == "ordered_list_open"
    name = "List Number" if is_numbered else "List Bullet"
    style = name if level == 1 else f"{name} {min(level, _LEVELS)}"
    start = int(token.attrs.get("start", 1))
    return _List(style, new_list(document, style, start=start) if is_numbered else None)


def _number(paragraph: Paragraph, lists: Sequence[_List], *, is_plain: bool) -> None:
    """Count a paragraph that begins an item of a numbered list; the next one goes on in it."""
    if not lists or not lists[-1].begins_item:
        return
    lists[-1].begins_item = False
    if is_plain and lists[-1].number is not None:
        put_in_list(paragraph, lists[-1].number)


def text(value: str) -> str:
    """Return `value` without what a Word document cannot hold."""
    return _UNWRITABLE.sub("\ufffd", value)


def repeat(row: Row) -> None:
    """Have a row stand again at the top of each page that its table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _style(lists: Sequence[_List], quotations: int) -> str | None:
    if lists and lists[-1].begins_item:
        return lists[-1].style
    if quotations:
        return "Quote"
    if not lists:
        return None
    level = min(len(lists), _LEVELS)
    return "List Continue" if level == 1 else f"List Continue {level}"


def _runs(paragraph: Paragraph, tokens: Sequence[Token]) -> None:
    bold = italic = struck = 0
    for token in tokens:
        match token.tag:
            case "strong":
                bold += token.nesting
            case "em":
                italic += token.nesting
            case "s":
                struck += token.nesting
            case _:
                run = paragraph.add_run(_said(token))
                run.bold, run.italic = bool(bold) or None, bool(italic) or None
                run.font.strike = bool(struck) or None


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(_said(token) for token in tokens)


def _said(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "address_open":
            return ""
        case "address_close":
            address = str(token.meta["address"])
            return f" ({text(address)})" if address and address != token.content else ""
        case "mark_close":
            return f" ({text(token.meta['mark'].said)})" if token.meta["is_last"] else ""
        case "picture":
            return f"[picture left out: {text(token.content.strip())}]"
        case _:
            return text(token.content)


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return
    table = document.add_table(rows=len(rows), cols=columns, style="Table Grid")
    repeat(table.rows[0])
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, said in zip(cells.cells, row, strict=False):
            cell.text = said
