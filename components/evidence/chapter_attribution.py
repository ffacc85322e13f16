"""The chapters that an answer names, and which of them it names beside a quotation.

What only looks like a chapter is left out: "the chapter one reads", "Chapter 3, two men", "a third
chapter".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from components.evidence.comparable_words import fold
from components.manuscripts import Chapter
from components.manuscripts.chapters.numerals import any_number

#: What is named. `ordinal` is a chapter by its place in the book ("the sixth chapter").
NamedKind = Literal["chapter", "letter", "part", "ordinal"]

_CHAPTER = r"chapters?|chs?\.|chap\.|chapitres?|kapiteln?|kap\.|cap[ií]tulos?"
_LETTER = r"letters?|lettres?|(?-i:Briefe?)"
_PART = r"(?-i:Parts?|Books?|Volumes?|Teile?|Parties?|Livres?|Partes?|Libros?)"
_WORD = r"[0-9]{1,4}|[^\W\d_]{1,12}(?:-[^\W\d_]{2,12})?"
_NAMED = re.compile(
    rf"\b(?:(?P<chapter>{_CHAPTER})|(?P<letter>{_LETTER})|(?P<part>{_PART}))"
    rf"(?P<sign>(?<=\.)\s*|:?\s+)(?:(?:#|no\.)\s?|(?P<the>the)\s+)?(?P<number>{_WORD})\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?P<number>[0-9]{1,3}(?:st|nd|rd|th)|[^\W\d_]{4,14}(?:-[^\W\d_]{2,12})?)\s+"
    r"(?:chapter|chapitre|kapitels?|cap[ií]tulo)\b",
    re.IGNORECASE,
)
#: The head of a column of chapters.
_HEAD = re.compile(rf"\W*(?:{_CHAPTER})(?:\(s\)|\s*(?:#|no\.?|number))?\W*", re.IGNORECASE)

_DASH = r"[-‐‑‒–—−]"
_RANGE = re.compile(
    rf"(?P<tight>{_DASH})|\s*(?P<loose>{_DASH})\s*|\s+(?:to|through|thru|until|bis|à)\s+",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"(?:\s*,)?\s*(?P<last>&|\b(?:and|or|und|et|y|o)\b)\s*|\s*[,/]\s*", re.IGNORECASE
)
_NEXT = re.compile(rf"(?:{_WORD})\b")

_ENGLISH = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven"
    r"|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]{3,5})?"
    r"|(?:first|second|third|[a-z-]+th))",
    re.IGNORECASE,
)
_ENGLISH_ORDINAL = re.compile(r"(?:[a-z-]+th|(?:[a-z]+-)?(?:first|second|third))", re.IGNORECASE)
_IS_ENGLISH = re.compile(r"ch|let|part|book|vol", re.IGNORECASE)
_IS_GERMAN_ORDINAL = re.compile(r".*t(?:e|en|er|es|em)", re.IGNORECASE)
#: Before a chapter that is not one of the book's: one to be added, or one of any.
_OF_ANY = re.compile(
    r"\b(?:an?|another|new|each|every|any|no|eine?n?|un|une|una)\s+\Z", re.IGNORECASE
)
#: After these, a number in words is rather a word of the sentence.
_DETERMINED = re.compile(
    r"\b(?:the|this|that|these|those|its|his|her|their|our|your|which|whose|of)\s+\Z", re.IGNORECASE
)

_IN_PARTS = re.compile(r"\s+of\s+[0-9]")

#: Characters before a chapter that may say of what it is one.
_BEFORE = 40
#: Chapters that a range may span at most.
_LONGEST_RANGE = 1_000
#: Characters between a quotation and the chapter that is named beside it.
_BESIDE = 30


@dataclass(frozen=True, slots=True)
class ChapterMention:
    """Chapters named at one place of a text, from `start` to `end`, by their numbers."""

    start: int
    end: int
    kind: NamedKind
    numbers: frozenset[int]

    def names(self, chapter: Chapter) -> bool:
        """Whether `chapter` is one of those named."""
        is_letter = chapter.kind == "letter"
        return is_letter == (self.kind == "letter") and number_of(chapter) in self.numbers


def mentions(text: str, *, head: str = "") -> list[ChapterMention]:
    """Return the chapters, letters and parts that `text` names by number, in its order.

    `head` is that of its column, where it is a cell: under "Chapter" a bare number names one.
    """
    if head and _HEAD.fullmatch(head):
        before = len(lead := "Chapters ")
        return [
            ChapterMention(max(each.start - before, 0), each.end - before, each.kind, each.numbers)
            for each in mentions(lead + text)
        ]
    found = [*_named(text), *_by_place(text)]
    return sorted(found, key=lambda mention: mention.start)


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


def before_it(text: str, at: int) -> str:
    """Return the end of the characters before the one at `at`."""
    return text[max(at - _BEFORE, 0) : at]


def number_of(chapter: Chapter) -> int | None:
    """Return the number of a chapter, from its heading where nothing else gives it."""
    return chapter.number if chapter.number is not None else number_in(chapter.heading)


def number_in(heading: str) -> int | None:
    """Return the number that is one of the first two words of a heading."""
    numbers = map(any_number, re.findall(r"[^\W_]+(?:-[^\W_]+)?", heading)[:2])
    return next((number for number in numbers if number is not None), None)


def _named(text: str) -> Iterator[ChapterMention]:
    """Yield what is named as "Chapter 6", "Chapters 2, 3 and 5-7", "Letter IV"."""
    here = 0
    while (match := _NAMED.search(text, here)) is not None:
        here = match.end()
        kind: NamedKind = "chapter" if match["chapter"] else "letter" if match["letter"] else "part"
        noun, before = match[kind], before_it(text, match.start())
        is_plural = noun.lower().rstrip(".").endswith(("s", "kapiteln", "briefe", "teile"))
        number = _number(match["number"], noun, is_ordinal=bool(match["the"]))
        if number is None or _OF_ANY.search(before):
            continue
        is_spelled = _style(match["number"]) == "word"
        if is_spelled and (match["sign"].startswith(":") or _is_of_sentence(noun, before)):
            continue
        if match["sign"].startswith(":") and is_plural:
            continue  # "Chapters: 12" counts them.
        if kind == "part" and _IN_PARTS.match(text, here):
            continue  # Of a chapter that was sent in parts.
        numbers, here = _more(text, here, number, match["number"], is_plural=is_plural)
        if is_spelled and is_plural and noun.islower() and len(numbers) == 1:
            continue  # "letters two men sent"
        yield ChapterMention(match.start(), here, kind, numbers)


def _more(
    text: str, here: int, number: int, word: str, *, is_plural: bool
) -> tuple[frozenset[int], int]:
    """Return `number` with those that go on from it at `here`, and where they end."""
    numbers, style = {number}, _style(word)
    is_last = False
    while True:
        separator = _RANGE.match(text, here)
        is_range = separator is not None
        if separator is not None and separator["loose"] and not is_plural:
            break  # "Chapter 3 - 12 years later"
        if separator is None:
            separator = None if is_last else _ALSO.match(text, here)
        if separator is None or not (following := _NEXT.match(text, separator.end())):
            break
        if not (is_range or is_plural or separator["last"]) or _style(following[0]) != style:
            break
        if (style == "word" and not is_plural) or (value := any_number(following[0])) is None:
            break
        if is_range:
            if not 0 < value - number < _LONGEST_RANGE:
                break
            numbers |= set(range(number, value))
        else:
            is_last = separator["last"] is not None
        numbers.add(value)
        number, here = value, following.end()
    return frozenset(numbers), here


def _by_place(text: str) -> Iterator[ChapterMention]:
    """Yield what is named as "the sixth chapter"."""
    for match in _ORDINAL.finditer(text):
        word = match["number"]
        is_counted = "kapitel" in match[0].lower() and not _IS_GERMAN_ORDINAL.fullmatch(word)
        number = any_number(word.rstrip("stndrhSTNDRH") if word[0].isdigit() else word)
        is_any = is_counted or _OF_ANY.search(before_it(text, match.start()))
        if number and number > 1 and not is_any:
            yield ChapterMention(match.start(), match.end(), "ordinal", frozenset({number}))


def _style(word: str) -> str:
    """Tell how a number is written: in digits, as a Roman number, as a word."""
    if word.isdigit():
        return "digits"
    return "roman" if word.isupper() or fold(word).strip("ivx") == "" else "word"


def _number(word: str, noun: str, *, is_ordinal: bool) -> int | None:
    """Return the number that `word` is after `noun`; None for a word of the sentence."""
    match _style(word):
        case "roman":
            # "the letter I wrote", "the letter X"
            if len(word) == 1 and (noun[0].islower() or word.islower()):
                return None
        case "word":
            if _IS_ENGLISH.match(noun) and not noun.lower().startswith("chapitre"):
                if not _ENGLISH.fullmatch(word):
                    return None
                if _ENGLISH_ORDINAL.fullmatch(word) and not (is_ordinal or word[0].isupper()):
                    return None
    return any_number(word)


def _is_of_sentence(noun: str, before: str) -> bool:
    """Whether a number in words after `noun` is rather a word: "the chapter one reads"."""
    return noun[0].islower() and _DETERMINED.search(before) is not None
