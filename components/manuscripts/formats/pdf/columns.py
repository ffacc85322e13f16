"""Pages to columns in the order in which they are read.

On a page of two columns many lines begin at the left edge, many at one place near the middle, and
hardly any of the first run past it. Lines across both columns divide the page into an upper and a
lower part. Three columns are not taken apart: no manuscript has them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from components.manuscripts.formats.pdf.printed_page import TextLine

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
    split = sum(_gutter(lines) is not None for lines in sample)
    has_columns = bool(sample) and split >= _SHARE * len(sample)
    return [
        Flow(page, column, tuple(_with_initials(_ordered(part))))
        for page, lines in enumerate(pages)
        for column, part in _columns(lines, _gutter(lines) if has_columns else None)
        if part
    ]


def _ordered(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of one column from top to bottom."""
    return sorted(lines, key=lambda line: (-round(line.y), line.x))


def _with_initials(lines: list[TextLine]) -> list[TextLine]:
    """Return `lines` with a large first letter, which stands lower, put before its line."""
    for at, line in enumerate(lines):
        letters = line.text.strip("“”‘’«»\"' ")
        if len(letters) != 1 or not letters.isalpha():
            continue
        beside = [
            index
            for index, other in enumerate(lines)
            if index != at
            and other.size * _INITIAL <= line.size
            and line.x < other.x <= line.x + 3 * line.size
            and line.y - 1 <= other.y <= line.y + line.size
        ]
        if not beside or at + 1 == len(lines):
            continue
        first = max(beside, key=lambda index: lines[index].y)
        begun = lines[first]
        lines[first] = begun._replace(text=line.text.strip() + begun.text, starts=(), opens=True)
        for index in beside:
            lines[index] = lines[index]._replace(x=line.x)
        del lines[at]
        return _with_initials(lines)
    return lines


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """Return where the right column of a page begins, None where there is one column."""
    if len(lines) < _LINES:
        return None
    begins: Counter[float] = Counter()
    for line in lines:
        begins.update({round(x / _NEAR) * _NEAR for x, _ in line.starts or [(line.x, 0)]})
    left = min(line.x for line in lines)
    right = max(line.right for line in lines)
    low, high = (left + share * (right - left) for share in _MIDDLE)
    at = max((x for x in begins if low <= x <= high), key=lambda x: begins[x], default=None)
    if at is None:
        return None
    here = sum(count for x, count in begins.items() if at - _NEAR <= x <= high)
    before = [line for line in _cut(lines, at) if line.x < at - _NEAR]
    if min(here, len(before)) < _EACH * len(lines):
        return None
    across = sum(line.right > at + 2 * line.size for line in before)
    return at if across <= _ACROSS * len(before) else None


def _cut(lines: Sequence[TextLine], gutter: float) -> Iterator[TextLine]:
    """Yield `lines`, those that stand across both columns cut in two."""
    for line in lines:
        for x, offset in line.starts if line.x < gutter - _NEAR else ():
            if offset and gutter - _NEAR <= x <= gutter + 3 * line.size:
                yield line._replace(text=line.text[:offset].rstrip(), starts=(), right=x)
                yield line._replace(text=line.text[offset:].lstrip(), x=round(x, 1), starts=())
                break
        else:
            yield line


def _columns(
    lines: Sequence[TextLine], gutter: float | None
) -> Iterator[tuple[int, Sequence[TextLine]]]:
    """Yield the parts of a page in reading order, each with the number of its column."""
    if gutter is None:
        yield 0, lines
        return
    left: list[TextLine] = []
    right: list[TextLine] = []
    for line in sorted(_cut(lines, gutter), key=lambda line: -line.y):
        if line.x >= gutter - _NEAR:
            right.append(line)
        elif line.right > gutter + 3 * line.size:
            yield from ((1, left), (2, right), (0, [line]))
            left, right = [], []
        else:
            left.append(line)
    yield from ((1, left), (2, right))
