"""The chapters of a text that has no structure but its words.

Short blocks are read as headings (`headings`), a list of contents is dropped (`table_of_contents`),
and of the ways to write headings the one that counts up furthest is kept (`numbering`). Parts,
prologues, letters before the first chapter and the like join it. A book without numbers has its
headings where its own list of contents says; else capitals that stand far apart; else the dates of
a diary.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from components.manuscripts.chapters import similar_lines, table_of_contents, titles, unnumbered
from components.manuscripts.chapters.heading_position import FoundHeadings, HeadingMark
from components.manuscripts.chapters.heading_words import CLOSES, EITHER_END, OPENS
from components.manuscripts.chapters.headings import KEYED, parse
from components.manuscripts.chapters.numbering import NumberedRun, main_run
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.text.assembly import PlacedBlock

#: Characters of a block that may be a heading with its title.
_LONGEST = 400
#: Words between a part's heading and its first chapter's: an epigraph.
_PART_WORDS = 250
#: Words between the heading of such a part, if its word is not known as a part's, and a chapter's.
_WORD_ABOVE = 40
#: How sure numbers make: with a word such as "Chapter", with any other word, alone.
_KEYED, _WORD, _BARE = 0.95, 0.85, 0.85


def find(placed: Sequence[PlacedBlock], *, total: int) -> FoundHeadings:
    """Return the headings among the blocks of a text of `total` words."""
    candidates = table_of_contents.without_entries(list(_candidates(placed)), placed)
    run = main_run(candidates, total=total)
    if run is not None and len(run.marks) > 1:
        stories = unnumbered.stories(placed, candidates, run)
        if stories.marks:
            return stories
        return FoundHeadings(_joined(placed, candidates, run), "numbering", _confidence(run))
    without = unnumbered.find(placed, candidates, total=total)
    if run is not None and not without.marks:
        return FoundHeadings(_joined(placed, candidates, run), "numbering", _confidence(run) / 2)
    return without


def _candidates(placed: Sequence[PlacedBlock]) -> list[HeadingMark]:
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
        found.append(HeadingMark(at, at + 1, heading, one.words_before, title))
    return found


def _joined(
    placed: Sequence[PlacedBlock], candidates: Sequence[HeadingMark], run: NumberedRun
) -> list[HeadingMark]:
    """Return the main headings with their titles, and all that belongs with them, in order."""
    main = [mark for mark in run.marks if mark.number]
    marks = [*main, *_companions(placed, candidates, run)]
    taken = {mark.at for mark in marks} | {mark.until for mark in marks if mark.kind == "part"}
    marks += [
        named_part for named_part in titles.named_parts(placed, main) if named_part.at not in taken
    ]
    look = similar_lines.of_headings(placed, main)
    marks += similar_lines.lines(placed, marks, main, look)
    marks.sort(key=lambda one: one.at)
    return titles.with_titles(placed, marks, main, look=look.letters if look else "")


def _companions(
    placed: Sequence[PlacedBlock], candidates: Sequence[HeadingMark], run: NumberedRun
) -> list[HeadingMark]:
    """Return the parts, prologues, letters and the like that belong with the `main` headings.

    What opens a book stands before the first chapter or before a new "1"; what closes it after
    the last chapter or, in a book of several, before a new "1". Letters within chapters are
    part of the story.
    """
    main = run.marks
    part_words = _part_families(candidates, run)
    letters_after = sum(
        candidate.heading.family == "letter" and candidate.at > main[-1].at
        for candidate in candidates
    )
    joined: list[HeadingMark] = []
    taken = {one.at for one in main}
    usual = median(placed[one.at].block.gap for one in main)
    below: dict[tuple[str, int], int] = {
        (candidate.heading.family, candidate.number): candidate.at for candidate in candidates
    }

    following = {
        one.at: after.heading.family == one.heading.family and after.number != one.number
        for one, after in pairwise([c for c in candidates if c.kind == "part" or c.at in taken])
    }

    def same_below(one: HeadingMark) -> bool:
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
            opens, closes = one.kind in OPENS, one.kind in CLOSES
            belongs = again or not (opens or closes) or (opens and first) or (closes and last)
            if belongs and not (one.kind == "chapter" and first):
                joined.append(one)
    return joined


def _part_families(candidates: Sequence[HeadingMark], run: NumberedRun) -> set[str]:
    """Return the families that are parts: most of their headings stand close above a chapter.

    A word that is not known must stand right above it, and more than once.
    """
    starts = [mark.words_before for mark in run.marks]
    near: dict[str, list[bool]] = {}
    for candidate in candidates:
        family = candidate.heading.family
        if family == run.family or not (family in ("part", "act") or family.startswith("word:")):
            continue
        room = _PART_WORDS if family in ("part", "act") else _WORD_ABOVE
        at = bisect_left(starts, candidate.words_before + 1)
        close = at < len(starts) and starts[at] - candidate.words_before < room
        if family in ("part", "act") and at < len(starts):  # a part may have text of its own
            close = close or at == 0 or run.marks[at].number == 1
        near.setdefault(family, []).append(close)
    return {
        family
        for family, seen in near.items()
        if sum(seen) * 2 >= len(seen) and (len(seen) > 1 or family in ("part", "act"))
    }


def _confidence(run: NumberedRun) -> float:
    sure = _BARE
    if run.family in KEYED:
        sure = _KEYED
    elif run.family.startswith("word:"):
        sure = _WORD
    there = len(run.marks)
    return round(sure * (0.6 + 0.4 * there / (there + run.missing)), 2)
