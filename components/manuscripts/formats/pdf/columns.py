"""Pages to columns in the order in which they are read.

A page of two columns is known by its lines: many begin at the left edge, many at one place near
the middle, and hardly any that begin left of it run past it. Lines across both columns (a title)
divide the page into an upper and a lower part. Whether a document has columns at all is asked of
some of its pages only. Three columns are not taken apart: no manuscript has them.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from components.manuscripts.formats.pdf.printed_page import TextLine, width

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Pages looked at, and the share of them that must have columns.
_SAMPLE = 40
_SHARE = 0.25
#: Lines of a page below which it has no columns, and the share of them in each column.
_LINES = 12
_EACH = 0.25
#: Points. Lines that begin this near to each other begin at one place.
_NEAR = 2.0
#: Share of lines of the left column that may seem to run into the right one.
_ACROSS = 0.15
#: Where, between the left edge and the right end of the text, a second column may begin.
_MIDDLE = (0.4, 0.65)
#: A letter this many times the size of the text is an initial, set over several lines.
_INITIAL = 1.7


class Flow(NamedTuple):
    """Lines that stand below each other: a page, or a column of one. `page` counts from 0."""

    page: int
    column: int
    lines: tuple[TextLine, ...]


def flows(pages: Sequence[Sequence[TextLine]]) -> list[Flow]:
    """Return the lines of all pages, in reading order, column by column."""
    filled = [lines for lines in pages if len(lines) >= _LINES]
    sample = filled[:: max(1, len(filled) // _SAMPLE)]
    found = sum(_gutter(lines) is not None for lines in sample)
    columned = bool(sample) and found >= _SHARE * len(sample)
    out = []
    for page, lines in enumerate(pages):
        gutter = _gutter(lines) if columned and len(lines) >= _LINES else None
        if gutter is None:
            if lines:
                out.append(Flow(page, 0, tuple(_ordered(lines))))
        else:
            out.extend(
                Flow(page, column, tuple(part)) for column, part in _columns(lines, gutter) if part
            )
    return out


def _ordered(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of one column from top to bottom, an initial joined to its line."""
    falling = all(above.y >= below.y - 1 for above, below in pairwise(lines))
    ordered = list(lines) if falling else sorted(lines, key=lambda line: (-round(line.y), line.x))
    return _with_initials(ordered)


def _with_initials(lines: list[TextLine]) -> list[TextLine]:
    """Return `lines` with a large first letter, which stands lower, put before its line."""
    for at, line in enumerate(lines):
        letters = line.text.strip("“”‘’«»\"' ")
        if len(letters) != 1 or not letters.isalpha() or len(lines) < at + 2:
            continue
        beside = [
            place
            for place, other in enumerate(lines)
            if place != at
            and other.size * _INITIAL <= line.size
            and line.x < other.x <= line.x + 3 * line.size
            and line.y - 1 <= other.y <= line.y + line.size
        ]
        if not beside:
            continue
        first = max(beside, key=lambda place: lines[place].y)
        begun = lines[first]
        lines[first] = begun._replace(
            text=line.text.strip() + begun.text, x=line.x, starts=(), opens=True
        )
        for place in beside:
            lines[place] = lines[place]._replace(x=line.x)
        del lines[at]
        return _with_initials(lines)
    return lines


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """Return where the right column of a page begins, None where there is one column."""
    if len(lines) < _LINES:
        return None
    begins: Counter[float] = Counter()
    for line in lines:
        for x in {_grid(x) for x, _ in line.starts} if line.starts else {_grid(line.x)}:
            begins[x] += 1
    left = min(line.x for line in lines)
    right = max(_right(line) for line in lines)
    low, high = (left + share * (right - left) for share in _MIDDLE)
    inside = [x for x in begins if low <= x <= high]
    if not inside:
        return None
    at = max(inside, key=lambda x: begins[x])
    here = sum(count for x, count in begins.items() if at - _NEAR <= x <= high)
    if here < _EACH * len(lines):
        return None
    before = [line for line in _cut(lines, at) if line.x < at - _NEAR]
    if len(before) < _EACH * len(lines):
        return None
    across = sum(_right(line) > at + 2 * line.size for line in before)
    return at if across <= _ACROSS * len(before) else None


def _cut(lines: Sequence[TextLine], gutter: float) -> list[TextLine]:
    """Return `lines`, those that pypdf read straight across both columns cut in two."""
    cut = []
    for line in lines:
        second = next(
            (
                offset
                for x, offset in line.starts
                if offset and abs(x - gutter) <= 3 * line.size and x >= gutter - _NEAR
            ),
            None,
        )
        if second is None or line.x >= gutter - _NEAR:
            cut.append(line)
            continue
        x = next(x for x, offset in line.starts if offset == second)
        cut.append(line._replace(text=line.text[:second].rstrip(), starts=()))
        cut.append(line._replace(text=line.text[second:].lstrip(), x=round(x, 1), starts=()))
    return cut


def _columns(lines: Sequence[TextLine], gutter: float) -> list[tuple[int, list[TextLine]]]:
    """Return the parts of a page in reading order, each with the number of its column."""
    pieces = sorted(_cut(lines, gutter), key=lambda line: -line.y)
    parts: list[tuple[int, list[TextLine]]] = []
    left: list[TextLine] = []
    right: list[TextLine] = []

    def close() -> None:
        parts.extend([(1, _ordered(left)), (2, _ordered(right))])
        left.clear()
        right.clear()

    for line in pieces:
        if line.x >= gutter - _NEAR:
            right.append(line)
        elif _right(line) > gutter + 3 * line.size:
            close()
            parts.append((0, [line]))
        else:
            left.append(line)
    close()
    return parts


def _right(line: TextLine) -> float:
    """Return about where a line ends."""
    if line.starts:
        x, offset = line.starts[-1]
        return x + width(line.text[offset:], line.size)
    return line.right


def _grid(x: float) -> float:
    return round(x / _NEAR) * _NEAR
