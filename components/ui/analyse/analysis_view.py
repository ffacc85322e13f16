"""The question to a manuscript, and its analysis on the page.

The page only reads the store's journal. A click that ends this run of the script, a refresh, a
second window, a lost connection, a restarted server: each begins at the first entry, catches up at
once and goes on live.
"""

import streamlit as st

from components.analysis import prompt, with_schema
from components.engine import Model, Options
from components.errors import ContextExceeded, NoUse
from components.export import file_name, to_markdown
from components.store import Analysis, CallOutcome, Question
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.manuscript.manuscript_head import Opened
from components.ui.question.lens_picker import ask_lens
from components.ui.question.run_buttons import again_button, may_run_again, stop_button, try_again
from components.ui.question.text_picker import Chosen
from components.ui.shared import labels
from components.ui.shared.address import go, open_analysis
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit, connection_key


def ask_form(
    visit: Visit, opened: Opened, model: Model | None, chosen: Chosen, options: Options | None
) -> Analysis | None:
    """Show the question and the button; return the analysis of the page's address, if any."""
    analysis = open_analysis(visit)
    label = "What the model is asked, after the manuscript"
    asked = ask_lens(visit, key="prompt", label=label, models=[model] if model else [])
    if analysis is not None and not analysis.state.has_ended:
        stop_button(visit, analysis, type="primary")
        return analysis
    row = st.empty()
    with row.container(horizontal=True):
        clicked = st.button(
            "Analyse",
            key="analyse",
            type="primary",
            icon=":material/play_arrow:",
            disabled=model is None or options is None or not asked.prompt,
            help="Choose a model first." if model is None else None,
        )
        if analysis is not None and may_run_again(analysis):
            again_button(visit, analysis)
    if clicked and model is not None and options is not None:
        question = Question(
            manuscript_id=opened.id,
            title=opened.manuscript.title,
            scope=chosen.scope,
            ranges=chosen.ranges,
            words=len(chosen.text.split()),
            tokens=visit.app.token_counter(model)(prompt(chosen.text, asked.prompt)),
            lens=asked.title,
            prompt=asked.prompt,
            model=model.name,
            digest=model.digest,
            options=with_schema(options, asked.schema),
        )
        analysis = visit.app.jobs.submit(visit.shelf, question)
        go(opened.id, analysis.id)
        # Not another run of the page: it would take the time in which the first words come.
        with row.container(horizontal=True):
            stop_button(visit, analysis, type="primary")
    return analysis


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
    written = len(outcome.text.split())
    if isinstance(outcome.error, NoUse) or not written:
        return ""  # The advice of an answer of no use says so.
    return f"{labels.plural(written, 'word')} were written and are kept."
