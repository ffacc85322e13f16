"""What a comparison compares: analyses of a passage, or whole-book reports, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from components.export.formatting import letter
from components.reports import ReportSettings
from components.store import Analysis, Series, Shelf, State, Store

#: The kind of question that whole-book reports answer, in the ranking.
WHOLE_BOOK = "Whole book"


@dataclass(frozen=True, slots=True)
class Compared:
    """A column: the id of its analysis or report, the letter it goes by, model and question."""

    id: str
    letter: str
    model: str
    digest: str
    kind: str


def is_of_books(comparison: Series) -> bool:
    """Whether the columns are whole-book reports."""
    return "reports" in comparison.details


def calls_of(shelf: Shelf, one: Series) -> Counter[State]:
    """Return how many calls of a report, or of a comparison of whole books, are in each state."""
    ids = [each.id for each in shelf.series.reports_of(one.id)] if is_of_books(one) else [one.id]
    return sum(shelf.reports.counts(ids).values(), Counter())


def columns_of(shelf: Shelf, comparison: Series) -> list[Compared]:
    """Return the columns of a comparison, in their order; one that was deleted is left out."""
    if not is_of_books(comparison):
        return of_analyses(shelf.analyses.in_series(comparison.id))
    found = []
    for one in shelf.series.reports_of(comparison.id):
        setting = ReportSettings.of(dict(one.details))
        name = letter(one.position)
        found.append(Compared(one.id, name, setting.model, setting.digest, WHOLE_BOOK))
    return found


def of_analyses(analyses: Sequence[Analysis]) -> list[Compared]:
    """Return the columns that analyses are."""
    return [
        Compared(
            one.id,
            letter(one.position),
            one.question.model,
            one.question.digest,
            one.question.lens,
        )
        for one in analyses
    ]


def writing_speed(store: Store, shelf: Shelf, comparison: Series, one: Compared) -> float | None:
    """Return how fast a column's model wrote, in tokens a second; None where it is not known."""
    if is_of_books(comparison):
        rates = [
            step.statistics.tokens_per_second
            for step in shelf.reports.steps(one.id)
            if step.statistics is not None and not step.is_copied
        ]
        known = [rate for rate in rates if rate]
        return median(known) if known else None
    figures = store.journal.outcome(shelf.analyses.get(one.id).call_id).statistics
    return None if figures is None else figures.tokens_per_second
