"""The chapters of a document that says itself where sections begin.

Headings in a row are one heading (a number, and its title below). Where the file has navigation,
what that names is taken. Then one level is chosen as the chapters': what is above it are parts,
what is below it belongs to the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from components.manuscripts.chapters import titles
from components.manuscripts.chapters.heading_levels import by_level, chapter_level
from components.manuscripts.chapters.heading_position import NOTHING, FoundHeadings, HeadingMark
from components.manuscripts.chapters.headings import KEYED, Heading, parse
from components.manuscripts.chapters.numbering import chain
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.text.assembly import PlacedBlock
from components.manuscripts.text.ornaments import MAX_LINE, bare, is_break

#: How sure a file's own structure makes: with numbers that count up, with titles, with one chapter.
_NUMBERED, _TITLED, _SINGLE = 0.98, 0.92, 0.6
#: Words of a title page, or of a part's page.
_PAGE_WORDS = 20
#: What a program calls a page of its own making that has no heading.
_UNNAMED = re.compile(r"(?:Section|Abschnitt|Sección|Sezione) \d{1,4}")
#: Headings on a title page.
_TITLE_LINES = 8


def find(placed: Sequence[PlacedBlock], *, total: int, title: str = "") -> FoundHeadings:
    """Return the headings that the file itself marks, or `NOTHING` where it marks none."""
    marks = _selected(_merged(_marked(placed), placed))
    marks = _without_title(marks, title=title, total=total)
    if not marks:
        return NOTHING
    level = chapter_level(marks, total=total)
    chosen = by_level(marks, level)
    chapters = [one for one in chosen if one.kind in ("chapter", "letter")]
    numbered = chain([chapter for chapter in chapters if chapter.number])
    if len(numbered) > 1:
        chosen = titles.with_titles(placed, chosen, numbered, sure=True)
        if len(numbered) > 0.8 * len(chapters):
            chosen = _opened(chosen, numbered[0])
    if len(chapters) < 2:
        sure = _SINGLE
    else:
        sure = _NUMBERED if len(numbered) > 0.8 * len(chapters) else _TITLED
    return FoundHeadings(chosen, "structure", sure)


def _opened(chosen: Sequence[HeadingMark], first: HeadingMark) -> list[HeadingMark]:
    """Return `chosen`, what has a heading before chapter 1 and no number as introductions."""
    return [
        replace(one, heading=replace(one.heading, kind="introduction"))
        if one.at < first.at and first.number == 1 and one.kind == "chapter" and not one.number
        else one
        for one in chosen
    ]


def _marked(placed: Sequence[PlacedBlock]) -> list[HeadingMark]:
    """Return the blocks that the file marks as headings, or names in its navigation."""
    found = []
    for at, one in enumerate(placed):
        block = one.block
        if block.role in ("title", "contents", "break"):
            continue
        heading = block.role == "heading" or (block.level > 0 and not block.label)
        if heading and len(block.text) <= 4 * MAX_LINE and not is_break(block.text):
            text = " ".join(block.text.split())
            first, _, rest = block.text.partition("\n")
            head = _read(first, matter=block.matter) if rest else _read(text, matter=block.matter)
            title = " ".join(rest.split())
            below = parse(title) if title and not head.number else None
            if below is not None and below.number and not below.title:
                # "Surrender" over "Part III": the number stands below the title
                head, title = replace(below, label=f"{below.label} — {head.label}"), ""
                head = replace(head, title=" ".join(first.split()))
            elif title and (head.title or not head.number):
                head, title = _read(text, matter=block.matter), ""
            found.append(HeadingMark(at, at + 1, head, one.words_before, title, block.level))
        elif block.label:
            shown = " ".join(block.text.split())
            until = at + 1 if _same(shown, block.label) else at
            if until == at and _UNNAMED.fullmatch(block.label):
                continue
            head, title = _read(block.label, matter=block.matter), ""
            first, _, rest = block.text.partition("\n")
            if rest and _letters(shown) == _letters(block.label):
                head, title = _read(first, matter=block.matter), " ".join(rest.split())
                if head.title or not head.number:
                    head, title = _read(shown, matter=block.matter), ""
            found.append(HeadingMark(at, until, head, one.words_before, title, block.level))
    return found


def _read(text: str, *, matter: str = "") -> Heading:
    """Return what a heading says; any text may be one where the file marks it."""
    heading = parse(text) if len(text) <= MAX_LINE else None
    if heading is None:
        label = bare(text) or text
        kind = "front" if matter == "front" else "back" if matter == "back" else "chapter"
        return Heading("title", 0, kind, label, label)  # type: ignore[arg-type]
    return heading


def _same(text: str, label: str) -> bool:
    """Return whether a block of text is what the navigation calls it, or a part of that."""
    if len(text) > MAX_LINE:
        return False
    one, other = _letters(text), _letters(label)
    return bool(one) and (one == other or (len(one) * 3 > len(other) and one in other))


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _merged(marks: Sequence[HeadingMark], placed: Sequence[PlacedBlock]) -> list[HeadingMark]:
    """Return `marks`, a number and the title right below it as one."""
    subtitles = _subtitle_levels(marks)
    out: list[HeadingMark] = []
    for mark in marks:
        above = out[-1] if out else None
        if (
            above is not None
            and above.until == mark.at
            and _is_title_of(mark, above, placed, subtitles)
        ):
            title = f"{above.title} {mark.heading.label}" if above.title else mark.heading.label
            out[-1] = replace(above, until=mark.until, title=title)
        else:
            out.append(mark)
    return out


def _subtitle_levels(marks: Sequence[HeadingMark]) -> set[int]:
    """Return the levels whose headings nearly all stand right below a numbered heading."""
    below: dict[int, list[bool]] = {}
    before: HeadingMark | None = None
    for mark in marks:
        follows = before is not None and before.until == mark.at and bool(before.number)
        higher = before is not None and before.level <= mark.level
        below.setdefault(mark.level, []).append(follows and higher and not mark.number)
        before = mark
    return {level for level, seen in below.items() if sum(seen) >= 0.8 * len(seen)}


def _is_title_of(
    one: HeadingMark, above: HeadingMark, placed: Sequence[PlacedBlock], subtitles: set[int]
) -> bool:
    label = placed[one.at].block.label
    own = placed[above.at].block.label
    text = one.heading.label
    if label and own and _letters(label) != _letters(own):
        return False
    if own and above.number and not one.number and _letters(text) in _letters(own):
        return True  # the navigation calls both together by one name
    if label and own:
        return False
    if one.heading.family == "named" and (not above.number or above.full_title):
        return False
    if one.number and one.heading.family in KEYED:
        return False
    if not above.number or above.full_title:
        return above.level == one.level and one.level in subtitles
    if one.number and not one.heading.family.startswith("word:"):
        return False
    return one.level >= above.level and (one.level == above.level or one.level in subtitles)


def _selected(marks: Sequence[HeadingMark]) -> list[HeadingMark]:
    """Return `marks`, with words that only look like a number's keyword as titles."""
    counted: dict[str, list[HeadingMark]] = {}
    for one in marks:
        if one.heading.family.startswith("word:"):
            counted.setdefault(one.heading.family, []).append(one)
    real = {family for family, ones in counted.items() if len(chain(ones)) > 1}
    return [
        replace(
            mark,
            heading=Heading("title", 0, "chapter", mark.heading.label, mark.heading.label),
        )
        if mark.heading.family.startswith("word:") and mark.heading.family not in real
        else mark
        for mark in marks
    ]


def _without_title(marks: list[HeadingMark], *, title: str, total: int) -> list[HeadingMark]:
    """Return `marks` without the book's title, and the lines of a title page after it."""
    if not marks:
        return marks
    left = list(marks)
    wanted = _letters(title)
    for _ in range(_TITLE_LINES):
        if not left or left[0].number or left[0].heading.family != "title":
            break
        first, rest = left[0], left[1:]
        alone = sum(one.level == first.level for one in left) == 1
        deeper = bool(rest) and min(one.level for one in rest) > first.level > 0
        own = (rest[0].words_before if rest else total) - first.words_before
        called = bool(wanted) and _letters(first.heading.label) == wanted
        if called or (alone and deeper) or (rest and own < _PAGE_WORDS and _is_page(first, rest)):
            left = rest
            continue
        break
    return left


def _is_page(first: HeadingMark, rest: Sequence[HeadingMark]) -> bool:
    """Return whether a heading with next to no text is of the title page rather than a part."""
    return first.level >= rest[0].level and bool(
        rest[0].number or rest[0].heading.family == "named"
    )
