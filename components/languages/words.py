"""How long a text is, in the unit of its trade.

Where words are set apart by spaces they are counted between these; in Chinese, Japanese and Thai,
which set none, the trade counts characters, signs among them, as Word does. One rule serves a text
in both: each character of such a script is one, and so is each run of others between white space.
"""

import re
from functools import cache, lru_cache

from components.languages.language import Unit, languages

#: Characters of the middle of a text that say what it is counted in.
_SAMPLE = 20_000

#: Full stops, quotation marks and other signs of East Asia, and letters of their width.
_SIGNS = "\u3001-\u303f\uff01-\uffef"


@cache
def _counted_characters() -> re.Pattern[str]:
    """Return the pattern of a run of characters that count singly."""
    scripts = (one.script for one in languages().values() if one.unit == "characters")
    return re.compile(f"[{_SIGNS}{''.join(scripts)}]+")


def count_words(text: str) -> int:
    """Return how many words `text` has; a character is one where the trade counts characters."""
    # Windows' Western encoding holds none of these scripts; looking so takes a tenth of the time.
    if len(text.encode("cp1252", "ignore")) == len(text):
        return len(text.split())
    runs = _counted_characters().findall(text)
    if runs:
        text = _counted_characters().sub(" ", text)
    return sum(map(len, runs)) + len(text.split())


#: Each chapter of a list is shown with the unit of the one text.
@lru_cache(maxsize=8)
def unit_of(text: str) -> Unit:
    """Return what `text` is counted in: characters where most of what is counted are such."""
    middle = max(0, (len(text) - _SAMPLE) // 2)
    sample = text[middle : middle + _SAMPLE]
    singles = sum(map(len, _counted_characters().findall(sample)))
    return "characters" if singles > count_words(sample) / 2 else "words"


def length(count: int, unit: Unit) -> str:
    """Format how long a text is: "3,010 words", "1 character"."""
    return f"{count:,} {unit.removesuffix('s') if count == 1 else unit}"


def length_of(text: str) -> str:
    """Format how long `text` is, in what it is counted in."""
    return length(count_words(text), unit_of(text))
