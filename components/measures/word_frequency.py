"""How common a word is in general: wordfreq's lists, loaded when they are first asked for.

The lists are of about 2021, from Wikipedia, subtitles, news, books and the web. They are data of
the package wordfreq, installed with it; nothing is fetched. What stands on no list has no figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

#: The languages that have a list and are written so that our words are the list's words.
LANGUAGES = ("en", "fr", "es", "it", "pt", "nl")


@lru_cache(maxsize=4)
def frequencies(language: str) -> Mapping[str, float]:
    """Return the share of each word in texts of `language`; empty where there is no list."""
    if language not in LANGUAGES:
        return {}
    import wordfreq  # 60 MB of data and a third of a second: for those who look only.

    found: Mapping[str, float] = wordfreq.get_frequency_dict(language, wordlist="best")
    return found


def zipf(share: float) -> float:
    """Return a frequency on the scale of Van Heuven and others: 3 and less is uncommon.

    The logarithm to base 10 of the occurrences in a thousand million words.
    """
    return math.log10(share) + 9 if share > 0 else 0.0
