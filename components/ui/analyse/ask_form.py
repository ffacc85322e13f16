"""The question to the manuscript, and the one button that starts and stops it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.analysis import prompt, with_schema
from components.engine import Model, Options
from components.store import Analysis, Question
from components.ui.analyse.manuscript_panel import Opened
from components.ui.question.lens_picker import LensQuestion, ask_lens
from components.ui.question.run_buttons import again_button, may_run_again, stop_button
from components.ui.question.text_picker import Chosen
from components.ui.shared.address import go, open_analysis
from components.ui.shared.visit import Visit


def ask_form(
    visit: Visit,
    opened: Opened,
    model: Model | None,
    chosen: Chosen,
    options: Options | None,
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
        question = _question(visit, opened, model, chosen, asked)
        question = replace(question, options=with_schema(options, asked.schema))
        analysis = visit.app.jobs.submit(visit.shelf, question)
        go(opened.id, analysis.id)
        # Not another run of the page: it would take the time in which the first words come.
        with row.container(horizontal=True):
            stop_button(visit, analysis, type="primary")
    return analysis


def _question(
    visit: Visit, opened: Opened, model: Model, chosen: Chosen, asked: LensQuestion
) -> Question:
    return Question(
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
    )
