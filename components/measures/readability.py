"""How hard a text is to read, by formulas over the lengths of sentences and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.measures.language import Language
from components.measures.syllables import syllables

#: Letters from which on a word is long: Björnsson's limit.
_LONG = 7

#: Fewer words than this say little; the formulas were made on samples of a hundred.
LEAST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Readability:
    """Three figures, each None where it does not hold or there are too few words.

    `reading_ease` is Flesch's, about 0 (hard) to 100 (easy); `grade` Flesch-Kincaid's, in years of
    school in the United States; `lix` Björnsson's, about 20 (easy) to 60 (hard).
    """

    reading_ease: float | None = None
    grade: float | None = None
    lix: float | None = None


def readability(words: Sequence[str], sentences: int, language: Language) -> Readability:
    """Return the figures for `words` (in lower case) that make up `sentences`."""
    if len(words) < LEAST_WORDS or not sentences or not language.spaced:
        return Readability()
    length = len(words) / sentences
    lix = None
    if language.latin:
        long = sum(sum(map(str.isalpha, word)) >= _LONG for word in words if len(word) >= _LONG)
        lix = length + 100 * long / len(words)
    if language.code != "en":
        return Readability(lix=lix)
    per_word = sum(map(syllables, words)) / len(words)
    return Readability(
        reading_ease=206.835 - 1.015 * length - 84.6 * per_word,
        grade=0.39 * length + 11.8 * per_word - 15.59,
        lix=lix,
    )
