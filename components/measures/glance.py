"""All measures of a manuscript, without a model: the same text gives the same figures."""

import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from components.errors import LimitReached
from components.manuscripts import Manuscript
from components.measures.chapter_figures import ChapterFigures, figures
from components.measures.definitions import DEFINITIONS, Measure
from components.measures.dialogue import Speech
from components.measures.measured_text import MeasuredText, stretches
from components.measures.names import Name, name_forms, names
from components.measures.occurrences import Listed, Occurrence, adverbs, filter_words
from components.measures.phrases import Phrase, phrases
from components.measures.text_language import TextLanguage, language_of
from components.measures.word_frequency import Echo, Favourite, echoes, favourites, frequencies
from components.measures.word_tokens import tokens

#: The longest novels have 3.5 million characters; the time is proportional, two seconds a million.
LONGEST = 5_000_000

#: Characters of an excerpt on either side of the sentence, at most.
_AROUND = 420


@dataclass(frozen=True, slots=True)
class Glance:
    """A book at a glance.

    `chapters` goes with `stretches`, one for one. Lists are None where the measure does not hold
    for the language, and empty where nothing was found. All occurrences are characters of the
    manuscript's text, in the order of the text. `lengths` are the words of each of `sentences`.
    """

    language: TextLanguage
    stretches: tuple[MeasuredText, ...]
    chapters: tuple[ChapterFigures, ...]
    book: ChapterFigures
    sentences: tuple[Occurrence, ...]
    lengths: tuple[int, ...]
    speech: Speech
    names: tuple[Name, ...] | None
    phrases: tuple[Phrase, ...] | None
    echoes: tuple[Echo, ...] | None
    adverbs: tuple[Listed, ...] | None
    filter_words: tuple[Listed, ...] | None
    favourites: tuple[Favourite, ...] | None

    def holds(self, measure: Measure) -> bool:
        """Whether a measure means anything in this book's language."""
        return DEFINITIONS[measure].holds_for(self.language)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text around an occurrence, in five pieces that follow one another.

    `before` and `after` surround the sentence, which is `opening`, `marked` (the occurrence itself)
    and `closing`; they have "…" at an end beyond which the chapter goes on.
    """

    stretch: MeasuredText
    before: str
    opening: str
    marked: str
    closing: str
    after: str


def glance(manuscript: Manuscript) -> Glance:
    """Return all measures of `manuscript`.

    Raises: LimitReached where the text has more than `LONGEST` characters.
    """
    if len(manuscript.text) > LONGEST:
        raise LimitReached(
            f"This text has {len(manuscript.text):,} characters; the book at a glance is measured "
            f"up to {LONGEST:,}.",
            advice="Your text was not shortened. Upload the volumes one by one to measure them.",
        )
    language = language_of(manuscript)
    parts = stretches(manuscript)
    row = tokens(manuscript.text, parts, language.code)

    def holds(measure: Measure) -> bool:
        return DEFINITIONS[measure].holds_for(language)

    named = names(row, language.code) if holds("names") else None
    forms = name_forms(named or ())
    usual = frequencies(language.code)
    echoed = echoes(row, usual, forms) if holds("echoes") else None
    manner = adverbs(row) if holds("adverbs") else None
    filters = filter_words(row) if holds("filter_words") else None
    counted: dict[str, list[Occurrence]] = {}
    for name, uses in (("adverbs", manner), ("filter_words", filters)):
        if uses is not None:
            counted[name] = [place for use in uses for place in use.places]
    if echoed is not None:
        counted["echoes"] = [place for echo in echoed for place in echo.again]
    return Glance(
        language=language,
        stretches=parts,
        chapters=tuple(
            figures(row, language, part.words, number, counted) for number, part in enumerate(parts)
        ),
        book=figures(row, language, sum(part.words for part in parts), None, counted),
        sentences=tuple(zip(row.sentence_starts.tolist(), row.sentence_ends.tolist(), strict=True)),
        lengths=tuple(row.lengths.tolist()),
        speech=row.speech,
        names=named,
        phrases=phrases(row, usual, forms, language.code) if holds("phrases") else None,
        echoes=echoed,
        adverbs=manner,
        filter_words=filters,
        favourites=favourites(row, usual, forms, len(parts)) if holds("favourites") else None,
    )


def names_of(manuscript: Manuscript) -> tuple[Name, ...]:
    """Return the names of `manuscript`, those mentioned most first; none where that cannot be told.

    That is so where every noun has a capital or none has, as in German and in Chinese.
    """
    language = language_of(manuscript)
    if not DEFINITIONS["names"].holds_for(language):
        return ()
    row = tokens(manuscript.text, stretches(manuscript), language.code)
    return names(row, language.code)


def stretch_at(glance: Glance, at: int) -> int:
    """Return the number, from 0, of the stretch that holds the character `at`."""
    return max(bisect_right(glance.stretches, at, key=lambda stretch: stretch.start) - 1, 0)


def by_chapter(glance: Glance, places: Sequence[Occurrence]) -> list[int]:
    """Return how many of `places` stand in each stretch."""
    counts = [0] * len(glance.stretches)
    for start, _ in places:
        counts[stretch_at(glance, start)] += 1
    return counts


def excerpt(manuscript: Manuscript, glance: Glance, place: Occurrence) -> Excerpt:
    """Return the text around an occurrence, within its chapter."""
    text = manuscript.text
    start, end = first, last = place
    stretch = glance.stretches[stretch_at(glance, start)]
    sentence = bisect_right(glance.sentences, (start, sys.maxsize)) - 1
    if sentence >= 0 and start < glance.sentences[sentence][1]:
        first, last = glance.sentences[sentence][0], max(glance.sentences[sentence][1], end)
    # Both ends are moved inwards to the end of a word.
    low, high = max(stretch.start, first - _AROUND), min(stretch.end, last + _AROUND)
    if low > stretch.start:
        low = next((at for at in range(low, first) if text[at - 1].isspace()), first)
    if high < stretch.end:
        high = next((at for at in range(high, last, -1) if text[at].isspace()), last)
    return Excerpt(
        stretch,
        ("… " if low > stretch.start else "") + text[low:first],
        text[first:start],
        text[start:end],
        text[end:last],
        text[last:high].rstrip() + (" …" if text[high : stretch.end].strip() else ""),
    )
