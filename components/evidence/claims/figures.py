"""The figures of a text, in digits or in words, its weekdays and its months, as values."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from components.evidence.comparable_words import fold, words
from components.languages import languages
from components.manuscripts.chapters.numerals import spelled
from components.manuscripts.text.personal_names import word_set

_MULTIPLIERS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
#: Some of them together: "dozens", with the least that they can be.
MANY = {f"{word}s": 2 * value for word, value in _MULTIPLIERS.items()}
#: Words of English that are numbers in another language, or count nothing.
_NO_FIGURES = word_set("one first second once elf sex due um sei fem un une ein eine uno una")
_DAYS = (
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi miércoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag sonnabend samedi sábado",
    "sunday sonntag dimanche domingo",
)
#: They count as a month only with a capital, and not where a sentence begins.
_ALSO_VERBS = {"may", "march", "mars", "mai"}


def figures(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the figures, weekdays and months of `text`: kind and value, and how it is written."""
    matches = list(words(text))
    folded = [fold(match[0]) for match in matches]
    at = 0
    while at < len(matches):
        word, match = folded[at], matches[at]
        if calendar := _calendar(word, match[0], is_first=at == 0):
            yield calendar, match[0]
        elif word in MANY:
            yield ("number", word), match[0]
        elif word[0].isdigit():
            digits = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", word)
            yield ("number", re.sub(r"(?:st|nd|rd|th|s)$", "", digits)), match[0]
        else:
            value, length = _in_words(folded, at)
            if value is not None:
                written = text[match.start() : matches[at + length - 1].end()]
                yield ("number", str(value)), written
                at += length - 1
        at += 1


def _calendar(word: str, written: str, *, is_first: bool) -> tuple[str, str] | None:
    bare = word.removesuffix("'s")
    name = _calendar_names().get(bare) or _calendar_names().get(bare.removesuffix("s"))
    if name is None or (bare in _ALSO_VERBS and (is_first or not written[0].isupper())):
        return None
    return name


@cache
def _calendar_names() -> dict[str, tuple[str, str]]:
    tables = [languages()[tag] for tag in ("en", "de", "fr", "es")]
    months = zip(*(table.months[:12] for table in tables), strict=True)  # Other forms follow.
    return {
        name: (kind, str(number))
        for kind, names_of in (("weekday", map(str.split, _DAYS)), ("month", months))
        for number, names in enumerate(names_of, 1)
        for name in names
    }


def _in_words(folded: Sequence[str], at: int) -> tuple[int | None, int]:
    """Return the number that begins at the word `at`, and of how many words it is made."""
    for length in (4, 3, 2, 1):
        piece = folded[at : at + length]
        if len(piece) < length:
            continue
        value = None if piece[0] == "the" else spelled(" ".join(piece))
        if length == 1 and piece[0] in _NO_FIGURES:
            value = 1 if folded[at + 1 : at + 2] and folded[at + 1] in _MULTIPLIERS else None
        if value is None:
            continue
        total = value
        while at + length < len(folded) and folded[at + length] in _MULTIPLIERS:
            total *= _MULTIPLIERS[folded[at + length]]
            length += 1
            rest, more = None, 0
            skip = 1 if folded[at + length : at + length + 1] == ["and"] else 0
            if at + length + skip < len(folded):
                rest, more = _in_words(folded, at + length + skip)
            if rest is not None and rest < 100:
                return total + rest, length + skip + more
        return (total, length) if total > 1 else (None, 1)
    if folded[at] in _MULTIPLIERS:
        return _MULTIPLIERS[folded[at]], 1
    return None, 1
