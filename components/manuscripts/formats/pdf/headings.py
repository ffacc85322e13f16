"""Headings of a PDF: by its outline (its bookmarks), else by the size of their letters.

Both are believed only where they give a whole structure: an outline where its titles stand as
lines on the pages that they point to, larger letters where next to all lines that read as chapters
are among them. Half a structure would hide the other half.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pypdf import PdfReader
from pypdf.generic import Destination

from components.manuscripts.chapters.headings import KEYED, PARTS, parse
from components.manuscripts.document import Block
from components.manuscripts.formats.pdf.columns import Flow
from components.manuscripts.formats.pdf.printed_page import DamageForgiven, TextLine
from components.manuscripts.formats.pdf.typography import text_size
from components.manuscripts.text.paragraphs import BlockPosition, LineMark

#: Characters of a title.
_MAX_TITLE = 250
#: Share of the entries that must be found as lines of their pages.
_FOUND = 0.6
#: Lines that a heading may go over.
_LINES = 6
#: Heights of letters by which the first line of a chapter stands lower than those of most pages.
_SUNK = 2.5

#: Share by which letters must be larger than the text's.
_LARGER = 1.12
#: Pages that headings of one size stand on.
_PAGES = 3
#: Share of the lines that read as numbered chapters which must be among them.
_WHOLE = 0.9
_LEVELS = 6
#: Words of a first page that is a title page, and characters of a title.
_TITLE_PAGE = 80
_BOOK_TITLE = 150

_NO_LETTERS = re.compile(r"[\W_]+")


class Bookmark(NamedTuple):
    """An entry: its title, its level (1 the highest) and the page it points to, from 0."""

    title: str
    level: int
    page: int


def bookmarks(reader: PdfReader) -> list[Bookmark]:
    """Return the outline's entries that point to a page; none where it is broken."""
    with DamageForgiven():
        return [
            Bookmark(title, level, page)
            for entry, level in _entries(reader.outline, 1)
            if (title := " ".join(str(entry.title).split())[:_MAX_TITLE])
            and (page := _page(reader, entry)) is not None
        ]
    return []


def _entries(outline: Sequence[Any], level: int) -> Iterator[tuple[Destination, int]]:
    """Yield the entries with their levels: below an entry stands a list of those in it."""
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry, level + 1)
        else:
            yield entry, level


def _page(reader: PdfReader, entry: Destination) -> int | None:
    """Return the page that an entry points to, from 0; some write its number."""
    page: Any = entry.page
    return int(page) if isinstance(page, int) else reader.get_destination_page_number(entry)


def marks(outline: Sequence[Bookmark], flows: Sequence[Flow]) -> dict[tuple[int, int], LineMark]:
    """Return the headings of the outline by (flow, line); none where it is no list of chapters.

    An entry whose title stands nowhere, being a picture, heads the first line of its page, where
    that is sunk as the first page of a chapter is.
    """
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, flow in enumerate(flows):
        numbers[flow.page].append(number)
    marked: dict[tuple[int, int], LineMark] = {}
    tops = sorted(flow.lines[0].y for flow in flows)
    for entry in outline:
        heading = parse(entry.title)
        keyed = heading is not None and heading.family in KEYED
        # "1 The Storm" may stand as "The Storm", below "Chapter 1".
        titles = {entry.title, heading.title if heading and not keyed else ""} - {""}
        letters = [_letters(title) for title in titles]
        free = (
            (number, at)
            for page in (entry.page, entry.page + 1, entry.page - 1)
            for number in numbers.get(page, ())
            for at in range(len(flows[number].lines))
            if (number, at) not in marked
        )
        for number, at in free:
            lines = flows[number].lines
            if count := max(_lines_of(title, lines[at : at + _LINES]) for title in letters):
                if at and not keyed and _is_number(lines[at - 1].text):
                    at, count = at - 1, count + 1  # the number stands above
                marked[number, at] = LineMark(entry.level, entry.title, count)
                break
        else:
            page = entry.page if entry.page in numbers else entry.page + 1
            first = numbers.get(page, [0])[0]
            line = flows[first].lines[0] if flows else None
            sunk = line is not None and line.y < tops[len(tops) // 2] - _SUNK * line.size
            if page in numbers and (sunk or page > entry.page):
                marked.setdefault((first, 0), LineMark(entry.level, entry.title, 0))
    missing = len(outline) - len(marked)
    return marked if len(marked) >= 2 and missing <= (1 - _FOUND) * len(outline) else {}


def _lines_of(title: str, lines: Sequence[TextLine]) -> int:
    """Return over how many of `lines`, from the first on, the letters of a title go; 0 for none.

    A heading "Chapter 1" above "The Storm" is the entry "Chapter 1: The Storm".
    """
    letters = ""
    for count, line in enumerate(lines, 1):
        letters += _letters(line.text)
        if not letters or not title.startswith(letters):
            break
        if letters == title:
            return count
    return 0


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def with_levels(placed: Sequence[BlockPosition], flows: Sequence[Flow]) -> list[Block]:
    """Return the blocks of `placed`, with levels from sizes where these are a structure.

    The largest line of a title page is the title.
    """
    size = text_size(flows)
    blocks = [position.block for position in placed]
    title = _title(placed, flows, size)
    if title is not None:
        blocks[title] = replace(blocks[title], role="title")
    levels = {at: block.level for at, block in enumerate(blocks) if block.level}
    sizes = {
        placed[at].size: level for at, level in levels.items() if placed[at].size > _LARGER * size
    }
    marked = {flows[placed[at].flow].page for at in levels}
    levels |= {  # set as those that the outline names, on pages that it leaves out
        at: sizes[position.size]
        for at, position in enumerate(placed)
        if position.size in sizes
        and flows[position.flow].page not in marked
        and at != title
        and len(position.block.text) <= _MAX_TITLE
    }
    if not levels:
        levels = _levels_by_size(placed, flows, size, title)
    if not levels:
        return blocks
    parts = _parts(placed, flows, size)
    if parts and min(levels.get(at, _LEVELS) for at in parts) >= min(
        (level for at, level in levels.items() if at not in parts), default=_LEVELS
    ):
        levels = {at: level + 1 for at, level in levels.items()} | dict.fromkeys(parts, 1)
    for at, level in levels.items():
        role = blocks[at].role if blocks[at].label else "heading"
        blocks[at] = replace(blocks[at], role=role, level=min(level, _LEVELS))
    return _with_titles(blocks, placed)


def _levels_by_size(
    placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float, title: int | None
) -> dict[int, int]:
    """Return the levels of blocks in larger letters, none where chapters are not among them."""
    by_size: dict[float, list[int]] = defaultdict(list)
    for at, position in enumerate(placed):
        length = len(position.block.text)
        if at != title and position.size > _LARGER * size and 0 < length <= _MAX_TITLE:
            by_size[position.size].append(at)
    chosen = [
        larger
        for larger, indexes in sorted(by_size.items(), reverse=True)
        if len({flows[placed[at].flow].page for at in indexes}) >= _PAGES
    ]
    levels = {at: level for level, larger in enumerate(chosen, 1) for at in by_size[larger]}
    chapters = [
        at
        for at, position in enumerate(placed)
        if position.apart and position.block.role == "body" and _is_chapter(position.block.text)
    ]
    return levels if sum(at in levels for at in chapters) >= _WHOLE * len(chapters) else {}


def _parts(placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float) -> list[int]:
    """Return the blocks that are "Part I", in large letters on a page of their own."""
    pages: dict[int, list[int]] = defaultdict(list)
    for at, position in enumerate(placed):
        pages[flows[position.flow].page].append(at)
    return [
        at
        for on_page in pages.values()
        if all(placed[at].size > _LARGER * size for at in on_page)
        and (heading := parse(placed[on_page[0]].block.text)) is not None
        and heading.family in PARTS
        for at in on_page
    ]


def _with_titles(blocks: Sequence[Block], placed: Sequence[BlockPosition]) -> list[Block]:
    """Return `blocks`, a number and the title on the lines below it made one heading.

    The heading is of the higher level of the two: the title may be the larger.
    """
    joined: list[Block] = []
    is_number = False
    for at, block in enumerate(blocks):
        heading = parse(block.text) if block.level else None
        is_title = (
            is_number
            and block.level > 0
            and not block.label
            and (heading is None or not heading.number)
            and placed[at].flow == placed[at - 1].flow
        )
        if is_title:
            text = f"{joined[-1].text}\n{block.text}"
            joined[-1] = replace(joined[-1], text=text, level=min(joined[-1].level, block.level))
        else:
            joined.append(block)
        is_number = heading is not None and heading.number > 0 and not heading.title
    return joined


def _is_number(text: str) -> bool:
    heading = parse(text)
    return heading is not None and heading.number > 0 and not heading.title


def _is_chapter(text: str) -> bool:
    heading = parse(text)
    return heading is not None and heading.number > 0


def _title(placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float) -> int | None:
    """Return which block is the title: the largest on a first page with little on it."""
    if not placed:
        return None
    page = flows[placed[0].flow].page
    first = [at for at, position in enumerate(placed) if flows[position.flow].page == page]
    words = sum(len(placed[at].block.text.split()) for at in first)
    if page > 1 or words > _TITLE_PAGE:
        return None
    at = max(first, key=lambda at: placed[at].size)
    text = placed[at].block.text
    is_large = placed[at].size > _LARGER * size and len(text) <= _BOOK_TITLE
    return at if is_large and not _is_chapter(text) else None
