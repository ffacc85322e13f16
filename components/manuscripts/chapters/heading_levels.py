"""Which level of a document's headings are the chapters'.

What is above it are parts, what is below it belongs to the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from components.manuscripts.chapters.heading_position import HeadingMark
from components.manuscripts.chapters.headings import KEYED, Heading

#: Words under a heading that has headings below it, above which it is a chapter with sections.
_OWN_WORDS = 100
#: Sections so long, in words, are chapters under parts; and so few parts hold them.
_SECTION_WORDS = 800
_FEW_PARTS = 9


def chapter_level(marks: Sequence[HeadingMark], *, total: int) -> int:
    """Return the level whose headings are the chapters'."""
    levels = sorted({mark.level for mark in marks})
    by_level = {
        level: [mark for mark in marks if mark.level == level and mark.heading.family != "named"]
        for level in levels
    }
    wide = [level for level in levels if len(by_level[level]) > 1]
    if not wide:
        filled = [level for level in levels if by_level[level]]
        return filled[-1] if filled else levels[0]
    for at, level in enumerate(wide[:-1]):
        if not _are_parts(by_level[level], by_level[wide[at + 1]], marks, total=total):
            return level
    return wide[-1]


def _are_parts(
    uppers: Sequence[HeadingMark],
    lowers: Sequence[HeadingMark],
    marks: Sequence[HeadingMark],
    *,
    total: int,
) -> bool:
    """Return whether `uppers` are parts and `lowers` their chapters, not chapters and sections."""
    families = [upper.heading.family for upper in uppers]
    keyed = sum(family in ("part", "act") for family in families)
    if keyed * 2 > len(uppers):
        return True
    counted = sum(family in KEYED and family not in ("part", "act") for family in families)
    below = sum(lower.heading.family in ("chapter", "scene", "letter") for lower in lowers)
    if below * 2 > len(lowers):
        return counted * 2 <= len(uppers)
    if counted * 2 > len(uppers):
        return False
    after = {one.at: other for one, other in pairwise(marks)}
    holding = [
        upper for upper in uppers if upper.at in after and after[upper.at].level > upper.level
    ]
    below_them = {lower.at for lower in lowers}
    covered = sum(
        (after[mark.at].words_before if mark.at in after else total) - mark.words_before
        for mark in marks
        if mark.at in below_them
    )
    if covered * 2 > total:
        uppers = holding  # the rest is a cover, a colophon and the like
    if not holding or len(holding) * 2 < len(uppers):
        return False
    own = [after[one.at].words_before - one.words_before for one in holding]
    if median(own) > _OWN_WORDS:
        return False
    bare_upper = [upper for upper in uppers if upper.number]
    starts = [lower.words_before for lower in lowers]
    lengths = [b - a for a, b in pairwise([*starts, total])]
    if len(bare_upper) * 2 > len(uppers) and not any(lower.number for lower in lowers):
        return len(uppers) <= _FEW_PARTS and len(lowers) >= 3 * len(uppers)
    return (
        len(lowers) >= 2 * len(uppers)
        and (len(uppers) <= _FEW_PARTS or median(lengths) >= 2 * _SECTION_WORDS)
        and median(lengths) >= _SECTION_WORDS / 4
    )


def by_level(marks: Sequence[HeadingMark], level: int) -> list[HeadingMark]:
    """Return the headings of the chapters' level, the parts above it, and what stands alone.

    A heading above that level with none of the level below it is a chapter too.
    """
    chosen: list[HeadingMark] = []
    deeper = _chapters_below(marks, level)
    holding = {above for above, _ in deeper}
    below = {at for _, ats in deeper for at in ats}
    for at, mark in enumerate(marks):
        if mark.level > level and at not in below:
            continue
        heading = mark.heading
        if at in below:
            chosen.append(mark)
            continue
        holds = at in holding or (mark.level < level and _holds(marks, at, level))
        if holds and heading.kind in ("chapter", "part", "letter"):
            heading = replace(heading, kind="part")
        elif heading.family in ("part", "act") and mark.level == level:
            last = at + 1 == len(marks)
            chapters = any(
                o.level == level and o.heading.family not in ("part", "act", "named") for o in marks
            )
            heading = replace(heading, kind="part" if chapters and not last else "chapter")
        elif heading.kind == "part":
            heading = replace(heading, kind="chapter")
        elif heading.kind == "front" and any(other.kind != "front" for other in chosen):
            heading = Heading("title", 0, "part", "", "")  # a half title: a page, not a part
        chosen.append(replace(mark, heading=heading))
    return _opened_and_closed(chosen)


def _chapters_below(marks: Sequence[HeadingMark], level: int) -> list[tuple[int, list[int]]]:
    """Return headings of the chapters' level that hold chapters themselves, and those.

    A book may have chapters right in one part, and in another narratives that hold them, one level
    further down. They are known by being counted from 1 in the way that the chapters are.
    """
    counted = Counter(
        mark.heading.family
        for mark in marks
        if mark.level == level and mark.number and not mark.title
    )
    if not counted:
        return []
    family = counted.most_common(1)[0][0]
    found = []
    for at, mark in enumerate(marks):
        if mark.level != level or mark.heading.family == family:
            continue
        inside = []
        for below in range(at + 1, len(marks)):
            if marks[below].level <= level:
                break
            inside.append(below)
        counts = [below for below in inside if marks[below].heading.family == family]
        if len(counts) < 2 or [marks[below].number for below in counts[:2]] != [1, 2]:
            continue
        if marks[counts[0]].words_before - mark.words_before < _OWN_WORDS:
            found.append((at, counts))
    return found


def _holds(marks: Sequence[HeadingMark], at: int, level: int) -> bool:
    for mark in marks[at + 1 :]:
        if mark.level <= marks[at].level:
            return False
        if mark.level == level:
            return True
    return False


def _opened_and_closed(marks: list[HeadingMark]) -> list[HeadingMark]:
    """Return `marks` with notes and the like before the first chapter as introductions."""
    story = [
        at for at, mark in enumerate(marks) if mark.kind not in ("front", "introduction", "back")
    ]
    if not story:
        return marks
    out = []
    for at, mark in enumerate(marks):
        heading = mark.heading
        if at < story[0] and heading.kind == "back":
            heading = replace(heading, kind="introduction")
        elif at > story[-1] and heading.kind in ("front", "introduction"):
            heading = replace(heading, kind="back")
        out.append(replace(mark, heading=heading))
    return out
