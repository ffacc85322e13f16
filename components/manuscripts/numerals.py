"""Numbers as chapter headings write them: 12, XII, Twelve, douze, zwölf, the Twelfth.

The words are spelled out once, into a table from word to value; looking up is then one step, and
no pattern ever runs over a manuscript's text.
"""

from __future__ import annotations

import re
from functools import cache

#: Bigger numbers than this are years, not chapters; 20,000 headings in one file were seen.
MAX_NUMBER = 99_999

_ROMAN = re.compile(r"(?=[mdclxvi])m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
#: Characters: MMMDCCCLXXXVIII, the longest there is.
_ROMAN_LONGEST = 15


def _listed(words: str) -> list[str]:
    """Return `words` as a list, the first of which is number one (or the first ten)."""
    return words.split()


_ENGLISH = _listed(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH_ORDINALS = _listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)

_FRENCH = _listed(
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf"
)
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}

_GERMAN = _listed(
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = _listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_GERMAN_ORDINALS = _listed(
    "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte"
)


def arabic(word: str) -> int | None:
    """Return the value of a number in digits, or None."""
    if word.isascii() and word.isdigit() and len(word) <= len(str(MAX_NUMBER)):
        return int(word) or None
    return None


def roman(word: str) -> int | None:
    """Return the value of a Roman number, or None; `IIII` is none."""
    folded = word.lower()
    if len(folded) > _ROMAN_LONGEST or not _ROMAN.fullmatch(folded):
        return None
    values = [_ROMAN_VALUES[letter] for letter in folded]
    following = [*values[1:], 0]
    return sum(-one if one < two else one for one, two in zip(values, following, strict=True))


def spelled(words: str) -> int | None:
    """Return the value of a number in English, French or German words, or None.

    Cardinal and ordinal numbers up to 199 (English) or 99 are known; "Twenty One", "twenty-one"
    and "the Twenty-First" are the same.
    """
    folded = " ".join(words.casefold().replace("-", " ").split())
    return _table().get(folded.removeprefix("the "))


def any_number(words: str) -> int | None:
    """Return the value of a number however it is written, or None."""
    for reading in (arabic, roman, spelled):
        value = reading(words)
        if value is not None:
            return value
    return None


@cache
def _table() -> dict[str, int]:
    """Return every spelled number, in `casefold` and without hyphens, with its value."""
    table: dict[str, int] = {}
    for language in (_french(), _german(), _english()):
        for value, spellings in language.items():
            table |= {one.casefold().replace("-", " "): value for one in spellings}
    table |= {"premier": 1, "première": 1}
    for value, ordinal in enumerate(_GERMAN_ORDINALS, start=1):
        table |= {ordinal + ending: value for ending in ("", "s", "r")}
    return table


def _english() -> dict[int, list[str]]:
    words = {value: [word] for value, word in enumerate(_ENGLISH, start=1)}
    for value, word in enumerate(_ENGLISH_ORDINALS, start=1):
        words[value].append(word)
    for ten, word in enumerate(_ENGLISH_TENS, start=2):
        words[ten * 10] = [word, word.removesuffix("y") + "ieth"]
        for unit in range(1, 10):
            words[ten * 10 + unit] = [f"{word} {one}" for one in words[unit]]
    below = dict(words)
    words[100] = ["one hundred", "a hundred", "hundred", "hundredth", "one hundredth"]
    for value, spellings in below.items():
        words[100 + value] = [
            f"one hundred{joint}{one}" for one in spellings for joint in (" ", " and ")
        ]
    return words


def _french() -> dict[int, list[str]]:
    words = {value: [word] for value, word in enumerate(_FRENCH, start=1)}
    for ten, word in _FRENCH_TENS.items():
        words[ten] = [word]
        for unit in range(1, 20 if ten == max(_FRENCH_TENS) else 10):
            joint = " et " if unit in (1, 11) else " "
            words[ten + unit] = [f"{word}{joint}{_FRENCH[unit - 1]}"]
    words[80] = ["quatre vingts", "quatre vingt"]
    for unit in range(1, 20):
        words[80 + unit] = [f"quatre vingt {_FRENCH[unit - 1]}"]
    return words


def _german() -> dict[int, list[str]]:
    words = {value: [word] for value, word in enumerate(_GERMAN, start=1)}
    for ten, word in enumerate(_GERMAN_TENS, start=2):
        words[ten * 10] = [word]
        for unit in range(1, 10):
            small = "ein" if unit == 1 else _GERMAN[unit - 1]
            words[ten * 10 + unit] = [f"{small}und{word}"]
    return words
