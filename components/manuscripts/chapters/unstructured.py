"""The chapters of a text that has no structure but its words.

Of the ways to write headings the one that counts up furthest is taken (`numbering`); parts,
prologues and the like join it. A book without numbers has its headings where its own list of
contents says; else where lines stand far apart; else at the dates of a diary.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from statistics import median, mode
from typing import NamedTuple

from components.manuscripts.chapters import table_of_contents, titles
from components.manuscripts.chapters.headings import (
    EITHER_END,
    KEYED,
    PARTS,
    DetectedHeadings,
    Heading,
    Headings,
    is_date,
    lengths,
    merged,
    parse,
)
from components.manuscripts.chapters.numbering import NumberedRun, chain, main_run, missing
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.manuscript import Signal
from components.manuscripts.text.assembly import Blocks, PlacedBlock
from components.manuscripts.text.ornaments import bare

#: Kinds of named headings that open a book, and those that close it.
_OPENS, _CLOSES = ("front", "introduction", "prologue"), ("epilogue", "back")
#: Characters of a block that may be a heading with its title.
_LONGEST = 400
#: Words between the heading of a part, known or by any other word, and its first chapter's.
_PART_WORDS, _WORD_ABOVE = 250, 40
#: How sure numbers make: with a word such as "Chapter", with any other word or alone.
_KEYED, _OTHER = 0.95, 0.85
#: How sure are a list of contents that names the headings, lines far apart, dates.
_BY_CONTENTS, _BY_SIGHT, _BY_DATES = 0.75, 0.5, 0.35
#: Words between headings without numbers, in the median and at the least (nine of ten).
_APART, _LEAST_APART = 500, 120
#: The same where headings show by their look what they are: poems, acts, entries.
_SHORT, _LEAST_SHORT = 30, 10
#: Blank lines before a heading in a text that sets its paragraphs apart by one.
_GAP = 3
#: Fewer lines than this that differ from the text in their look show nothing.
_LOOKS = 3
#: More stories than this a number: the numbers are of sections in them.
_STORIES_SHARE = 2
#: Share of the text that parts cover; those of one story in several cover less.
_PARTS_COVER = 0.5
#: Dates that make a diary of a text, or words under each of fewer dates.
_DATES, _DATED_WORDS = 6, 2_000
#: A line of the head of a message, and the fewest that are one.
_FIELD = re.compile(r"([^\W\d_][\w -]{1,24}): ?(?=\S).{1,120}\Z")
_FIELDS = 3
#: Times the lines that stand apart: so many dates are the headings themselves.
_MORE_DATES = 3
#: Share of the headings that must look alike.
_ALIKE = 0.75
#: Blank lines more than usual that set a heading apart by themselves.
_WIDER = 2
#: Words under such a line: with less it is a line of a title page, or of a page between parts.
_OWN_WORDS, _OWN_WORDS_SURE = 40, 100


def readings(blocks: Blocks, *, total: int) -> list[DetectedHeadings]:
    """Return what each kind of evidence finds among the blocks of a text of `total` words."""
    candidates = table_of_contents.without_entries(_candidates(blocks), blocks)
    run = main_run(candidates, total=total)
    if run is not None and len(run.headings) > 1:
        return [_stories(blocks, candidates, run) or _by_numbers(blocks, candidates, run)]
    without = _without_numbers(blocks, candidates, total=total)
    if run is None or without:
        return without
    by_number = _by_numbers(blocks, candidates, run)
    return [replace(by_number, confidence=by_number.confidence / 2)]


def _candidates(blocks: Blocks) -> list[Heading]:
    """Return the blocks that can be read as headings."""
    candidates = []
    for at, block in enumerate(blocks):
        if block.role in ("break", "contents", "prose") or len(block.text) > _LONGEST:
            continue
        first, _, rest = block.text.partition("\n")
        heading = parse(first)
        if heading is None:
            continue
        title = " ".join(rest.split())
        if title and (heading.title or first.rstrip().endswith(";")):
            heading = parse(f"{first} {title}") or replace(
                heading, label=f"{heading.label} {title}", title=f"{heading.title} {title}"
            )
            title = ""
        elif title and not (titles.is_capitals(title) or titles.is_plain(title, stop=True)):
            continue
        heading = heading.at_block(at, block.words_before)
        candidates.append(replace(heading, title_below=title))
    return candidates


def _by_numbers(blocks: Blocks, candidates: Headings, run: NumberedRun) -> DetectedHeadings:
    """Return the numbered headings with their titles, and all that belongs with them."""
    main = [heading for heading in run.headings if heading.number]
    headings = [*main, *_companions(blocks, candidates, run)]
    taken = {heading.at for heading in headings}
    taken |= {heading.until for heading in headings if heading.kind == "part"}
    headings += [part for part in titles.named_parts(blocks, main) if part.at not in taken]
    look = _look_of(blocks, main)
    headings += _similar_lines(blocks, headings, main, look)
    headings.sort(key=attrgetter("at"))
    headings = titles.with_titles(blocks, headings, main, look=look.letters if look else "")
    count = len(run.headings)
    sure = _KEYED if run.family in KEYED else _OTHER
    sure *= 0.6 + 0.4 * count / (count + missing(run.headings))
    return DetectedHeadings(headings, "numbering", round(sure, 2), "numbers")


def _companions(blocks: Blocks, candidates: Headings, run: NumberedRun) -> list[Heading]:
    """Return the parts, prologues, letters and the like that belong with the headings of `run`.

    What opens a book stands before a first chapter, what closes it before one or after the last.
    """
    main = run.headings
    taken = {heading.at for heading in main}
    part_words = _part_families(candidates, run)
    after = (heading.family for heading in candidates if heading.at > main[-1].at)
    letters_after = sum(family == "letter" for family in after)
    usual_gap = median(blocks[heading.at].gap for heading in main)
    last_of = {(heading.family, heading.number): heading.at for heading in candidates}
    #: Headings of parts right below which the next of the same family stands.
    listed_parts = {
        heading.at
        for heading, after in pairwise([c for c in candidates if c.kind == "part" or c.at in taken])
        if after.family == heading.family and after.number != heading.number
    }
    companions: list[Heading] = []
    part_numbers: dict[str, int] = defaultdict(int)
    for heading in candidates:
        family, number, kind = heading.family, heading.number, heading.kind
        if heading.at in taken or (number and family == run.family):
            continue
        following = bisect_left(main, heading.at, key=attrgetter("at"))
        first, last = following == 0, following == len(main)
        restarts = not first and not last and main[following].number == 1
        if family in part_words:
            follows = number == part_numbers[family] + 1
            after_first = last_of.get((family, 1), heading.at) < heading.at and number > 1
            if first and ((after_first and not follows) or heading.at in listed_parts):
                continue  # the second part without the first is of a list
            near = not last and main[following].words_before - heading.words_before < _PART_WORDS
            # Where the same part is headed once more further down, this is of a list.
            again = last_of[family, number] > heading.at
            alone = not last and not again and (not first or number == 1)
            begins = number == 1 and family in PARTS
            if near or (alone and (follows or begins)):
                part_numbers[family] = number
                companions.append(replace(heading, kind="part"))
        elif not number and family.rstrip("+") == run.family.rstrip("+"):
            if first or restarts:  # "Chapter 0"
                companions.append(heading)
        elif family == "letter":
            if first or (last and letters_after > 1):
                companions.append(heading)
        elif family == "named":
            if first and kind == "back" and fold(heading.label) in EITHER_END:
                kind = "introduction"
            elif last and kind in ("introduction", "front"):
                kind = "back"
            if not first and not last and blocks[heading.at].gap * 2 < usual_gap:
                continue  # set as a line of the text is
            opens, closes = kind in _OPENS, kind in _CLOSES
            belongs = restarts or not (opens or closes) or (opens and first) or (closes and last)
            if belongs and not (kind == "chapter" and first):
                companions.append(replace(heading, kind=kind))
    return companions


def _part_families(candidates: Headings, run: NumberedRun) -> set[str]:
    """Return the families that are parts: most of their headings stand close above a chapter."""
    near: dict[str, list[bool]] = defaultdict(list)
    for candidate in candidates:
        family = candidate.family
        known = family in PARTS
        if family == run.family or not (known or family.startswith("word:")):
            continue
        at = bisect_right(run.headings, candidate.words_before, key=attrgetter("words_before"))
        close = False
        if at < len(run.headings):
            distance = run.headings[at].words_before - candidate.words_before
            close = distance < (_PART_WORDS if known else _WORD_ABOVE)
            # A known part may have text of its own.
            close = close or (known and (at == 0 or run.headings[at].number == 1))
        near[family].append(close)
    return {
        family
        for family, close in near.items()
        if sum(close) * 2 >= len(close) and (len(close) > 1 or family in PARTS)
    }


class _Look(NamedTuple):
    """How headings are set: what the file says of their letters, and the least gap before them."""

    letters: str
    gap: int


def _look_of(blocks: Blocks, headings: Headings) -> _Look | None:
    """Return how `headings` are set, None where that is as the text is."""
    if len(headings) < 2:
        return None
    letters, count = Counter(blocks[heading.at].look for heading in headings).most_common(1)[0]
    gap = sorted(blocks[heading.at].gap for heading in headings)[int((1 - _ALIKE) * len(headings))]
    wide = gap >= mode(block.gap for block in blocks) + _WIDER
    differs = letters not in ("", _usual_look(blocks))
    if count < _ALIKE * len(headings) or not (wide or differs):
        return None
    return _Look(letters, gap if wide else 0)


def _usual_look(blocks: Blocks) -> str:
    """Return the look of most words."""
    words: Counter[str] = Counter()
    for block in blocks:
        words[block.look] += block.words
    return words.most_common(1)[0][0]


def _similar_lines(
    blocks: Blocks, headings: Headings, main: Headings, look: _Look | None
) -> list[Heading]:
    """Return the headings without a number, which are set with `look` or in the contents."""
    taken = {at for heading in headings for at in {*range(heading.at, heading.until), heading.at}}
    lines = {
        heading.at: heading
        for heading in table_of_contents.headed_by(blocks)
        if not heading.number and heading.at not in taken
        if titles.may_head(blocks[heading.at].text)
    }
    capitals = look is None and not lines
    if look is not None or capitals:
        alike = _set_alike(blocks, taken, look)
        if capitals or len(alike) <= len(main):  # where there are more, text looks so as well
            lines = {heading.at: heading for heading in alike} | lines
    if not lines:
        return []
    _, listed = table_of_contents.entries(blocks)
    total = blocks[-1].words_before + blocks[-1].words
    every = sorted([*lines.values(), *headings], key=attrgetter("at"))
    restarts = sum(heading.number == 1 for heading in main) > 1
    unnumbered = []
    for at, heading in enumerate(every):
        if heading.at not in lines or heading.at < listed - 1:
            continue  # a line of the list, or the book's title above it
        above, after = every[at - 1] if at else None, every[at + 1] if at + 1 < len(every) else None
        begins = blocks[heading.until].words_before if heading.until < len(blocks) else total
        own = (after.words_before if after else total) - begins
        number = bisect_right(main, heading.at, key=attrgetter("at"))
        first = number == 0
        again = number < len(main) and main[number].number == 1
        in_part = above is not None and above.kind == "part"
        kind = heading.kind
        if in_part and own < _OWN_WORDS:
            continue  # a line of the part's page
        below = again and after is not None and after.at == main[number].at
        if below and not in_part and own < _PART_WORDS and not (first and own >= _OWN_WORDS):
            if not restarts:
                continue
            kind = "part"
        elif own < (_OWN_WORDS_SURE if first or capitals else _OWN_WORDS):
            continue  # a dedication
        elif capitals and not (first or again):
            continue
        elif (first or (again and in_part)) and kind == "chapter":
            kind = "introduction"
        # Of level 1, what it heads is not of the part before it.
        unnumbered.append(replace(heading, kind=kind, level=1))
    return unnumbered


def _set_alike(blocks: Blocks, taken: set[int], look: _Look | None) -> list[Heading]:
    """Return the lines set as `look` says, those in capitals without one; adjoining ones as one."""
    headings: list[Heading] = []
    heads = set(taken)
    for at, block in enumerate(blocks):
        if at == 0 or at in heads or not _is_set(block, look):
            continue  # the first line of all is the book's title
        label = bare(block.line)
        if headings and headings[-1].until == at:
            headings[-1] = headings[-1].with_below(label, at + 1)
            continue
        if at - 1 in heads:
            heads.add(at)  # the second line of a heading
            continue
        read = parse(label)
        if label and (read is None or not (read.number or read.family == "named")):
            headings.append(Heading.without_number(label).at_block(at, block.words_before))
    return headings


def _is_set(block: PlacedBlock, look: _Look | None) -> bool:
    if block.role not in ("body", "heading") or len(block.text) > 2 * titles.LONGEST:
        return False
    if look is not None and (block.look != look.letters or block.gap < look.gap):
        return False
    if not titles.may_head(block.line.rstrip("."), apart=True):
        return False
    return look is not None or (titles.is_capitals(block.text) and "\n" not in block.text)


def _without_numbers(blocks: Blocks, candidates: Headings, *, total: int) -> list[DetectedHeadings]:
    """Return headings without numbers, by each kind of evidence that there is."""
    found: list[DetectedHeadings] = []
    if listed := table_of_contents.headed_by(blocks):
        found.append(_by_lines(_counted(listed), candidates, _BY_CONTENTS, "contents"))
    if messages := _messages(blocks, total=total):
        found.append(_by_lines(messages, candidates, _BY_SIGHT, "look"))
    dates = [
        Heading("date", 0, "chapter", bare(block.text), "").at_block(at, block.words_before)
        for at, block in enumerate(blocks)
        if "\n" not in block.text and is_date(block.text)
    ]
    diary = len(dates) >= _DATES or (len(dates) > 1 and min(lengths(dates, total)) >= _DATED_WORDS)
    diary = diary and dates[-1].words_before - dates[0].words_before > total / 2
    found += [
        _by_lines(_counted(apart), candidates, _BY_SIGHT, "look")
        for apart in _lines_apart(blocks)
        if not (diary and len(dates) >= _MORE_DATES * len(apart))
    ]
    if diary and not found:
        found.append(_by_lines(dates, candidates, _BY_DATES, "dates"))
    named = [candidate for candidate in candidates if candidate.family == "named"]
    if not found and sum(heading.kind != "front" for heading in named) > 1:
        found.append(DetectedHeadings(named, "lines", _BY_SIGHT, "names"))
    return found


def _messages(blocks: Blocks, *, total: int) -> list[Heading]:
    """Return the heads of e-mails and the like: lines such as "From: Ada", which come again."""
    heads: dict[tuple[str, ...], list[Heading]] = defaultdict(list)
    at = 0
    while at < len(blocks):
        until, names = at, list[str]()
        while until < len(blocks) and (until == at or not blocks[until].gap):
            fields = [_FIELD.match(line) for line in blocks[until].text.split("\n")]
            if not all(fields):
                break
            names += [field[1] for field in fields if field]
            until += 1
        if len(names) >= _FIELDS and len(set(names)) == len(names):
            label = blocks[until - 1].text.split("\n")[-1]
            heading = Heading("title", 0, "letter", label, "", at, until, blocks[at].words_before)
            heads[tuple(names)].append(heading)
        at = max(until, at + 1)
    found = max(heads.values(), key=len, default=[])
    apart = len(found) > 1 and median(lengths(found, total)) >= _LEAST_APART
    return found if apart and total - found[0].words_before > total / 2 else []


def _stories(blocks: Blocks, candidates: Headings, run: NumberedRun) -> DetectedHeadings | None:
    """Return headings without numbers where bare numbers count the sections of some of them."""
    if run.family in KEYED - PARTS or run.family.startswith("word:"):
        return None
    parts = run.family in PARTS and run.coverage < _PARTS_COVER
    headings = table_of_contents.headed_by(blocks)
    headings = headings or next(iter(_lines_apart(blocks, cased=parts)), [])
    if len(headings) <= _STORIES_SHARE * len(run.headings):
        return None
    return _by_lines(_counted(headings), candidates, _BY_SIGHT, "look")


def _counted(headings: Headings) -> Headings:
    """Return `headings` with the numbers before their titles, where these count up."""
    numbered = {
        heading.at: replace(heading, number=read.number, title=read.title)
        for heading in headings
        if (read := parse(heading.label)) is not None and read.number and read.title
    }
    run = chain([*numbered.values()])
    if len(run) < len(numbered) or 2 * len(run) <= len(headings):
        return headings
    return [numbered.get(heading.at, heading) for heading in headings]


def _by_lines(
    headings: Headings, candidates: Headings, confidence: float, signal: Signal
) -> DetectedHeadings:
    """Return `headings` with the named headings before the first and after the last of them."""
    first, last = headings[0].at, headings[-1].at
    opening = [heading for heading in candidates if heading.at < first and heading.kind in _OPENS]
    closing = [heading for heading in candidates if heading.at > last and heading.kind in _CLOSES]
    return DetectedHeadings([*opening, *headings, *closing], "lines", confidence, signal)


def _lines_apart(blocks: Blocks, *, cased: bool = True) -> list[list[Heading]]:
    """Return lines that stand far apart: set alike, below a wide gap, in capitals or title case.

    Those of each look that does not belong to the text are a reading; the other ways are tried
    where there is none.
    """
    if not blocks:
        return []
    usual_look = _usual_look(blocks)
    wide = max(_GAP, sorted(block.gap for block in blocks)[len(blocks) // 4] + _WIDER)
    _, listed = table_of_contents.entries(blocks)
    capitals, set_apart, titled = [], [], []
    by_look: dict[str, list[Heading]] = defaultdict(list)
    for at, block in enumerate(blocks):
        line = block.line
        apart = block.gap >= wide or at == 0
        differs = block.look not in ("", usual_look)
        if block.role != "body" or len(line) > titles.LONGEST or at < listed - 1:
            continue  # a line of the list is none, nor is the book's title above it
        if not titles.may_head(line, apart=apart or differs):
            continue
        read = parse(line)
        if read and read.number and not read.title and not read.family.startswith("word:"):
            continue  # the section of a chapter
        named = read is not None and read.family == "named" and read.kind != "front"
        heading = read if read and named else Heading.without_number(bare(line))
        heading = heading.at_block(at, block.words_before)
        if differs:
            by_look[block.look].append(heading)
        if not titles.may_head(line, apart=apart):
            continue
        if apart:
            set_apart.append(heading)
        if titles.is_capitals(line):
            capitals.append(heading)
        elif titles.is_title_case(line):
            titled.append(heading)
    lines_apart = sum(block.gap >= wide and block.role == "body" for block in blocks)
    short = len({line.label for line in set_apart}) >= _ALIKE * (lines_apart + 1)
    if not short:
        set_apart = [line for line in set_apart if line.at]  # the first is the book's title
    both = [heading for heading in set_apart if titles.is_capitals(heading.label)]
    used = Counter(block.look for block in blocks)
    looks = sorted(by_look.items(), key=lambda lines: len(lines[1]), reverse=True)
    found = []
    for look, lines in looks:
        if len(lines) >= _LOOKS:
            # All that is set so is a line that might be a heading, and each says something else.
            different = len({line.label for line in lines})
            headings = _far_apart(lines, blocks, short=different >= _ALIKE * used[look])
            found += [headings] if headings else []
    for lines in () if found else (both, set_apart, capitals, titled if cased else []):
        if headings := _far_apart(lines, blocks, short=short and lines is set_apart):
            return [headings]
    return found


def _far_apart(lines: Headings, blocks: Blocks, *, short: bool = False) -> list[Heading]:
    """Return `lines` but for the title page's, those right under another as its title.

    None where they do not stand far apart, or what they head is `short` and they show it less.
    """
    middle, least = (_SHORT, _LEAST_SHORT) if short else (_APART, _LEAST_APART)
    starts = [line.words_before for line in lines]
    page = 0
    while page + 1 < len(lines) and starts[page + 1] - starts[page] < least:
        page += 1
    headings = merged(lines[page:], lambda _line, _above: True, " — ")
    headings = [heading for heading in headings if heading.at + 1 < len(blocks)]
    if len(headings) < (_LOOKS if short else 2):
        return []
    total = blocks[-1].words_before + blocks[-1].words
    apart = sorted(lengths(headings, total))
    covered = total - headings[0].words_before > total / 2
    far = covered and median(apart) >= middle and apart[len(apart) // 10] >= least
    return headings if far else []
