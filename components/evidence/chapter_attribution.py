"""Which chapter an answer names beside a quotation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from components.manuscripts import Chapter
from components.manuscripts.chapters.numerals import any_number

_NUMBER = r"(?:[0-9]{1,4}|[IVXLCDM]{1,9}|[A-Za-zÀ-ÿ]{2,12}(?:-[A-Za-zÀ-ÿ]{2,12})?)"
_MENTION = re.compile(
    r"\b(?P<kind>chapters?|ch\.|chs\.|chap\.|letters?|chapitres?|kapiteln?|kap\.|cap[ií]tulos?"
    r"|brief|lettres?)\s+"
    rf"(?P<first>{_NUMBER})\b(?P<more>(?:\s*(?:,|&|-|–|to|and|und|et|y|bis|à)\s*{_NUMBER}\b)*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|to|bis|à)\s*", re.IGNORECASE)
_OF_LETTERS = ("letter", "lettre", "brief")

#: Characters between a quotation and the chapter that is named beside it.
_BESIDE = 30


@dataclass(frozen=True, slots=True)
class ChapterMention:
    """Chapters named at one place of a text, by their numbers."""

    start: int
    end: int
    is_letter: bool
    numbers: frozenset[int]

    def names(self, chapter: Chapter) -> bool:
        """Whether `chapter` is one of those named."""
        is_letter = chapter.kind == "letter"
        return is_letter == self.is_letter and _number_of(chapter) in self.numbers


def mentions(text: str) -> list[ChapterMention]:
    """Return the chapters that `text` names by number."""
    found = []
    for match in _MENTION.finditer(text):
        previous = any_number(match["first"])
        if previous is None:
            continue
        numbers = {previous}
        for piece in re.finditer(rf"(\s*(?:,|&|-|–|[a-zà]+)\s*)({_NUMBER})", match["more"]):
            number = any_number(piece[2])
            if number is None:
                break
            if _RANGE.fullmatch(piece[1]) and 0 < number - previous < 1_000:
                numbers |= set(range(previous, number))
            numbers.add(number)
            previous = number
        is_letter = match["kind"].lower().startswith(_OF_LETTERS)
        found.append(ChapterMention(match.start(), match.end(), is_letter, frozenset(numbers)))
    return found


def beside(mentions: Sequence[ChapterMention], start: int, end: int) -> ChapterMention | None:
    """Return the mention nearest to the characters from `start` to `end`, one after them first."""
    after = next((mention for mention in mentions if mention.start >= end), None)
    if after is not None and after.start - end <= _BESIDE:
        return after
    before = [mention for mention in mentions if mention.end <= start]
    return before[-1] if before else after


def is_beside(mention: ChapterMention, start: int, end: int) -> bool:
    """Whether `mention` is so close that it can only be meant for these characters."""
    return 0 <= mention.start - end <= _BESIDE or 0 <= start - mention.end <= _BESIDE


def _number_of(chapter: Chapter) -> int | None:
    """Return the number of a chapter, from its heading where nothing else gives it."""
    if chapter.number is not None:
        return chapter.number
    numbers = map(any_number, re.findall(r"[^\W_]+(?:-[^\W_]+)?", chapter.heading)[:2])
    return next((number for number in numbers if number is not None), None)
