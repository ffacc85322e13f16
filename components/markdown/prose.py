"""The plain text of markdown, stretch by stretch, and where in the source each character stands.

A stretch is what the parser calls inline: a paragraph, a heading, an item's line, a cell. `html.py`
renders the same stretches in the same order, so that what is found here can be marked there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.token import Token

from components.markdown.parser import LINE_END, PARSER

#: Where a stretch stands: in a heading, in a quotation (`>`), or elsewhere.
Setting = Literal["text", "heading", "quotation"]

#: Stands for each character of code and for a picture: no word, no quotation mark.
LEFT_OUT = "\ufffc"

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,40};")


@dataclass(frozen=True, slots=True)
class TextStretch:
    """Plain text of one stretch; `at[i]` is the offset in the source of its character i.

    `emphasised` are the parts of `text` in italics or bold, as (start, end). `head` is the text at
    the head of its column, where it is a cell below one.
    """

    text: str
    at: Sequence[int]
    setting: Setting
    emphasised: tuple[tuple[int, int], ...] = ()
    head: str = ""

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
    heads: list[str] = []
    column = 0
    for token in PARSER.parse(source):
        if token.type in {"blockquote_open", "blockquote_close"}:
            quotations += token.nesting
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.nesting == 1
        elif token.type == "thead_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
            if token.map:
                row = lines[token.map[0]][0]
        elif token.type in {"th_close", "td_close"}:
            column += 1
            if token.type == "th_close":
                heads.append(found[-1].text)
        elif token.type == "inline":
            first, last = token.map or (0, 1)
            is_cell = token.level > 1 and first < len(lines) and row >= lines[first][0]
            begin = row if is_cell else lines[first][0]
            end = lines[min(last, len(lines)) - 1][1]
            setting: Setting = "heading" if heading else "quotation" if quotations else "text"
            stretch = _stretch(token, source, begin, end, setting)
            if is_cell and stretch.at:
                row = stretch.at[-1] + 1
            if is_cell and column < len(heads):
                stretch = replace(stretch, head=heads[column])
            found.append(stretch)
    return found


def _lines(source: str) -> list[tuple[int, int]]:
    """Return start and end of each line, without what ends it."""
    ends = [match.span() for match in LINE_END.finditer(source)]
    starts = [0, *(after for _, after in ends)]
    return list(zip(starts, [*(before for before, _ in ends), len(source)], strict=True))


def _stretch(token: Token, source: str, begin: int, end: int, setting: Setting) -> TextStretch:
    """Follow the children of `token` through the part of `source` that it was parsed from."""
    pieces: list[str] = []
    at: list[int] = []
    emphasised: list[tuple[int, int]] = []
    opened: list[int] = []
    here = begin
    for child in token.children or []:
        text = plain(child)
        if child.type == "text":
            here = _follow(text, source, here, end, at)
        elif child.type == "code_inline":
            found = source.find(child.content, here, end)
            here = found if found >= 0 else here
            at += [min(here + number, end) for number in range(len(text))]
            here = min(here + len(text), end)
        elif text == "\n":
            line_end = LINE_END.search(source, here, end)
            at.append(line_end.start() if line_end else here)
            here = min(at[-1] + 1, end)
        elif child.type in {"address_close", "picture"}:
            if text:
                at.append(here)
            address = str(child.meta["address"])
            found = source.find(address, here, end)
            here = found + len(address) if found >= 0 else here
        elif child.tag in {"em", "strong"}:
            if child.nesting == 1:
                opened.append(len(at))
            elif opened:
                emphasised.append((opened.pop(), len(at)))
        pieces.append(text)
    return TextStretch("".join(pieces), at, setting, tuple(emphasised))


def _follow(text: str, source: str, here: int, end: int, at: list[int]) -> int:
    """Append where each character of `text` stands from `here` on; return where it ends."""
    found = source.find(text, here, end)
    if found >= 0:
        at.extend(range(found, found + len(text)))
        return found + len(text)
    for character in text:  # There are escapes and entities in it.
        while here < end and source[here] != character:
            if source[here] == "&" and _ENTITY.match(source, here, end):
                break
            here += 1
        at.append(min(here, max(end - 1, 0)))
        entity = _ENTITY.match(source, here, end) if source[here : here + 1] == "&" else None
        here = entity.end() if entity is not None and character != "&" else here + 1
        if entity is not None and character == "&" and entity[0] in {"&amp;", "&#38;"}:
            here = entity.end()
    return min(here, end)
