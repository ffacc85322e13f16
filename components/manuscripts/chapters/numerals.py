"""Numbers as chapter headings write them: 12, XII, Twelve, douze, zwölf, the Twelfth.

The words are spelled out once, into a table from word to value (`number_words`); looking up is then
one step, and no pattern ever runs over a manuscript's text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from components.manuscripts.chapters import number_words

#: Bigger numbers than this are years, not chapters; 20,000 headings in one file were seen.
MAX_NUMBER = 99_999

_ROMAN = re.compile(r"(?=[mdclxvi])m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
#: Characters: MMMDCCCLXXXVIII, the longest there is.
_ROMAN_LONGEST = 15
#: Characters. Longer words are no numbers ("one hundred and seventy seventh" has 31).
_LONGEST = 48
#: Characters of a word in which a slip still shows the number.
_SHORTEST_SLIP = 6


def arabic(word: str) -> int | None:
    """Return the value of a number in digits, or None."""
    if word.isascii() and word.isdigit() and len(word) <= len(str(MAX_NUMBER)):
        return int(word) or None
    return None


def roman(word: str) -> int | None:
    """Return the value of a Roman number, or None. `IIII` is none, nor is `Vi`."""
    folded = word.lower()
    if len(folded) > _ROMAN_LONGEST or not (word.isupper() or word.islower()):
        return None
    if not _ROMAN.fullmatch(folded):
        return None
    values = [_ROMAN_VALUES[letter] for letter in folded]
    following = [*values[1:], 0]
    return sum(-one if one < two else one for one, two in zip(values, following, strict=True))


def spelled(words: str) -> int | None:
    """Return the value of a number in words, or None.

    Cardinal and ordinal numbers up to 199 in English, French, German, Spanish and Italian, up to
    some twenty in Dutch, Portuguese, Russian, Polish and Swedish; "Twenty One", "twenty-one" and
    "the Twenty-First" are the same, and accents may be missing.
    """
    if len(words) > _LONGEST:
        return None
    return _table().get(fold(words).removeprefix("the "))


def any_number(words: str) -> int | None:
    """Return the value of a number however it is written, or None."""
    for reading in (arabic, spelled, roman):  # "dix" is ten before it is DIX, 509
        value = reading(words)
        if value is not None:
            return value
    return None


def called(heading: str, chapter: str = "Chapter") -> str:
    """Return what a heading is called in a list, where a bare number means nothing by itself."""
    bare = heading.strip(" .")
    return f"{chapter} {bare}" if any_number(bare) is not None else heading


def misspelled(words: str) -> int | None:
    """Return the value of a number in words with a letter wrong, missing or too many, or None."""
    folded = fold(words)
    if not _SHORTEST_SLIP <= len(folded) <= _LONGEST:
        return None
    less = _less(folded)
    more = {_table()[one] for one in less if len(one) >= _SHORTEST_SLIP - 1 and one in _table()}
    found = more or _slips().get(folded) or {v for one in less for v in _slips().get(one, ())}
    return next(iter(found)) if len(found) == 1 else None


def fold(words: str) -> str:
    """Return `words` in lower case, without accents and hyphens, one space between."""
    plain = words.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(plain.replace("-", " ").split())


def _less(word: str) -> list[str]:
    """Return `word` and what it is without one of its letters."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@cache
def _slips() -> dict[str, set[int]]:
    """Return every spelled number, also without one of its letters, and what it may stand for."""
    slips: dict[str, set[int]] = {}
    for word, value in _table().items():
        if len(word) >= _SHORTEST_SLIP:
            for one in _less(word):
                slips.setdefault(one, set()).add(value)
    return slips


@cache
def first_words() -> frozenset[str]:
    """Return the first words of all spelled numbers, and the articles before them."""
    articles = ("the", "la", "el", "il", "le", "das", "der")
    return frozenset(spelling.split(" ", 1)[0] for spelling in _table()).union(articles)


@cache
def _table() -> dict[str, int]:
    """Return every spelled number, folded, with its value."""
    return {fold(word): value for value, word in number_words.every()}
