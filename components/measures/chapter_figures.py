"""The figures of one chapter, or of the whole book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from components.measures.definitions import DEFINITIONS
from components.measures.language import Language
from components.measures.occurrences import Occurrence
from components.measures.readability import readability
from components.measures.word_tokens import Tokens


@dataclass(frozen=True, slots=True)
class ChapterFigures:
    """What is counted of one stretch; None where a measure does not hold or has too little.

    `words` are those between white space; `counted_words` those of our own rule, of which shares
    and lengths are made. `dialogue` is a share, 0 to 1. Sentence lengths are words: median, first
    and third quartile. `adverbs` are per thousand words, `filter_words` per thousand words of
    narrative, `echoes` repeats per thousand words.
    """

    words: int
    counted_words: int
    sentences: int
    dialogue: float | None
    sentence_median: float | None
    sentence_low: float | None
    sentence_high: float | None
    reading_ease: float | None
    grade: float | None
    lix: float | None
    adverbs: float | None = None
    filter_words: float | None = None
    echoes: float | None = None


def figures(
    tokens: Tokens,
    language: Language,
    words: int,
    stretch: int | None,
    found: dict[str, Sequence[Occurrence] | None],
) -> ChapterFigures:
    """Return the figures of the stretch numbered `stretch`, or of all where that is None.

    `found` has the places of adverbs, filter words and echoes, None where they do not hold.
    """
    span = (0, len(tokens)) if stretch is None else _span(tokens, stretch)
    first, last = span
    lengths = tokens.lengths
    if stretch is not None:
        lengths = lengths[tokens.sentence_stretch == stretch]
    count, sentences = last - first, len(lengths)
    if not count or not sentences:
        return ChapterFigures(words, count, sentences, *[None] * 7)
    spoken = int(tokens.spoken[first:last].sum())
    hard = readability(tokens.forms[first:last], sentences, language)
    low, middle, high = (float(one) for one in np.percentile(lengths, (25, 50, 75)))
    here = {
        name: None if places is None else _inside(tokens, places, span)
        for name, places in found.items()
    }
    return ChapterFigures(
        words,
        count,
        sentences,
        spoken / count if DEFINITIONS["dialogue"].holds_for(language) else None,
        middle,
        low,
        high,
        hard.reading_ease,
        hard.grade,
        hard.lix,
        _per_thousand(here["adverbs"], count),
        _per_thousand(here["filter_words"], count - spoken),
        _per_thousand(here["echoes"], count),
    )


def rounded(of: ChapterFigures) -> dict[str, Any]:
    """Return figures by name as they are written to a file: two digits after the point."""
    return {
        name: round(value, 3 if name == "dialogue" else 2) if isinstance(value, float) else value
        for name, value in asdict(of).items()
    }


def _span(tokens: Tokens, stretch: int) -> tuple[int, int]:
    first, last = np.searchsorted(tokens.stretch, (stretch, stretch + 1))
    return int(first), int(last)


def _inside(tokens: Tokens, places: Sequence[Occurrence], span: tuple[int, int]) -> int:
    """Return how many of `places` stand in a stretch of words."""
    start, end = int(tokens.starts[span[0]]), int(tokens.ends[span[1] - 1])
    return sum(start <= at < end for at, _ in places)


def _per_thousand(count: int | None, words: int) -> float | None:
    return None if count is None or words <= 0 else 1000 * count / words
