"""Headings of a book that has no numbers: its list of contents, a look of their own, dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from components.manuscripts.chapters import table_of_contents, titles
from components.manuscripts.chapters.heading_position import NOTHING, FoundHeadings, HeadingMark
from components.manuscripts.chapters.heading_words import CLOSES, OPENS
from components.manuscripts.chapters.headings import KEYED, Heading, parse
from components.manuscripts.chapters.numbering import NumberedRun, chain
from components.manuscripts.chapters.title_case import is_title_case
from components.manuscripts.text.assembly import PlacedBlock
from components.manuscripts.text.ornaments import bare, is_date

#: How sure are a list of contents that names the headings, capitals far apart, dates.
_BY_CONTENTS, _BY_CAPITALS, _BY_DATES = 0.75, 0.5, 0.35
#: Words between such headings, in the median and at the least (nine of ten).
_APART, _LEAST_APART = 500, 120
#: Blank lines before a heading in a text that sets its paragraphs apart by one.
_GAP = 3
#: Fewer lines than this that differ from the text in their look show nothing.
_LOOKS = 2
#: So many stories a number: the numbers are of sections in them.
_STORIES_SHARE = 2
#: Share of the text that parts cover; those of one story in several cover less.
_PARTS_COVER = 0.5
#: Dates that make a diary of a text, when nothing else heads anything.
_DATES = 6
#: Words under each of fewer dates that are headings.
_DATED_WORDS = 2_000
#: Times the lines in capitals: so many dates are the headings themselves.
_MORE_DATES = 3


def find(
    placed: Sequence[PlacedBlock], candidates: Sequence[HeadingMark], *, total: int
) -> FoundHeadings:
    """Return headings without numbers, by the best evidence that there is."""
    named = [candidate for candidate in candidates if candidate.heading.family == "named"]
    listed = table_of_contents.headed_by(placed)
    if listed:
        return FoundHeadings(_with_named(_counted(listed), named), "lines", _BY_CONTENTS)
    capitals = _counted(_capitals(placed))
    dates = [
        HeadingMark(at, at + 1, Heading("date", 0, "chapter", bare(one.text), ""), one.words_before)
        for at, one in enumerate(placed)
        if "\n" not in one.text and is_date(one.text)
    ]
    covered = dates[-1].words_before - dates[0].words_before if dates else 0
    starts = [date.words_before for date in dates]
    long = len(dates) > 1 and min(b - a for a, b in pairwise([*starts, total])) >= _DATED_WORDS
    diary = (len(dates) >= _DATES or long) and covered > total / 2
    if capitals and not (diary and len(dates) >= _MORE_DATES * len(capitals)):
        return FoundHeadings(_with_named(capitals, named), "lines", _BY_CAPITALS)
    if not diary and len([one for one in named if one.kind != "front"]) > 1:
        return FoundHeadings(named, "lines", _BY_CAPITALS)
    if diary:
        return FoundHeadings(_with_named(dates, named), "lines", _BY_DATES)
    return NOTHING


def stories(
    placed: Sequence[PlacedBlock], candidates: Sequence[HeadingMark], run: NumberedRun
) -> FoundHeadings:
    """Return headings without numbers where bare numbers count the sections of some of them."""
    held = run.family in KEYED - {"part", "act"} or run.family.startswith("word:")
    if held:
        return NOTHING
    parts = run.family in ("part", "act") and run.coverage < _PARTS_COVER
    marks = table_of_contents.headed_by(placed) or _capitals(placed, cased=parts)
    if len(marks) <= _STORIES_SHARE * len(run.marks):
        return NOTHING
    named = [candidate for candidate in candidates if candidate.heading.family == "named"]
    return FoundHeadings(_with_named(_counted(marks), named), "lines", _BY_CAPITALS)


def _counted(marks: Sequence[HeadingMark]) -> Sequence[HeadingMark]:
    """Return `marks` with the numbers before their titles, where these count up.

    Such headings are found by their look where the sections in them are numbered as well.
    """
    numbered = {
        mark.at: replace(mark, heading=replace(mark.heading, number=read.number, title=read.title))
        for mark in marks
        if (read := parse(mark.heading.label)) is not None and read.number and read.title
    }
    run = chain([*numbered.values()])
    if len(run) < len(numbered) or 2 * len(run) <= len(marks):
        return marks
    return [numbered.get(mark.at, mark) for mark in marks]


def _with_named(marks: Sequence[HeadingMark], named: Sequence[HeadingMark]) -> list[HeadingMark]:
    """Return `marks` with the named headings before the first and after the last of them."""
    taken = {mark.at for mark in marks}
    first, last = marks[0].at, marks[-1].at
    more = [one for one in named if one.at < first and one.kind in OPENS]
    more += [one for one in named if one.at > last and one.kind in CLOSES]
    return sorted([*marks, *(one for one in more if one.at not in taken)], key=lambda one: one.at)


def _capitals(placed: Sequence[PlacedBlock], *, cased: bool = True) -> list[HeadingMark]:
    """Return lines that stand alone and far apart: set alike, in capitals, below a wide gap.

    With `cased`, capitals at the beginnings of their words are enough.
    """
    usual_look = Counter(one.block.look for one in placed).most_common(1)[0][0] if placed else ""
    gaps = [one.block.gap for one in placed]
    usual = median(gaps) if gaps else 0
    wide = max(_GAP, int(usual) + 2)
    capitals, set_apart, titled = [], [], []
    by_look: dict[str, list[HeadingMark]] = {}
    for at, one in enumerate(placed):
        text = " ".join(one.text.split())
        apart = one.block.gap >= wide
        differs = one.block.look not in ("", usual_look)
        if one.block.role != "body" or len(text) > titles.LONGEST:
            continue
        if not titles.may_head(text, apart=apart or differs):
            continue
        read = parse(text)
        number = read is not None and read.number and not read.family.startswith("word:")
        if number and read is not None and not read.title:
            continue  # the section of a chapter
        heading = Heading("title", 0, "chapter", bare(text), bare(text))
        if read is not None and read.family == "named" and read.kind != "front":
            heading = read
        mark = HeadingMark(at, at + 1, heading, one.words_before)
        if differs:
            by_look.setdefault(one.block.look, []).append(mark)
        if not titles.may_head(text, apart=apart):
            continue
        if apart:
            set_apart.append(mark)
        if titles.is_capitals(text):
            capitals.append(mark)
        elif is_title_case(text):
            titled.append(mark)
    both = [one for one in set_apart if titles.is_capitals(one.heading.label)]
    looks = sorted((ones for ones in by_look.values() if len(ones) > _LOOKS), key=len, reverse=True)
    for marks in (*looks, both, set_apart, capitals, titled if cased else []):
        kept = _first_of_each(_without_title_page(marks), placed)
        if _far_apart(kept, placed):
            return kept
    return []


def _without_title_page(marks: Sequence[HeadingMark]) -> list[HeadingMark]:
    """Return `marks` without the title, author and the like that stand before the first."""
    left = list(marks)
    while len(left) > 1 and left[1].words_before - left[0].words_before < _LEAST_APART:
        left = left[1:]
    return left


def _first_of_each(
    marks: Sequence[HeadingMark], placed: Sequence[PlacedBlock]
) -> list[HeadingMark]:
    """Return `marks`, of those right under each other the first, the others as its title."""
    kept: list[HeadingMark] = []
    for mark in marks:
        if kept and kept[-1].until == mark.at:
            above = kept[-1]
            title = f"{above.title} — {mark.heading.label}" if above.title else mark.heading.label
            kept[-1] = replace(above, until=mark.until, title=title)
        elif mark.until < len(placed):
            kept.append(mark)
    return kept


def _far_apart(marks: Sequence[HeadingMark], placed: Sequence[PlacedBlock]) -> bool:
    if len(marks) < 2:
        return False
    total = placed[-1].words_before + placed[-1].words
    starts = [mark.words_before for mark in marks]
    apart = sorted(after - before for before, after in pairwise([*starts, total]))
    covered = total - starts[0] > total / 2
    return covered and median(apart) >= _APART and apart[len(apart) // 10] >= _LEAST_APART
