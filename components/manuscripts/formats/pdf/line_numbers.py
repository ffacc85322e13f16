"""Numbers of lines in the margin, as typescripts, scripts and editions of verse have them.

They stand at one place beside the lines, apart from them, and count up by one, or by five, down
the page; and they do so on most pages of a book, as no list does.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from components.manuscripts.formats.pdf.printed_page import TextLine

#: Fewest numbers that are seen, the share of the lines of their pages that they count, and of the
#: pages with room for two of them those that have one.
_LEAST, _SHARE, _PAGES = 5, 0.5, 0.5
#: Points by which the places of numbers differ: those of three digits begin further left.
_NEAR = 14.0
#: Share of the numbers that follow the one before at the same distance, or begin a page anew.
_STEADY = 0.8


class _Number(NamedTuple):
    """A number beside a line, or alone: which line, its place, and the line without it."""

    page: int
    at: int
    value: int
    x: float
    rest: TextLine | None


def without_line_numbers(
    pages: Sequence[Sequence[TextLine]],
) -> tuple[list[list[TextLine]], int]:
    """Return `pages` without the numbers of their lines, and how many pages lost some."""
    left: list[list[TextLine | None]] = [list(lines) for lines in pages]
    numbers = _numbers(pages)
    for number in numbers:
        left[number.page][number.at] = number.rest
    stripped = [[line for line in lines if line is not None] for lines in left]
    return stripped, len({number.page for number in numbers})


def _numbers(pages: Sequence[Sequence[TextLine]]) -> list[_Number]:
    """Return the numbers of the lines of a book, those before the lines or those behind."""
    for last in (False, True):
        found = [
            number
            for page, lines in enumerate(pages)
            for at, line in enumerate(lines)
            if (number := _number(page, at, line, last=last))
        ]
        if len(found) < _LEAST:
            continue
        place = median(number.x for number in found)
        found = [number for number in found if abs(number.x - place) <= _NEAR]
        steps = Counter(below.value - above.value for above, below in pairwise(found))
        step = steps.most_common(1)[0][0] if steps else 0
        follow = steps[step] + sum(
            above.page < below.page and below.value == step != below.value - above.value
            for above, below in pairwise(found)
        )
        counted = {number.page for number in found}
        lines = sum(len(pages[page]) for page in counted)
        steady = step > 0 and follow >= max(_LEAST - 1, _STEADY * (len(found) - 1))
        many = len(counted) >= _PAGES * sum(len(page) > 2 * step for page in pages)
        if steady and many and len(found) * step >= _SHARE * lines:
            return found
    return []


def _number(page: int, at: int, line: TextLine, *, last: bool) -> _Number | None:
    """Return the number with which a line begins, or at the `last` of its places ends."""
    if not line.starts:
        return _Number(page, at, int(line.text), line.x, None) if _is_number(line.text) else None
    x, begin = line.starts[-1 if last else 0]
    second, end = line.starts[1]
    said = line.text[begin:] if last else line.text[:end]
    if not _is_number(said.strip()):
        return None
    if last:
        rest = line._replace(text=line.text[:begin].rstrip(), starts=line.starts[:-1], right=x)
    else:
        starts = tuple((place, offset - end) for place, offset in line.starts[1:])
        rest = line._replace(text=line.text[end:], x=round(second, 1), starts=starts)
    return _Number(page, at, int(said), x, rest)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 5
