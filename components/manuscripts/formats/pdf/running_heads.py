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
from typing import TYPE_CHECKING

from components.manuscripts.chapters.headings import parse
from components.manuscripts.formats.pdf.page_numbers import (
    BARE,
    HEAD_LENGTH,
    PAGE,
    PAGES,
    Edge,
    Place,
    dense,
    edges_of,
    numbering_of,
    page_number,
    template_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.manuscripts.formats.pdf.printed_page import TextLine

#: Share of the lines at a height that must be known as heads for the others to be heads too.
_KNOWN = 0.6
#: A height without numbers: on this share of its pages nothing stands further out; it is seen on
#: this share of all pages, and on this share of its own there is one on a neighbouring page too.
_OUTER = 0.8
_SHARE = 0.1
_BESIDE = 0.7
#: A head that stands further in than another line is one line on this share of all pages.
_EVERYWHERE = 0.3

#: "Page 3", said so plainly that one page is enough.
_SAID = re.compile(r"\W*page\s+(\d{1,5})(?:\s*(?:/|of|de|sur|von)\s*\d+)?\W*", re.IGNORECASE)


def without_heads(pages: Sequence[Sequence[TextLine]]) -> tuple[list[list[TextLine]], int]:
    """Return `pages` without page numbers and running heads, and how many pages lost a line.

    On the first page only numbers and lines that bear one are taken off: what looks like a
    running head there is the title.
    """
    edges = [list(edges_of(lines)) for lines in pages]
    numbering = numbering_of(edges)
    templates = [
        [template_of(edge, index, numbering) for edge in found] for index, found in enumerate(edges)
    ]
    repeated = _repeated(edges, templates)
    bands = _bands(edges, templates, repeated)
    elsewhere = _elsewhere(pages, edges, bands)
    changed = 0
    kept = []
    said: set[str] = set()
    for index, lines in enumerate(pages):
        drop: set[int] = set()
        number = page_number(edges[index], templates[index], numbering)
        if number is not None:
            drop.add(number)
        for edge, template in zip(edges[index], templates[index], strict=True):
            if edge.at in drop or edge.place not in bands:
                continue
            head = index in repeated[edge.place].get(template, ())
            if BARE.fullmatch(template) is not None:
                continue
            if index == 0 and PAGE not in template:
                said.add(_key(edge.text))
                continue
            if not (head or PAGE in template or edge.apart):
                continue
            if PAGE not in template and parse(edge.text) is not None:
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


def _repeated(
    edges: Sequence[Sequence[Edge]], templates: Sequence[Sequence[str]]
) -> dict[Place, dict[str, set[int]]]:
    """Return the lines, as templates, that neighbouring pages have at one height; on which pages.

    "Chapter 1" of each part comes again too, but far away.
    """
    seen: dict[Place, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
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
    edges: Sequence[Sequence[Edge]],
    templates: Sequence[Sequence[str]],
    repeated: dict[Place, dict[str, set[int]]],
) -> set[Place]:
    """Return the heights where running heads stand."""
    seen: dict[Place, _Band] = defaultdict(_Band)
    for index, (found, ones) in enumerate(zip(edges, templates, strict=True)):
        for edge, template in zip(found, ones, strict=True):
            band = seen[edge.place]
            band.pages.add(index)
            if PAGE in template:
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
        if len(known) < max(PAGES, _KNOWN * len(self.pages)) or not dense(known):
            return False
        if 2 * len(self.numbered) >= len(known):
            return True
        most = self.templates.most_common(1)[0][1]
        if len(self.outer) < _OUTER * len(self.pages):
            return most >= _EVERYWHERE * pages
        return len(known) >= _SHARE * pages and len(_neighbours(known)) >= _BESIDE * len(known)


def _elsewhere(
    pages: Sequence[Sequence[TextLine]], edges: Sequence[Sequence[Edge]], bands: set[Place]
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
            if at not in outer and len(line.text) <= HEAD_LENGTH:
                key = _key(line.text)
                if key in heads:
                    found_on[key].add(index)
    return found_on


def _begun(elsewhere: dict[str, set[int]], key: str, index: int) -> bool:
    """Return whether the text before page `index` holds the heading."""
    return any(page <= index for page in elsewhere.get(key, ()))


def _key(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")
