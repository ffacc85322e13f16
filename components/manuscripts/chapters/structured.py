"""The chapters of a document that says itself where sections begin.

Headings in a row are one heading (a number, and its title below). One level is chosen as the
chapters': what is above it are parts, what is below it belongs to the text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median, mode

from components.manuscripts.chapters import titles
from components.manuscripts.chapters.headings import (
    KEYED,
    PARTS,
    DetectedHeadings,
    Heading,
    Headings,
    lengths,
    merged,
    parse,
)
from components.manuscripts.chapters.numbering import chain
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.chapters.title_page import by_line
from components.manuscripts.text.assembly import Blocks, PlacedBlock
from components.manuscripts.text.ornaments import MAX_LINE, bare, is_break

#: How sure a file's own structure makes: with numbers that count up, with titles, with one chapter.
_NUMBERED, _TITLED, _SINGLE = 0.98, 0.92, 0.6
#: Share of the chapters that have a number, of the headings that stand as subtitles do.
_MOST = 0.8
#: Words and headings of a title page, or of a part's page.
_PAGE_WORDS, _PAGE_HEADINGS = 20, 8
#: What a program calls a page of its own making that has no heading.
_UNNAMED = re.compile(r"(?:Section|Abschnitt|Sección|Sezione) \d{1,4}")
#: Words under a heading that has headings below it, above which it is a chapter with sections.
_OWN_WORDS = 100
#: Sections so long, in words, are chapters under parts; and so few parts hold them.
_SECTION_WORDS, _FEW_PARTS = 800, 9


def find(blocks: Blocks, *, total: int, title: str = "", author: str = "") -> DetectedHeadings:
    """Return the headings that the file itself marks, none where there are none.

    `title` and `author` are the book's: what says no more is no chapter's.
    """
    marked = _marked(blocks)
    subtitles = _subtitle_levels(marked)
    headings = _without_false_words(
        merged(marked, lambda heading, above: _is_title_of(heading, above, blocks, subtitles))
    )
    titled = any(block.role == "title" for block in blocks[: headings[0].at if headings else 0])
    names = (_letters(title), _letters(author))
    headings = _lifted(_paired(_without_title(headings, *names, titled=titled)))
    if not headings:
        return DetectedHeadings()
    headings = _at_level(headings, _chapter_level(headings, total=total), total=total)
    headings = [titles.with_title_again(heading, blocks) for heading in headings]
    chapters = [heading for heading in headings if heading.kind in ("chapter", "letter")]
    numbered = chain([chapter for chapter in chapters if chapter.number])
    mostly = len(numbered) > _MOST * len(chapters)
    if len(numbered) > 1:
        headings = titles.with_titles(blocks, headings, numbered, sure=True)
        if mostly and numbered[0].number == 1:
            for index, heading in enumerate(headings):
                chapter = heading.kind == "chapter" and heading.counted is None
                if chapter and heading.at < numbered[0].at:
                    headings[index] = replace(heading, kind="introduction")
    sure = _SINGLE if len(chapters) < 2 else _NUMBERED if mostly else _TITLED
    return DetectedHeadings(headings, "structure", sure)


def _marked(blocks: Blocks) -> list[Heading]:
    """Return the blocks that the file marks as headings, or names in its navigation."""
    headings: list[Heading] = []
    for at, block in enumerate(blocks):
        if block.role in ("title", "contents", "break"):
            continue
        until, title = at + 1, ""
        first, _, rest = block.text.partition("\n")
        rest = " ".join(rest.split())
        marked = block.role == "heading" or (block.level > 0 and not block.label)
        if marked and len(block.text) <= 4 * MAX_LINE and not is_break(block.text):
            heading = _read(first, block) if rest else _read(block.line, block)
            below = parse(rest) if rest and not heading.number else None
            if below is not None and below.number and not below.title:
                # "Surrender" over "Part III": the number stands below the title
                label = f"{below.label} — {heading.label}"
                heading = replace(below, label=label, title=" ".join(first.split()))
            elif rest and (heading.title or not heading.number):
                heading = _read(block.line, block)
            else:
                title = rest
        elif block.label:
            if not _is_called(block.line, block.label):
                until = at
                if _UNNAMED.fullmatch(block.label):
                    continue
            heading = _read(block.label, block)
            if rest and _letters(block.text) == _letters(block.label):
                heading, title = _read(first, block), rest
                if heading.title or not heading.number:
                    heading, title = _read(block.line, block), ""
        else:
            continue
        called = parse(block.label) if block.label and not heading.number else None
        if called and called.number and _letters(called.title) == _letters(heading.label):
            heading = called  # the navigation says the number too
        above = headings[-1] if headings else None
        if above and above.until == at < until and _letters(above.label) == _letters(heading.label):
            headings[-1] = replace(above, until=until)  # the same once more
            continue
        heading = heading.at_block(at, block.words_before)
        headings.append(replace(heading, until=until, title_below=title, level=block.level))
    return headings


def _read(text: str, block: PlacedBlock) -> Heading:
    """Return what a heading says; any text may be one where the file marks it."""
    kind = block.matter if block.matter == "front" or block.matter == "back" else "chapter"
    return parse(text) or Heading.without_number(bare(text) or text, kind)


def _is_called(text: str, label: str) -> bool:
    """Return whether a block of text is what the navigation calls it, or a part of that."""
    if len(text) > MAX_LINE:
        return False
    own, called = _letters(text), _letters(label)
    return bool(own) and (own == called or (len(own) * 3 > len(called) and own in called))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _subtitle_levels(headings: Headings) -> set[int]:
    """Return the levels whose headings nearly all stand right below a numbered heading."""
    below: dict[int, list[bool]] = defaultdict(list)
    for above, heading in pairwise([*headings[:1], *headings]):
        counts = above.counted is not None and not heading.number
        follows = above.until == heading.at and counts
        below[heading.level].append(follows)
    return {level for level, seen in below.items() if sum(seen) >= _MOST * len(seen)}


def _is_title_of(heading: Heading, above: Heading, blocks: Blocks, subtitles: set[int]) -> bool:
    """Return whether `heading` is the title of the heading right above it."""
    label, label_above = blocks[heading.at].label, blocks[above.at].label
    both = bool(label and label_above)
    if both and _letters(label) != _letters(label_above):
        return False
    numbered = bool(above.number) and not heading.number
    if label_above and numbered and _letters(heading.label) in _letters(label_above):
        return True  # the navigation calls both together by one name
    if both:
        return False
    untitled = above.counted is not None and not above.full_title
    if (heading.family == "named" and not untitled) or (heading.number and heading.family in KEYED):
        return False
    if not untitled:
        return above.level == heading.level and heading.level in subtitles
    if heading.number and not heading.family.startswith("word:"):
        return False
    return heading.level == above.level or heading.level in subtitles


def _paired(headings: Headings) -> list[Heading]:
    """Return `headings`, each two without a number as one where nearly all stand in pairs.

    So do an author's name and the title of the story, in a collection.
    """
    pairs = merged(
        headings,
        lambda heading, above: heading.family == above.family == "title" and not above.title_below,
        " — ",
    )
    single = sum(heading.family == "title" and not heading.title_below for heading in pairs)
    paired = 2 * (len(headings) - len(pairs))
    return pairs if paired >= _MOST * (paired + single) else [*headings]


def _without_false_words(headings: Headings) -> list[Heading]:
    """Return `headings`, with words that stand with a number but do not count up as titles."""
    by_word: dict[str, list[Heading]] = defaultdict(list)
    for heading in headings:
        if heading.family.startswith("word:"):
            by_word[heading.family].append(heading)
    false = {family for family, ones in by_word.items() if len(chain(ones)) < 2}
    return [
        replace(heading, family="title", number=0, kind="chapter", title=heading.label)
        if heading.family in false
        else heading
        for heading in headings
    ]


def _without_title(
    headings: list[Heading], title: str, author: str, *, titled: bool
) -> list[Heading]:
    """Return `headings` without the book's title, and the lines of a title page after it.

    Where the text is `titled` above them, a chapter may be called as the book is.
    """
    count = _page_headings(headings)
    named = [
        at
        for at, heading in enumerate(headings[:count])
        if by_line(heading.label)
        or (title and _letters(heading.label).startswith(title))
        or (author and _letters(heading.label) == author)
    ]
    if titled and not named and not _page_headings(headings[count + 1 :]):
        named = [-1]
    if named and count:  # above the first chapter a part may stand
        level = headings[count].level
        headings = [
            heading
            for at, heading in enumerate(headings)
            if at >= count or (heading.level < level and at > named[-1])
        ]
    for _ in range(_PAGE_HEADINGS):
        if not headings or headings[0].family != "title":
            break
        first, rest = headings[0], headings[1:]
        called = bool(title) and not titled and _letters(first.label) == title
        if not called:
            above = bool(rest) and min(heading.level for heading in rest) > first.level > 0
            page = bool(rest) and rest[0].words_before - first.words_before < _PAGE_WORDS
            chapter = bool(rest) and (rest[0].number > 0 or rest[0].family == "named")
            if not above and not (page and chapter and first.level >= rest[0].level):
                break
        headings = rest
    return headings


def _page_headings(headings: Headings) -> int:
    """Return how many headings stand on a title page: without a number, and with no text below."""
    for at, (heading, below) in enumerate(pairwise(headings[: _PAGE_HEADINGS + 1])):
        own = below.words_before - heading.words_before
        if heading.family != "title" or own >= _PAGE_WORDS:
            return at
    return max(0, min(_PAGE_HEADINGS, len(headings) - 1))


def _lifted(headings: list[Heading]) -> list[Heading]:
    """Return `headings`, those before all of the highest level on that level too.

    A navigation may nest the first chapters below a half title, which holds nothing.
    """
    levels = [heading.level for heading in headings if heading.kind != "front"]
    top = min(levels, default=0)
    alone = levels[: levels.index(top)] if levels else []
    if not alone:
        return headings
    by = min(alone) - top
    first = next(
        at
        for at, heading in enumerate(headings)
        if heading.kind != "front" and heading.level == top
    )
    return [
        replace(heading, level=max(top, heading.level - by)) if at < first else heading
        for at, heading in enumerate(headings)
    ]


def _chapter_level(headings: Headings, *, total: int) -> int:
    """Return the level whose headings are the chapters'."""
    by_level: dict[int, list[Heading]] = defaultdict(list)
    for heading in headings:
        if heading.family != "named":
            by_level[heading.level].append(heading)
    levels = sorted(by_level)
    wide = [level for level in levels if len(by_level[level]) > 1]
    if not wide:
        return levels[-1] if levels else min(heading.level for heading in headings)
    for level, lower in pairwise(wide):
        if not _are_parts(by_level[level], by_level[lower], headings, total=total):
            return level
    return wide[-1]


def _are_parts(uppers: Headings, lowers: Headings, headings: Headings, *, total: int) -> bool:
    """Return whether `uppers` are parts and `lowers` their chapters, not chapters and sections."""
    if _mostly(uppers, PARTS):
        return True
    counted = _mostly(uppers, KEYED - PARTS)
    if counted or _mostly(lowers, KEYED - PARTS):
        return not counted
    if _stand_in_each(lowers):
        return False
    ends = {heading.at: below.words_before for heading, below in pairwise(headings)}
    above = {heading.at for heading, below in pairwise(headings) if below.level > heading.level}
    holding = [upper for upper in uppers if upper.at in above]
    covered = sum(ends.get(lower.at, total) - lower.words_before for lower in lowers)
    if covered * 2 > total:
        uppers = holding  # the rest is a cover, a colophon and the like
    if not holding or len(holding) * 2 < len(uppers):
        return False
    if median(ends[upper.at] - upper.words_before for upper in holding) > _OWN_WORDS:
        return False
    many = len(uppers) > _FEW_PARTS
    numbered = sum(upper.number > 0 for upper in uppers) * 2 > len(uppers)
    if numbered and not any(lower.number for lower in lowers):
        return not many and len(lowers) >= 3 * len(uppers)
    length = median(lengths(lowers, total))
    least = _SECTION_WORDS * (2 if many else 1 / 4)
    return len(lowers) >= 2 * len(uppers) and length >= least


def _stand_in_each(lowers: Headings) -> bool:
    """Return whether one title, such as "References", stands in several essays of a collection."""
    called = Counter(_letters(lower.label) for lower in lowers if lower.family == "title")
    return max(called.values(), default=0) > 2


def _mostly(headings: Headings, families: Collection[str]) -> bool:
    return sum(heading.family in families for heading in headings) * 2 > len(headings)


def _at_level(headings: Headings, level: int, *, total: int) -> list[Heading]:
    """Return the headings of the chapters' level, and those above it: parts, or chapters too."""
    chosen: list[Heading] = []
    parents, children = _chapters_below(headings, level, total=total)
    families = {heading.family for heading in headings if heading.level == level}
    chapters = not families.issubset(PARTS | {"named"})
    for at, heading in enumerate(headings):
        if at in children:
            chosen.append(heading)
        if heading.level > level:
            continue
        under = (headings[below].level for below in _under(headings, at))
        holds = at in parents or (heading.level < level and level in under)
        if holds and heading.kind in ("chapter", "part", "letter"):
            heading = replace(heading, kind="part")
        elif heading.family in PARTS and heading.level == level:
            part = chapters and at + 1 < len(headings)
            heading = replace(heading, kind="part" if part else "chapter")
        elif heading.kind == "part":
            heading = replace(heading, kind="chapter")
        elif heading.kind == "front" and any(other.kind != "front" for other in chosen):
            # A half title: a page, not a part.
            heading = replace(heading, family="title", kind="part", label="", title="")
        chosen.append(heading)
    return _opened_and_closed(chosen)


def _chapters_below(headings: Headings, level: int, *, total: int) -> tuple[set[int], set[int]]:
    """Return which headings of the chapters' level hold chapters, and those.

    They are counted from 1, or their heading has no text of its own and they are as long as the
    chapters beside it.
    """
    parents: set[int] = set()
    children: set[int] = set()
    counted = [
        heading.family
        for heading in headings
        if heading.level == level and heading.number and not heading.title_below
    ]
    family = mode(counted) if counted else ""
    words = lengths(headings, total)
    direct = {
        at: [below for below in _under(headings, at) if headings[below].level == level + 1]
        for at, heading in enumerate(headings)
        if heading.level == level and heading.kind == "chapter"
    }
    beside = [words[at] for at, below in direct.items() if not below]
    under = [headings[one] for below in direct.values() for one in below]
    essays = _stand_in_each(under)
    for at, heading in enumerate(headings):
        if heading.level != level or heading.family == family:
            continue
        below = direct.get(at, [])
        empty = len(below) > 1 and len(beside) > 1 and words[at] < _PAGE_WORDS and not essays
        if empty and 2 * median(words[each] for each in below) >= median(beside):
            parents.add(at)
            children.update(below)
            continue
        chapters = [one for one in _under(headings, at) if headings[one].family == family]
        if [headings[below].number for below in chapters[:2]] != [1, 2]:
            continue
        if headings[chapters[0]].words_before - heading.words_before < _OWN_WORDS:
            parents.add(at)
            children.update(chapters)
    return parents, children


def _under(headings: Headings, at: int) -> Iterator[int]:
    """Yield which headings stand under the one at `at`, up to the next of its level or above."""
    for below in range(at + 1, len(headings)):
        if headings[below].level <= headings[at].level:
            return
        yield below


def _opened_and_closed(headings: list[Heading]) -> list[Heading]:
    """Return `headings` with notes and the like before the first chapter as introductions."""
    around = ("front", "introduction", "back")
    story = [at for at, heading in enumerate(headings) if heading.kind not in around]
    first, last = (story[0], story[-1]) if story else (0, len(headings))
    for at, heading in enumerate(headings):
        if at < first and heading.kind == "back":
            headings[at] = replace(heading, kind="introduction")
        elif at > last and heading.kind in ("front", "introduction"):
            headings[at] = replace(heading, kind="back")
    return headings
