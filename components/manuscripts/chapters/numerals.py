"""Numbers as chapter headings write them: 12, XII, Twelve, douze, zwölf, the Twelfth, 十二, १२.

The spelled numbers of all languages (`components.languages`) are one table, made once; looking a
number up is one step, and no pattern ever runs over the text of a manuscript.
"""

import unicodedata
from functools import cache
from itertools import product

from components.languages import languages

#: Larger numbers are years, not chapters; one file had 20,000 headings.
_MAX_NUMBER = 99_999

#: How the thousands, hundreds, tens and units of Roman numbers are written, from 0 on.
_ROMAN_DIGITS = (
    ("", "m", "mm", "mmm"),
    ("", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm"),
    ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"),
    ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"),
)
#: Characters of the longest spelled number ("one hundred and seventy seventh" has 31).
_LONGEST = 48
#: Characters of a word in which a slip still shows the number.
_SHORTEST_SLIP = 6

#: Whose spelled numbers are looked for in prose: those of the others are common words in English
#: ("on" is ten in Turkish, "hat" six in Hungarian), which only a heading tells apart. Where two
#: spell different numbers alike, the later one wins.
_IN_PROSE = ("nl", "pt", "ru", "pl", "sv", "it", "es", "de", "fr", "en")
ARTICLES = frozenset(word for language in languages().values() for word in language.articles)
#: Chinese digits, with older and shorter forms, and what multiplies the digit before it.
_EASTERN = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_EASTERN |= {"零": 0, "两": 2, "廿": 20, "十": 10, "百": 100, "千": 1_000}
#: Characters of the longest such number, 九千九百九十九.
_LONGEST_EASTERN = 7
#: A character that no number has, and that folding leaves as it is.
_BETWEEN = "|"


def arabic(word: str) -> int | None:
    """Return the value of a number in the digits of any script, or None."""
    digits = word.isdecimal() and len(word) <= len(str(_MAX_NUMBER))
    return int(word) if digits else None


def roman(word: str) -> int | None:
    """Return the value of a Roman number, or None. `IIII` is none, nor is `Vi`."""
    return _romans().get(word.lower()) if word.isupper() or word.islower() else None


def eastern(word: str) -> int | None:
    """Return the value of a number in Chinese digits, as Japanese has them too, or None."""
    if not 0 < len(word) <= _LONGEST_EASTERN or not _EASTERN.keys() >= set(word):
        return None
    total = last = 0
    for value in map(_EASTERN.__getitem__, word):
        if value < 10:
            last = last * 10 + value
        else:
            total, last = total + (last or 1) * value, 0
    return total + last


def spelled(words: str, *, heading: bool = False) -> int | None:
    """Return the value of a number in words, or None.

    Cardinals and ordinals up to 199 in English, French, German, Spanish and Italian, fewer in
    others; accents and hyphens may be missing. In a `heading` of every language that has a table.
    """
    if len(words) > _LONGEST:
        return None
    return _table(every=heading).get(fold(words).removeprefix("the "))


def any_number(words: str, *, heading: bool = False) -> int | None:
    """Return the value of a number however it is written, or None; see `spelled`."""
    number = arabic(words)
    if number is None:  # "dix" is ten before it is DIX, 509
        number = spelled(words, heading=heading)
    return (roman(words) or eastern(words)) if number is None else number


def may_begin(word: str) -> bool:
    """Return whether `any_number` can be one of words that `word` is the first of."""
    first, _, _ = fold(word).partition(" ")
    return first in first_words() or any_number(word) is not None


def called(heading: str, chapter: str = "Chapter") -> str:
    """Return what a heading is called in a list, where a bare number means nothing by itself."""
    bare = heading.strip(" .")
    return f"{chapter} {bare}" if any_number(bare) is not None else heading


def misspelled(words: str) -> int | None:
    """Return the value of a number in words with a letter wrong, missing or too many, or None."""
    folded = fold(words)
    if not _SHORTEST_SLIP <= len(folded) <= _LONGEST:
        return None
    shorter = _without_a_letter(folded)
    values = (
        {_table()[word] for word in shorter if len(word) >= _SHORTEST_SLIP - 1 and word in _table()}
        or _slips().get(folded)
        or {value for word in shorter for value in _slips().get(word, ())}
    )
    return next(iter(values)) if len(values) == 1 else None


def fold(words: str) -> str:
    """Return `words` in lower case, without accents and hyphens, one space between."""
    plain = words.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFD", plain)
        marks = {ord(char): None for char in set(apart) if unicodedata.combining(char)}
        plain = unicodedata.normalize("NFC", apart.translate(marks))  # Korean came apart
        plain = plain.replace("ı", "i")  # Turkish, in capitals I
    return " ".join(plain.replace("-", " ").split())


def _without_a_letter(word: str) -> list[str]:
    """Return `word` and what it is without one of its letters."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@cache
def _romans() -> dict[str, int]:
    return {"".join(digits): value for value, digits in enumerate(product(*_ROMAN_DIGITS))}


def in_roman(number: int) -> str:
    """Return a number below 4,000 in Roman digits, in lower case."""
    return list(_romans())[number]


def in_english(number: int, *, ordinal: bool = False) -> str:
    """Return a number from 1 to 99 in words: "twenty-one", or "twenty-first"."""
    cardinals, ordinals, *_ = languages()["en"].series
    spellings = (ordinals if ordinal else cardinals).spellings()
    return next(word for value, word in spellings if value == number)


@cache
def _slips() -> dict[str, set[int]]:
    """Return every spelled number, also without one of its letters, and what it may stand for."""
    slips: dict[str, set[int]] = {}
    for word, value in _table().items():
        if len(word) >= _SHORTEST_SLIP:
            for shorter in _without_a_letter(word):
                slips.setdefault(shorter, set()).add(value)
    return slips


@cache
def first_words() -> frozenset[str]:
    """Return the first words of all spelled numbers, and the articles before them."""
    return frozenset(spelling.split(" ", 1)[0] for spelling in _table(every=True)).union(ARTICLES)


@cache
def _table(*, every: bool = False) -> dict[str, int]:
    """Return every spelled number, folded, with its value."""
    tags = [tag for tag in languages() if tag not in _IN_PROSE] if every else _IN_PROSE
    numbers = [number for tag in tags for number in languages()[tag].numbers()]
    # Folded as one text: 9,000 calls take a tenth of a second for each file that is read.
    folded = fold(_BETWEEN.join(word for _, word in numbers)).split(_BETWEEN)
    table = {word: value for word, (value, _) in zip(folded, numbers, strict=True)}
    return table | _table() if every else table
