"""Finding the chapters of a text.

Structure first: where a Markdown text has `#` headings, the level with the chapters is taken.
Otherwise single lines are read as headings (`headings`), those that do not stand apart from the
text around them are dropped, as is a list of contents, and of the ways to write headings that
remain the one with the longest chain 1, 2, 3... is kept; a chain may start again where a part
does. Prologues, letters before the first chapter and the like join it.

Every step goes over the lines once: the time is proportional to the text, whatever is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from statistics import median, quantiles
from typing import TYPE_CHECKING

from components.manuscripts import outline
from components.manuscripts.headings import Family, Heading, parse
from components.manuscripts.manuscript import FRONT_HEADING, Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from components.manuscripts.outline import Line

#: Fewer words than this between two headings, three times running: a list of contents.
_CONTENTS_WORDS = 30
_CONTENTS_RUN = 3
#: Words that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS = 40
_TITLE_LINES = 8
#: Words under a part's heading that make the part a section of its own.
_PART_WORDS = 60
#: What a restart costs, in headings: a lone "1" amid the text must not pass for a new part.
_RESTART = 1.5
#: Numbered lines closer than this, in words, are items of a list rather than chapters.
_LIST_WORDS = 100
#: Bare numbers that come so often, and so regularly, are the page numbers of a printed text.
_PAGE_WORDS = 450
_PAGE_COUNT = 20
_PAGE_SPREAD = 1.6


@dataclass(frozen=True, slots=True)
class Found:
    """A heading where it stands: its offset in the text, and the words before it."""

    heading: Heading
    start: int
    end: int
    words_before: int
    title: str = ""

    @property
    def label(self) -> str:
        """Return the heading as the editor reads it, with the title from the lines below."""
        return f"{self.heading.label} — {self.title}" if self.title else self.heading.label


def find_chapters(text: str, *, markdown: bool = False) -> tuple[Chapter, ...]:
    """Return the chapters of `text`, which tile it, or none where it shows no headings.

    `text` has newlines only as line ends. With `markdown`, `#` headings come first.
    """
    lines = outline.lines(text)
    marked = _from_markdown(lines) if markdown else []
    return _tile(text, _promote(marked or _from_lines(lines)))


def _from_markdown(lines: Sequence[Line]) -> list[Found]:
    """Return the `#` headings of the level with the chapters, and named ones above it."""
    marks = outline.atx_headings(lines)
    read = [
        (level, _found(line, parse(title) or Heading("named", 0, "chapter", title, "")))
        for level, line, title in marks
    ]
    if read and read[0][0] == 1 and sum(level == 1 for level, _ in read) == 1:
        _, first = read[0]
        if not first.heading.number and first.heading.kind == "chapter":
            read = read[1:]  # the title of the book
    if not read:
        return []
    by_level = {level: [one for at, one in read if at == level] for level in {at for at, _ in read}}
    numbered = {
        level: max((len(_chain(group)) for group in _families(ones).values()), default=0)
        for level, ones in by_level.items()
    }
    best = max(sorted(by_level), key=lambda level: numbered[level])
    if numbered[best] < 2:
        best = min(by_level, key=lambda level: (len(by_level[level]) < 2, level))
    return [one if level == best else _as_part(one) for level, one in read if level <= best]


def _as_part(one: Found) -> Found:
    """Return a heading above the chapters': a part, unless its name says what it is."""
    if one.heading.family == "named" and one.heading.kind != "chapter":
        return one
    return replace(one, heading=replace(one.heading, family="part", kind="part"))


def _promote(found: list[Found]) -> list[Found]:
    """Return `found` with parts as chapters where a text has parts and nothing under them."""
    if any(one.heading.number and one.heading.family != "part" for one in found):
        return found
    return [
        replace(one, heading=replace(one.heading, kind="chapter"))
        if one.heading.kind == "part" and one.heading.number
        else one
        for one in found
    ]


def _from_lines(lines: Sequence[Line]) -> list[Found]:
    """Return the headings among the lines of a text without markup."""
    candidates = _without_contents(
        [_found(line, heading) for line, heading in outline.isolated(lines, parse)]
    )
    families = _families(candidates)
    main = _main_family(families, total=lines[-1].words_before if lines else 0)
    if not main:
        named = [one for one in candidates if one.heading.family == "named"]
        return named if len(named) > 1 else []
    joined = [*main, *_companions(candidates, main)]
    titles = outline.titles(lines, {one.start for one in main if not one.heading.title})
    return [
        replace(one, title=titles.get(one.start, ""))
        for one in sorted(joined, key=lambda one: one.start)
    ]


def _main_family(families: dict[Family, list[Found]], *, total: int) -> list[Found]:
    """Return the headings of the family with the longest chain of plausible chapters.

    "Chapter" and "Letter" with a number say what they are; bare numbers must make a chain, and
    must not be a list or page numbers.
    """
    chains = {family: _chain(ones) for family, ones in families.items()}
    best: list[Found] = []
    rank = (False, 0)
    for family, chain in chains.items():
        if not chain or not _plausible(family, chain, total=total):
            continue
        if family == "part" and any(len(chains[other]) > 1 for other in chains if other != "part"):
            continue
        one = (family == "chapter" and len(chain) > 1, len(chain))
        if one > rank:
            best, rank = chain, one
    return best


def _plausible(family: Family, chain: Sequence[Found], *, total: int) -> bool:
    """Return whether `chain` may be the chapters of a text of `total` words."""
    if family == "chapter" or (family in ("letter", "part") and len(chain) > 1):
        return True
    if len(chain) == 1:
        # A lone number is a heading only at the very top, under the title: a single chapter.
        return chain[0].heading.number == 1 and chain[0].words_before <= _TITLE_WORDS
    starts = [one.words_before for one in chain]
    gaps = [after - before for before, after in zip(starts, [*starts[1:], total], strict=True)]
    if (family.endswith("+") or family == "spelled") and median(gaps) < _LIST_WORDS:
        return False
    if family == "arabic" and len(chain) >= _PAGE_COUNT and median(gaps) < _PAGE_WORDS:
        return quantiles(gaps, n=10)[-1] > _PAGE_SPREAD * median(gaps)
    return True


def _companions(candidates: Iterable[Found], main: Sequence[Found]) -> list[Found]:
    """Return the parts, prologues, letters and the like that belong with the `main` headings.

    What opens a book stands before the first chapter or before a new "1"; what closes it after
    the last chapter or, in a book of several, before a new "1". Letters within chapters are
    part of the story.
    """
    own = main[0].heading.family
    joined = []
    at = 0  # of the main heading that comes next
    for one in candidates:
        while at < len(main) and main[at].start < one.start:
            at += 1
        first, last = at == 0, at == len(main)
        again = not first and not last and main[at].heading.number == 1
        kind = one.heading.kind
        if one.heading.family == own:
            continue
        if one.heading.family == "part":
            belongs = True
        elif one.heading.family == "letter":
            belongs = first or last
        elif one.heading.family == "named":
            opens, closes = kind in ("front", "prologue"), kind in ("epilogue", "back")
            belongs = again or not (opens or closes) or (opens and first) or (closes and last)
        else:
            belongs = False
        if belongs:
            joined.append(one)
    return joined


def _chain(ones: Sequence[Found]) -> list[Found]:
    """Return the longest run through `ones` whose numbers count up from one by one.

    A number 1 may start again after a run of two or more, at a cost (`_RESTART`). One pass: for
    each number the best run that ends with it is kept.
    """
    ending: dict[int, int] = {}
    score = [0.0] * len(ones)
    before = [-1] * len(ones)
    top = -1
    for at, one in enumerate(ones):
        number = one.heading.number
        previous = ending.get(number - 1, -1)
        if number == 1 and top >= 0 and ones[top].heading.number > 1:
            previous = top
            score[at] = score[top] + 1 - _RESTART
        elif previous >= 0:
            score[at] = score[previous] + 1
        else:
            score[at] = 1.0 if number == 1 else 0.5
        before[at] = previous
        if number not in ending or score[at] > score[ending[number]]:
            ending[number] = at
        if top < 0 or score[at] > score[top]:
            top = at
    run = []
    while top >= 0:
        run.append(ones[top])
        top = before[top]
    return run[::-1]


def _families(found: Iterable[Found]) -> dict[Family, list[Found]]:
    """Return the numbered headings by family, in the order of the text."""
    families: dict[Family, list[Found]] = {}
    for one in found:
        if one.heading.number:
            families.setdefault(one.heading.family, []).append(one)
    return families


def _without_contents(found: list[Found]) -> list[Found]:
    """Return `found` without the entries of a list of contents.

    Those stand close together, three or more, and most come again further down as headings.
    """
    kept: list[Found] = []
    last = {_key(one): one.start for one in found}
    run: list[Found] = []
    for one, after in zip_longest(found, found[1:]):
        run.append(one)
        close = after is not None and after.words_before - one.words_before < _CONTENTS_WORDS
        again = after is not None and any(_key(after) == _key(other) for other in run[:1])
        if close and not again:
            continue
        repeated = sum(last[_key(entry)] > run[-1].start for entry in run)
        if len(run) < _CONTENTS_RUN or repeated * 3 < len(run) * 2:
            kept.extend(run)
        run = []
    return kept


def _key(one: Found) -> tuple[Family, int, str]:
    named = one.heading.label.casefold() if one.heading.family == "named" else ""
    return one.heading.family, one.heading.number, named


def _found(line: Line, heading: Heading) -> Found:
    return Found(heading, line.start, line.start + len(line.text), line.words_before)


def _tile(text: str, found: Sequence[Found]) -> tuple[Chapter, ...]:
    """Return chapters that begin at `found` and cover all of `text`."""
    if not found:
        return ()
    pieces: list[tuple[int, str, Heading]] = []
    opening: int | None = None
    for one, after in zip_longest(found, found[1:]):
        start = one.start if opening is None else opening
        below = len(text[one.end : after.start].split()) if after else _PART_WORDS
        if one.heading.kind == "part" and below < _PART_WORDS:
            opening = start  # a part's page belongs to the chapter that follows
            continue
        opening = None
        pieces.append((start, one.label, one.heading))
    chapters: list[Chapter] = []
    starts = [start for start, _, _ in pieces]
    before = text[: starts[0]]
    titles = sum(1 for line in before.splitlines() if line.strip())
    if len(before.split()) > _TITLE_WORDS or titles > _TITLE_LINES:
        words = len(before.split())
        chapters.append(Chapter(1, FRONT_HEADING, "front", 0, starts[0], words))
    else:
        starts[0] = 0
    for start, end, (_, label, heading) in zip(
        starts, [*starts[1:], len(text)], pieces, strict=True
    ):
        words = len(text[start:end].split())
        chapters.append(Chapter(len(chapters) + 1, label, heading.kind, start, end, words))
    return tuple(chapters)
