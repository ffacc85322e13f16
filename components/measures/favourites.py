"""Favourite words: what this book uses more than books and talk in general.

Dunning's log-likelihood against the reference's frequencies (Rayson and Garside's form), and how
many times as often as an effect that an editor can read. The likelihood says that it is no
accident, the ratio that it matters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from components.measures.occurrences import Occurrence
from components.measures.word_frequency import zipf
from components.measures.word_tokens import Tokens

#: The reference is taken to be this many words: its lists give shares and no counts.
REFERENCE_WORDS = 100_000_000

#: The critical value for one in ten thousand, with one degree of freedom.
_LEAST_LIKELIHOOD = 15.13
_LEAST_TIMES = 2.0
_LEAST_USES = 5
_LEAST_LETTERS = 3
#: Words about as common as the hundred commonest are the language's and nobody's favourites.
_COMMONEST = 6.0
#: Share of the chapters that a favourite is in; elsewhere it is a topic. Three at most are asked.
_SPREAD = 3

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Favourite:
    """A word that is used more than usual: per million words here and in general."""

    label: str
    places: tuple[Occurrence, ...]
    per_million: float
    usual_per_million: float
    likelihood: float

    @property
    def times(self) -> float:
        """Return how many times as often as in general."""
        return self.per_million / self.usual_per_million


def favourites(
    tokens: Tokens, usual: Mapping[str, float], names: Set[str], chapters: int
) -> tuple[Favourite, ...]:
    """Return the favourite words, the surest first; words that are no word of `usual` are not."""
    where: dict[str, list[int]] = defaultdict(list)
    for index, form in enumerate(tokens.forms):
        where[form].append(index)
    found = []
    for form, indices in where.items():
        share = usual.get(form, 0.0)
        if (
            len(indices) < _LEAST_USES
            or len(form) < _LEAST_LETTERS
            or form in names
            or not share
            or zipf(share) >= _COMMONEST
        ):
            continue
        here = len(indices) / len(tokens)
        likelihood = log_likelihood(len(indices), len(tokens), share)
        spread = len({int(tokens.stretch[index]) for index in indices})
        if (
            here >= _LEAST_TIMES * share
            and likelihood >= _LEAST_LIKELIHOOD
            and spread >= min(_SPREAD, chapters)
        ):
            places = tuple(tokens.place(index) for index in indices)
            found.append(Favourite(form, places, here * 1e6, share * 1e6, likelihood))
    found.sort(key=lambda one: (-one.likelihood, one.label))
    return tuple(found[:SHOWN])


def log_likelihood(count: int, words: int, share: float) -> float:
    """Return G2 of `count` in `words`, against `share` of the reference's words."""
    usual = share * REFERENCE_WORDS
    expected = words * (count + usual) / (words + REFERENCE_WORDS)
    usually = REFERENCE_WORDS * (count + usual) / (words + REFERENCE_WORDS)
    return 2 * (count * math.log(count / expected) + usual * math.log(usual / usually))
