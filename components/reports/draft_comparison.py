"""What changed between two reports: on two drafts of a manuscript, or on the same text.

The text is compared with itself (`draft_alignment`). Beside it stand the scores, and the verified
quotations of each lens's notes that the other report's notes do not have. A model asked twice notes
other things, so a quote that is gone is no proof of a better draft.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.evidence import Index, check
from components.reports.draft_alignment import Became, Revision, align_drafts, counted
from components.reports.quotations import EvidenceLookup, chapter_notes
from components.reports.report import Report
from components.reports.scores import SCALES, chapter_scores


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
    is_in_both: bool = True


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """What became of one chapter, its scores, and its quotations in the notes."""

    revision: Revision
    scores: tuple[Difference, ...]
    new: tuple[QuotationChange, ...]
    gone: tuple[QuotationChange, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What changed from one report to the other, chapter by chapter in the order of the later.

    `lenses` are those that both have: only of these quotes can be new or gone.
    """

    before: Report
    after: Report
    changes: tuple[ChapterChange, ...]
    lenses: tuple[str, ...]

    def of(self, became: Became) -> list[ChapterChange]:
        """Return the chapters of which this became."""
        return [change for change in self.changes if change.revision.became is became]

    @property
    def in_words(self) -> str:
        """Say what became of how many chapters, and how much longer the text is."""
        old, new = self.before.manuscript, self.after.manuscript
        if old.text == new.text:
            return "Both reports are on the same text: only what was said of it can differ."
        revisions = [change.revision for change in self.changes]
        counts: dict[str, int] = {became: len(self.of(became)) for became in Became}
        counts["moved"] = sum(revision.is_moved for revision in revisions)
        counts["renamed"] = sum(revision.is_renamed for revision in revisions)
        return (
            f"Chapters: {counted(counts)}. {new.unit.capitalize()}: {old.words:,} before, "
            f"{new.words:,} after ({new.words - old.words:+,})."
        )

    @property
    def warnings(self) -> list[str]:
        """Say why differences may not be the draft's: the reports were not made alike."""
        old, new, warnings = self.before.setting, self.after.setting, []
        if old.digest != new.digest:
            warnings.append(
                f"The earlier report is by {old.model}, this one by {new.model}: where scores and "
                "quotations differ, that may be the models and not the draft."
            )
        if old.depth is not new.depth:
            warnings.append(f"The depths differ, {old.depth} and {new.depth}: so do the notes.")
        if not (self.before.is_complete and self.after.is_complete):
            warnings.append("Not all of both was read: what was not has no scores and no notes.")
        return warnings


def compare_drafts(
    before: Report,
    after: Report,
    indexes: tuple[Index, Index],
    *,
    looks: tuple[EvidenceLookup | None, EvidenceLookup | None] = (None, None),
) -> Drafts:
    """Compare two reports; `indexes` are of their manuscripts, in the same order.

    `looks` check the answers of each, where the caller remembers what was found.
    """
    lenses = tuple(lens for lens in before.lenses if lens in after.lenses)
    scores = [chapter_scores(report.scores) for report in (before, after)]
    quotations = [
        _quotations(report, index, lenses, look)
        for report, index, look in zip((before, after), indexes, looks, strict=True)
    ]
    changes = []
    for revision in align_drafts(before.manuscript, after.manuscript):
        at, to = (part.index if part else -1 for part in (revision.before, revision.after))
        old, new = scores[0].get(at), scores[1].get(to)
        old_quotations, new_quotations = quotations[0].get(at, []), quotations[1].get(to, [])
        differences = tuple(
            Difference(scale, old.value(scale) if old else None, new.value(scale) if new else None)
            for scale in (SCALES if old or new else ())
        )
        changes.append(
            ChapterChange(
                revision=revision,
                scores=differences,
                new=_missing(new_quotations, old_quotations, indexes[0]),
                gone=_missing(old_quotations, new_quotations, indexes[1]),
            )
        )
    return Drafts(before, after, tuple(changes), lenses)


def _quotations(
    report: Report, index: Index, lenses: Sequence[str], look: EvidenceLookup | None
) -> dict[int, list[QuotationChange]]:
    """Return the verified quotations of the lenses' notes, by the chapter that they are about."""
    by_chapter: dict[int, list[QuotationChange]] = defaultdict(list)
    for note in chapter_notes(report, index, look=look):
        if note.lens not in lenses or note.evidence is None:
            continue
        for quotation in note.evidence.quotations:
            for place in quotation.places[:1]:
                change = QuotationChange(note.lens, quotation.text, place.start, place.end)
                by_chapter[note.chapter].append(change)
    return by_chapter


def _missing(
    quotations: Sequence[QuotationChange], others: Sequence[QuotationChange], other_text: Index
) -> tuple[QuotationChange, ...]:
    """Return those of `quotations` that a lens does not quote in `others`, each once.

    A longer quotation of the same words is the same quote.
    """
    quoted: dict[str, list[str]] = defaultdict(list)
    for other in others:
        quoted[other.lens].append(_folded(other.text))
    missing: dict[tuple[str, str], QuotationChange] = {}
    for quotation in quotations:
        words = _folded(quotation.text)
        if (quotation.lens, words) in missing or any(
            words in other or other in words for other in quoted[quotation.lens]
        ):
            continue
        is_in_both = check(f"“{quotation.text}”", other_text).found > 0
        missing[quotation.lens, words] = replace(quotation, is_in_both=is_in_both)
    return tuple(missing.values())


def _folded(text: str) -> str:
    """Return its words alone, each between spaces."""
    letters = "".join(char if char.isalnum() else " " for char in text.casefold())
    return f" {' '.join(letters.split())} "
