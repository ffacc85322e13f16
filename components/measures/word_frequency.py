"""What is uncommon in general: close echoes of uncommon words, and words used more than usual.

The lists of wordfreq say how common a word is: data of about 2021 from Wikipedia, subtitles, news,
books and the web, installed with the package; nothing is fetched. A word on no list has no figure.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

from components.measures.occurrences import Listed, Occurrence
from components.measures.word_tokens import Tokens

#: The languages that have a list and are written so that our words are the list's words.
LANGUAGES = ("en", "fr", "es", "it", "pt", "nl")

#: Words between an echo and the word before, at most: about a quarter of a printed page.
_WITHIN = 60
#: On the Zipf scale; "orchard" is 3.6, "garden" 4.7.
_UNCOMMON = 4.0
_LEAST_ECHOED_LETTERS = 4

#: The reference is taken to be this many words: its lists give shares and no counts.
_REFERENCE_WORDS = 100_000_000

#: The critical value for one in ten thousand, with one degree of freedom.
_LEAST_LIKELIHOOD = 15.13
_LEAST_TIMES = 2.0
_LEAST_USES = 5
_LEAST_LETTERS = 3
#: Words about as common as the hundred commonest are the language's and nobody's favourites.
_COMMONEST = 6.0
#: Chapters that a favourite is in, where there are so many; a word of fewer is a topic.
_SPREAD = 3

#: Favourites that are listed.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Echo(Listed):
    """A word that comes again soon; `again` are the occurrences close after the one before."""

    again: tuple[Occurrence, ...]
    zipf: float

    @property
    def repeats(self) -> int:
        """How often the word comes again."""
        return len(self.again)


@dataclass(frozen=True, slots=True)
class Favourite(Listed):
    """A word that is used so many `times` as often as in general.

    The log-likelihood says that it is no accident, the ratio that it matters.
    """

    times: float
    likelihood: float


@lru_cache(maxsize=4)
def frequencies(language: str) -> Mapping[str, float]:
    """Return the share of each word in texts of `language`; empty where there is no list."""
    if language not in LANGUAGES:
        return {}
    import wordfreq  # 60 MB of data and a third of a second: for those who look only.

    shares: Mapping[str, float] = wordfreq.get_frequency_dict(language, wordlist="best")
    return shares


def zipf(share: float) -> float:
    """Return a frequency on the scale of Van Heuven and others: 3 and less is uncommon.

    The logarithm to base 10 of the occurrences in a thousand million words.
    """
    return math.log10(share) + 9 if share > 0 else 0.0


def echoes(tokens: Tokens, usual: Mapping[str, float], names: Set[str]) -> tuple[Echo, ...]:
    """Return the echoes, the word with most repeats first, then the less common one.

    A word that is on no list counts as uncommon; chapters are not crossed.
    """
    last: dict[str, int] = {}
    places: dict[str, list[int]] = defaultdict(list)
    again: dict[str, list[int]] = defaultdict(list)
    for index, form in enumerate(tokens.forms):
        if len(form) < _LEAST_ECHOED_LETTERS or form.endswith("'"):
            continue
        before = last.get(form)
        last[form] = index
        if (
            before is None
            or index - before > _WITHIN
            or form in names
            or tokens.stretch[before] != tokens.stretch[index]
            or zipf(usual.get(form, 0.0)) >= _UNCOMMON
        ):
            continue
        if places[form][-1:] != [before]:
            places[form].append(before)
        places[form].append(index)
        again[form].append(index)
    listed = []
    for form, of_form in places.items():
        repeats = tuple(map(tokens.place, again[form]))
        rarity = zipf(usual.get(form, 0.0))
        listed.append(Echo(form, tuple(map(tokens.place, of_form)), repeats, rarity))
    return tuple(sorted(listed, key=lambda echo: (-echo.repeats, echo.zipf, echo.label)))


def favourites(
    tokens: Tokens, usual: Mapping[str, float], names: Set[str], chapters: int
) -> tuple[Favourite, ...]:
    """Return the favourite words on the list of the language, the surest first."""
    uses: dict[str, list[int]] = defaultdict(list)
    for index, form in enumerate(tokens.forms):
        uses[form].append(index)
    listed = []
    for form, indices in uses.items():
        share = usual.get(form, 0.0)
        if (
            len(indices) < _LEAST_USES
            or len(form) < _LEAST_LETTERS
            or form in names
            or not share
            or zipf(share) >= _COMMONEST
        ):
            continue
        times = len(indices) / len(tokens) / share
        likelihood = log_likelihood(len(indices), len(tokens), share)
        spread = len({int(tokens.stretch[index]) for index in indices})
        if (
            times >= _LEAST_TIMES
            and likelihood >= _LEAST_LIKELIHOOD
            and spread >= min(_SPREAD, chapters)
        ):
            listed.append(Favourite(form, tuple(map(tokens.place, indices)), times, likelihood))
    listed.sort(key=lambda favourite: (-favourite.likelihood, favourite.label))
    return tuple(listed[:_SHOWN])


def log_likelihood(count: int, words: int, share: float) -> float:
    """Return Dunning's G2 of `count` in `words`, against `share` of the reference's words.

    In the form of Rayson and Garside.
    """
    usual = share * _REFERENCE_WORDS
    rate = (count + usual) / (words + _REFERENCE_WORDS)
    observed = count * math.log(count / (words * rate))
    return 2 * (observed + usual * math.log(usual / (_REFERENCE_WORDS * rate)))
