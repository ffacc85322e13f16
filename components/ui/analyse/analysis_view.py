"""The question to a manuscript, and its analysis on the page.

The page only reads the store's journal. A click that ends this run of the script, a refresh, a
second window, a lost connection, a restarted server: each begins at the first entry, catches up at
once and goes on live.
"""

import contextlib
import time

import streamlit as st

from components.engine import Model, Options
from components.errors import ContextExceeded, FirstReaderError, NoUse
from components.export import file_name, to_markdown
from components.store import Analysis, CallOutcome, State
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.question.lens_picker import ask_lens
from components.ui.question.run_buttons import ask_button, stop_button, try_again
from components.ui.question.text_picker import Chosen, question_of
from components.ui.shared import labels
from components.ui.shared.address import Opened, go, open_analysis
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit, connection_key

#: States of a question that no model reads yet, and the longest wait for that in seconds: where the
#: model is in memory it takes a third of it.
_UNASKED = frozenset({State.QUEUED, State.CONTACTING, State.LOADING})
_ASKED_SECONDS = 0.1


def ask_form(
    visit: Visit, opened: Opened, model: Model | None, chosen: Chosen, options: Options | None
) -> Analysis | None:
    """Show the question and the button; return the analysis of the page's address, if any."""
    is_submitted = st.session_state.pop("analyse-submitted", False)
    analysis = open_analysis(visit)
    label = "What the model is asked, after the manuscript"
    asked = ask_lens(visit, key="prompt", label=label, models=[model] if model else [])
    if analysis is not None and not analysis.state.has_ended:
        stop_button(visit, analysis, type="primary")
        return analysis
    # Whatever the question is made of was asked above.
    shown = {key: value for key, value in st.session_state.items() if key != "analyse"}

    def submit() -> None:
        if model is None or options is None:
            return
        question = question_of(visit.app, opened, chosen, asked, model, options)
        submitted = visit.app.jobs.submit(visit.shelf, question)
        go(opened.id, submitted.id)
        _wait_until_asked(visit, submitted)

    def submit_as_shown() -> None:
        """Submit before the page runs, which takes as long as a first word from a loaded model.

        What was edited until the click is not in the question yet: then the run submits it.
        """
        if any(st.session_state.get(key, value) != value for key, value in shown.items()):
            return
        with contextlib.suppress(FirstReaderError):  # The run tries again and says what is wrong.
            submit()
            st.session_state["analyse-submitted"] = True

    clicked = ask_button(
        visit,
        analysis,
        "Analyse",
        icon=":material/play_arrow:",
        disabled=model is None or options is None or not asked.prompt,
        help="Choose a model first." if model is None else None,
        on_click=submit_as_shown,
    )
    if clicked and not is_submitted:
        submit()
        st.rerun()
    return analysis


def _wait_until_asked(visit: Visit, analysis: Analysis) -> None:
    """Wait until the model reads, _ASKED_SECONDS at most.

    Python runs one thread at a time: the page, drawn meanwhile, would hold up what asks.
    """
    outcome, seq, end = CallOutcome(), 0, time.monotonic() + _ASKED_SECONDS
    while outcome.state in _UNASKED and (left := end - time.monotonic()) > 0:
        for entry in visit.app.store.journal.after(analysis.call_id, seq, timeout=left):
            seq = entry.seq
            outcome.add(entry)


def analysis_view(
    visit: Visit, analysis: Analysis | None, panel: StatisticsPanel, active: ActiveAnalyses
) -> None:
    """Show `analysis` until it has ended, then what can be done with it."""
    if analysis is None:
        return
    question = analysis.question
    with st.container(key="analysis"):
        st.html(labels.line(f"{question.lens} of {question.scope}, by {question.model}"))
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
        if outcome.text.strip():
            st.download_button(
                "Download as Markdown",
                to_markdown(analysis, outcome, watched.evidence),
                file_name=file_name(question.title, "analysis", "md"),
                mime="text/markdown",
                icon=":material/download:",
                on_click="ignore",
            )


def _say_reconnected(analysis: Analysis) -> None:
    """Say so where the browser was away while it watched this analysis."""
    now = (analysis.id, connection_key())
    before = st.session_state.get("watched")
    st.session_state["watched"] = now
    if before is not None and before[0] == now[0] and before[1] != now[1]:
        st.toast("Reconnected. Nothing was lost.", icon=":material/sync:")


def _kept(outcome: CallOutcome) -> str:
    """Say what of an analysis that failed was kept."""
    if isinstance(outcome.error, ContextExceeded):
        return "Nothing was cut and nothing was analysed."
    if isinstance(outcome.error, NoUse) or not outcome.text.strip():
        return ""  # The advice of an answer of no use says so.
    return f"{labels.length_of(outcome.text)} were written and are kept."
