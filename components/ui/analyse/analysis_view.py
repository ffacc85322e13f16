"""An analysis on the page: watched while it runs, complete when it has ended.

The page only reads the store's journal. A click that ends this run of the script, a refresh, a
second window, a connection that was cut, a server that was started again: each begins at the first
entry, catches up at once and goes on live.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from components.errors import ContextExceeded, NoUse
from components.export import file_name, to_markdown
from components.store import Analysis, CallOutcome
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.question.run_buttons import try_again
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit, connection_key


def analysis_view(
    visit: Visit, analysis: Analysis | None, panel: StatisticsPanel, active: ActiveAnalyses
) -> None:
    """Show `analysis` until it has ended, then what can be done with it."""
    if analysis is None:
        return
    with st.container(key="analysis"):
        st.html(f'<p class="fr-quiet">{escape(_about(analysis))}</p>')
        _say_reconnected(analysis)
        watched = _watch(visit, analysis, panel, active)
        outcome = watched.outcome
        if not analysis.state.has_ended:
            # Once more, so that everything above the text knows that it has ended.
            st.rerun()
        if outcome.error is not None:
            show_problem(outcome.error, kept=_kept(outcome))
        if isinstance(outcome.error, NoUse):
            try_again(visit, analysis)
        if outcome.text.strip():
            st.download_button(
                "Download as Markdown",
                to_markdown(analysis, outcome, watched.evidence),
                file_name=file_name(analysis.question.title, "analysis", "md"),
                mime="text/markdown",
                icon=":material/download:",
                on_click="ignore",
            )


def _watch(
    visit: Visit, analysis: Analysis, panel: StatisticsPanel, active: ActiveAnalyses
) -> Watched[Analysis]:
    """Write the journal to the page as it grows; return it at the end."""
    watched = Watched(visit, analysis, panel=panel)
    for _ in follow(visit, [watched]):
        active.refresh()
    return watched


def _say_reconnected(analysis: Analysis) -> None:
    """Say so where the browser was away while it watched this analysis."""
    now = (analysis.id, connection_key())
    before = st.session_state.get("watched")
    st.session_state["watched"] = now
    if before is not None and before[0] == now[0] and before[1] != now[1]:
        st.toast("Reconnected. Nothing was lost.", icon=":material/sync:")


def _about(analysis: Analysis) -> str:
    question = analysis.question
    return f"{question.lens} of {question.scope}, by {question.model}"


def _kept(outcome: CallOutcome) -> str:
    if isinstance(outcome.error, ContextExceeded):
        return "Nothing was cut and nothing was analysed."
    if isinstance(outcome.error, NoUse):
        return ""  # Its advice says so.
    written = len(outcome.text.split())
    return f"{labels.plural(written, 'word')} were written and are kept." if written else ""
