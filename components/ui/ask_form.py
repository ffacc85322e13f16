"""The question to the manuscript, and the one button that starts and stops it."""

from __future__ import annotations

import streamlit as st

from components.analysis import ask, lens
from components.application import Application
from components.engine import Model
from components.errors import UnknownAnalysis
from components.store import Question, Record
from components.ui.manuscript_panel import Opened
from components.ui.text_picker import Chosen


def ask_form(
    app: Application, opened: Opened, model: Model | None, chosen: Chosen
) -> Record | None:
    """Show the question and the button; return the analysis of the page's address, if any."""
    chosen_lens = lens()
    record = _from_address(app)
    with st.expander(f"The question: {chosen_lens.title}", icon=":material/edit_note:"):
        prompt = st.text_area(
            "What the model is asked, after the manuscript",
            value=chosen_lens.prompt,
            height=320,
            key="prompt",
        )
    running = record is not None and not record.state.is_final
    if running and record is not None:
        st.button(
            "Stop",
            key="stop",
            type="primary",
            icon=":material/stop_circle:",
            on_click=app.runner.cancel,
            args=(record.id,),
            disabled=record.state == "stopping",
        )
        return record
    clicked = st.button(
        "Analyse",
        key="analyse",
        type="primary",
        icon=":material/play_arrow:",
        disabled=model is None or not prompt.strip(),
        help="Choose a model first." if model is None else None,
    )
    if clicked and model is not None:
        record = _submit(app, opened, model, chosen, prompt)
        st.query_params.from_dict({"manuscript": opened.id, "analysis": record.id})
        st.rerun()
    return record


def _submit(app: Application, opened: Opened, model: Model, chosen: Chosen, prompt: str) -> Record:
    call = ask(model.name, chosen.text, prompt.strip())
    title = lens().title if prompt.strip() == lens().prompt else "Analysis"
    return app.runner.submit(
        Question(
            manuscript_id=opened.id,
            title=opened.manuscript.title,
            scope=chosen.scope,
            words=len(chosen.text.split()),
            tokens=app.token_counter(model)(call.prompt),
            lens=title,
            digest=model.digest,
            prompt=prompt.strip(),
            call=call,
        )
    )


def _from_address(app: Application) -> Record | None:
    analysis_id = st.query_params.get("analysis", "")
    if not analysis_id:
        return None
    try:
        return app.shelf.record(analysis_id)
    except UnknownAnalysis:
        del st.query_params["analysis"]
        return None
