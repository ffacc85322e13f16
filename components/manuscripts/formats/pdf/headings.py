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

from components.manuscripts.chapters.headings import parse
from components.manuscripts.document import Block
from components.manuscripts.formats.pdf.columns import Flow
from components.manuscripts.formats.pdf.printed_page import DamageForgiven, TextLine
from components.manuscripts.text.paragraphs import BlockPosition, LineMark

#: Characters of a title.
_MAX_TITLE = 250
#: Share of the entries that must be found as lines of their pages.
_FOUND = 0.6
#: Lines that a heading may go over.
_LINES = 6

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
    """Return the headings of the outline by (flow, line); none where it is no list of chapters."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, flow in enumerate(flows):
        numbers[flow.page].append(number)
    marked: dict[tuple[int, int], LineMark] = {}
    for entry in outline:
        letters = _letters(entry.title)
        free = (
            (number, at)
            for page in (entry.page, entry.page + 1, entry.page - 1)
            for number in numbers.get(page, ())
            for at in range(len(flows[number].lines))
            if (number, at) not in marked
        )
        for number, at in free:
            if count := _lines_of(letters, flows[number].lines[at : at + _LINES]):
                marked[number, at] = LineMark(entry.level, entry.title, count)
                break
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


def with_levels(placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float) -> list[Block]:
    """Return the blocks of `placed`, with levels from sizes where these are a structure.

    `size` is that of the text's letters, in points. The largest line of a title page is the title.
    """
    blocks = [position.block for position in placed]
    title = _title(placed, flows, size)
    if title is not None:
        blocks[title] = replace(blocks[title], role="title")
    if any(block.level for block in blocks):
        return blocks
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
    if not levels or sum(at in levels for at in chapters) < _WHOLE * len(chapters):
        return blocks
    for at, level in levels.items():
        blocks[at] = replace(blocks[at], role="heading", level=min(level, _LEVELS))
    return _with_titles(blocks, placed)


def _with_titles(blocks: Sequence[Block], placed: Sequence[BlockPosition]) -> list[Block]:
    """Return `blocks`, a number and the title on the lines below it made one heading."""
    joined: list[Block] = []
    is_number = False
    for at, block in enumerate(blocks):
        heading = parse(block.text) if block.level else None
        is_title = (
            is_number
            and block.level >= joined[-1].level > 0
            and (heading is None or not heading.number)
            and placed[at].flow == placed[at - 1].flow
        )
        if is_title:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text}\n{block.text}")
        else:
            joined.append(block)
        is_number = heading is not None and heading.number > 0 and not heading.title
    return joined


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
