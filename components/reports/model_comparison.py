"""Reports on one manuscript side by side: what each model said of a chapter, and where they part.

Nothing is judged. How far scores lie apart says where to look, and not who is right; how many of a
model's quotations are in the book is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from components.evidence import Index
from components.reports.quotations import (
    ChapterNote,
    EvidenceLookup,
    QuotationCounts,
    chapter_notes,
    count_quotations,
)
from components.reports.receipts import Receipt
from components.reports.report import Report
from components.reports.scores import SCALES, ChapterScores, chapter_scores


@dataclass(frozen=True, slots=True)
class ChapterReading:
    """What one report says of one chapter; `scores` are None where it has none."""

    notes: tuple[ChapterNote, ...]
    scores: ChapterScores | None
    receipt: Receipt

    def of(self, lens: str) -> tuple[ChapterNote, ...]:
        """Return the notes of a lens, by its title."""
        return tuple(note for note in self.notes if note.lens == lens)


@dataclass(frozen=True, slots=True)
class ComparedChapter:
    """A chapter (its index, 0 without chapters) and what each report says, in their order.

    `spreads` has for each scale how far the highest and the lowest score lie apart, where at least
    two reports have one. `only` are for each report the names of characters that no other report
    with scores has; None where it cannot be said, for want of another.
    """

    index: int
    name: str
    said: tuple[ChapterReading, ...]
    spreads: Mapping[str, float]
    only: tuple[tuple[str, ...] | None, ...]

    @property
    def spread(self) -> float | None:
        """The largest of its spreads; None where too few scores are known."""
        return max(self.spreads.values(), default=None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reports lie apart on one scale: the mean absolute difference of two of them.

    `difference` is None where no chapter has two scores; `chapters` is how many have.
    """

    scale: str
    difference: float | None
    chapters: int


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Reports beside each other; every other field is in the order of `reports`.

    `lenses` are the titles that its notes go by, `chapters` those that any report reads, in the
    order of the book.
    """

    reports: tuple[Report, ...]
    lenses: tuple[str, ...]
    chapters: tuple[ComparedChapter, ...]
    agreement: tuple[Agreement, ...]
    checked: tuple[QuotationCounts, ...]

    @property
    def by_disagreement(self) -> list[ComparedChapter]:
        """The chapters, those first whose scores lie furthest apart; those without any last."""

        def disagreement(chapter: ComparedChapter) -> tuple[float, float]:
            spread = -1 if chapter.spread is None else chapter.spread
            return spread, sum(chapter.spreads.values())

        return sorted(self.chapters, key=disagreement, reverse=True)

    @property
    def agreement_in_words(self) -> str:
        """Say how far the reports agree, in points of the scales, and what that is worth."""
        known = [one for one in self.agreement if one.difference is not None]
        if not known:
            return (
                "No chapter has scores by two models, so there is nothing to say of how far they "
                "agree."
            )
        apart = ", ".join(f"{one.scale} {one.difference:.1f}" for one in known)
        count = known[0].chapters
        return (
            f"Mean difference between two models, in points: {apart}; over {count:,} "
            f"chapter{'' if count == 1 else 's'} that two of them scored. Scores are a model’s "
            "opinion: a difference says where to look, not who is right."
        )


def compare_models(
    reports: Sequence[Report], index: Index, *, look: EvidenceLookup | None = None
) -> ModelComparison:
    """Compare reports on one manuscript chapter by chapter; `index` is of it.

    `look` checks an answer, where the caller remembers what was found. Raises: ValueError where
    they are on different texts.
    """
    if len({report.manuscript.text for report in reports}) > 1:
        raise ValueError("Only reports on the same text can be laid beside each other.")
    notes = [chapter_notes(report, index, look=look) for report in reports]
    scores = [chapter_scores(report.scores) for report in reports]
    chapters = []
    for receipts in zip(*(report.receipts for report in reports), strict=True):
        if not any(receipt.calls for receipt in receipts):
            continue
        chapter = receipts[0].chapter
        said = tuple(
            ChapterReading(
                tuple(note for note in of_report if note.chapter == chapter),
                scored.get(chapter),
                receipt,
            )
            for of_report, scored, receipt in zip(notes, scores, receipts, strict=True)
        )
        spreads = {
            scale: max(values) - min(values)
            for scale in SCALES
            if len(values := _values(said, scale)) > 1
        }
        chapters.append(
            ComparedChapter(chapter, receipts[0].name, said, spreads, _only_characters(said))
        )
    return ModelComparison(
        reports=tuple(reports),
        lenses=tuple(dict.fromkeys(note.lens for of_report in notes for note in of_report)),
        chapters=tuple(chapters),
        agreement=tuple(_agreement(scale, chapters) for scale in SCALES),
        checked=tuple(count_quotations(report, index, look=look) for report in reports),
    )


def _values(said: Sequence[ChapterReading], scale: str) -> list[float]:
    return [one.scores.value(scale) for one in said if one.scores is not None]


def _agreement(scale: str, chapters: Sequence[ComparedChapter]) -> Agreement:
    """Return the mean over the chapters of the mean difference of two reports."""
    pairs = [list(combinations(_values(chapter.said, scale), 2)) for chapter in chapters]
    means = [fmean(abs(one - other) for one, other in of_one) for of_one in pairs if of_one]
    return Agreement(scale, fmean(means) if means else None, len(means))


def _only_characters(said: Sequence[ChapterReading]) -> tuple[tuple[str, ...] | None, ...]:
    """Return for each report the characters that the others do not name.

    "Marlow" and "Charlie Marlow" are taken for one: a part of a name is the name.
    """
    only: list[tuple[str, ...] | None] = []
    for one in said:
        others = [other.scores for other in said if other is not one and other.scores]
        if one.scores is None or not others:
            only.append(None)
            continue
        named = [_words(name) for scores in others for name in scores.characters]
        alone = (
            name
            for name in one.scores.characters
            if not any(_words(name) <= words or words <= _words(name) for words in named)
        )
        only.append(tuple(alone))
    return tuple(only)


def _words(name: str) -> frozenset[str]:
    words = frozenset(name.casefold().replace(".", " ").split()) - {"the", "a", "an"}
    return words or frozenset({name.casefold()})
