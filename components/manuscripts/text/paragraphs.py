"""Lines as printed to paragraphs, across lines, columns and pages.

A typesetter marks a paragraph by an indent, a gap, or nothing but the last line's being short;
which of them a book uses is measured. A paragraph begins where a line is indented against the one
before, or stands further below it than lines do. The end of a page ends none by itself.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from components.manuscripts.chapters.headings import parse
from components.manuscripts.document import Block
from components.manuscripts.formats.pdf import typography
from components.manuscripts.formats.pdf.columns import Flow
from components.manuscripts.formats.pdf.printed_page import TextLine
from components.manuscripts.formats.pdf.typography import NEAR, Typography
from components.manuscripts.text import hyphens

#: A gap of this many pitches, more than the book's paragraphs have, sets scenes apart.
_SCENE = 1.6
#: A last line is short below this share of the usual, and below the other ends a paragraph anyway.
_SHORT, _VERY_SHORT = 0.75, 0.6
#: Lines broken on purpose are this much shorter than a page would allow.
_VERSE = 0.8
#: Share by which letters must be larger than the text's, or smaller, to be of another kind.
_LARGER = 1.12
#: Characters and lines of the longest heading, characters of the longest ornament.
_HEADING, _HEADING_LINES, _SIGNS = 250, 6, 60

_HYPHENS = "-\u00ad\u2010"
_SENTENCE_END = (".", "!", "?", "…", "”", "»", "’", '"', "'", ":", "—", "*", ")")
_ORNAMENT = re.compile(r"[\s*#~•·⁂❦❧☙✻✽✢◆◇○●§+=_–—-]+")
_OPENS = re.compile(r"[\"“”«‘'—–\-(\[…\s]*[A-ZÀ-ÖØ-ÞĀ-Ž]")
_NUMERALS = "0123456789ivxlc"
_LEADER = re.compile(r".{2,200}?(?:(?:\s?[.·…_]){3,}|\s{3,})\s*(?:\d{1,4}|[ivxlc]{1,7})")


class LineMark(NamedTuple):
    """What is known of a line from elsewhere: that a heading begins here, over `lines` lines.

    With no lines the heading is not in the text, which begins here.
    """

    level: int
    label: str
    lines: int = 1


class BlockPosition(NamedTuple):
    """A block, the flow in which it begins, the size of its letters, whether it stands apart."""

    block: Block
    flow: int
    size: float
    apart: bool


_Kind = Literal["body", "heading", "break", "contents"]


class _Group(NamedTuple):
    """The lines of a paragraph or heading, none for a gap between scenes."""

    lines: Sequence[TextLine]
    kind: _Kind
    flow: int
    apart: bool
    mark: LineMark | None = None


class _Spot(NamedTuple):
    """A line, those above and below it in its column, and the left edge there."""

    line: TextLine
    above: TextLine | None
    below: TextLine | None
    left: float
    setting: Typography

    @property
    def apart(self) -> bool:
        """Return whether the line stands further below the one above than lines do."""
        gap = typography.GAP * self.setting.pitch
        return self.above is None or self.above.y - self.line.y > gap


def blocks(flows: Sequence[Flow], marks: Mapping[tuple[int, int], LineMark]) -> list[BlockPosition]:
    """Return the paragraphs and headings of `flows`; `marks` are by (flow, line)."""
    if not flows:
        return []
    setting = typography.measure(flows)
    vocabulary = hyphens.Vocabulary(line.text for flow in flows for line in flow.lines)
    return [_block(group, setting, vocabulary) for group in _groups(flows, marks, setting)]


def _groups(
    flows: Sequence[Flow], marks: Mapping[tuple[int, int], LineMark], setting: Typography
) -> list[_Group]:
    groups: list[_Group] = []
    body: list[TextLine] = []  # of the paragraph that may go on
    for number, flow in enumerate(flows):
        left = typography.left_of(flow, setting.lefts, setting.indent)
        lines = flow.lines
        at = 0
        while at < len(lines):
            line = lines[at]
            below = lines[at + 1] if at + 1 < len(lines) else None
            spot = _Spot(line, lines[at - 1] if at else None, below, left, setting)
            mark = marks.get((number, at))
            kind = "heading" if mark and mark.lines else _kind(line)
            if kind == "body" and _is_heading(spot, body):
                kind = "heading"
            if kind != "body":
                count = 1
                if kind == "heading":
                    count = (mark and mark.lines) or _heading_lines(lines, at, setting)
                groups.append(_Group(lines[at : at + count], kind, number, spot.apart, mark))
                body = []
                at += count
                continue
            if not body or mark or _begins(spot, body):
                if _is_scene(spot):
                    groups.append(_Group((), "break", number, apart=True))
                body = []
                groups.append(_Group(body, "body", number, spot.apart, mark))
            body.append(line)
            at += 1
    return groups


def _begins(spot: _Spot, body: Sequence[TextLine]) -> bool:
    """Return whether a paragraph begins with a line, after the lines `body` of another."""
    line, above, _, left, setting = spot
    last = body[-1]
    if last.text[-1] in _HYPHENS and line.text[0].islower():
        return False  # a word goes on, whatever stands between its halves
    if line.opens or (above is not None and spot.apart):
        return True
    ended = last.text.endswith(_SENTENCE_END)
    short = len(last.text) < _SHORT * setting.usual
    if not (1 / _LARGER < line.size / last.size < _LARGER):
        return above is not None or ended
    indent = line.x - left
    usual_indent = abs(indent - setting.indent) <= NEAR
    if indent >= typography.INDENT[0] * setting.size:
        if above is None:  # the first of a page: indented, as a paragraph is, or as all before it
            return ended or usual_indent
        if line.x - above.x > NEAR:
            return True
        if abs(line.x - above.x) <= NEAR:
            return ended or (short and usual_indent)
        return ended and short
    if above is not None and above.x - line.x > NEAR and len(body) > 1:
        quotation = all(abs(other.x - body[0].x) <= NEAR for other in body)
        if quotation:
            return ended or short
    if ended and len(last.text) < _VERY_SHORT * setting.usual:
        return True
    return not setting.by_indent and not setting.by_gap and ended and short


def _is_scene(spot: _Spot) -> bool:
    """Return whether a gap is more than paragraphs have between them, after a sentence's end."""
    line, above, _, _, setting = spot
    if above is None or not above.text.endswith(_SENTENCE_END) or _ORNAMENT.fullmatch(above.text):
        return False
    if not 1 / _LARGER < above.size / setting.size < _LARGER or parse(above.text) is not None:
        return False
    return above.y - line.y > max(_SCENE * setting.pitch, 1.3 * setting.paragraph_gap)


def _kind(line: TextLine) -> _Kind:
    """Return what a line is by its own signs."""
    if len(line.text) <= _SIGNS and _ORNAMENT.fullmatch(line.text):
        return "break"
    # An entry of a list of contents: a title, a row of dots, the number of a page.
    if line.text[-1] in _NUMERALS and _LEADER.fullmatch(line.text):
        return "contents"
    return "body"


def _is_heading(spot: _Spot, body: Sequence[TextLine]) -> bool:
    """Return whether a line looks set as a heading, or reads as one and stands where one does."""
    line, above, below, left, setting = spot
    if len(line.text) > _HEADING:
        return False
    if line.size > _LARGER * setting.size:
        return True
    apart = spot.apart
    ended = not body or body[-1].text.endswith(_SENTENCE_END)
    short = len(line.text) < _SHORT * setting.usual
    centred = line.x - left > typography.INDENT[0] * setting.size and short
    if line.bold and not setting.bold and len(line.text) < setting.usual:
        return apart or ended
    if not (apart or centred or ended):
        return False  # before `parse`: reading every line as a heading takes a tenth of the time
    heading = parse(line.text)
    if heading is None or line.text[-1] in _HYPHENS:
        return False
    open_end = below is None or line.y - below.y > typography.GAP * setting.pitch
    if apart and open_end:
        return True
    # What follows begins a paragraph; where it goes back to the edge, this is one's first line.
    alone = not heading.title and short
    other = below is not None and (below.x - line.x > NEAR or alone)
    centred = centred and (not heading.title or other)
    if above is None and not ended and not centred:
        return open_end
    return (apart or centred or ended) and (open_end or centred or other or above is None)


def _heading_lines(lines: Sequence[TextLine], at: int, setting: Typography) -> int:
    """Return over how many lines a heading in larger or bold letters goes."""
    first = lines[at]
    count = 1
    if first.size > _LARGER * setting.size or (first.bold and not setting.bold):
        heading = parse(first.text)
        if heading is not None and not heading.title:
            return count  # a number, or a name: what comes below is no more of that
        for above, line in pairwise(lines[at : at + _HEADING_LINES]):
            alike = abs(line.size - first.size) < 0.5 and line.bold == first.bold
            near = above.y - line.y <= 1.6 * first.size
            if not alike or not near or parse(line.text) is not None:
                break
            count += 1
    return count


def _block(group: _Group, setting: Typography, vocabulary: hyphens.Vocabulary) -> BlockPosition:
    """Return a group of lines as a block."""
    lines, kind, flow, apart, mark = group
    if not lines:
        return BlockPosition(Block("", "break"), flow, setting.size, apart=True)
    if kind == "break":
        text = " ".join(line.text.strip() for line in lines)
    elif kind == "body" and _is_verse(lines, setting):
        text = "\n".join(line.text.strip() for line in lines)
    else:
        heading = parse(lines[0].text) if mark is not None and len(lines) > 1 else None
        number = heading is not None and heading.number > 0 and not heading.title
        text = hyphens.join((line.text for line in lines[number:]), vocabulary)
        text = f"{lines[0].text}\n{text}" if number else text  # a number, and its title below
    if mark is not None:
        block = Block(text, kind, mark.level, mark.label)
    else:  # what only looks like a heading is for the finder of chapters to judge
        block = Block(text, "body" if kind == "heading" else kind)
    return BlockPosition(block, flow, lines[0].size, apart)


def _is_verse(lines: Sequence[TextLine], setting: Typography) -> bool:
    """Return whether lines break on purpose: the first word of the next would have had room."""
    if len(lines) < 2 or any(line.text[-1] in _HYPHENS for line in lines):
        return False
    room = _VERSE * setting.usual
    return all(
        len(line.text) + 1 + len(after.text.split(" ", 1)[0]) <= room
        for line, after in pairwise(lines)
    ) and all(_OPENS.match(line.text) for line in lines)
