"""A comparison on the page: columns that grow side by side, each with its own Stop."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.export import formatting
from components.store import Analysis, Series, State
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.quote_marks import Marking
from components.ui.compare.comparison_form import how
from components.ui.compare.comparison_table import comparison_table
from components.ui.question.options_form import describe
from components.ui.question.run_buttons import again_button, stop_button
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit


def wrote_something(watched: Sequence[Watched[Analysis]]) -> bool:
    """Whether any column has text, so that there is something to judge and to keep."""
    return any(one.outcome.text.strip() for one in watched)


def letter(analysis: Analysis) -> str:
    """Return what a column is called: A to D, by its place."""
    return formatting.letter(analysis.position)


def comparison_view(
    visit: Visit, comparison: Series, columns: Sequence[Analysis], active: ActiveAnalyses
) -> list[Watched[Analysis]]:
    """Show the columns until all have ended; return them with all that they said."""
    blind = comparison.is_blind
    st.html(f'<p class="fr-quiet">{escape(_about(comparison, columns, blind=blind))}</p>')
    watched: list[Watched[Analysis]] = []
    marking = Marking(visit)
    with st.container(key="comparison"):
        for place, one in zip(st.columns(len(columns), gap="medium"), columns, strict=True):
            with place:
                _head(visit, one, blind=blind)
                watched.append(Watched(visit, one, nameless=blind, marking=marking))
    table = st.empty()
    for changed in follow(visit, watched):
        active.refresh()
        if not blind:
            comparison_table(table, watched)
        if any(one.has_ended and not one.analysis.state.has_ended for one in changed):
            # Once more, so that everything above the text knows that it has ended.
            st.rerun()
    for column in watched:
        _say_error(column, blind=blind)
        _say_otherwise(column)
    return watched


def _head(visit: Visit, analysis: Analysis, *, blind: bool) -> None:
    name = letter(analysis) if blind else f"{letter(analysis)} · {analysis.question.model}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(labels.plain(name), anchor=False)
        if not analysis.state.has_ended:
            stop_button(
                visit,
                analysis,
                key=f"stop-{analysis.id}",
                help="Stops this column; the others go on.",
            )
        elif analysis.state is not State.DONE:
            again_button(visit, analysis, key=f"again-{analysis.id}", help=None)
    if not blind:
        st.html(f'<p class="fr-quiet">{escape(describe(analysis.question.options))}</p>')


def _about(comparison: Series, columns: Sequence[Analysis], *, blind: bool) -> str:
    question = columns[0].question
    differ = len({column.question.prompt for column in columns}) > 1
    what = "different questions" if differ else question.lens
    names = "; the names are hidden until you have judged" if blind else ""
    return f"{what} of {question.scope}{names}. {how(comparison.details['reason'])}"


def _say_error(watched: Watched[Analysis], *, blind: bool) -> None:
    error = watched.outcome.error
    if error is None:
        return
    if blind:  # Its message may name the model.
        st.error(
            f"{letter(watched.analysis)} broke off. What it wrote is kept; the reason is shown "
            "with the names.",
            icon=":material/error:",
        )
    else:
        show_problem(error, kept=f"This is {letter(watched.analysis)}.")


def _say_otherwise(watched: Watched[Analysis]) -> None:
    """Say where a column was asked otherwise than the others."""
    if how := formatting.otherwise(watched.outcome.earlier_error):
        st.caption(f"{letter(watched.analysis)} was asked once more {how}.")
