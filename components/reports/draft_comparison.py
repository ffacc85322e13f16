"""What changed between two reports: on two drafts of a manuscript, or on the same text.

The text is compared with itself (`revisions`), not what a model says of it. What the reports say is
compared beside it: scores where both have them, and verified quotations of each lens's notes that
the other report's notes do not have. A model asked twice notes other things, so a finding that is
gone is no proof of a better draft; where its words are no longer in the text, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.evidence import Index, check
from components.reports.chapter_notes import chapter_notes
from components.reports.chapter_scores import ChapterScores, scores_by_chapter
from components.reports.draft_alignment import Became, Revision, align_drafts
from components.reports.quotation_counts import Looked
from components.reports.report import Report
from components.reports.scores import SCALES


@dataclass(frozen=True, slots=True)
class Difference:
    """A score before and after, on one scale; None where a report has none for the chapter."""

    scale: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """How much it rose, or fell below zero; None unless both are known."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class QuotationChange:
    """A quotation that one report's notes of `lens` have and the other's do not.

    `start` and `end` are characters of the manuscript of that report; `is_in_both` says that the
    words stand in the other's manuscript too, so that only the notes differ.
    """

    lens: str
    text: str
    start: int
    end: int
    is_in_both: bool


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """What became of one chapter, and of what was said of it."""

    revision: Revision
    scores: tuple[Difference, ...]
    new: tuple[QuotationChange, ...]
    gone: tuple[QuotationChange, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What changed from one report to the other, chapter by chapter in the order of the later.

    `lenses` are those that both have: only of these findings can be new or gone. `is_same_model`
    and `is_same_depth` say whether both were made alike: else differences are not the draft's.
    """

    changes: tuple[ChapterChange, ...]
    lenses: tuple[str, ...]
    words_before: int
    words_after: int
    is_same_text: bool
    is_same_model: bool
    is_same_depth: bool

    def of(self, became: Became) -> list[ChapterChange]:
        """Return the chapters of which this became."""
        return [change for change in self.changes if change.revision.became is became]


def compare_drafts(
    before: Report,
    after: Report,
    indexes: tuple[Index, Index],
    *,
    looks: tuple[Looked | None, Looked | None] = (None, None),
) -> Drafts:
    """Compare two reports; `indexes` are of their manuscripts, in the same order.

    `looks` check the answers of each, where the caller remembers what was found.
    """
    reports = (before, after)
    lenses = tuple(lens for lens in before.lenses if lens in after.lenses)
    scores = (scores_by_chapter(before), scores_by_chapter(after))
    quotations = tuple(
        _quotations(report, index, lenses, look)
        for report, index, look in zip(reports, indexes, looks, strict=True)
    )
    changes = []
    for revision in align_drafts(before.manuscript, after.manuscript):
        places = [part.index if part else None for part in (revision.before, revision.after)]
        said = [
            [] if place is None else quotations[number].get(place, [])
            for number, place in enumerate(places)
        ]
        changes.append(
            ChapterChange(
                revision=revision,
                scores=_differences(*_of(scores, places)),
                new=_missing(said[1], said[0], indexes[0]),
                gone=_missing(said[0], said[1], indexes[1]),
            )
        )
    return Drafts(
        changes=tuple(changes),
        lenses=lenses,
        words_before=before.manuscript.words,
        words_after=after.manuscript.words,
        is_same_text=before.manuscript.text == after.manuscript.text,
        is_same_model=before.setting.digest == after.setting.digest,
        is_same_depth=before.setting.depth is after.setting.depth,
    )


def _of(
    scores: tuple[dict[int, ChapterScores], dict[int, ChapterScores]],
    places: Sequence[int | None],
) -> tuple[ChapterScores | None, ChapterScores | None]:
    first, second = (
        None if place is None else of.get(place) for of, place in zip(scores, places, strict=True)
    )
    return first, second


def _differences(
    before: ChapterScores | None, after: ChapterScores | None
) -> tuple[Difference, ...]:
    """Return the scores on each scale; nothing where neither report has any."""
    if before is None and after is None:
        return ()
    return tuple(
        Difference(
            scale,
            None if before is None else before.value(scale),
            None if after is None else after.value(scale),
        )
        for scale in SCALES
    )


def _quotations(
    report: Report, index: Index, lenses: Sequence[str], look: Looked | None
) -> dict[int, list[QuotationChange]]:
    """Return the verified quotations of the lenses' notes, by the chapter that they are about."""
    found: dict[int, list[QuotationChange]] = {}
    for chapter_note in chapter_notes(report, index, look=look):
        if chapter_note.lens not in lenses or chapter_note.evidence is None:
            continue
        for each in chapter_note.evidence.quotations:
            if each.places:
                place = each.places[0]
                quoted = QuotationChange(chapter_note.lens, each.text, place.start, place.end, True)
                found.setdefault(chapter_note.chapter, []).append(quoted)
    return found


def _missing(
    these: Sequence[QuotationChange], those: Sequence[QuotationChange], other: Index
) -> tuple[QuotationChange, ...]:
    """Return those of `these` that a lens does not quote in `those`, each once.

    A longer quotation of the same words is the same finding.
    """
    said: dict[str, list[str]] = {}
    for one in those:
        said.setdefault(one.lens, []).append(_folded(one.text))
    found: dict[tuple[str, str], QuotationChange] = {}
    for one in these:
        words = _folded(one.text)
        if any(words in each or each in words for each in said.get(one.lens, ())):
            continue
        still = check(f"“{one.text}”", other).found > 0
        found.setdefault(
            (one.lens, words), QuotationChange(one.lens, one.text, one.start, one.end, still)
        )
    return tuple(found.values())


def _folded(text: str) -> str:
    """Return its words alone, each between spaces."""
    plain = "".join(one if one.isalnum() else " " for one in text.casefold())
    return f" {' '.join(plain.split())} "
