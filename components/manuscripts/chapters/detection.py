"""Finding the chapters of a document.

What the file itself says comes first (`structured`); what its lines say (`unstructured`) is taken
where it says nothing, or much less. The headings found are made to chapters that tile the text;
what stands before the first and after the last, and has no heading, is kept as front and back
matter.

Every step goes over the blocks once: the time is proportional to the text, whatever is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from components.manuscripts.chapters import structured, titles
from components.manuscripts.chapters import unstructured as lines
from components.manuscripts.chapters.heading_position import NOTHING, FoundHeadings, HeadingMark
from components.manuscripts.manuscript import BACK_HEADING, FRONT_HEADING, Basis, Chapter
from components.manuscripts.text.ornaments import is_break

if TYPE_CHECKING:
    from components.manuscripts.text.assembly import Canonical, PlacedBlock

#: Words and lines that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS = 40
_TITLE_LINES = 8
#: Words under a part's heading that make the part a section of its own.
_PART_WORDS = 250
#: Words of its own that a prologue has, and not only chapters below it.
_OWN_WORDS = 20
#: The lines find so many times the chapters that the structure has: that is not of the chapters.
_TIMES = 2
#: Shares of the text within which Project Gutenberg's header ends and its licence begins.
_HEADER_WITHIN, _LICENCE_AFTER, _END_AFTER = 0.4, 0.5, 0.85
#: Characters looked at for those.
_NOTICE = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The chapters of a text, what says so, and how sure that is (0 to 1)."""

    chapters: tuple[Chapter, ...]
    basis: Basis
    confidence: float


def find_chapters(canonical: Canonical, *, title: str = "") -> Found:
    """Return the chapters of a text, which tile it, or none where it shows no headings.

    `title` is the book's where it is known: a heading that says so is not a chapter's.
    """
    placed = canonical.placed
    first, last = _bounds(placed)
    body = placed[first:last]
    total = body[-1].words_before + body[-1].words - body[0].words_before if body else 0
    finding = _promoted(_best(body, total=total, title=title))
    if not finding.marks:
        return Found((), "none", 0.0)
    marks = [replace(mark, at=mark.at + first, until=mark.until + first) for mark in finding.marks]
    marks = _holding(placed, marks, last)
    last = _end(placed, marks, last)
    return Found(_tile(canonical, marks, last), finding.basis, finding.confidence)


def _best(body: Sequence[PlacedBlock], *, total: int, title: str) -> FoundHeadings:
    """Return what structure finds, unless the lines find much more."""
    marked = any(one.block.level or one.block.label for one in body)
    by_structure = structured.find(body, total=total, title=title) if marked else NOTHING
    chapters = _story(by_structure)
    parts = chapters > 0 and all(
        mark.heading.family in ("part", "act")
        for mark in by_structure.marks
        if mark.kind in ("chapter", "letter")
    )
    if chapters > 1 and by_structure.confidence > 0.95 and not parts:
        return by_structure
    by_lines = lines.find(body, total=total)
    if chapters == 0:
        return by_lines if by_lines.marks else by_structure
    keyed = {mark.heading.family for mark in by_lines.marks} & {"chapter", "scene"}
    more = _story(by_lines) > (1 if chapters == 1 else max(_TIMES * chapters, chapters + 1))
    numbered = by_lines.basis == "numbering" and (keyed or chapters == 1)
    if more and (numbered or parts):
        return by_lines
    return by_structure


def _story(finding: FoundHeadings) -> int:
    return sum(mark.kind in ("chapter", "letter") for mark in finding.marks)


def _promoted(finding: FoundHeadings) -> FoundHeadings:
    """Return `finding` with parts as chapters where a text has parts and nothing under them."""
    if any(mark.kind in ("chapter", "letter") for mark in finding.marks):
        return finding
    marks = [
        replace(mark, heading=replace(mark.heading, kind="chapter"))
        if mark.kind == "part"
        else mark
        for mark in finding.marks
    ]
    return replace(finding, marks=marks)


def _holding(
    placed: Sequence[PlacedBlock], marks: Sequence[HeadingMark], last: int
) -> list[HeadingMark]:
    """Return `marks`, what holds chapters as parts and what holds nothing but text as chapters.

    A prologue may have chapters and no text of its own, a part text and no chapters.
    """
    out = list(marks)
    again = sum(mark.number == 1 and mark.kind == "chapter" for mark in marks) > 1
    for at, (one, after) in enumerate(zip_longest(marks, marks[1:])):
        if one.kind == "part":
            until = after.at if after else last
            if (after is None or after.kind == "part") and (
                _words(placed, one.until, until) >= _PART_WORDS
            ):
                out[at] = replace(one, heading=replace(one.heading, kind="chapter"))
            continue
        if after is None:
            continue
        frames = again and one.kind in ("prologue", "epilogue", "interlude") and after.number == 1
        if frames and _words(placed, one.until, after.at) < _OWN_WORDS:
            out[at] = replace(one, heading=replace(one.heading, kind="part"))
    return out


def _bounds(placed: Sequence[PlacedBlock]) -> tuple[int, int]:
    """Return the first block after Project Gutenberg's header and the first of its licence."""
    total = placed[-1].words_before + placed[-1].words if placed else 0
    first, last = 0, len(placed)
    for at, one in enumerate(placed):
        head = one.text[:_NOTICE].upper()
        if "GUTENBERG" not in head and "SMALL PRINT" not in head:
            continue
        starts = head.lstrip("* ").startswith(("START OF", "END*THE SMALL PRINT", "END THE SMALL"))
        ends = head.lstrip("* ").startswith(("END OF TH", "END OF PROJECT", "END OF THE PROJECT"))
        if starts and one.words_before < _HEADER_WITHIN * total:
            first = at + 1
        elif ends and one.words_before > _LICENCE_AFTER * total:
            last = at
            break
    return first, last


def _end(placed: Sequence[PlacedBlock], marks: Sequence[HeadingMark], last: int) -> int:
    """Return the first block after "The End", where the last heading is before that."""
    total = placed[-1].words_before + placed[-1].words
    for at in range(last - 1, marks[-1].until - 1, -1):
        if placed[at].words_before < _END_AFTER * total:
            break
        if titles.is_end(placed[at].text):
            return at + 1
    return last


def _tile(canonical: Canonical, marks: Sequence[HeadingMark], last: int) -> tuple[Chapter, ...]:
    """Return chapters that begin at `marks` and cover all of the text; block `last` is after it."""
    placed = canonical.placed
    pieces: list[Chapter] = []
    parts: list[HeadingMark] = []  # those that hold what comes, the outermost first
    opening: int | None = None
    for at, mark in enumerate(marks):
        until = marks[at + 1].at if at + 1 < len(marks) else last
        start = placed[mark.at].start
        if mark.kind == "part":
            parts = [above for above in parts if above.level < mark.level] if mark.level else []
            parts.append(mark)
            words = _words(placed, mark.until, until)
            if at + 1 < len(marks) and words < _PART_WORDS:
                opening = start if opening is None else opening
                continue
        elif mark.kind in ("back", "epilogue") and not (mark.level and parts and parts[0].level):
            parts = []
        elif mark.level:
            parts = [above for above in parts if above.level < mark.level]
        begins = start if opening is None else opening
        opening = None
        body = placed[mark.until].start if mark.until < until else placed[mark.until - 1].end
        pieces.append(
            Chapter(
                index=0,
                heading=mark.label,
                kind=mark.kind,
                start=begins,
                end=start,
                words=_words(placed, mark.until, until),
                number=mark.number or None,
                title=mark.full_title,
                part="" if mark.kind == "part" or not parts else parts[-1].label,
                heading_start=start,
                body_start=body,
                scenes=_scenes(placed, mark.until, until),
            )
        )
    if last < len(placed):
        pieces.append(_headless("back", placed[last].start))
    return _numbered(canonical, _with_front(canonical, pieces))


def _with_front(canonical: Canonical, pieces: list[Chapter]) -> list[Chapter]:
    """Return `pieces` with what stands before the first as front matter, or as its title lines."""
    text = canonical.text
    fronts = 0
    while fronts < len(pieces) and pieces[fronts].kind == "front":
        fronts += 1
    if fronts == len(pieces):
        fronts = 0
    rest = pieces[fronts:]
    before = text[: rest[0].start]
    lines = sum(1 for line in before.splitlines() if line.strip())
    if fronts or len(before.split()) > _TITLE_WORDS or lines > _TITLE_LINES:
        return [_headless("front", 0), *rest]
    return [replace(rest[0], start=0), *rest[1:]]


def _headless(kind: Literal["front", "back"], start: int) -> Chapter:
    heading = FRONT_HEADING if kind == "front" else BACK_HEADING
    return Chapter(0, heading, kind, start, start, 0, heading_start=start, body_start=start)


def _numbered(canonical: Canonical, pieces: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return `pieces` with their index, their end and, where they have none, their words."""
    text = canonical.text
    ends = [*(piece.start for piece in pieces[1:]), len(text)]
    return tuple(
        replace(
            one,
            index=index,
            end=end,
            words=one.words
            if one.body_start > one.start
            else len(text[one.body_start : end].split()),
        )
        for index, (one, end) in enumerate(zip(pieces, ends, strict=True), start=1)
    )


def _words(placed: Sequence[PlacedBlock], first: int, until: int) -> int:
    if first >= until:
        return 0
    return placed[until - 1].words_before + placed[until - 1].words - placed[first].words_before


def _scenes(placed: Sequence[PlacedBlock], first: int, until: int) -> tuple[int, ...]:
    """Return where scenes begin, after a break, in the blocks from `first` up to `until`."""
    found = []
    broken = False
    for at in range(first, until):
        one = placed[at].block
        if one.role == "break" or is_break(one.text):
            broken = at > first
            continue
        if at > first and (broken or one.after_break):
            found.append(placed[at].start)
        broken = False
    return tuple(found)
