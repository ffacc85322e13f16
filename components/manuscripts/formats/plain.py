r"""Plain text as a document: lines to paragraphs.

Typewriters, mail and Project Gutenberg break lines at a width; word processors do not. Where most
lines are as full as their width allows, the text is hard-wrapped and a newline inside a paragraph
becomes a space, one character for one. A line that breaks though there was room for the next word
breaks on purpose: verse, an address, a title. Without blank lines every line is a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.manuscripts.chapters.headings import KEYED, Heading, parse
from components.manuscripts.document import Block
from components.manuscripts.text.language import is_eastern
from components.manuscripts.text.ornaments import MAX_LINE, is_break, is_contents_entry

#: Characters. Narrower lines are verse, wider ones paragraphs.
_NARROWEST, _WIDEST = 40, 120
#: The share of lines that are no wider than the width; a few always stick out.
_WIDTH_QUANTILE = 0.95
#: Share of full lines among those with a line below: for the text, and for one paragraph of it.
_WRAPPED_SHARE, _PROSE_SHARE = 0.6, 0.5
#: Characters of room that a full line may have left: raggedness, and hyphens taken out.
_SLACK = 4
#: Share of the width below which a line in prose was not broken by the width.
_SHORT = 0.72
#: Share of blank lines below which a text has its paragraphs one under the other.
_BLANK_SHARE = 0.02
#: Characters, and share of the lines in stretches: lines so long are paragraphs.
_PARAGRAPH = 120
_PARAGRAPH_SHARE = 0.2
#: Lines under each other that read as headings, or end in a page number: a list of contents.
_CONTENTS_LINES = 3
#: Characters of the line below a heading from which on it is text and no title.
_TITLE_WIDTH = 80
#: Characters looked at for the script of a text.
_CHARACTERS_SAMPLED = 20_000
#: Lines looked at for the width of a text.
_LINES_SAMPLED = 20_000


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines with no blank one between them, and how many blank lines stand before."""

    lines: tuple[str, ...]
    gap: int


def blocks(text: str) -> Iterator[Block]:
    r"""Yield the paragraphs of `text`, which has `\n` as its only line end."""
    stretches = list(_stretches(text))
    if is_eastern(text[:_CHARACTERS_SAMPLED]):
        for one in stretches:
            yield from _each_line(one)  # no spaces: a line ends where its paragraph does
        return
    width = _width(stretches)
    if width:
        for one in stretches:
            yield from _wrapped(one, width)
        return
    filled = sum(len(stretch.lines) for stretch in stretches)
    blank = sum(stretch.gap for stretch in stretches[1:])
    alone = blank <= _BLANK_SHARE * (filled + blank) or _paragraph_lines(stretches)
    for stretch in stretches:
        yield from _each_line(stretch) if alone else _as_is(stretch)


def _stretches(text: str) -> Iterator[_Stretch]:
    lines: list[str] = []
    gap = blank = 0
    for line in text.split("\n"):
        if line.strip():
            if not lines:
                gap, blank = blank, 0
            lines.append(line.rstrip().replace("\t", "    "))
            continue
        if lines:
            yield _Stretch(tuple(lines), gap)
            lines = []
        blank += 1
    if lines:
        yield _Stretch(tuple(lines), gap)


def _width(stretches: Sequence[_Stretch]) -> int:
    """Return the width at which the lines of a text are broken, or 0 where they are not."""
    pairs: list[tuple[str, str]] = []
    for stretch in stretches:
        pairs += pairwise(stretch.lines)
        if len(pairs) > _LINES_SAMPLED:
            break
    if len(pairs) < _CONTENTS_LINES:
        return 0
    lengths = sorted(len(line) for line, _ in pairs)
    width = lengths[int(_WIDTH_QUANTILE * (len(lengths) - 1))]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(line, below, width) for line, below in pairs)
    return width if full >= _WRAPPED_SHARE * len(pairs) else 0


def _is_full(line: str, below: str, width: int) -> bool:
    """Return whether the first word of `below` had no room on `line`."""
    first = below.split(None, 1)[0]
    return len(line) + 1 + len(first) > width - _SLACK


def _paragraph_lines(stretches: Sequence[_Stretch]) -> bool:
    """Return whether lines under each other are paragraphs, blank lines only between scenes."""
    lines = [line for stretch in stretches if len(stretch.lines) > 1 for line in stretch.lines]
    long = sum(len(line) > _PARAGRAPH for line in lines)
    return long > _PARAGRAPH_SHARE * len(lines)


def _each_line(one: _Stretch) -> Iterator[Block]:
    gap = one.gap
    for line in one.lines:
        yield _block(line.strip(), gap)
        gap = 0


def _as_is(one: _Stretch) -> Iterator[Block]:
    """Yield a stretch whose lines break on purpose, its heading apart from long lines below."""
    gap = one.gap
    for lines in _without_breaks(one.lines):
        headings, below = _headings_first(lines, _TITLE_WIDTH)
        for heading in headings:
            yield _block("\n".join(heading), gap)
            gap = 0
        if below:
            yield _block("\n".join(_dedented(below)), gap)
        gap = 0


def _wrapped(one: _Stretch, width: int) -> Iterator[Block]:
    """Yield the paragraphs of one stretch of a text that is broken at `width`."""
    gap = one.gap
    for lines in _without_breaks(one.lines):
        headings, below = _headings_first(lines, int(_SHORT * width))
        for heading in headings:
            yield _block("\n".join(heading), gap)
            gap = 0
        for paragraph in _paragraphs(below, width):
            yield _block(paragraph, gap)
            gap = 0


def _paragraphs(lines: Sequence[str], width: int) -> Iterator[str]:
    """Yield paragraphs: lines joined where the width broke them, apart where an indent begins."""
    if not lines:
        return
    pairs = list(pairwise(lines))
    full = [_is_full(line, below, width) for line, below in pairs]
    if sum(full) < _PROSE_SHARE * len(pairs):
        yield "\n".join(_dedented(lines))
        return
    indents = [len(line) - len(line.lstrip()) for line in lines]
    base = min(indents)
    out = [lines[0].strip()]
    for at, (line, below) in enumerate(pairs):
        opens = indents[at + 1] >= base + 2 > indents[at] + 1
        if opens and indents.count(base) * 2 >= len(lines):
            yield "".join(out)
            out = []
        elif full[at] or len(line) >= _SHORT * width:
            out.append(" ")
        elif _ends(line) and not _goes_on(below):
            yield "".join(out)
            out = []
        else:
            out.append("\n")
        out.append(below.strip())
    yield "".join(out)


def _ends(line: str) -> bool:
    return line.rstrip("”’\"'»)_*")[-1:] in (".", "!", "?", "…", ":")


def _goes_on(line: str) -> bool:
    return line.lstrip(" “‘\"'«_*")[:1].islower()


def _without_breaks(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield runs of lines, an ornament between scenes as a run of its own."""
    run: list[str] = []
    for line in lines:
        if is_break(line.strip()):
            if run:
                yield run
            yield [line]
            run = []
        else:
            run.append(line)
    if run:
        yield run


def _headings_first(lines: Sequence[str], width: int) -> tuple[list[Sequence[str]], Sequence[str]]:
    """Return the headings that a run of lines begins with, part and chapter, and the rest."""
    headings: list[Sequence[str]] = []
    while len(headings) < 3:
        heading, lines = _heading_first(lines, width)
        if not heading:
            break
        headings.append(heading)
    return headings, lines


def _heading_first(lines: Sequence[str], width: int) -> tuple[Sequence[str], Sequence[str]]:
    """Return the heading that a run of lines begins with and the text right under it.

    A run that is all heading, or none, is returned as one or the other.
    """
    first = parse(lines[0]) if len(lines) > 1 and len(lines[0]) <= MAX_LINE else None
    if first is None or first.kind == "front" or not _says_so(first):
        return (), lines
    following = [parse(line) for line in lines[1:3]]
    if following[0] is not None and following[0].family != first.family and len(lines) <= 4:
        return lines[:1], lines[1:]  # a part's heading over a chapter's
    if any(one is not None for one in following):
        return (), lines  # a list of contents
    for at, line in enumerate(lines[1:], start=1):
        letters = [char for char in line if char.isalpha()]
        capitals = sum(char.isupper() for char in letters) > len(letters) * 0.8
        if not capitals:
            text = len(line.strip()) > width or len(lines) - at > 2
            return (lines[:at], lines[at:]) if text else (lines, ())
    return lines, ()


def _says_so(heading: Heading) -> bool:
    return heading.family in KEYED or not heading.title


def _block(text: str, gap: int) -> Block:
    lines = text.split("\n")
    if is_break(text):
        return Block(text, "break", gap=gap)
    if len(lines) >= _CONTENTS_LINES:
        listed = sum(
            is_contents_entry(line) or (len(line) <= MAX_LINE and parse(line) is not None)
            for line in lines
        )
        if listed >= _CONTENTS_LINES and listed * 2 > len(lines):
            return Block(text, "contents", gap=gap)
    return Block(text, gap=gap)


def _dedented(lines: Sequence[str]) -> list[str]:
    """Return `lines` without the indent that all of them have."""
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[indent:].rstrip() for line in lines]
