"""An analysis or a report on its page, and what can be done with it.

The page only reads the store's journal. A click that ends this run of the script, a refresh, a
second window, a lost connection, a restarted server: each begins at the first entry, catches up at
once and goes on live.
"""

from functools import partial

import streamlit as st

from components.errors import ContextExceeded, NoUse
from components.export import analysis_contents
from components.store import Analysis, CallOutcome, Series
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.ask.ask_form import ask_about
from components.ui.manuscript.manuscript_head import contents
from components.ui.question.model_picker import Sidebar
from components.ui.question.run_buttons import (
    again_where_unfinished,
    ask_another_model,
    other_models,
    stop_button,
    try_again,
)
from components.ui.report.report_view import report_view
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened, Page, go, open_analysis, open_series
from components.ui.shared.download_row import documents, download_row
from components.ui.shared.earlier import earlier_work
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit


def open_work(visit: Visit) -> Analysis | Series | None:
    """Return the analysis or the report that the address names, None where it names neither."""
    return open_series(visit, Page.REPORT) or open_analysis(visit)


def show_work(
    visit: Visit, opened: Opened, work: Analysis | Series, side: Sidebar, active: ActiveAnalyses
) -> None:
    """Show an analysis of the open manuscript, or a report on it, until it has ended."""
    if isinstance(work, Series):
        report_view(visit, work, side.panel, active)
        ask_about(visit, opened, side.model, side.options)
        return
    left, right = st.columns([1, 2.2], gap="large")
    with left:
        contents(opened, work.question.ranges)
        earlier_work(visit, opened.id, work)
    with right:
        with widgets.row():
            if not work.state.has_ended:
                stop_button(visit, work, type="primary")
            else:
                again_where_unfinished(visit, work)
                widgets.action(
                    "New analysis", "add", "new-analysis", go, opened.id, type="secondary"
                )
        if analysis_view(visit, work, side.panel, active):
            ask_about(visit, opened, side.model, side.options, work)


def analysis_view(
    visit: Visit, analysis: Analysis | None, panel: StatisticsPanel, active: ActiveAnalyses
) -> bool:
    """Show `analysis` until it has ended, then what can be done with it.

    Return whether anything was written.
    """
    if analysis is None:
        return False
    question = analysis.question
    with st.container(key="analysis"):
        by = f"by {question.model}" if question.model else "without a model"
        widgets.say(f"{question.lens} of {question.scope}, {by}")
        _say_reconnected(analysis)
        watched = Watched(visit, analysis, panel=panel)
        for _ in follow(visit, [watched]):
            active.refresh()
        outcome = watched.outcome
        if not analysis.state.has_ended:
            # Once more, so that everything above the text knows that it has ended.
            st.rerun()
        if outcome.error is not None:
            show_problem(outcome.error, kept=_kept(outcome))
        if isinstance(outcome.error, NoUse):
            try_again(visit, analysis)
        elif models := other_models(visit, analysis):
            # By its key the one of the next analysis is another, and not open.
            key = f"others-{analysis.id}"
            with st.popover("The same by another model", icon=":material/compare:", key=key):
                ask_another_model(visit, analysis, models)
        if outcome.text.strip():
            what = (analysis, outcome, watched.evidence)
            held = partial(analysis_contents, *what, answer=watched.readable)
            download_row(question.title, "analysis", documents(held))
    return bool(outcome.text.strip())


def _say_reconnected(analysis: Analysis) -> None:
    """Say so where the browser was away while it watched this analysis."""
    # What tells this browser's connection from the one before it.
    now = (analysis.id, st.context.headers.get("Sec-Websocket-Key", ""))
    before = st.session_state.get("watched")
    st.session_state["watched"] = now
    if before is not None and before[0] == now[0] and before[1] != now[1]:
        st.toast("Reconnected. Nothing was lost.", icon=":material/sync:")


def _kept(outcome: CallOutcome) -> str:
    """Say what of an analysis that failed was kept."""
    if isinstance(outcome.error, ContextExceeded):
        return "Your text was not shortened, and nothing was analysed."
    if isinstance(outcome.error, NoUse) or not outcome.text.strip():
        return ""  # The advice of an answer of no use says so.
    return f"{labels.length_of(outcome.text)} were written and are kept."
