"""A text as lines with what surrounds them, as far as headings need it.

Lines of Markdown's `#` kind, lines that stand apart from the text around them, and the title that
may stand on the lines below a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from components.manuscripts.headings import MAX_LINE, Heading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

#: A title over several lines: not more of them, nor longer, in characters.
_TITLE_LINES = 5
_TITLE_LENGTH = 250
#: Share of capitals among the letters of a title in capitals: names of ships stay in lower case.
_CAPITALS = 0.8
#: A title in ordinary letters is one line, not longer than this, and most chapters have one.
_PLAIN_TITLE = 70
_PLAIN_SHARE = 0.6
#: Share of blank lines below which a text has its paragraphs one under the other.
_BLANK_SHARE = 0.02

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


class Line(NamedTuple):
    """A line: where it starts in the text, what it says, how many words stand before it."""

    start: int
    text: str
    words_before: int


def lines(text: str) -> list[Line]:
    """Return the lines of `text`."""
    found = []
    start = words = 0
    for line in text.split("\n"):
        found.append(Line(start, line, words))
        start += len(line) + 1
        words += len(line.split())
    return found


def atx_headings(among: Sequence[Line]) -> list[tuple[int, Line, str]]:
    """Return Markdown's `#` headings outside fenced code: level, line and what it says."""
    found = []
    fenced = False
    for line in among:
        if _FENCE.match(line.text):
            fenced = not fenced
        if fenced or "#" not in line.text[:4]:
            continue
        match = _ATX.fullmatch(line.text)
        if match:
            title = match[2].rstrip().rstrip("#").strip(" \t*_")
            found.append((len(match[1]), line, title[:MAX_LINE]))
    return found


def isolated(
    among: Sequence[Line], parse: Callable[[str], Heading | None]
) -> Iterator[tuple[Line, Heading]]:
    """Yield the lines that `parse` knows as headings and that stand apart.

    A heading has a blank line before it, and one after it or after a title on the next line; a
    keyword and number alone on a line need none after. Where a text has no blank lines to speak
    of, every line is a paragraph and stands apart.
    """
    filled = [at for at, line in enumerate(among) if line.text.strip()]
    if not filled:
        return
    lines_between = filled[-1] - filled[0] + 1
    spaced = lines_between - len(filled) > _BLANK_SHARE * lines_between
    for at in filled:
        line = among[at]
        if spaced and at and among[at - 1].text.strip():
            continue
        heading = parse(line.text)
        if heading is None:
            continue
        sure = heading.family in ("chapter", "letter", "part") and not heading.title
        if not spaced:
            if sure or not heading.title:
                yield line, heading
        elif (
            sure
            or _blank(among, at + 1)
            or (_plain_title(among[at + 1].text) and _blank(among, at + 2))
        ):
            yield line, heading


def titles(among: Sequence[Line], starts: Collection[int]) -> dict[int, str]:
    """Return the titles that stand below the headings at `starts`, by that offset.

    Capitals make a title by themselves. A line in ordinary letters is one only where most of the
    headings have such a line, since a short first sentence looks the same.
    """
    capitals: dict[int, str] = {}
    plain: dict[int, str] = {}
    for at, line in enumerate(among):
        if line.start not in starts:
            continue
        below, apart = _block_below(among, at)
        joined = " ".join(" ".join(below).split())
        if not joined or len(joined) > _TITLE_LENGTH:
            continue
        if _is_capitals(joined):
            capitals[line.start] = joined
        elif apart and len(below) == 1 and _plain_title(joined):
            plain[line.start] = joined
    if len(capitals) + len(plain) >= _PLAIN_SHARE * len(starts) and len(starts) > 1:
        return plain | capitals
    return capitals


def _block_below(among: Sequence[Line], at: int) -> tuple[list[str], bool]:
    """Return the next lines that are not blank, and whether a blank line follows them."""
    first = at + 1
    while first < len(among) and first <= at + _TITLE_LINES and _blank(among, first):
        first += 1
    last = first
    while last < len(among) and last < first + _TITLE_LINES and not _blank(among, last):
        last += 1
    if last < len(among) and not _blank(among, last):
        return [], False
    return [line.text[:_TITLE_LENGTH] for line in among[first:last]], last < len(among)


def _blank(among: Sequence[Line], at: int) -> bool:
    return at >= len(among) or not among[at].text.strip()


def _is_capitals(title: str) -> bool:
    letters = [char for char in title if char.isalpha()]
    return len(letters) > 1 and sum(char.isupper() for char in letters) > _CAPITALS * len(letters)


def _plain_title(line: str) -> bool:
    title = line.strip(" \t*_")
    if not title or len(title) > _PLAIN_TITLE or title[-1] in ".,;:—”»\"'":
        return False
    return title[0].isupper() or title[0].isdigit()
