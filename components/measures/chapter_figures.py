"""The figures of one chapter, or of the whole book."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from components.measures.definitions import DEFINITIONS
from components.measures.occurrences import Occurrence
from components.measures.readability import readability
from components.measures.text_language import TextLanguage
from components.measures.word_tokens import Tokens


@dataclass(frozen=True, slots=True)
class ChapterFigures:
    """What is counted of one stretch; None where a measure does not hold or has too little.

    `words` are those between white space; `counted_words` those of our own rule, of which shares
    and lengths are made. `dialogue` is a share, 0 to 1. Sentence lengths are words: median, first
    and third quartile. `reading_ease`, `grade` and `lix` are those of `readability`. `adverbs` are
    per thousand words, `filter_words` per thousand words of narrative, `echoes` repeats per
    thousand words.
    """

    words: int
    counted_words: int
    sentences: int
    dialogue: float | None = None
    sentence_median: float | None = None
    sentence_low: float | None = None
    sentence_high: float | None = None
    reading_ease: float | None = None
    grade: float | None = None
    lix: float | None = None
    adverbs: float | None = None
    filter_words: float | None = None
    echoes: float | None = None

    def rounded(self) -> dict[str, Any]:
        """Return the figures by name as they are written to a file: two digits after the point."""
        return {
            name: round(value, 3 if name == "dialogue" else 2)
            if isinstance(value, float)
            else value
            for name, value in asdict(self).items()
        }


def figures(
    tokens: Tokens,
    language: TextLanguage,
    words: int,
    stretch: int | None,
    counted: Mapping[str, Sequence[Occurrence]],
) -> ChapterFigures:
    """Return the figures of the stretch numbered `stretch`, or of all where that is None.

    `counted` has the occurrences of adverbs, filter words and echoes, as far as they hold.
    """
    first, last, lengths = 0, len(tokens), tokens.lengths
    if stretch is not None:
        first, last = map(int, np.searchsorted(tokens.stretch, (stretch, stretch + 1)))
        lengths = lengths[tokens.sentence_stretch == stretch]
    count = last - first
    if not count or not len(lengths):
        return ChapterFigures(words, count, len(lengths))
    spoken = int(tokens.spoken[first:last].sum())
    low, median, high = map(float, np.percentile(lengths, (25, 50, 75)))
    start, end = int(tokens.starts[first]), int(tokens.ends[last - 1])
    per_thousand: dict[str, float] = {}
    for name, places in counted.items():
        total = count - spoken if name == "filter_words" else count
        if total:
            per_thousand[name] = 1000 * sum(start <= at < end for at, _ in places) / total
    return ChapterFigures(
        words,
        count,
        len(lengths),
        dialogue=spoken / count if DEFINITIONS["dialogue"].holds_for(language) else None,
        sentence_median=median,
        sentence_low=low,
        sentence_high=high,
        **readability(tokens.forms[first:last], len(lengths), language),
        **per_thousand,
    )
