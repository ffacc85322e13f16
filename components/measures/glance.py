"""All measures of a manuscript at once, without a model: the same text gives the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.errors import LimitReached
from components.manuscripts import Manuscript
from components.measures.adverbs import adverbs
from components.measures.chapter_figures import ChapterFigures, figures
from components.measures.definitions import DEFINITIONS, Measure
from components.measures.dialogue import Speech
from components.measures.echoes import Echo, echoes
from components.measures.favourites import Favourite, favourites
from components.measures.filter_words import filter_words
from components.measures.language import Language, language_of
from components.measures.measured_text import MeasuredText, stretches
from components.measures.names import Name, name_forms, names
from components.measures.occurrences import Occurrence, Use
from components.measures.phrases import Phrase, phrases
from components.measures.word_frequency import frequencies
from components.measures.word_tokens import Tokens, tokens

#: The longest novels have 3.5 million characters; the time is proportional, two seconds a million.
LONGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Glance:
    """A book at a glance.

    `chapters` goes with `stretches`, one for one. Lists are None where the measure does not hold
    for the language, and empty where nothing was found. All places are characters of the
    manuscript's text, in the order of the text. `sentences` has the place of each sentence and
    `lengths` its words.
    """

    language: Language
    stretches: tuple[MeasuredText, ...]
    chapters: tuple[ChapterFigures, ...]
    book: ChapterFigures
    sentences: tuple[Occurrence, ...]
    lengths: tuple[int, ...]
    speech: Speech
    names: tuple[Name, ...] | None
    phrases: tuple[Phrase, ...] | None
    echoes: tuple[Echo, ...] | None
    adverbs: tuple[Use, ...] | None
    filter_words: tuple[Use, ...] | None
    favourites: tuple[Favourite, ...] | None

    def holds(self, measure: Measure) -> bool:
        """Whether a measure means anything in this book's language."""
        return DEFINITIONS[measure].holds_for(self.language)


def glance(manuscript: Manuscript) -> Glance:
    """Return all measures of `manuscript`.

    Raises: LimitReached where the text has more than `LONGEST` characters.
    """
    if len(manuscript.text) > LONGEST:
        raise LimitReached(
            f"This text has {len(manuscript.text):,} characters; the book at a glance is measured "
            f"up to {LONGEST:,}.",
            advice="Nothing was cut. Upload the volumes one by one to measure them.",
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
    found: dict[str, Sequence[Occurrence] | None] = {
        "adverbs": _places(manner),
        "filter_words": _places(filters),
        "echoes": _repeats(echoed),
    }
    return Glance(
        language=language,
        stretches=parts,
        chapters=tuple(
            figures(row, language, part.words, number, found) for number, part in enumerate(parts)
        ),
        book=figures(row, language, sum(part.words for part in parts), None, found),
        sentences=_sentences(row),
        lengths=tuple(row.lengths.tolist()),
        speech=row.speech,
        names=named,
        phrases=phrases(row, usual, forms, language.code) if holds("phrases") else None,
        echoes=echoed,
        adverbs=manner,
        filter_words=filters,
        favourites=(favourites(row, usual, forms, len(parts)) if holds("favourites") else None),
    )


def _sentences(row: Tokens) -> tuple[Occurrence, ...]:
    return tuple(zip(row.sentence_starts.tolist(), row.sentence_ends.tolist(), strict=True))


def _places(found: tuple[Use, ...] | None) -> list[Occurrence] | None:
    return None if found is None else [place for one in found for place in one.places]


def _repeats(found: tuple[Echo, ...] | None) -> list[Occurrence] | None:
    """Return the places that repeat what was there shortly before."""
    if found is None:
        return None
    return [place for one in found for run in one.runs for place in run[1:]]
