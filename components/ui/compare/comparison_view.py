"""A comparison of one passage on the page: columns that grow side by side, each with a Stop."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import export
from components.store import Analysis, Kind, Series, State
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.quote_marks import Marking
from components.ui.compare.book_comparison import book_comparison
from components.ui.compare.compared_columns import (
    ComparedColumn,
    bar_above,
    column_panels,
    columns_of_each,
    heading,
    of_analyses,
    offer_stop_or_new,
    show_column_problem,
    show_states,
)
from components.ui.compare.compared_figures import comparison_table
from components.ui.compare.comparison_form import how
from components.ui.compare.verdicts import beside_ranking, verdict_bar
from components.ui.question.options_form import describe
from components.ui.question.run_buttons import again_button, stop_button
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.download_row import documents, download_row
from components.ui.shared.earlier import earlier_list
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit


def comparison_view(visit: Visit, comparison: Series, active: ActiveAnalyses) -> None:
    """Show a comparison until all columns have ended, then ask for the verdict."""
    if comparison.is_of_books:
        book_comparison(visit, comparison)
        return
    columns, blind = visit.shelf.analyses.in_series(comparison.id), comparison.is_blind
    is_active = any(not column.state.has_ended for column in columns)
    offer_stop_or_new(visit, comparison, is_active=is_active)
    question = columns[0].question
    differ = len({column.question.prompt for column in columns}) > 1
    options = len({column.question.options for column in columns}) > 1
    what = "different questions" if differ else question.lens
    names = "; the names are hidden until you have judged" if blind else ""
    together = how(comparison.details["reason"])
    st.html(labels.line(f"{what} of {question.scope}{names}. {together}"))
    watched: list[Watched[Analysis]] = []
    letters = [column.letter for column in of_analyses(columns)]
    states, verdict = bar_above(letters)
    marking, panels = Marking(visit), column_panels(letters, blind=blind)
    with st.container(key="comparison"):
        places = st.columns(len(columns), gap="medium")
        for place, panel, column in zip(places, panels, columns, strict=True):
            with place:
                _head(visit, column, blind=blind, tells_options=options and not blind)
                watched.append(Watched(visit, column, nameless=blind, marking=marking, panel=panel))
    table = beside_ranking(visit, comparison).empty()
    for changed in follow(visit, watched):
        active.refresh()
        if changed:
            show_states(states, [labels.nameless(one.outcome) for one in watched])
        if not blind:
            comparison_table(table, watched)
        if any(one.has_ended and not one.analysis.state.has_ended for one in changed):
            # Once more, so that everything above the text knows that it has ended.
            st.rerun()
    for one in watched:
        letter, outcome = export.formatting.letter(one.analysis.position), one.outcome
        if outcome.error is not None:
            show_column_problem(
                outcome.error,
                f"{letter} failed. What it wrote is kept",
                kept=f"This is {letter}.",
                blind=blind,
            )
        if otherwise := export.formatting.otherwise(outcome.earlier_error):
            st.caption(f"{letter} was asked once more {otherwise}.")
    wrote = any(one.outcome.text.strip() for one in watched)
    with verdict:
        may_be_kept = verdict_bar(visit, comparison, of_analyses(columns), wrote=wrote)
    if may_be_kept:
        answered = [
            export.Column(one.analysis, one.outcome, one.evidence, one.readable) for one in watched
        ]
        files = documents(partial(export.side_by_side, comparison, answered))
        files["csv"] = partial(export.comparison_csv, answered)
        download_row(question.title, "comparison", files)


def _head(visit: Visit, analysis: Analysis, *, blind: bool, tells_options: bool) -> None:
    name = heading(analysis.position, analysis.question.model, blind=blind)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(labels.plain(name), anchor=False)
        if not analysis.state.has_ended:
            help_text = "Stops this column; the others go on."
            stop_button(visit, analysis, key=f"stop-{analysis.id}", help=help_text)
        elif analysis.state is not State.DONE:
            again_button(visit, analysis, key=f"again-{analysis.id}", help=None)
    if tells_options:
        st.html(labels.line(describe(analysis.question.options) or "Ollama's own options"))


def earlier_comparisons(visit: Visit, manuscript_id: str, shown: Series | None) -> None:
    """List the comparisons of a manuscript, but for the one that is shown.

    While that is blind, no model is named: the others are mostly of the same models.
    """
    blind = shown is not None and shown.is_blind

    def describe(comparisons: Sequence[Series]) -> list[str]:
        columns = columns_of_each(visit.shelf, comparisons)
        return [_facts(one, columns[one.id], blind=blind) for one in comparisons]

    comparisons = visit.shelf.series.all(Kind.COMPARISON)
    earlier_list(
        "other comparison",
        [one for one in comparisons if one.manuscript_id == manuscript_id],
        shown,
        describe,
        lambda comparison: go(manuscript_id, comparison.id, page=Page.COMPARISON),
    )


def _facts(comparison: Series, columns: Sequence[ComparedColumn], *, blind: bool) -> str:
    if comparison.is_blind:
        names = f"{len(columns)} models, not judged yet"
    elif blind:
        names = labels.plural(len(columns), "model")
    else:
        names = " and ".join(column.model for column in columns)
    what = "the whole book" if comparison.is_of_books else ""
    return labels.facts(what, names, labels.date(comparison.created))
