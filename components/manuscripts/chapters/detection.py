"""Finding the chapters of a document.

What the file itself says comes first (`structured`); what its lines say (`unstructured`) is taken
where it says nothing, or much less. The chapters tile the text: what stands before and after them
is front and back matter. Every step goes over the blocks once, whatever is in the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, zip_longest

from components.languages import count_words
from components.manuscripts.chapters import structured, titles, unstructured
from components.manuscripts.chapters.headings import PARTS, DetectedHeadings, Heading, Headings
from components.manuscripts.manuscript import (
    BACK_HEADING,
    FRONT_HEADING,
    Basis,
    Chapter,
    ChapterKind,
)
from components.manuscripts.text.assembly import Blocks, Canonical
from components.manuscripts.text.ornaments import is_break

_STORY = ("chapter", "letter")
#: Words and lines that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS, _TITLE_LINES = 40, 8
#: Words under a part's heading that make the part a section of its own.
_PART_WORDS = 250
#: Words of its own that a prologue has, and not only chapters below it.
_OWN_WORDS = 20
#: The lines find so many times the chapters that the structure has: that is not of the chapters.
_TIMES = 2
#: Confidence in the structure from which on the lines are not read.
_SURE = 0.95
#: Shares of the text within which Project Gutenberg's header ends and its licence begins, and after
#: which the book may end.
_HEADER_WITHIN, _LICENCE_AFTER, _END_AFTER = 0.4, 0.5, 0.85
_HEADER_ENDS = ("START OF", "END*THE SMALL PRINT", "END THE SMALL")
_LICENCE_BEGINS = ("END OF TH", "END OF PROJECT")
#: Characters looked at for those.
_NOTICE = 200


@dataclass(frozen=True, slots=True)
class DetectedChapters:
    """The chapters of a text, what says so, and how sure that is (0 to 1)."""

    chapters: tuple[Chapter, ...] = ()
    basis: Basis = "none"
    confidence: float = 0.0


def find_chapters(canonical: Canonical, *, title: str = "") -> DetectedChapters:
    """Return the chapters of a text, which tile it, or none where it shows no headings.

    `title` is the book's where it is known: a heading that says so is not a chapter's.
    """
    placed, text = canonical.placed, canonical.text
    first, last = _bounds(placed)
    body = placed[first:last]
    detected = _find_headings(body, title=title)
    if not detected.headings:
        return DetectedChapters()
    headings = _with_parts(body, detected.headings)
    body = body[: _end(body, headings, total=_words(placed))]
    pieces = list(_pieces(body, headings))
    if first + len(body) < len(placed):
        pieces.append(_headless(BACK_HEADING, "back", placed[first + len(body)].start))
    pieces = _with_front(text, pieces)
    ends = [*(piece.start for piece in pieces[1:]), len(text)]
    chapters = tuple(
        replace(piece, index=index, end=end, words=count_words(text[piece.body_start : end]))
        for index, (piece, end) in enumerate(zip(pieces, ends, strict=True), start=1)
    )
    return DetectedChapters(chapters, detected.basis, detected.confidence)


def _find_headings(body: Blocks, *, title: str) -> DetectedHeadings:
    """Return what structure finds, unless the lines find much more."""
    total = _words(body)
    by_structure = DetectedHeadings()
    if any(block.level or block.label for block in body):
        by_structure = structured.find(body, total=total, title=title)
    families = [heading.family for heading in by_structure.headings if heading.kind in _STORY]
    chapters = len(families)
    parts = chapters > 0 and PARTS.issuperset(families)
    if chapters > 1 and by_structure.confidence > _SURE and not parts:
        return by_structure
    by_lines = unstructured.find(body, total=total)
    if chapters == 0:
        return by_lines if by_lines.headings else by_structure
    keyed = any(heading.family in ("chapter", "scene") for heading in by_lines.headings)
    numbered = by_lines.basis == "numbering" and (keyed or chapters == 1)
    more = _stories(by_lines.headings) > (1 if chapters == 1 else _TIMES * chapters)
    return by_lines if more and (numbered or parts) else by_structure


def _stories(headings: Headings) -> int:
    return sum(heading.kind in _STORY for heading in headings)


def _with_parts(body: Blocks, headings: Headings) -> Headings:
    """Return `headings`, as parts those with chapters and no text, as chapters those with text."""
    if not _stories(headings):
        headings = [
            replace(heading, kind="chapter") if heading.kind == "part" else heading
            for heading in headings
        ]
    again = sum(heading.number == 1 and heading.kind == "chapter" for heading in headings) > 1
    frames = ("prologue", "epilogue", "interlude") if again else ()
    out = []
    for heading, after in zip_longest(headings, headings[1:]):
        words = _words(body[heading.until : after.at if after else len(body)])
        if heading.kind == "part":
            if (after is None or after.kind == "part") and words >= _PART_WORDS:
                heading = replace(heading, kind="chapter")
        elif heading.kind in frames and after and after.number == 1 and words < _OWN_WORDS:
            heading = replace(heading, kind="part")
        out.append(heading)
    return out


def _bounds(placed: Blocks) -> tuple[int, int]:
    """Return the first block after Project Gutenberg's header and the first of its licence."""
    total = _words(placed)
    first = 0
    for at, block in enumerate(placed):
        head = block.text[:_NOTICE].upper()
        if "GUTENBERG" not in head and "SMALL PRINT" not in head:
            continue
        head = head.lstrip("* ")
        if head.startswith(_HEADER_ENDS) and block.words_before < _HEADER_WITHIN * total:
            first = at + 1
        elif head.startswith(_LICENCE_BEGINS) and block.words_before > _LICENCE_AFTER * total:
            return first, at
    return first, len(placed)


def _end(body: Blocks, headings: Headings, *, total: int) -> int:
    """Return the first block after "The End", where the last heading is before that."""
    for at in range(len(body) - 1, headings[-1].until - 1, -1):
        if body[at].words_before < _END_AFTER * total:
            break
        if titles.is_end(body[at].text):
            return at + 1
    return len(body)


def _pieces(body: Blocks, headings: Headings) -> Iterator[Chapter]:
    """Yield chapters that begin at `headings`, without their end and words."""
    parts: list[Heading] = []  # those that hold what comes, the outermost first
    page: int | None = None  # where a part's page begins that the next chapter takes
    for heading, after in zip_longest(headings, headings[1:]):
        blocks = body[heading.until : after.at if after else len(body)]
        start = body[heading.at].start
        closes = heading.kind in ("back", "epilogue")
        if heading.level and not (closes and parts and not parts[0].level):
            parts = [part for part in parts if part.level < heading.level]
        elif closes or heading.kind == "part":
            parts = []
        part = parts[-1].full_label if parts and heading.kind != "part" else ""
        part = heading.within or part
        if heading.kind == "part":
            parts = [*parts, heading]
            if after and _words(blocks) < _PART_WORDS:
                page = start if page is None else page
                continue
        yield Chapter(
            index=0,
            heading=heading.full_label,
            kind=heading.kind,
            start=start if page is None else page,
            end=0,
            words=0,
            number=heading.number or None,
            title=heading.full_title,
            part=part,
            heading_start=start,
            body_start=blocks[0].start if blocks else body[heading.until - 1].end,
            scenes=_scenes(blocks),
        )
        page = None


def _with_front(text: str, pieces: list[Chapter]) -> list[Chapter]:
    """Return `pieces` with what stands before the first as front matter, or as its title lines."""
    rest = list(dropwhile(lambda piece: piece.kind == "front", pieces)) or pieces
    before = text[: rest[0].start]
    lines = sum(bool(line.strip()) for line in before.splitlines())
    if len(rest) < len(pieces) or count_words(before) > _TITLE_WORDS or lines > _TITLE_LINES:
        return [_headless(FRONT_HEADING, "front", 0), *rest]
    return [replace(rest[0], start=0), *rest[1:]]


def _headless(heading: str, kind: ChapterKind, start: int) -> Chapter:
    return Chapter(0, heading, kind, start, start, 0, heading_start=start, body_start=start)


def _words(blocks: Blocks) -> int:
    return blocks[-1].words_before + blocks[-1].words - blocks[0].words_before if blocks else 0


def _scenes(blocks: Blocks) -> tuple[int, ...]:
    """Return where scenes begin, after a break."""
    breaks = [block.role == "break" or is_break(block.text) for block in blocks]
    return tuple(
        block.start
        for at, block in enumerate(blocks)
        if at > 0 and not breaks[at] and (block.after_break or (at > 1 and breaks[at - 1]))
    )
