"""A model's markdown in a Word document: headings, lists, quotations, tables, emphasis."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docx.document import Document
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from components.markdown import parse

#: What XML cannot hold, and what would turn the direction of an address.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e]")

#: Word's built-in styles have three levels of lists.
_LEVELS = 3


def write_markdown(document: Document, source: str, *, below: int = 1) -> None:
    """Add `source`, untrusted markdown; its headings stand below a heading of level `below`.

    Links and pictures become what they say, and nothing in the document leads elsewhere.
    """
    lists: list[str] = []
    quotations = 0
    style: str | None = None
    row: list[str] | None = None
    rows: list[list[str]] = []
    for token in parse(source):
        match token.type:
            case "bullet_list_open":
                lists.append("List Bullet")
            case "ordered_list_open":
                lists.append("List Number")
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
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
            case "inline" if row is not None:
                row.append(_plain(token.children or []))
            case "inline":
                _runs(
                    document.add_paragraph(style=style or _style(lists, quotations)),
                    token.children or [],
                )
            case "fence" | "code_block":
                document.add_paragraph(text(token.content.rstrip("\n")), style="No Spacing")
            case _:
                pass


def text(value: str) -> str:
    """Return `value` without what a Word document cannot hold."""
    return _UNWRITABLE.sub("\ufffd", value)


def _style(lists: Sequence[str], quotations: int) -> str | None:
    if lists:
        level = min(len(lists), _LEVELS)
        return lists[-1] if level == 1 else f"{lists[-1]} {level}"
    return "Quote" if quotations else None


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
        case "picture":
            return f"[picture left out: {text(token.content.strip())}]"
        case _:
            return text(token.content)


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return
    table = document.add_table(rows=len(rows), cols=columns, style="Table Grid")
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, said in zip(cells.cells, row, strict=False):
            cell.text = said
