"""The numbers of pages: how they count, and where on the page they stand.

A number is a page number only where it counts with the pages, at one height of the page, over a
run of them: treating any digits as such would delete "Chapter 7", or the bare "7" that opens a
chapter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.manuscripts.chapters.numerals import roman

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.manuscripts.formats.pdf.printed_page import TextLine

#: Heights, counted from the top and from the bottom of a page, where heads and numbers stand.
_EDGE = 3
#: Points. Lines that stand less than this apart are of one height.
_BAND = 3.0
#: Pages that must bear a number that counts with them, or the same line, and the share of the
#: pages between the first and the last of them.
PAGES = 3
_DENSE = 0.35
#: A number counted at another height than most must be seen on this share of their pages.
_SECOND = 0.05
#: Characters. Nothing longer is taken off.
HEAD_LENGTH = 120
#: A line that no other page repeats is a head only where it stands apart by this many pitches.
_APART = 1.25

#: Stands for the number of the page; no text holds it.
PAGE = "\0"
_NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
_ROMAN = re.compile(r"(?<![^\W_])[ivxlc]{1,9}(?![^\W_])|(?<![^\W_])[IVXLC]{1,9}(?![^\W_])")
BARE = re.compile(
    r"\W*(?:(?:page|p|pp|pg|seite|s|página|pagina|pág)\b\.?\s*)?\0"
    r"(?:\s*(?:/|of|de|sur|von|di|van)\s*\d+)?[^\w\0]*",
    re.IGNORECASE,
)

Side = Literal["top", "bottom"]
#: A height of the page: which edge, and the height in steps of `_BAND`.
Place = tuple[Side, int]
#: A way of counting: digits or Roman numerals, and number less place of the page.
_Count = tuple[Literal["digits", "roman"], int]


class Edge(NamedTuple):
    """A line near the top or the bottom of a page: which of its lines, what it says, where."""

    at: int
    text: str
    place: Place
    apart: bool
    outer: bool


@dataclass(frozen=True, slots=True)
class PageNumbering:
    """How the pages count, by the heights where they do: the counts at each, best first."""

    counts: dict[Place, set[_Count]]

    def at(self, place: Place) -> set[_Count]:
        """Return the counts at `place`."""
        return self.counts.get(place, set())


def edges_of(lines: Sequence[TextLine]) -> Iterator[Edge]:
    """Yield the outermost lines of a page, from the top and then from the bottom."""
    order = sorted(range(len(lines)), key=lambda at: -lines[at].y)
    heights = sorted({round(line.y, 1) for line in lines}, reverse=True)
    if not heights:
        return
    gaps = sorted(a - b for a, b in pairwise(heights))
    pitch = gaps[len(gaps) // 2] if gaps else 0.0
    seen: set[int] = set()
    sides: tuple[Side, Side] = ("top", "bottom")
    for side in sides:
        outermost = heights if side == "top" else heights[::-1]
        limit = outermost[min(_EDGE, len(outermost)) - 1]
        for at in order if side == "top" else reversed(order):
            line = lines[at]
            if (line.y < limit - 0.1) if side == "top" else (line.y > limit + 0.1):
                break
            if at in seen or len(line.text) > HEAD_LENGTH:
                continue
            seen.add(at)
            height = heights.index(round(line.y, 1))
            inner = height + 1 if side == "top" else height - 1
            gap = abs(line.y - heights[inner]) if 0 <= inner < len(heights) else 0.0
            yield Edge(
                at,
                " ".join(line.text.split()),
                (side, round(line.y / _BAND)),
                gap > _APART * pitch,
                line.y == outermost[0] or abs(line.y - outermost[0]) < _BAND,
            )


def _numbers(text: str) -> Iterator[tuple[Literal["digits", "roman"], int]]:
    """Yield the numbers in a line that may be its page's."""
    for one in _NUMBER.finditer(text):
        yield "digits", int(one[0])
    for one in _ROMAN.finditer(text):
        # "I" and "mix" are words: a Roman number stands first or last.
        if (one.start() == 0 or one.end() == len(text)) and (value := roman(one[0])):
            yield "roman", value


def numbering_of(edges: Sequence[Sequence[Edge]]) -> PageNumbering:
    """Return how the pages count.

    The height with the most pages is believed first. Another height must count the same way (a
    number that moves to the foot of a chapter's first page), or on pages that the first does not
    reach (front matter in Roman numbers).
    """
    seen: dict[tuple[Place, _Count], set[int]] = defaultdict(set)
    for index, found in enumerate(edges):
        for edge in found:
            for kind, number in _numbers(edge.text):
                seen[edge.place, (kind, number - index)].add(index)
    ranked = sorted(
        (item for item in seen.items() if len(item[1]) >= PAGES and dense(item[1])),
        key=lambda item: (-len(item[1]), item[0]),
    )
    counts: dict[Place, set[_Count]] = defaultdict(set)
    believed: dict[_Count, set[int]] = {}
    for (place, count), pages in ranked:
        first, last = min(pages), max(pages)
        others = [ones for other, ones in believed.items() if other != count]
        crossing = any(
            sum(first <= one <= last for one in ones) * 2 > len(pages) for ones in others
        )
        most = len(believed.get(count, ()))
        if crossing or (most and len(pages) < _SECOND * most):
            continue
        counts[place].add(count)
        believed.setdefault(count, set()).update(pages)
    return PageNumbering(dict(counts))


def dense(pages: set[int]) -> bool:
    """Return whether `pages` are a good share of those between the first and the last of them."""
    return len(pages) >= _DENSE * (max(pages) - min(pages) + 1)


def template_of(edge: Edge, index: int, numbering: PageNumbering) -> str:
    """Return a line with the number of its page as `PAGE`, and only that number."""
    counts = numbering.at(edge.place)
    if not counts:
        return edge.text

    def digits(one: re.Match[str]) -> str:
        return PAGE if ("digits", int(one[0]) - index) in counts else one[0]

    def roman_number(one: re.Match[str]) -> str:
        value = roman(one[0])
        return PAGE if value and ("roman", value - index) in counts else one[0]

    text = _NUMBER.sub(digits, edge.text)
    return text if PAGE in text else _ROMAN.sub(roman_number, text)


def page_number(
    found: Sequence[Edge], templates: Sequence[str], numbering: PageNumbering
) -> int | None:
    """Return which line of a page is its number and nothing else; there is one at most."""
    best: tuple[int, int] | None = None
    places = list(numbering.counts)
    for edge, template in zip(found, templates, strict=True):
        if PAGE in template and BARE.fullmatch(template):
            rank = places.index(edge.place)
            if best is None or rank < best[0]:
                best = (rank, edge.at)
    return None if best is None else best[1]
