"""Running heads and page numbers, told from the text by where they stand and how they count.

Two kinds of proof are asked for. A number is a page number only where it counts with the pages, at
one height of the page, over a run of them: treating any digits as such would delete "Chapter 7",
or the bare "7" that opens a chapter. A line is a running head only where the lines at its height
are mostly page numbers or lines that come again: so a head that changes with every chapter goes,
and the first line of the text, which also stands at one height, stays.

What reads like a chapter's heading goes only where the same heading stands in the text nearby.
What was taken off is counted, so that the editor can be told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.manuscripts.headings import parse
from components.manuscripts.numerals import roman

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.manuscripts.printed import Line

#: Heights, counted from the top and from the bottom of a page, where heads and numbers stand.
_EDGE = 3
#: Points. Lines that stand less than this apart are of one height.
_BAND = 3.0
#: Pages that must bear a number that counts with them, or the same line, and the share of the
#: pages between the first and the last of them.
_PAGES = 3
_DENSE = 0.35
#: Share of the lines at a height that must be known as heads for the others to be heads too.
_KNOWN = 0.6
#: A height without numbers: on this share of its pages nothing stands further out; it is seen on
#: this share of all pages, and on this share of its own there is one on a neighbouring page too.
_OUTER = 0.8
_SHARE = 0.1
_BESIDE = 0.7
#: A head that stands further in than another line is one line on this share of all pages.
_EVERYWHERE = 0.3
#: A number counted at another height than most must be seen on this share of their pages.
_SECOND = 0.05
#: Characters. Nothing longer is taken off.
_HEAD_LENGTH = 120
#: A line that no other page repeats is a head only where it stands apart by this many pitches.
_APART = 1.25

#: Stands for the number of the page; no text holds it.
_PAGE = "\0"
_NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
_ROMAN = re.compile(r"(?<![^\W_])[ivxlc]{1,9}(?![^\W_])|(?<![^\W_])[IVXLC]{1,9}(?![^\W_])")
_BARE = re.compile(
    r"\W*(?:(?:page|p|pp|pg|seite|s|página|pagina|pág)\b\.?\s*)?\0"
    r"(?:\s*(?:/|of|de|sur|von|di|van)\s*\d+)?[^\w\0]*",
    re.IGNORECASE,
)
#: "Page 3", said so plainly that one page is enough.
_SAID = re.compile(r"\W*page\s+(\d{1,5})(?:\s*(?:/|of|de|sur|von)\s*\d+)?\W*", re.IGNORECASE)

_Side = Literal["top", "bottom"]
#: A height of the page: which edge, and the height in steps of `_BAND`.
_Place = tuple[_Side, int]
#: A way of counting: digits or Roman numerals, and number less place of the page.
_Count = tuple[Literal["digits", "roman"], int]


class _Edge(NamedTuple):
    """A line near the top or the bottom of a page: which of its lines, what it says, where."""

    at: int
    text: str
    place: _Place
    apart: bool
    outer: bool


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the pages count, by the heights where they do: the counts at each, best first."""

    counts: dict[_Place, set[_Count]]

    def at(self, place: _Place) -> set[_Count]:
        """Return the counts at `place`."""
        return self.counts.get(place, set())


def without_heads(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], int]:
    """Return `pages` without page numbers and running heads, and how many pages lost a line.

    On the first page only numbers and lines that bear one are taken off: what looks like a
    running head there is the title.
    """
    edges = [list(_edges(lines)) for lines in pages]
    numbering = _numbering(edges)
    templates = [
        [_template(edge, index, numbering) for edge in found] for index, found in enumerate(edges)
    ]
    repeated = _repeated(edges, templates)
    bands = _bands(edges, templates, repeated)
    elsewhere = _elsewhere(pages, edges, bands)
    changed = 0
    kept = []
    said: set[str] = set()
    for index, lines in enumerate(pages):
        drop: set[int] = set()
        number = _page_number(edges[index], templates[index], numbering)
        if number is not None:
            drop.add(number)
        for edge, template in zip(edges[index], templates[index], strict=True):
            if edge.at in drop or edge.place not in bands:
                continue
            head = index in repeated[edge.place].get(template, ())
            if _BARE.fullmatch(template) is not None:
                continue
            if index == 0 and _PAGE not in template:
                said.add(_key(edge.text))
                continue
            if not (head or _PAGE in template or edge.apart):
                continue
            if _PAGE not in template and parse(edge.text) is not None:
                # A heading, unless its twin in the text, or an earlier page, keeps what it says.
                key = _key(edge.text)
                near = {index - 1, index, index + 1} & elsewhere.get(key, set())
                if not head or (key not in said and not near and not _begun(elsewhere, key, index)):
                    said.add(key)
                    continue
            drop.add(edge.at)
        drop |= {
            edge.at
            for edge in edges[index]
            if (one := _SAID.fullmatch(edge.text)) and int(one[1]) == index + 1
        }
        changed += bool(drop)
        kept.append([line for at, line in enumerate(lines) if at not in drop])
    return kept, changed


def _edges(lines: Sequence[Line]) -> Iterator[_Edge]:
    """Yield the outermost lines of a page, from the top and then from the bottom."""
    order = sorted(range(len(lines)), key=lambda at: -lines[at].y)
    heights = sorted({round(line.y, 1) for line in lines}, reverse=True)
    if not heights:
        return
    gaps = sorted(a - b for a, b in pairwise(heights))
    pitch = gaps[len(gaps) // 2] if gaps else 0.0
    seen: set[int] = set()
    sides: tuple[_Side, _Side] = ("top", "bottom")
    for side in sides:
        outermost = heights if side == "top" else heights[::-1]
        limit = outermost[min(_EDGE, len(outermost)) - 1]
        for at in order if side == "top" else reversed(order):
            line = lines[at]
            if (line.y < limit - 0.1) if side == "top" else (line.y > limit + 0.1):
                break
            if at in seen or len(line.text) > _HEAD_LENGTH:
                continue
            seen.add(at)
            height = heights.index(round(line.y, 1))
            inner = height + 1 if side == "top" else height - 1
            gap = abs(line.y - heights[inner]) if 0 <= inner < len(heights) else 0.0
            yield _Edge(
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


def _numbering(edges: Sequence[Sequence[_Edge]]) -> Numbering:
    """Return how the pages count.

    The height with the most pages is believed first. Another height must count the same way (a
    number that moves to the foot of a chapter's first page), or on pages that the first does not
    reach (front matter in Roman numbers).
    """
    seen: dict[tuple[_Place, _Count], set[int]] = defaultdict(set)
    for index, found in enumerate(edges):
        for edge in found:
            for kind, number in _numbers(edge.text):
                seen[edge.place, (kind, number - index)].add(index)
    ranked = sorted(
        (item for item in seen.items() if len(item[1]) >= _PAGES and _dense(item[1])),
        key=lambda item: (-len(item[1]), item[0]),
    )
    counts: dict[_Place, set[_Count]] = defaultdict(set)
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
    return Numbering(dict(counts))


def _dense(pages: set[int]) -> bool:
    return len(pages) >= _DENSE * (max(pages) - min(pages) + 1)


def _template(edge: _Edge, index: int, numbering: Numbering) -> str:
    """Return a line with the number of its page as `_PAGE`, and only that number."""
    counts = numbering.at(edge.place)
    if not counts:
        return edge.text

    def digits(one: re.Match[str]) -> str:
        return _PAGE if ("digits", int(one[0]) - index) in counts else one[0]

    def roman_number(one: re.Match[str]) -> str:
        value = roman(one[0])
        return _PAGE if value and ("roman", value - index) in counts else one[0]

    text = _NUMBER.sub(digits, edge.text)
    return text if _PAGE in text else _ROMAN.sub(roman_number, text)


def _repeated(
    edges: Sequence[Sequence[_Edge]], templates: Sequence[Sequence[str]]
) -> dict[_Place, dict[str, set[int]]]:
    """Return the lines, as templates, that neighbouring pages have at one height; on which pages.

    "Chapter 1" of each part comes again too, but far away.
    """
    seen: dict[_Place, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for index, (found, ones) in enumerate(zip(edges, templates, strict=True)):
        for edge, template in zip(found, ones, strict=True):
            seen[edge.place][template].add(index)
    return defaultdict(
        dict,
        {
            place: {
                template: near for template, pages in ones.items() if (near := _neighbours(pages))
            }
            for place, ones in seen.items()
        },
    )


def _neighbours(pages: set[int]) -> set[int]:
    """Return those of `pages` that have another next to them, or next but one."""
    return {page for page in pages if {page - 2, page - 1, page + 1, page + 2} & pages}


def _bands(
    edges: Sequence[Sequence[_Edge]],
    templates: Sequence[Sequence[str]],
    repeated: dict[_Place, dict[str, set[int]]],
) -> set[_Place]:
    """Return the heights where running heads stand."""
    seen: dict[_Place, _Band] = defaultdict(_Band)
    for index, (found, ones) in enumerate(zip(edges, templates, strict=True)):
        for edge, template in zip(found, ones, strict=True):
            band = seen[edge.place]
            band.pages.add(index)
            if _PAGE in template:
                band.numbered.add(index)
            if edge.outer:
                band.outer.add(index)
            if index in repeated[edge.place].get(template, ()):
                band.known.add(index)
                band.templates[template] += 1
    return {place for place, band in seen.items() if band.holds_heads(len(edges))}


class _Band:
    """What stands at one height, over all pages."""

    def __init__(self) -> None:
        self.pages: set[int] = set()
        self.numbered: set[int] = set()
        self.outer: set[int] = set()
        self.known: set[int] = set()
        self.templates: Counter[str] = Counter()

    def holds_heads(self, pages: int) -> bool:
        """Return whether heads stand here, in a book of `pages` pages.

        "ANNA" below each second chapter's number comes again too, and so does the address above
        a letter; but a head stands on one page after another, and nothing outside it.
        """
        known = self.known | self.numbered
        if len(known) < max(_PAGES, _KNOWN * len(self.pages)) or not _dense(known):
            return False
        if 2 * len(self.numbered) >= len(known):
            return True
        most = self.templates.most_common(1)[0][1]
        if len(self.outer) < _OUTER * len(self.pages):
            return most >= _EVERYWHERE * pages
        return len(known) >= _SHARE * pages and len(_neighbours(known)) >= _BESIDE * len(known)


def _elsewhere(
    pages: Sequence[Sequence[Line]], edges: Sequence[Sequence[_Edge]], bands: set[_Place]
) -> dict[str, set[int]]:
    """Return on which pages the lines of heads stand in the text, outside the heads."""
    heads = {
        _key(edge.text)
        for found in edges
        for edge in found
        if edge.place in bands and parse(edge.text) is not None
    }
    found_on: dict[str, set[int]] = defaultdict(set)
    if not heads:
        return found_on
    for index, (lines, found) in enumerate(zip(pages, edges, strict=True)):
        outer = {edge.at for edge in found if edge.place in bands}
        for at, line in enumerate(lines):
            if at not in outer and len(line.text) <= _HEAD_LENGTH:
                key = _key(line.text)
                if key in heads:
                    found_on[key].add(index)
    return found_on


def _begun(elsewhere: dict[str, set[int]], key: str, index: int) -> bool:
    """Return whether the text before page `index` holds the heading."""
    return any(page <= index for page in elsewhere.get(key, ()))


def _page_number(
    found: Sequence[_Edge], templates: Sequence[str], numbering: Numbering
) -> int | None:
    """Return which line of a page is its number and nothing else; there is one at most."""
    best: tuple[int, int] | None = None
    places = list(numbering.counts)
    for edge, template in zip(found, templates, strict=True):
        if _PAGE in template and _BARE.fullmatch(template):
            rank = places.index(edge.place)
            if best is None or rank < best[0]:
                best = (rank, edge.at)
    return None if best is None else best[1]


def _key(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")
