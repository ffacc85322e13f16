"""Lines without a number that are set as the headings with a number are.

A narrator's name, a letter before the first chapter, a tale within the book: nothing in their words
says that they are headings, but they stand as the headings do, centred and bold on a new page, or
below the same wide gap. Only a look that parts headings from the text is believed, and only where
no more lines than headings have it. What the book's own list of contents names needs no look. A
line in capitals, where nothing else shows, is believed only where a section must begin: before the
first chapter, and before one whose number is 1 again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from components.manuscripts.chapters import table_of_contents, titles
from components.manuscripts.chapters.heading_position import HeadingMark
from components.manuscripts.chapters.headings import Heading, parse
from components.manuscripts.text.assembly import PlacedBlock
from components.manuscripts.text.ornaments import bare

#: Share of the headings that must look alike.
_ALIKE = 0.75
#: Blank lines more than usual that set a heading apart by themselves.
_WIDER = 2
#: Words under such a line: with less it is a line of a title page, or of a page between parts.
_OWN_WORDS, _OWN_WORDS_SURE = 40, 100
#: Words under it, an epigraph, where it is the name of the part that the next chapter begins.
_PART_WORDS = 250
#: Lines that look so for each heading with a number; where there are more, text looks so as well.
_MOST = 1.0


class Look(NamedTuple):
    """How headings are set: what the file says of their letters, and the least gap before them."""

    letters: str
    gap: int


def of_headings(placed: Sequence[PlacedBlock], marks: Sequence[HeadingMark]) -> Look | None:
    """Return how the headings `marks` are set, None where that is as the text is."""
    if len(marks) < 2:
        return None
    text = Counter(one.block.look for one in placed).most_common(1)[0][0]
    gap_of_text = Counter(one.block.gap for one in placed).most_common(1)[0][0]
    letters, count = Counter(placed[mark.at].block.look for mark in marks).most_common(1)[0]
    if count < _ALIKE * len(marks):
        return None
    gaps = sorted(placed[mark.at].block.gap for mark in marks)
    gap = gaps[int((1 - _ALIKE) * len(gaps))]
    wide = gap >= gap_of_text + _WIDER
    if letters in ("", text):
        return Look(letters, gap) if wide else None
    return Look(letters, gap if wide else 0)


def lines(
    placed: Sequence[PlacedBlock],
    marks: Sequence[HeadingMark],
    main: Sequence[HeadingMark],
    look: Look | None,
) -> list[HeadingMark]:
    """Return the headings without a number beside `marks`, of which `main` have one.

    `look` is the headings' own. Their level is 1: what they head does not belong to the part
    before them.
    """
    taken = {at for mark in marks for at in range(mark.at, max(mark.until, mark.at + 1))}
    found = [
        one
        for one in table_of_contents.headed_by(placed)
        if one.at not in taken and not one.number and titles.may_head(placed[one.at].text)
    ]
    if look is not None:
        alike = _set_alike(placed, taken, look)
        known = {one.at for one in found}
        if len(alike) <= _MOST * len(main):
            found += [one for one in alike if one.at not in known]
    capitals = set()
    if look is None and not found:
        found = _set_alike(placed, taken, None)
        capitals = {one.at for one in found}
    found.sort(key=lambda one: one.at)
    return _placed_among(placed, found, marks, main, capitals)


def _placed_among(
    placed: Sequence[PlacedBlock],
    found: Sequence[HeadingMark],
    marks: Sequence[HeadingMark],
    main: Sequence[HeadingMark],
    capitals: set[int],
) -> list[HeadingMark]:
    """Return those of `found` that head something, as what they are where they stand."""
    if not found:
        return []
    total = placed[-1].words_before + placed[-1].words
    _, listed = table_of_contents.entries(placed)
    every = sorted([*found, *marks], key=lambda one: one.at)
    starts = [one.at for one in every]
    chapters = [one.at for one in main]
    restarts = sum(one.number == 1 for one in main) > 1
    out = []
    for one in found:
        at = bisect_right(starts, one.at)
        after = every[at] if at < len(every) else None
        begins = placed[one.until].words_before if one.until < len(placed) else total
        own = (after.words_before if after is not None else total) - begins
        first = one.at < main[0].at
        coming = bisect_right(chapters, one.at)
        again = coming < len(main) and main[coming].number == 1
        below = again and after is not None and after.at == main[coming].at
        kind = one.kind
        above = every[at - 2] if at > 1 else None
        in_part = above is not None and above.kind == "part"
        if one.at < listed - 1:
            continue  # the book's title
        if in_part and own < _OWN_WORDS:
            continue  # a line of the part's page
        if below and not in_part and own < _PART_WORDS and not (first and own >= _OWN_WORDS):
            if not restarts:
                continue
            kind = "part"
        elif own < (_OWN_WORDS_SURE if first or one.at in capitals else _OWN_WORDS):
            continue  # a dedication
        elif one.at in capitals and not (first or again):
            continue
        elif (first or (again and in_part)) and kind == "chapter":
            kind = "introduction"
        out.append(replace(one, heading=replace(one.heading, kind=kind), level=1))
    return out


def _set_alike(
    placed: Sequence[PlacedBlock], taken: set[int], look: Look | None
) -> list[HeadingMark]:
    """Return the lines set as `look` says, those in capitals without one; adjoining ones as one."""
    found: list[HeadingMark] = []
    heads = set(taken)
    for at, one in enumerate(placed):
        if at == 0 or at in heads or not _is_set(one, look):
            continue  # the first line of all is the book's title
        label = bare(" ".join(one.text.split()))
        if found and found[-1].until == at:
            above = found[-1]
            title = f"{above.title} {label}".strip()
            found[-1] = replace(above, until=at + 1, title=title)
            continue
        if at - 1 in heads:
            heads.add(at)  # the second line of a heading
            continue
        read = parse(label)
        if not label or (read is not None and (read.number or read.family == "named")):
            continue
        heading = Heading("title", 0, "chapter", label, label)
        found.append(HeadingMark(at, at + 1, heading, one.words_before))
    return found


def _is_set(one: PlacedBlock, look: Look | None) -> bool:
    block = one.block
    if block.role not in ("body", "heading") or len(block.text) > 2 * titles.LONGEST:
        return False
    if look is not None and (block.look != look.letters or block.gap < look.gap):
        return False
    text = " ".join(block.text.split())
    if not titles.may_head(text.rstrip("."), apart=True):
        return False
    if look is None:
        return titles.is_capitals(text) and "\n" not in block.text
    return True
