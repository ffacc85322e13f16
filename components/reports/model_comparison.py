"""Where reports on one manuscript part: what each model said of a chapter, beside the others.

Nothing is judged here. How far scores lie apart says where to look, and not who is right; what can
be checked is whether a model's quotations are in the book, and that is counted for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from components.evidence import Index
from components.reports.chapter_notes import Noted, chapter_notes
from components.reports.chapter_scores import ChapterScores, scores_by_chapter
from components.reports.quotation_counts import Looked, QuotationCounts, checked
from components.reports.receipts import Receipt
from components.reports.report import Report
from components.reports.scores import SCALES


@dataclass(frozen=True, slots=True)
class Said:
    """What one report says of one chapter; `scores` are None where it has none."""

    notes: tuple[Noted, ...]
    scores: ChapterScores | None
    receipt: Receipt

    def of(self, lens: str) -> tuple[Noted, ...]:
        """Return what a lens noted, by its title."""
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
    said: tuple[Said, ...]
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
class Differing:
    """Reports beside each other; everything of a report stands at its place among `reports`.

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
        return sorted(
            self.chapters,
            key=lambda one: (
                -1 if one.spread is None else one.spread,
                sum(one.spreads.values()),
            ),
            reverse=True,
        )

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


def differ(reports: Sequence[Report], index: Index, *, look: Looked | None = None) -> Differing:
    """Lay reports on one manuscript beside each other; `index` is of it.

    `look` checks an answer, where the caller remembers what was found. Raises: ValueError where
    they are on different texts.
    """
    if len({report.manuscript.text for report in reports}) > 1:
        raise ValueError("Only reports on the same text can be laid beside each other.")
    notes = [chapter_notes(report, index, look=look) for report in reports]
    scores = [scores_by_chapter(report) for report in reports]
    chapters = []
    for receipts in zip(*(report.receipts for report in reports), strict=True):
        place = receipts[0].chapter
        if not any(receipt.calls for receipt in receipts):
            continue
        said = tuple(
            Said(
                tuple(note for note in notes[number] if note.chapter == place),
                scores[number].get(place),
                receipt,
            )
            for number, receipt in enumerate(receipts)
        )
        known = [one.scores for one in said if one.scores is not None]
        chapters.append(
            ComparedChapter(place, receipts[0].name, said, _spreads(known), _only(said))
        )
    titles = dict.fromkeys(one.lens for each in notes for one in each)
    return Differing(
        reports=tuple(reports),
        lenses=tuple(titles),
        chapters=tuple(chapters),
        agreement=tuple(_agreement(scale, chapters) for scale in SCALES),
        checked=tuple(checked(report, index, look=look) for report in reports),
    )


def _spreads(known: Sequence[ChapterScores]) -> dict[str, float]:
    if len(known) < 2:
        return {}
    values = {scale: [one.value(scale) for one in known] for scale in SCALES}
    return {scale: max(each) - min(each) for scale, each in values.items()}


def _only(said: Sequence[Said]) -> tuple[tuple[str, ...] | None, ...]:
    """Return for each the characters that the others do not name.

    "Marlow" and "Charlie Marlow" are taken for one: a part of a name is the name.
    """
    found: list[tuple[str, ...] | None] = []
    for number, one in enumerate(said):
        others = [each.scores for at, each in enumerate(said) if at != number and each.scores]
        if one.scores is None or not others:
            found.append(None)
            continue
        named = [_words(name) for each in others for name in each.characters]
        alone = (
            name
            for name in one.scores.characters
            if not any(_words(name) <= each or each <= _words(name) for each in named)
        )
        found.append(tuple(alone))
    return tuple(found)


def _words(name: str) -> frozenset[str]:
    return frozenset(name.casefold().replace(".", " ").split()) - {"the", "a", "an"} or frozenset(
        {name.casefold()}
    )


def _agreement(scale: str, chapters: Sequence[ComparedChapter]) -> Agreement:
    """Return the mean over the chapters of the mean difference of two reports."""
    each = []
    for chapter in chapters:
        values = [one.scores.value(scale) for one in chapter.said if one.scores is not None]
        apart = [abs(one - other) for one, other in combinations(values, 2)]
        if apart:
            each.append(sum(apart) / len(apart))
    return Agreement(scale, sum(each) / len(each) if each else None, len(each))
