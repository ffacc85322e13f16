"""The plain text of markdown, stretch by stretch, and where in the source each character stands.

A stretch is what the parser calls inline: a paragraph, a heading, an item's line, a cell. Who looks
for something in an answer looks here, where emphasis, escapes and entities are already understood,
and can say where it was in the source. `html.py` renders the same stretches in the same order, so
that what is found can be marked there (`marks.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.markdown.parser import LINE_END, PARSER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

#: Where a stretch stands: a heading's, within a quotation (`>`), or any other.
Setting = Literal["text", "heading", "quotation"]

#: Stands for each character of code and for a picture: no word, no quotation mark.
LEFT_OUT = "\ufffc"

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,40};")


@dataclass(frozen=True, slots=True)
class TextStretch:
    """Plain text of one stretch; `at[i]` is the offset in the source of its character i.

    `emphasised` are the parts of `text` in italics or bold, as (start, end).
    """

    text: str
    at: Sequence[int]
    setting: Setting
    emphasised: tuple[tuple[int, int], ...] = ()

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the source the characters from `start` to `end`, not empty, stand."""
        return self.at[start], self.at[end - 1] + 1


def plain(token: Token) -> str:
    """Return the plain text that an inline token's child adds to its stretch."""
    if token.type == "text":
        return token.content
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "code_inline":
        return LEFT_OUT * len(token.content)
    return LEFT_OUT if token.type == "picture" else ""


def prose(source: str) -> list[TextStretch]:
    """Return the stretches of `source`, untrusted markdown, in their order."""
    found: list[TextStretch] = []
    lines = _lines(source)
    quotations = row = 0
    heading = False
    for token in PARSER.parse(source):
        if token.type in {"blockquote_open", "blockquote_close"}:
            quotations += token.nesting
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.nesting == 1
        elif token.type == "tr_open" and token.map:
            row = lines[token.map[0]][0]
        elif token.type == "inline":
            first, last = token.map or (0, 1)
            is_cell = token.level > 1 and first < len(lines) and row >= lines[first][0]
            begin = row if is_cell else lines[first][0]
            end = lines[min(last, len(lines)) - 1][1]
            setting: Setting = "heading" if heading else "quotation" if quotations else "text"
            stretch = _stretch(token, source, begin, end, setting)
            if is_cell and stretch.at:
                row = stretch.at[-1] + 1
            found.append(stretch)
    return found


def _lines(source: str) -> list[tuple[int, int]]:
    """Return start and end of each line, without what ends it."""
    lines, start = [], 0
    for match in LINE_END.finditer(source):
        lines.append((start, match.start()))
        start = match.end()
    lines.append((start, len(source)))
    return lines


def _stretch(token: Token, source: str, begin: int, end: int, setting: Setting) -> TextStretch:
    """Follow the children of `token` through the part of `source` that it was parsed from."""
    pieces: list[str] = []
    at: list[int] = []
    emphasised: list[tuple[int, int]] = []
    opened: list[int] = []
    here = begin
    for child in token.children or []:
        said = plain(child)
        if child.type == "text":
            here = _follow(said, source, here, end, at)
        elif child.type == "code_inline":
            found = source.find(child.content, here, end)
            here = found if found >= 0 else here
            at += [min(here + number, end) for number in range(len(said))]
            here = min(here + len(said), end)
        elif said == "\n":
            found = next((one.start() for one in LINE_END.finditer(source, here, end)), here)
            at.append(found)
            here = min(found + 1, end)
        elif child.type in {"address_close", "picture"}:
            if said:
                at.append(here)
            address = str(child.meta["address"])
            found = source.find(address, here, end)
            here = found + len(address) if found >= 0 else here
        elif child.tag in {"em", "strong"}:
            if child.nesting == 1:
                opened.append(len(at))
            elif opened:
                emphasised.append((opened.pop(), len(at)))
        pieces.append(said)
    return TextStretch("".join(pieces), at, setting, tuple(emphasised))


def _follow(said: str, source: str, here: int, end: int, at: list[int]) -> int:
    """Append where each character of `said` stands from `here` on; return where it ends."""
    found = source.find(said, here, end)
    if found >= 0:
        at.extend(range(found, found + len(said)))
        return found + len(said)
    for character in said:  # Escapes and entities are in it.
        while here < end and source[here] != character:
            entity = _ENTITY.match(source, here, end) if source[here] == "&" else None
            if entity is not None:
                break
            here += 1
        at.append(min(here, max(end - 1, 0)))
        entity = _ENTITY.match(source, here, end) if source[here : here + 1] == "&" else None
        here = entity.end() if entity is not None and character != "&" else here + 1
        if entity is not None and character == "&" and entity[0] in {"&amp;", "&#38;"}:
            here = entity.end()
    return min(here, end)
