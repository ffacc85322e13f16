"""Lines as printed to paragraphs, across lines, columns and pages.

A typesetter marks a paragraph in one of three ways: an indent, a gap, or nothing but the last
line's being short. Which of them a book uses is measured; where a line is indented against the
one before, or stands further below it than lines do, a paragraph begins. The end of a page is no
end of a paragraph by itself.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.manuscripts.chapters.headings import parse
from components.manuscripts.document import Block, Role
from components.manuscripts.formats.pdf.typography import (
    GAP,
    INDENT,
    NEAR,
    Typography,
    left_of,
    measure,
)
from components.manuscripts.text import hyphens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.manuscripts.formats.pdf.columns import Flow
    from components.manuscripts.formats.pdf.printed_page import TextLine

#: A gap of this many pitches, more than the book's paragraphs have, sets scenes apart.
_SCENE = 1.6
#: A last line is short below this share of the usual; a line that ends a sentence so far from the
#: edge ends a paragraph whatever its successor looks like.
_SHORT = 0.75
_VERY_SHORT = 0.6
#: Lines broken on purpose are this much shorter than a page would allow.
_VERSE = 0.8
#: Share by which letters must be larger than the text's, or smaller, to be of another kind.
_LARGER = 1.12
#: Characters. No heading is longer.
_HEADING = 250

_SENTENCE_END = (".", "!", "?", "…", "”", "»", "’", '"', "'", ":", "—", "*", ")")
_SIGNS = 60
_ORNAMENT = re.compile(r"[\s*#~•·⁂❦❧☙✻✽✢◆◇○●§+=_–—-]+")
_OPENS = re.compile(r"[\"“”«‘'—–\-(\[…\s]*[A-ZÀ-ÖØ-ÞĀ-Ž]")
_NUMERALS = "0123456789ivxlc"
_LEADER = re.compile(r".{2,200}?(?:(?:\s?[.·…_]){3,}|\s{3,})\s*(?:\d{1,4}|[ivxlc]{1,7})")


class LineMark(NamedTuple):
    """What is known of a line from elsewhere: that a heading begins here, over `lines` lines."""

    level: int
    label: str
    lines: int = 1


class BlockPosition(NamedTuple):
    """A block, and where its first line stands: the flow and the line in it; its letters."""

    block: Block
    flow: int
    line: int
    size: float
    bold: bool
    apart: bool


def blocks(flows: Sequence[Flow], marks: Mapping[tuple[int, int], LineMark]) -> list[BlockPosition]:
    """Return the paragraphs and headings of `flows`; `marks` are by (flow, line)."""
    if not flows:
        return []
    setting = measure(flows)
    vocabulary = hyphens.Vocabulary.of(line.text for flow in flows for line in flow.lines)
    return [_placed(group, setting, vocabulary) for group in _groups(flows, marks, setting)]


_Kind = Literal["body", "heading", "break", "contents"]


class _Group(NamedTuple):
    lines: tuple[TextLine, ...]
    flow: int
    at: int
    mark: LineMark | None
    kind: _Kind
    apart: bool


def _groups(
    flows: Sequence[Flow], marks: Mapping[tuple[int, int], LineMark], setting: Typography
) -> Iterator[_Group]:
    """Yield the lines of each paragraph or heading."""
    gathered: list[TextLine] = []
    begun = (0, 0)
    apart = True
    left = 0.0

    def take(kind: _Kind = "body", mark: LineMark | None = None) -> _Group:
        group = _Group(tuple(gathered), *begun, mark, kind, apart)
        gathered.clear()
        return group

    for number, flow in enumerate(flows):
        left = left_of(flow, setting.lefts, setting.indent)
        at = 0
        while at < len(flow.lines):
            line = flow.lines[at]
            above = flow.lines[at - 1] if at else None
            below = flow.lines[at + 1] if at + 1 < len(flow.lines) else None
            mark = marks.get((number, at))
            gap = above.y - line.y if above else 0.0
            kind = "heading" if mark else _kind(line)
            if kind == "body" and _is_heading(line, above, below, gathered, left, setting):
                kind = "heading"
            if kind != "body":
                if gathered:
                    yield take()
                count = mark.lines if mark else 1
                if kind == "heading" and not mark:
                    count = _heading_lines(flow.lines, at, setting)
                apart = above is None or gap > GAP * setting.pitch
                gathered.extend(flow.lines[at : at + count])
                begun = (number, at)
                yield take(kind, mark)
                at += count
                apart = True
                continue
            if gathered and _begins(line, above, gathered, left, setting):
                yield take()
            if not gathered:
                if _is_scene(gap, above, setting):
                    yield _Group((), number, at, None, "break", True)
                begun = (number, at)
                apart = above is None or gap > GAP * setting.pitch
            gathered.append(line)
            at += 1
    if gathered:
        yield take()


def _begins(
    line: TextLine,
    above: TextLine | None,
    gathered: Sequence[TextLine],
    left: float,
    setting: Typography,
) -> bool:
    """Return whether a paragraph begins with `line`, after the lines `gathered`."""
    last = gathered[-1]
    if last.text[-1] in "-\u00ad\u2010" and line.text[0].islower():
        return False  # a word goes on, whatever stands between its halves
    if line.opens:
        return True
    ended = last.text.endswith(_SENTENCE_END)
    short = len(last.text) < _SHORT * setting.usual
    if above is not None and above.y - line.y > _gap(setting):
        return True
    if not (1 / _LARGER < line.size / last.size < _LARGER):
        return above is not None or ended
    in_by = line.x - left
    if in_by >= INDENT[0] * setting.size:
        if above is None:  # the first of a page: indented, as a paragraph is, or as all before it
            return ended or abs(in_by - setting.indent) <= NEAR
        if line.x - above.x > NEAR:
            return True
        if abs(line.x - above.x) <= NEAR:
            return ended or (short and abs(in_by - setting.indent) <= NEAR)
        return ended and short
    if above is not None and above.x - line.x > NEAR and len(gathered) > 1 and _set_in(gathered):
        return ended or short
    if ended and len(last.text) < _VERY_SHORT * setting.usual:
        return True
    return not setting.by_indent and not setting.by_gap and ended and short


def _set_in(gathered: Sequence[TextLine]) -> bool:
    """Return whether all lines begin at one place, as in a quotation."""
    return all(abs(line.x - gathered[0].x) <= NEAR for line in gathered)


def _gap(setting: Typography) -> float:
    return GAP * setting.pitch


def _is_scene(gap: float, above: TextLine | None, setting: Typography) -> bool:
    """Return whether a gap is more than paragraphs have between them, after a sentence's end."""
    if above is None or not above.text.endswith(_SENTENCE_END) or _is_break(above.text):
        return False
    if not 1 / _LARGER < above.size / setting.size < _LARGER or parse(above.text) is not None:
        return False
    return gap > max(_SCENE * setting.pitch, 1.3 * setting.paragraph_gap)


def _kind(line: TextLine) -> _Kind:
    """Return what a line is by its own signs."""
    if len(line.text) <= _SIGNS and _is_break(line.text):
        return "break"
    # An entry of a list of contents: a title, a row of dots, the number of a page.
    if line.text[-1] in _NUMERALS and _LEADER.fullmatch(line.text):
        return "contents"
    return "body"


def _is_break(text: str) -> bool:
    return _ORNAMENT.fullmatch(text) is not None


def _is_heading(
    line: TextLine,
    above: TextLine | None,
    below: TextLine | None,
    gathered: Sequence[TextLine],
    left: float,
    setting: Typography,
) -> bool:
    """Return whether `line` looks set as a heading, or reads as one and stands where one does."""
    if len(line.text) > _HEADING:
        return False
    if line.size > _LARGER * setting.size:
        return True
    first = above is None
    apart = first or (above is not None and above.y - line.y > _gap(setting))
    open_end = below is None or line.y - below.y > _gap(setting)
    ended = not gathered or gathered[-1].text.endswith(_SENTENCE_END)
    centred = line.x - left > INDENT[0] * setting.size and len(line.text) < _SHORT * setting.usual
    if line.bold and not setting.bold and len(line.text) < setting.usual:
        return apart or ended
    if not (apart or centred or ended):
        return False  # asked first: reading every line as a heading takes a tenth of the time
    heading = parse(line.text)
    if heading is None or line.text[-1] in "-\u00ad\u2010":
        return False
    if apart and open_end:
        return True
    # What follows begins a paragraph; where it goes back to the edge, this is one's first line.
    alone = not heading.title and len(line.text) < _SHORT * setting.usual
    other = below is not None and (below.x - line.x > NEAR or alone)
    if heading.title and not other:
        centred = False
    if first and not ended and not centred:
        return open_end
    return (apart or centred or ended) and (open_end or centred or other or first)


def _heading_lines(lines: Sequence[TextLine], at: int, setting: Typography) -> int:
    """Return over how many lines a heading in larger or bold letters goes."""
    first = lines[at]
    larger = first.size > _LARGER * setting.size
    if not larger or parse(first.text) is not None:
        return 1
    count = 1
    for above, line in zip(lines[at:], lines[at + 1 :], strict=False):
        same = abs(line.size - first.size) < 0.5 and line.bold == first.bold
        if not same or above.y - line.y > 1.6 * first.size or count > 5:
            break
        if parse(line.text) is not None:
            break
        count += 1
    return count


def _placed(group: _Group, setting: Typography, vocabulary: hyphens.Vocabulary) -> BlockPosition:
    """Return a group of lines as a block."""
    lines = group.lines
    if not lines:
        return BlockPosition(Block("", "break"), group.flow, group.at, setting.size, False, True)
    if group.kind == "break":
        text = " ".join(line.text.strip() for line in lines)
    elif group.kind == "body" and is_verse(lines, setting):
        text = "\n".join(line.text.strip() for line in lines)
    else:
        text = hyphens.join((line.text for line in lines), vocabulary)
    role: Role = group.kind if group.kind in ("break", "contents") else "body"
    level, label = 0, ""
    if group.mark is not None:
        role, level, label = "heading", group.mark.level, group.mark.label
    return BlockPosition(
        Block(text, role, level, label),
        group.flow,
        group.at,
        lines[0].size,
        all(line.bold for line in lines),
        group.apart,
    )


def is_verse(lines: Sequence[TextLine], setting: Typography) -> bool:
    """Return whether lines break on purpose: the first word of the next would have had room."""
    if len(lines) < 2:
        return False
    room = _VERSE * setting.usual
    roomy = sum(
        len(line.text) + 1 + len(after.text.split(" ", 1)[0]) <= room
        for line, after in pairwise(lines)
    )
    if roomy < len(lines) - 1 or any(line.text[-1] in "-\u00ad\u2010" for line in lines):
        return False
    return all(_OPENS.match(line.text) for line in lines)
