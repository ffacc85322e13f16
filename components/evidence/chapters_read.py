"""Which of the chapters that an answer names were part of what was read.

A chapter goes by the number in its heading. Where headings have no numbers, or count from one again
in each part, an answer may count for itself: then only a number beyond them all is none of the
book's.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from components.evidence.chapter_attribution import (
    ChapterMention,
    NamedKind,
    before_it,
    mentions,
    number_in,
    number_of,
)
from components.evidence.checked_quotes import FlagKind
from components.evidence.comparable_words import folded_words
from components.evidence.text_index import Index
from components.manuscripts import Chapter
from components.manuscripts.chapters.numerals import any_number
from components.markdown import TextStretch

_AROUND_STORY = ("front", "back")

#: Characters of the longest line that is a chapter's number and no more.
_LONGEST_LINE = 24

#: Says that a chapter is of another work, before the title of that.
_OF_WORK = re.compile(r",?\s+(?:of|from|de|du|von|aus)\s+(?=\S)", re.IGNORECASE)
_CAPITALS = re.compile(r"(?:(?:The|A|An|La|Le|Les|Der|Die|Das|El)\s+)?[^\W\d_][\w'’-]*")
#: Before the title of a work whose chapter is named next.
_IN_WORK = re.compile(r"\b(?:in|of|from|like|see|cf\.|dans|wie|en)\s+[“\"«]?\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"[”\"»]?(?:['’]s)?[,\s]*\(?")
#: Signs and white space between the two, at most.
_NEAR = 8
_OWNED = re.compile(r"\b([A-Z][^\W\d_]{2,})(?:['’]s|s['’])\s+\Z")
#: A chapter of a law: who is bankrupt "files for Chapter 11".
_OF_LAW = re.compile(r"\s+(?:bankruptcy|protection|filing)\b", re.IGNORECASE)


class ChaptersRead:
    """The chapters of the manuscript of `index` that `ranges` (characters) are of; all without."""

    def __init__(self, index: Index, ranges: Sequence[tuple[int, int]]) -> None:
        self._index = index
        self._ranges = ranges
        #: Of each kind, whether the chapters with a number were read; one number may come again.
        self._numbers: dict[NamedKind, dict[int, bool]] = {"chapter": {}, "letter": {}, "part": {}}
        self._has_others: dict[NamedKind, bool] = {"chapter": False, "letter": True, "part": True}
        story = [each for each in index.chapters if each.kind not in _AROUND_STORY]
        self._count = max(len(story), 1)
        for chapter in story:
            kind: NamedKind = "letter" if chapter.kind == "letter" else "chapter"
            if chapter.kind != "part":
                self._add(kind, number_of(chapter), chapter)
            self._add("part", number_in(chapter.part), chapter)
        numbered = self._numbers["chapter"]
        if not numbered or len(numbered) < sum(each.kind == "chapter" for each in story):
            self._has_others["chapter"] = True

    def _add(self, kind: NamedKind, number: int | None, chapter: Chapter) -> None:
        if number is not None:
            within = any(start < chapter.end and chapter.start < end for start, end in self._ranges)
            numbers = self._numbers[kind]
            numbers[number] = numbers.get(number, False) or within or not self._ranges

    def problem(self, mention: ChapterMention, stretch: TextStretch) -> FlagKind | None:
        """Say what is wrong with a chapter that `stretch` names; None where nothing is."""
        found = {self._problem(mention.kind, number) for number in mention.numbers} - {None}
        if not found or _is_of_another(mention, stretch, self._index):
            return None
        return "no chapter" if "no chapter" in found else "unread chapter"

    def _problem(self, kind: NamedKind, number: int) -> FlagKind | None:
        if not self._index.chapters:
            is_there = kind in ("letter", "part") or number == 1 or number in self._in_text
            return None if is_there else "no chapter"
        if kind == "ordinal":
            last = max(self._numbers["chapter"], default=0)
            return "no chapter" if number > max(self._count, last) else None
        numbers = self._numbers[kind]
        if not numbers:
            return "no chapter" if kind == "chapter" and number > self._count else None
        if number in numbers:
            return None if numbers[number] else "unread chapter"
        if self._has_others[kind] and kind == "chapter" and number <= self._count:
            return None
        before = max((each for each in numbers if each < number), default=None)
        if before is None:  # A first chapter without a heading, before the second.
            has_text_before = number_of(self._index.chapters[0]) is None
            return None if number == min(numbers) - 1 and has_text_before else "no chapter"
        if number < max(numbers):  # One whose heading was not found is part of the one before it.
            return None if numbers[before] else "unread chapter"
        return "no chapter"

    @cached_property
    def _in_text(self) -> frozenset[int]:
        """The numbers of chapters that a text without chapters names, in a line of its own too."""
        text = f"{self._index.title}\n\n{self._index.text}"
        lines = (line.strip(" .*#\t-–—") for line in text.splitlines())
        bare = (any_number(line) for line in lines if 0 < len(line) <= _LONGEST_LINE)
        named = (number for mention in mentions(text) for number in mention.numbers)
        return frozenset(number for number in (*bare, *named) if number is not None)


def _is_of_another(mention: ChapterMention, stretch: TextStretch, index: Index) -> bool:
    """Whether a chapter is of another work: "Chapter 42 of Moby-Dick", "Melville's Chapter 42"."""
    text = stretch.text
    after = _OF_WORK.match(text, mention.end)
    if after is not None:
        start = after.end() + (text[after.end()] in "“\"«‘'*_")
        ends = [end for begin, end in stretch.emphasised if begin in (start, after.end())]
        name = _CAPITALS.match(text, start)
        title = text[start : ends[0]] if ends else name[0] if name else ""
        if title[:1].isupper() and not _is_of_book(title, index):
            return True
    before = mention.start
    for begin, end in stretch.emphasised:
        is_near = mention.start - _NEAR <= end <= mention.start
        if is_near and _BETWEEN.fullmatch(text, end, mention.start):
            before = begin
            if _IN_WORK.search(before_it(text, begin)) and not _is_of_book(text[begin:end], index):
                return True
    owner = _OWNED.search(before_it(text, before))
    if owner is not None and not _is_of_book(owner[1], index):
        return True
    return _OF_LAW.match(text, mention.end) is not None


def _is_of_book(title: str, index: Index) -> bool:
    """Whether every word of a title or name is the manuscript's, or one for parts of a book."""
    folded = folded_words(title)
    if tuple(folded) in index.titles or mentions(title):
        return True
    return all(word in index.vocabulary for word in folded)
