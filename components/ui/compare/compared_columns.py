"""What a comparison compares: analyses of a passage, or whole-book reports, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.export.formatting import letter
from components.store import Analysis, Series, Shelf, State

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
    return columns_of_each(shelf, [comparison])[comparison.id]


def columns_of_each(shelf: Shelf, comparisons: Sequence[Series]) -> dict[str, list[Compared]]:
    """Return the columns of each of these comparisons by its id, as `columns_of` does."""
    passages = [one.id for one in comparisons if not is_of_books(one)]
    found = {
        comparison_id: of_analyses(columns)
        for comparison_id, columns in shelf.analyses.in_each(passages).items()
    }
    books = [one.id for one in comparisons if is_of_books(one)]
    found |= {comparison_id: [] for comparison_id in books}
    for report in shelf.series.reports_of(*books):
        # Past `Setting.of`, which reads the outline of the whole book.
        model, digest = report.details["model"], report.details["digest"]
        column = Compared(report.id, letter(report.position), model, digest, WHOLE_BOOK)
        found[report.comparison].append(column)
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
