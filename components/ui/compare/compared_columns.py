"""What a comparison compares: analyses of a passage, or whole-book reports, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.export.formatting import letter
from components.store import Analysis, Series, State, UserStore

#: The kind of question that whole-book reports answer, in the ranking.
WHOLE_BOOK = "Whole book"


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A column: the id of its analysis or report, the letter it goes by, model and question."""

    id: str
    letter: str
    model: str
    digest: str
    kind: str


def is_of_books(comparison: Series) -> bool:
    """Whether the columns are whole-book reports."""
    return "reports" in comparison.details


def calls_of(shelf: UserStore, one: Series) -> Counter[State]:
    """Return how many calls of a report, or of a comparison of whole books, are in each state."""
    ids = [each.id for each in shelf.series.reports_of(one.id)] if is_of_books(one) else [one.id]
    return sum(shelf.reports.counts(ids).values(), Counter())


def columns_of(shelf: UserStore, comparison: Series) -> list[ComparedColumn]:
    """Return the columns of a comparison, in their order; one that was deleted is left out."""
    return columns_of_each(shelf, [comparison])[comparison.id]


def columns_of_each(
    shelf: UserStore, comparisons: Sequence[Series]
) -> dict[str, list[ComparedColumn]]:
    """Return the columns of each of these comparisons by its id, as `columns_of` does."""
    passages = [comparison.id for comparison in comparisons if not is_of_books(comparison)]
    found = {
        comparison_id: of_analyses(columns)
        for comparison_id, columns in shelf.analyses.in_each(passages).items()
    }
    books = [comparison.id for comparison in comparisons if is_of_books(comparison)]
    found |= {comparison_id: [] for comparison_id in books}
    for report in shelf.series.reports_of(*books):
        # Past `Setting.of`, which reads the outline of the whole book.
        model, digest = report.details["model"], report.details["digest"]
        column = ComparedColumn(report.id, letter(report.position), model, digest, WHOLE_BOOK)
        found[report.comparison].append(column)
    return found


def of_analyses(analyses: Sequence[Analysis]) -> list[ComparedColumn]:
    """Return the columns that analyses are."""
    return [
        ComparedColumn(
            analysis.id,
            letter(analysis.position),
            analysis.question.model,
            analysis.question.digest,
            analysis.question.lens,
        )
        for analysis in analyses
    ]
