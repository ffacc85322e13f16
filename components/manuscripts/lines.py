"""The chapters of a text that has no structure but its words.

Short blocks are read as headings (`headings`), a list of contents is dropped (`contents`), and of
the ways to write headings the one that counts up furthest is kept (`numbering`). Parts,
prologues, letters before the first chapter and the like join it. A book without numbers has its
headings where its own list of contents says; else capitals that stand far apart; else the dates
of a diary.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from components.manuscripts import contents, titles
from components.manuscripts.canonical import Placed
from components.manuscripts.headings import KEYED, Heading, bare, is_date, parse
from components.manuscripts.marks import NOTHING, Finding, Mark
from components.manuscripts.naming import EITHER_END
from components.manuscripts.numbering import Run, main_run
from components.manuscripts.numerals import fold

#: Characters of a block that may be a heading with its title.
_LONGEST = 400
#: Words between a part's heading and its first chapter's: an epigraph.
_PART_WORDS = 250
#: Words between the heading of such a part, if its word is not known as a part's, and a chapter's.
_WORD_ABOVE = 40
#: How sure numbers make: with a word such as "Chapter", with any other word, alone.
_KEYED, _WORD, _BARE = 0.95, 0.85, 0.85
#: How sure are a list of contents that names the headings, capitals far apart, dates.
_BY_CONTENTS, _BY_CAPITALS, _BY_DATES = 0.75, 0.5, 0.35
#: Words between such headings, in the median and at the least (nine of ten).
_APART, _LEAST_APART = 500, 120
#: Blank lines before a heading in a text that sets its paragraphs apart by one.
_GAP = 3
#: So many stories a number: the numbers are of sections in them.
_STORIES_SHARE = 2
#: Dates that make a diary of a text, when nothing else heads anything.
_DATES = 6
#: Kinds of named headings that open a book, and those that close it.
_OPENS = frozenset({"front", "introduction", "prologue"})
_CLOSES = frozenset({"epilogue", "back"})


def find(placed: Sequence[Placed], *, total: int) -> Finding:
    """Return the headings among the blocks of a text of `total` words."""
    candidates = contents.without_entries(list(_candidates(placed)), placed)
    run = main_run(candidates, total=total)
    if run is not None and len(run.marks) > 1:
        stories = _stories(placed, run)
        if stories:
            named = [one for one in candidates if one.heading.family == "named"]
            return Finding(_with_named(stories, named), "lines", _BY_CAPITALS)
        return Finding(_joined(placed, candidates, run), "numbering", _confidence(run))
    unnumbered = _without_numbers(placed, candidates, total=total)
    if run is not None and not unnumbered.marks:
        return Finding(_joined(placed, candidates, run), "numbering", _confidence(run) / 2)
    return unnumbered


def _stories(placed: Sequence[Placed], run: Run) -> list[Mark]:
    """Return headings without numbers where bare numbers count the sections of some of them."""
    held = run.family in KEYED - {"part", "act"} or run.family.startswith("word:")
    if held:
        return []
    marks = contents.headed_by(placed) or _capitals(placed, cased=False)
    return list(marks) if len(marks) > _STORIES_SHARE * len(run.marks) else []


def _candidates(placed: Sequence[Placed]) -> list[Mark]:
    """Return the blocks that can be read as headings."""
    found = []
    for at, one in enumerate(placed):
        if one.block.role in ("break", "contents") or len(one.text) > _LONGEST:
            continue
        first, _, rest = one.text.partition("\n")
        heading = parse(first)
        if heading is None:
            continue
        title = " ".join(rest.split())
        if title and heading.title:
            heading = parse(f"{first} {title}") or replace(
                heading, label=f"{heading.label} {title}", title=f"{heading.title} {title}"
            )
            title = ""
        elif title and not (titles.is_capitals(title) or titles.is_plain(title, stop=True)):
            continue
        found.append(Mark(at, at + 1, heading, one.words_before, title))
    return found


def _joined(placed: Sequence[Placed], candidates: Sequence[Mark], run: Run) -> list[Mark]:
    """Return the main headings with their titles, and all that belongs with them, in order."""
    main = [one for one in run.marks if one.number]
    marks = [*main, *_companions(placed, candidates, run)]
    taken = {one.at for one in marks} | {one.until for one in marks if one.kind == "part"}
    marks += [one for one in titles.named_parts(placed, main) if one.at not in taken]
    marks.sort(key=lambda one: one.at)
    return titles.with_titles(placed, marks, main)


def _companions(placed: Sequence[Placed], candidates: Sequence[Mark], run: Run) -> list[Mark]:
    """Return the parts, prologues, letters and the like that belong with the `main` headings.

    What opens a book stands before the first chapter or before a new "1"; what closes it after
    the last chapter or, in a book of several, before a new "1". Letters within chapters are
    part of the story.
    """
    main = run.marks
    part_words = _part_families(candidates, run)
    letters_after = sum(
        one.heading.family == "letter" and one.at > main[-1].at for one in candidates
    )
    joined: list[Mark] = []
    taken = {one.at for one in main}
    usual = median(placed[one.at].block.gap for one in main)
    below: dict[tuple[str, int], int] = {
        (one.heading.family, one.number): one.at for one in candidates
    }

    following = {
        one.at: after.heading.family == one.heading.family and after.number != one.number
        for one, after in pairwise([c for c in candidates if c.kind == "part" or c.at in taken])
    }

    def same_below(one: Mark) -> bool:
        """Whether the same part is headed once more further down: this is of a list."""
        return below[one.heading.family, one.number] > one.at

    parts: dict[str, int] = {}
    at = 0  # of the main heading that comes next
    for one in candidates:
        while at < len(main) and main[at].at < one.at:
            at += 1
        if one.at in taken or one.heading.family == run.family:
            continue
        first, last = at == 0, at == len(main)
        again = not first and not last and main[at].number == 1
        near = not last and main[at].words_before - one.words_before < _PART_WORDS
        kind, family = one.kind, one.heading.family
        if family in part_words:
            alone = not last and not same_below(one) and (at > 0 or one.number == 1)
            follows = one.number == parts.get(family, 0) + 1
            listed = below.get((family, 1), one.at) < one.at and not follows and one.number > 1
            if at == 0 and (listed or following.get(one.at)):
                continue  # the second part without the first is of a list
            if near or (alone and (follows or (one.number == 1 and family in ("part", "act")))):
                parts[family] = one.number
                heading = replace(one.heading, kind="part")
                joined.append(replace(one, heading=heading))
        elif family == "letter":
            if first or (last and letters_after > 1):
                joined.append(one)
        elif family == "named":
            if first and kind == "back" and fold(one.heading.label) in EITHER_END:
                one = replace(one, heading=replace(one.heading, kind="introduction"))
            elif last and kind in ("introduction", "front"):
                one = replace(one, heading=replace(one.heading, kind="back"))
            if not first and not last and placed[one.at].block.gap * 2 < usual:
                continue  # set as a line of the text is
            opens, closes = one.kind in _OPENS, one.kind in _CLOSES
            belongs = again or not (opens or closes) or (opens and first) or (closes and last)
            if belongs and not (one.kind == "chapter" and first):
                joined.append(one)
    return joined


def _part_families(candidates: Sequence[Mark], run: Run) -> set[str]:
    """Return the families that are parts: most of their headings stand close above a chapter.

    A word that is not known must stand right above it, and more than once.
    """
    starts = [one.words_before for one in run.marks]
    near: dict[str, list[bool]] = {}
    for one in candidates:
        family = one.heading.family
        if family == run.family or not (family in ("part", "act") or family.startswith("word:")):
            continue
        room = _PART_WORDS if family in ("part", "act") else _WORD_ABOVE
        at = bisect_left(starts, one.words_before + 1)
        close = at < len(starts) and starts[at] - one.words_before < room
        if family in ("part", "act") and at < len(starts):  # a part may have text of its own
            close = close or at == 0 or run.marks[at].number == 1
        near.setdefault(family, []).append(close)
    return {
        family
        for family, seen in near.items()
        if sum(seen) * 2 >= len(seen) and (len(seen) > 1 or family in ("part", "act"))
    }


def _confidence(run: Run) -> float:
    sure = _BARE
    if run.family in KEYED:
        sure = _KEYED
    elif run.family.startswith("word:"):
        sure = _WORD
    there = len(run.marks)
    return round(sure * (0.6 + 0.4 * there / (there + run.missing)), 2)


def _without_numbers(
    placed: Sequence[Placed], candidates: Sequence[Mark], *, total: int
) -> Finding:
    """Return headings without numbers, by the best evidence that there is."""
    named = [one for one in candidates if one.heading.family == "named"]
    listed = contents.headed_by(placed)
    if listed:
        return Finding(_with_named(listed, named), "lines", _BY_CONTENTS)
    capitals = _capitals(placed)
    if capitals:
        return Finding(_with_named(capitals, named), "lines", _BY_CAPITALS)
    if len([one for one in named if one.kind != "front"]) > 1:
        return Finding(named, "lines", _BY_CAPITALS)
    dates = [
        Mark(at, at + 1, Heading("date", 0, "chapter", bare(one.text), ""), one.words_before)
        for at, one in enumerate(placed)
        if "\n" not in one.text and is_date(one.text)
    ]
    covered = dates[-1].words_before - dates[0].words_before if dates else 0
    if len(dates) >= _DATES and covered > total / 2:
        return Finding(_with_named(dates, named), "lines", _BY_DATES)
    return NOTHING


def _with_named(marks: Sequence[Mark], named: Sequence[Mark]) -> list[Mark]:
    """Return `marks` with the named headings before the first and after the last of them."""
    taken = {one.at for one in marks}
    first, last = marks[0].at, marks[-1].at
    more = [one for one in named if one.at < first and one.kind in _OPENS]
    more += [one for one in named if one.at > last and one.kind in _CLOSES]
    return sorted([*marks, *(one for one in more if one.at not in taken)], key=lambda one: one.at)


def _capitals(placed: Sequence[Placed], *, cased: bool = True) -> list[Mark]:
    """Return lines that stand alone and far apart: in capitals, or below a wide gap.

    With `cased`, capitals at the beginnings of their words are enough.
    """
    gaps = [one.block.gap for one in placed]
    usual = median(gaps) if gaps else 0
    wide = max(_GAP, int(usual) + 2)
    capitals, set_apart, titled = [], [], []
    for at, one in enumerate(placed):
        text = " ".join(one.text.split())
        apart = one.block.gap >= wide
        if one.block.role != "body" or len(text) > titles.LONGEST:
            continue
        if not titles.may_head(text, apart=apart):
            continue
        read = parse(text)
        number = read is not None and read.number and not read.family.startswith("word:")
        if number and read is not None and not read.title:
            continue  # the section of a chapter
        mark = Mark(
            at, at + 1, Heading("title", 0, "chapter", bare(text), bare(text)), one.words_before
        )
        if apart:
            set_apart.append(mark)
        if titles.is_capitals(text):
            capitals.append(mark)
        elif titles.is_title_case(text):
            titled.append(mark)
    both = [one for one in set_apart if titles.is_capitals(one.heading.label)]
    for marks in (both, set_apart, capitals, titled if cased else []):
        kept = _first_of_each(_without_title_page(marks), placed)
        if _far_apart(kept, placed):
            return kept
    return []


def _without_title_page(marks: Sequence[Mark]) -> list[Mark]:
    """Return `marks` without the title, author and the like that stand before the first."""
    left = list(marks)
    while len(left) > 1 and left[1].words_before - left[0].words_before < _LEAST_APART:
        left = left[1:]
    return left


def _first_of_each(marks: Sequence[Mark], placed: Sequence[Placed]) -> list[Mark]:
    """Return `marks`, of those right under each other the first, the others as its title."""
    kept: list[Mark] = []
    for one in marks:
        if kept and kept[-1].until == one.at:
            above = kept[-1]
            title = f"{above.title} — {one.heading.label}" if above.title else one.heading.label
            kept[-1] = replace(above, until=one.until, title=title)
        elif one.until < len(placed):
            kept.append(one)
    return kept


def _far_apart(marks: Sequence[Mark], placed: Sequence[Placed]) -> bool:
    if len(marks) < 2:
        return False
    total = placed[-1].words_before + placed[-1].words
    starts = [one.words_before for one in marks]
    apart = sorted(after - before for before, after in pairwise([*starts, total]))
    covered = total - starts[0] > total / 2
    return covered and median(apart) >= _APART and apart[len(apart) // 10] >= _LEAST_APART
