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
    levels = sorted({one.level for one in marks})
    by_level = {
        level: [one for one in marks if one.level == level and one.heading.family != "named"]
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
    families = [one.heading.family for one in uppers]
    keyed = sum(family in ("part", "act") for family in families)
    if keyed * 2 > len(uppers):
        return True
    counted = sum(family in KEYED and family not in ("part", "act") for family in families)
    below = sum(one.heading.family in ("chapter", "scene", "letter") for one in lowers)
    if below * 2 > len(lowers):
        return counted * 2 <= len(uppers)
    if counted * 2 > len(uppers):
        return False
    after = {one.at: other for one, other in pairwise(marks)}
    holding = [one for one in uppers if one.at in after and after[one.at].level > one.level]
    below_them = {one.at for one in lowers}
    covered = sum(
        (after[one.at].words_before if one.at in after else total) - one.words_before
        for one in marks
        if one.at in below_them
    )
    if covered * 2 > total:
        uppers = holding  # the rest is a cover, a colophon and the like
    if not holding or len(holding) * 2 < len(uppers):
        return False
    own = [after[one.at].words_before - one.words_before for one in holding]
    if median(own) > _OWN_WORDS:
        return False
    bare_upper = [one for one in uppers if one.number]
    starts = [one.words_before for one in lowers]
    lengths = [b - a for a, b in pairwise([*starts, total])]
    if len(bare_upper) * 2 > len(uppers) and not any(one.number for one in lowers):
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
    for at, one in enumerate(marks):
        if one.level > level and at not in below:
            continue
        heading = one.heading
        if at in below:
            chosen.append(one)
            continue
        holds = at in holding or (one.level < level and _holds(marks, at, level))
        if holds and heading.kind in ("chapter", "part", "letter"):
            heading = replace(heading, kind="part")
        elif heading.family in ("part", "act") and one.level == level:
            last = at + 1 == len(marks)
            chapters = any(
                o.level == level and o.heading.family not in ("part", "act", "named") for o in marks
            )
            heading = replace(heading, kind="part" if chapters and not last else "chapter")
        elif heading.kind == "part":
            heading = replace(heading, kind="chapter")
        elif heading.kind == "front" and any(other.kind != "front" for other in chosen):
            heading = Heading("title", 0, "part", "", "")  # a half title: a page, not a part
        chosen.append(replace(one, heading=heading))
    return _opened_and_closed(chosen)


def _chapters_below(marks: Sequence[HeadingMark], level: int) -> list[tuple[int, list[int]]]:
    """Return headings of the chapters' level that hold chapters themselves, and those.

    A book may have chapters right in one part, and in another narratives that hold them, one level
    further down. They are known by being counted from 1 in the way that the chapters are.
    """
    counted = Counter(
        one.heading.family for one in marks if one.level == level and one.number and not one.title
    )
    if not counted:
        return []
    family = counted.most_common(1)[0][0]
    found = []
    for at, one in enumerate(marks):
        if one.level != level or one.heading.family == family:
            continue
        inside = []
        for below in range(at + 1, len(marks)):
            if marks[below].level <= level:
                break
            inside.append(below)
        counts = [below for below in inside if marks[below].heading.family == family]
        if len(counts) < 2 or [marks[below].number for below in counts[:2]] != [1, 2]:
            continue
        if marks[counts[0]].words_before - one.words_before < _OWN_WORDS:
            found.append((at, counts))
    return found


def _holds(marks: Sequence[HeadingMark], at: int, level: int) -> bool:
    for one in marks[at + 1 :]:
        if one.level <= marks[at].level:
            return False
        if one.level == level:
            return True
    return False


def _opened_and_closed(marks: list[HeadingMark]) -> list[HeadingMark]:
    """Return `marks` with notes and the like before the first chapter as introductions."""
    story = [
        at for at, one in enumerate(marks) if one.kind not in ("front", "introduction", "back")
    ]
    if not story:
        return marks
    out = []
    for at, one in enumerate(marks):
        heading = one.heading
        if at < story[0] and heading.kind == "back":
            heading = replace(heading, kind="introduction")
        elif at > story[-1] and heading.kind in ("front", "introduction"):
            heading = replace(heading, kind="back")
        out.append(replace(one, heading=heading))
    return out
