"""Headings of a PDF by the size of their letters, where it has no outline.

A PDF does not say what a heading is; larger letters do. They are believed only where they tell a
whole story: lines of one size that come again on several pages, and among them next to all of the
lines that read as chapters by themselves. Half a structure is worse than none, since it would
hide the other half.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from components.manuscripts.chapters.headings import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.manuscripts.document import Block
    from components.manuscripts.formats.pdf.columns import Flow
    from components.manuscripts.text.paragraphs import BlockPosition

#: Share by which letters must be larger than the text's.
_LARGER = 1.12
#: Headings, and pages that they stand on, of one size.
_HEADINGS = 3
#: Share of the lines that read as numbered chapters which must be among them.
_WHOLE = 0.9
#: Characters.
_LENGTH = 250
#: Words of a first page that is a title page, and characters of a title.
_TITLE_PAGE = 80
_TITLE = 150


def with_levels(placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float) -> list[Block]:
    """Return the blocks of `placed`, with levels from sizes where these are a structure.

    `size` is that of the text's letters, in points. The largest line of a title page is the title.
    """
    blocks = [one.block for one in placed]
    title = _title(placed, flows, size)
    if title is not None:
        blocks[title] = replace(blocks[title], role="title")
    if any(block.level for block in blocks):
        return blocks
    by_size: dict[float, list[int]] = defaultdict(list)
    for at, one in enumerate(placed):
        if at != title and one.size > _LARGER * size and 0 < len(one.block.text) <= _LENGTH:
            by_size[one.size].append(at)
    chosen = {
        large: ones
        for large, ones in by_size.items()
        if len({flows[placed[at].flow].page for at in ones}) >= _HEADINGS
    }
    marked = {at for ones in chosen.values() for at in ones}
    said = [
        at
        for at, one in enumerate(placed)
        if one.apart and one.block.role == "body" and _says_chapter(one.block.text)
    ]
    if not marked or sum(at in marked for at in said) < _WHOLE * len(said):
        return blocks
    for level, large in enumerate(sorted(chosen, reverse=True), start=1):
        for at in chosen[large]:
            blocks[at] = replace(blocks[at], role="heading", level=min(level, 6))
    return _with_titles(blocks, placed)


def _with_titles(blocks: Sequence[Block], placed: Sequence[BlockPosition]) -> list[Block]:
    """Return `blocks`, a number and the title on the lines below it made one heading."""
    out: list[Block] = []
    open_number = False
    for at, block in enumerate(blocks):
        says = parse(block.text) if block.level else None
        title = (
            open_number
            and block.level >= out[-1].level > 0
            and (says is None or not says.number)
            and placed[at].flow == placed[at - 1].flow
        )
        if title:
            out[-1] = replace(out[-1], text=f"{out[-1].text}\n{block.text}")
        else:
            out.append(block)
        open_number = says is not None and says.number > 0 and not says.title
    return out


def _says_chapter(text: str) -> bool:
    heading = parse(text)
    return heading is not None and heading.number > 0


def _title(placed: Sequence[BlockPosition], flows: Sequence[Flow], size: float) -> int | None:
    """Return which block is the title: the largest on a first page with little on it."""
    if not placed:
        return None
    first = flows[placed[0].flow].page
    on_it = [at for at, one in enumerate(placed) if flows[one.flow].page == first]
    words = sum(len(placed[at].block.text.split()) for at in on_it)
    if first > 1 or words > _TITLE_PAGE:
        return None
    at = max(on_it, key=lambda one: placed[one].size)
    one = placed[at]
    if one.size <= _LARGER * size or len(one.block.text) > _TITLE:
        return None
    return None if _says_chapter(one.block.text) else at
