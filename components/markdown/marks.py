"""Marks that a page or a file puts on a model's text, and a stretch's tokens split at them.

No part of a mark comes from the model. Its address is checked when it is made, so that `html.py`
can write it as the only address that may be followed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from components.markdown.prose import plain

#: "found" has the address of the passage; "cited" was found too, but a file has no page to lead to.
Meaning = Literal["found", "missing", "unknown", "cited"]

_ADDRESS = re.compile(r"\./[a-z]*\?[A-Za-z0-9_=&.%-]{1,300}")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A mark on the characters from `start` to `end` of stretch number `stretch` of a source.

    `said` is shown as its tooltip and read by screen readers; `address` is where a "found" leads.

    Raises: ValueError where the address is not a page of this app.
    """

    stretch: int
    start: int
    end: int
    meaning: Meaning
    said: str
    address: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that could lead elsewhere."""
        if (self.meaning == "found") != bool(_ADDRESS.fullmatch(self.address)):
            raise ValueError("a mark leads to a page of this app, or nowhere")


def cut(tokens: Sequence[Token], marks: Sequence[Highlight]) -> list[Token]:
    """Return `tokens` with a `mark_open` and a `mark_close` token around each marked part.

    Text is split where marks begin and end. Where an emphasis tag has its partner outside the mark,
    the mark is closed before that tag and opened again after it, so that tags stay nested. The
    `meta` of both tokens holds the mark and `is_last`: whether no other part of it follows.
    """
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    pieces: list[Token] = []
    texts: list[int] = []  # indexes of the pieces that have text
    starts: list[int] = []  # where in the stretch those begin
    here = 0
    for token in tokens:
        end = here + len(plain(token))
        inner = edges[bisect_right(edges, here) : bisect_left(edges, end)]
        for start, stop in pairwise([here, *inner, end]):
            if start < stop:
                texts.append(len(pieces))
                starts.append(start)
            content = token.content[start - here : stop - here]
            pieces.append(replace(token, content=content) if inner else token)
        here = end
    first: dict[int, Highlight] = {}
    last: dict[int, Highlight] = {}
    torn: dict[int, Highlight] = {}
    for mark in marks:
        inside = texts[bisect_left(starts, mark.start) : bisect_left(starts, mark.end)]
        if inside:
            first[inside[0]] = last[inside[-1]] = mark
            torn |= dict.fromkeys(_torn_tags(pieces, inside[0], inside[-1]), mark)
    out: list[Token] = []
    for index, piece in enumerate(pieces):
        if index in first:
            out.append(_pair(first[index], 1))
        if index in torn:
            out += [_pair(torn[index], -1, is_last=False), piece, _pair(torn[index], 1)]
        else:
            out.append(piece)
        if index in last:
            out.append(_pair(last[index], -1))
    return out


def _torn_tags(pieces: Sequence[Token], first: int, last: int) -> list[int]:
    """Return the indexes of the tags from `first` to `last` whose partner is not among them."""
    opened: list[int] = []
    closed: list[int] = []
    for index in range(first, last + 1):
        if pieces[index].nesting == 1:
            opened.append(index)
        elif pieces[index].nesting == -1:
            if opened:
                opened.pop()
            else:
                closed.append(index)
    return closed + opened


def _pair(mark: Highlight, nesting: Literal[1, -1], *, is_last: bool = True) -> Token:
    name = "mark_open" if nesting == 1 else "mark_close"
    return Token(name, "", nesting, meta={"mark": mark, "is_last": is_last})
