"""Finding the chapters of a document.

What the file itself says (`structured`) and what its lines say (`unstructured`) are kinds of
evidence, which vote. The chapters tile the text: what stands before and after them
is front and back matter. Every step goes over the blocks once, whatever is in the text.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, zip_longest
from math import prod

from components.languages import count_words
from components.manuscripts.chapters import structured, titles, unstructured
from components.manuscripts.chapters.headings import (
    PARTS,
    DetectedHeadings,
    Heading,
    Headings,
    lengths,
)
from components.manuscripts.manuscript import (
    BACK_HEADING,
    FRONT_HEADING,
    Basis,
    Chapter,
    ChapterKind,
    SignalVote,
)
from components.manuscripts.text.assembly import Blocks, Canonical, PlacedBlock
from components.manuscripts.text.ornaments import is_break

#: Words and lines that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS, _TITLE_LINES = 40, 8
#: Words under a part's heading that make the part a section of its own.
_PART_WORDS = 250
#: Words of its own that a prologue has, and not only chapters below it.
_OWN_WORDS = 20
#: Words between two headings that are the same: a number, and its title below.
_NEAR = 20
#: A list of contents speaks for a reading with its full weight where it names one in so many of its
#: headings: it may be out of date. What else names less than all speaks for less.
_OUT_OF_DATE = 2
#: What is left of the weight of numbers without a word, and of parts alone.
_WEAK = 0.6
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
    """The chapters of a text, what says so, how sure that is (0 to 1), and who voted for them."""

    chapters: tuple[Chapter, ...] = ()
    basis: Basis = "none"
    confidence: float = 0.0
    evidence: tuple[SignalVote, ...] = ()


def find_chapters(canonical: Canonical, *, title: str = "", author: str = "") -> DetectedChapters:
    """Return the chapters of a text, which tile it, or none where it shows no headings.

    `title` and `author` are the book's where they are known: a heading that says no more than that
    is not a chapter's.
    """
    placed, text = canonical.placed, canonical.text
    first, last = _bounds(placed)
    body = placed[first:last]
    detected, evidence = _find_headings(body, title=title, author=author)
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
    return DetectedChapters(chapters, detected.basis, detected.confidence, evidence)


def _find_headings(
    body: Blocks, *, title: str, author: str
) -> tuple[DetectedHeadings, tuple[SignalVote, ...]]:
    """Return the reading that most evidence speaks for, and that evidence.

    Each kind of evidence gives a reading of its own and votes: for its own with its full weight,
    for another as far as that has the same headings. So a list of contents that is out of date, or
    a navigation that names one page, speaks for the headings that look like those it names.
    """
    total = _words(body)
    by_structure = DetectedHeadings()
    if any(block.level or block.label for block in body):
        by_structure = structured.find(body, total=total, title=title, author=author)
    marked = by_structure.stories
    parts = PARTS.issuperset(heading.family for heading in marked)
    if len(marked) > 1 and by_structure.confidence > _SURE and not parts:
        return by_structure, _evidence(by_structure, [by_structure], total)[0]
    readings = [by_structure, *unstructured.readings(body, total=total)]
    voting = [reading for reading in readings if reading.stories]
    voting = voting or [reading for reading in readings if reading.headings] or readings
    weighed = [_evidence(reading, voting, total) for reading in voting]
    best = max(range(len(voting)), key=lambda at: weighed[at][1])
    evidence = weighed[best][0]
    doubt = prod(1 - vote.weight for vote in evidence if vote.signal != voting[best].signal)
    confidence = round(1 - (1 - voting[best].confidence) * doubt, 2)
    return replace(voting[best], confidence=confidence), evidence


def _weight(reading: DetectedHeadings, total: int) -> float:
    """Return what the vote of a reading weighs: more with more headings that divide all the text.

    Numbers alone also count the sections of chapters, parts hold chapters, and what a navigation
    calls a page may stand for no heading.
    """
    stories = reading.stories
    if not stories:
        return 0.0
    shares = [words / max(1, total) for words in lengths(stories, total)]
    even = 1 / max(1 / len(stories), sum(share * share for share in shares))
    seen = sum(heading.until > heading.at for heading in stories) / len(stories)
    keyed = any(heading.family == "chapter" for heading in stories)
    parts = PARTS.issuperset(heading.family for heading in stories)
    weak = parts if reading.signal == "marks" else reading.signal == "numbers" and not keyed
    return reading.confidence * even / (even + 1) * (1 + seen) / 2 * (_WEAK if weak else 1)


def _evidence(
    reading: DetectedHeadings, voting: Sequence[DetectedHeadings], total: int
) -> tuple[tuple[SignalVote, ...], float]:
    """Return the votes for a reading, and what they weigh together."""
    places = [heading.words_before for heading in reading.stories]
    evidence = []
    for voter in voting:
        own = [heading.words_before for heading in voter.stories]
        count, share = len(own), 1.0
        if voter is not reading and own and places:
            count = sum(_is_near(place, places) for place in own)
            lacking = _OUT_OF_DATE if voter.signal == "contents" else 1
            share = count / len(own) * min(1.0, lacking * count / len(places))
        if count:
            weight = round(share * _weight(voter, total), 2)
            evidence.append(SignalVote(voter.signal, count, weight))
    return tuple(evidence), sum(vote.weight for vote in evidence)


def _is_near(place: int, places: Sequence[int]) -> bool:
    """Return whether a heading of `places`, which are in order, stands at `place`, in words."""
    at = bisect_left(places, place - _NEAR)
    return at < len(places) and places[at] <= place + _NEAR


def _with_parts(body: Blocks, headings: Headings) -> Headings:
    """Return `headings`, as parts those with chapters and no text, as chapters those with text."""
    if not any(heading.kind in ("chapter", "letter") for heading in headings):
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
        text = next((block for block in blocks if not _is_break(block)), None)
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
            number=heading.counted,
            title=heading.full_title,
            part=part,
            heading_start=start,
            body_start=text.start if text else body[heading.until - 1].end,
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


def _is_break(block: PlacedBlock) -> bool:
    return block.role == "break" or is_break(block.text)


def _words(blocks: Blocks) -> int:
    return blocks[-1].words_before + blocks[-1].words - blocks[0].words_before if blocks else 0


def _scenes(blocks: Blocks) -> tuple[int, ...]:
    """Return where scenes begin, after a break."""
    breaks = [*map(_is_break, blocks)]
    return tuple(
        block.start
        for at, block in enumerate(blocks)
        if at > 0 and not breaks[at] and (block.after_break or (at > 1 and breaks[at - 1]))
    )
