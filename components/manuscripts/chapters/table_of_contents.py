"""A table of contents that stands in the text: not the chapters, but evidence of them.

Its entries are dropped from the headings. Where a book has no numbers, lines that come again
further down as the entries say are the headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from components.manuscripts.chapters.heading_position import HeadingMark
from components.manuscripts.chapters.headings import Heading, parse
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.text.assembly import PlacedBlock
from components.manuscripts.text.ornaments import MAX_LINE, bare

#: Fewer words than this between two headings, three times running: a list of contents.
_CONTENTS_WORDS = 30
_CONTENTS_RUN = 3
#: Share of the entries that come again as headings.
_AGAIN = 2 / 3
#: Share of the entries that must be found, where they are all there is to go by.
_FOUND = 0.6
#: The share of the text that follows a list of contents that has this title.
_AFTER = 0.7
_TITLES = frozenset(
    (
        "contents", "table of contents", "list of chapters", "inhalt", "inhaltsverzeichnis",
        "table des matieres", "sommaire", "indice", "indice general", "sumario", "contenido",
        "inhoud", "содержание", "оглавление", "spis tresci",
    )
)  # fmt: skip
#: Characters of such a title with what stands around it.
_LONGEST_TITLE = 60
#: Entries read below such a title.
_MOST_ENTRIES = 400
#: Lines of a page of such a list.
_FULL_PAGE = 40
_PAGE = re.compile(r"[ .…·_\t]*\b(?:\d{1,4}|[ivxlc]{1,7})\.?$")
_NUMBER = re.compile(
    r"^(?:(?:chapter|chap\.|chapitre|kapitel)\s+)?(?:\d{1,3}|[IVXLC]{1,8})[.:)—–-]?\s+",
    re.IGNORECASE,
)


def is_title(text: str) -> bool:
    """Return whether `text` is what stands above a list of contents."""
    return len(text) <= _LONGEST_TITLE and fold(bare(text).rstrip(".:")) in _TITLES


def without_entries(
    found: Sequence[HeadingMark], placed: Sequence[PlacedBlock]
) -> list[HeadingMark]:
    """Return `found` without the entries of a list of contents.

    Those stand close together, three or more, and most come again further down as headings,
    maybe in another way of writing.
    """
    kept: list[HeadingMark] = []
    total = placed[-1].words_before if placed else 0
    last: dict[tuple[int, str], int] = {}
    for one in found:
        last[_key(one)] = one.at
    run: list[HeadingMark] = []
    for one, after in zip_longest(found, found[1:]):
        run.append(one)
        close = after is not None and after.words_before - one.words_before < _CONTENTS_WORDS
        first = next((entry for entry in run if entry.kind != "front"), None)
        again = (
            after is not None
            and first is not None
            and len(run) >= _CONTENTS_RUN
            and _key(after) == _key(first)
            and after.heading.family == first.heading.family
        )
        if close and not again:
            continue
        repeated = sum(last[_key(entry)] > run[-1].at for entry in run)
        titled = any(is_title(one.text) for one in placed[max(0, run[0].at - 3) : run[0].at + 1])
        follows = total - run[-1].words_before > _AFTER * total
        listed = repeated >= len(run) * _AGAIN or (titled and follows)
        if not listed or not _is_list(run):
            kept.extend(run)
        else:  # the last may be the first heading, right below the list
            at = len(run)
            while at and last[_key(run[at - 1])] == run[at - 1].at:
                at -= 1
            kept.extend(run[at:])
        run = []
    return kept


def _is_list(run: Sequence[HeadingMark]) -> bool:
    """Return whether enough of `run` is written in one way: part, book and chapter are no list."""
    families = Counter(one.heading.family for one in run)
    return max(families.values()) >= _CONTENTS_RUN


def entries(placed: Sequence[PlacedBlock]) -> tuple[list[str], int]:
    """Return the entries of the text's own table of contents, and the first block after it."""
    for at, one in enumerate(placed):
        first = one.text.split("\n", 1)[0]
        if not is_title(first):
            continue
        found: list[str] = []
        lines = one.text.split("\n")[1:]
        listed = {folded_entry(line) for line in lines}
        after, ended = at + 1, False
        for below in placed[at + 1 :]:
            paragraph = "\n" not in below.text or len(below.text) > MAX_LINE * _FULL_PAGE
            if len(below.text) > MAX_LINE and below.block.role != "contents" and paragraph:
                break
            more = below.text.split("\n")
            again = len(folded_entry(more[0])) > 1 and folded_entry(more[0]) in listed
            if again and len(listed) > _CONTENTS_RUN:
                ended = True  # the first heading of the text
                break
            lines += more
            listed.update(map(folded_entry, more))
            after += 1
            if len(lines) > _MOST_ENTRIES:
                break
        found = [entry for line in lines if len(entry := folded_entry(line)) > 1]
        if len(found) >= _CONTENTS_RUN:
            return found, after if ended else at + 1
    return [], 0


def folded_entry(line: str) -> str:
    """Return a line without its number and page, as `fold` leaves it."""
    title = _NUMBER.sub("", _PAGE.sub("", bare(line[: 2 * MAX_LINE])))
    return fold("".join(char if char.isalnum() else " " for char in title.replace("’", "'")))


def headed_by(placed: Sequence[PlacedBlock]) -> list[HeadingMark]:
    """Return the blocks that the text's own table of contents names, where most are found."""
    listed, after = entries(placed)
    wanted = set(listed)
    if len(wanted) < _CONTENTS_RUN:
        return []
    found: dict[str, HeadingMark] = {}
    for at in range(after, len(placed)):
        one = placed[at]
        if len(one.text) > MAX_LINE or one.block.role in ("break", "contents"):
            continue
        name = folded_entry(" ".join(one.text.split()))
        if name in wanted:
            label = bare(" ".join(one.text.split()))
            heading = parse(label) or Heading("named", 0, "chapter", label, label)
            found[name] = HeadingMark(at, at + 1, heading, one.words_before)
    marks = sorted(found.values(), key=lambda one: one.at)
    if len(marks) < _FOUND * len(wanted):
        wanted = _list_alone(listed, set(found))
        marks = [mark for mark in marks if folded_entry(mark.heading.label) in wanted]
    gaps = [b.words_before - a.words_before for a, b in pairwise(marks)]
    if len(marks) < _CONTENTS_RUN or len(marks) < _FOUND * len(wanted):
        return []
    if gaps and sorted(gaps)[len(gaps) // 2] < _CONTENTS_WORDS:
        return []
    return marks


def _list_alone(listed: Sequence[str], found: set[str]) -> set[str]:
    """Return the first of the lines `listed`, up to where next to none come again as headings.

    Where a list ends is not always seen: a dedication and verse may stand right below it.
    """
    best = until = score = 0
    for at, entry in enumerate(listed, start=1):
        score += 1 if entry in found else -1
        if score > best:
            best, until = score, at
    return set(listed[:until])


def _key(one: HeadingMark) -> tuple[int, str]:
    named = one.heading.label.casefold() if not one.number else ""
    return one.number, named if one.heading.family != "part" else "part"
