"""What a comparison compares: analyses of a passage, or whole-book reports, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.errors import FirstReaderError
from components.export.formatting import letter
from components.store import Analysis, Series, UserStore
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.shared import labels, widgets
from components.ui.shared.address import Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

WHOLE_BOOK = "Whole book"  # the kind of question that whole-book reports answer, in the ranking


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A column: the id of its analysis or report, the letter it goes by, model and lens."""

    id: str
    letter: str
    model: str
    kind: str


def columns_of_each(
    shelf: UserStore, comparisons: Sequence[Series]
) -> dict[str, list[ComparedColumn]]:
    """Return the columns of each comparison by its id, in order, without deleted ones."""
    passages = [comparison.id for comparison in comparisons if not comparison.is_of_books]
    books = [comparison.id for comparison in comparisons if comparison.is_of_books]
    columns: dict[str, list[ComparedColumn]] = {comparison_id: [] for comparison_id in books}
    for comparison_id, analyses in shelf.analyses.in_each(passages).items():
        columns[comparison_id] = of_analyses(analyses)
    for report in shelf.series.reports_of(*books):
        # Past `ReportSettings.of`, which reads the outline of the whole book.
        columns[report.comparison].append(
            ComparedColumn(report.id, letter(report.position), report.details["model"], WHOLE_BOOK)
        )
    return columns


def of_analyses(analyses: Sequence[Analysis]) -> list[ComparedColumn]:
    """Return the columns that analyses are."""
    return [
        ComparedColumn(one.id, letter(one.position), one.question.model, one.question.lens)
        for one in analyses
    ]


def heading(position: int, model: str, *, blind: bool = False) -> str:
    """Return what a column is called by its position from 0; without its model where `blind`."""
    return letter(position) if blind else f"{letter(position)} · {model}"


def bar_above(letters: Sequence[str]) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Show what stays in sight above the columns; return the places of their states and a verdict.

    On a narrow screen one column is shown at a time. The browser alone knows how wide it is, and
    which was chosen: no click ends the run in which the columns grow.
    """
    choices = "".join(
        f'<label><input type="radio" name="fr-column"{"" if at else " checked"}>{name}</label>'
        for at, name in enumerate(letters)
    )
    legend = '<legend class="fr-said">Column shown</legend>'
    with st.container(key="above-columns"):
        st.html(f'<fieldset class="fr-columns">{legend}{choices}</fieldset>')
        return st.empty(), st.container(key="verdict")


def show_states(place: DeltaGenerator, states: Sequence[str]) -> None:
    """Say at `place`, below the letter of each column, what happens to it: on a narrow screen."""
    cells = "".join(f"<span>{escape(state)}</span>" for state in states)
    place.html(f'<p class="fr-columns" role="status">{cells}</p>')


def column_panels(letters: Sequence[str], *, blind: bool) -> list[StatisticsPanel | None]:
    """Return a place in the sidebar for the figures of each column; none while names are hidden."""
    with st.sidebar:
        if blind:
            st.html(labels.line("The figures are shown with the names, once you have judged."))
            return [None] * len(letters)
        return [StatisticsPanel(tab) for tab in st.tabs(letters)]


def offer_stop_or_new(visit: Visit, comparison: Series, *, is_active: bool) -> None:
    """Offer to stop all columns, or where all have ended to begin another comparison."""
    if is_active:
        if widgets.action("Stop all", "stop_circle", "stop-all", type="primary"):
            visit.app.jobs.stop(visit.shelf, comparison.id)
            st.rerun()
    else:
        new = partial(go, comparison.manuscript_id, page=Page.COMPARISON)
        widgets.action("New comparison", "add", "new-comparison", new, type="secondary")


def show_column_problem(error: FirstReaderError, broke_off: str, *, kept: str, blind: bool) -> None:
    """Show the error of a column; while the names are hidden only `broke_off`."""
    if blind:  # Its message may name the model.
        st.error(f"{broke_off}; the reason is shown with the names.", icon=":material/error:")
    else:
        show_problem(error, kept=kept)
