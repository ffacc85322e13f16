"""The question about pictures, the book beside them, and the button that starts and stops it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.analysis import DESCRIBE, FIT, TRANSCRIBE, Beside, lens, picture_question
from components.engine import PICTURE_TOKENS, Host, Model, Options
from components.errors import FirstReaderError
from components.store import Analysis, QuestionPicture
from components.ui.analyse.manuscript_panel import Opened
from components.ui.pictures.picture_upload import forget_pictures
from components.ui.question.run_buttons import again_button, may_run_again, stop_button
from components.ui.question.text_picker import choose_text
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

_QUESTIONS = {
    DESCRIBE: "Describe",
    TRANSCRIBE: "Transcribe",
    FIT: "Fits the book?",
}


def picture_form(
    visit: Visit,
    analysis: Analysis | None,
    pictures: Sequence[QuestionPicture],
    model: Model | None,
    options: Options | None,
) -> None:
    """Show what can be asked of `pictures`, and ask it; while `analysis` runs, stop it.

    It begins with what was asked in `analysis`, and stays in its place, so that nothing below it
    moves when the analysis ends.
    """
    of = analysis.id if analysis else "new"
    before = _preset_of(analysis)
    preset = st.pills(
        "What to ask",
        list(_QUESTIONS),
        default=before,
        required=True,
        format_func=_QUESTIONS.__getitem__,
        key=f"picture-preset-{of}",
    )
    preset = str(preset or before)
    beside = _choose_book(visit, analysis, model, len(pictures)) if preset == FIT else None
    with st.expander("The question, word by word", icon=":material/edit_note:"):
        as_before = analysis is not None and preset == before
        asked = st.text_area(
            "What the model is asked; change it as you like",
            value=analysis.question.prompt if analysis and as_before else lens(preset).prompt,
            height=220,
            key=f"picture-prompt-{preset}-{of}",
        ).strip()
    if analysis is not None and not analysis.state.has_ended:
        stop_button(visit, analysis, type="primary")
        return
    lacks = _lacking(pictures, model, preset, beside)
    with st.container(horizontal=True):
        clicked = st.button(
            "Look",
            key="look",
            type="primary",
            icon=":material/visibility:",
            disabled=bool(lacks) or options is None or not asked,
            help=lacks or None,
        )
        if analysis is not None and may_run_again(analysis):
            again_button(visit, analysis)
    if clicked and model is not None and options is not None:
        count = visit.app.token_counter(model)
        question = picture_question(pictures, asked, model, options, beside=beside, count=count)
        begun = visit.app.jobs.submit(visit.shelf, question, pictures=pictures)
        forget_pictures()
        go("", begun.id, page=Page.PICTURES)
        st.rerun()


def needs_seeing_model(visit: Visit, host: Host | None) -> None:
    """Where Ollama has models but none that sees, say what such a model is and where to get it."""
    if host is None:
        return
    try:
        models, _ = visit.app.models("vision")
    except FirstReaderError:
        return  # The sidebar says it.
    if models:
        return
    st.info(
        "A model that sees pictures was taught to read them beside text; most models were not, and "
        "none of those here was. Get one first, such as gemma3:4b (3.3 GB): the page Models "
        "fetches it, and says “sees pictures” of those that do.",
        icon=":material/visibility_off:",
    )
    if st.button("Get a model that sees", type="primary", icon=":material/download:"):
        st.switch_page("pages/models.py")


def _preset_of(analysis: Analysis | None) -> str:
    """Return which question `analysis` asked, as the one that comes nearest."""
    if analysis is None:
        return DESCRIBE
    question = analysis.question
    titles = {lens(name).title: name for name in _QUESTIONS}
    return titles.get(question.lens, FIT if question.manuscript_id else DESCRIBE)


def _choose_book(
    visit: Visit, analysis: Analysis | None, model: Model | None, pictures: int
) -> Beside | None:
    """Show the manuscripts of the library and what of one is read; return the choice."""
    kept = {manuscript.id: manuscript for manuscript in visit.shelf.manuscripts.all()}
    if not kept:
        st.info(
            "The library has no manuscript yet. Upload the book on the page Analyse, then come "
            "back: the pictures stay here.",
            icon=":material/menu_book:",
        )
        if st.button("Upload the manuscript", icon=":material/upload_file:"):
            st.switch_page("pages/analyse.py")
        return None
    ids = list(kept)
    of_before = analysis.question.manuscript_id if analysis else ""
    last = of_before or st.session_state.get("opened")
    chosen_id = st.selectbox(
        "The book",
        ids,
        index=ids.index(last) if last in ids else 0,
        format_func=lambda one: kept[one].title,
        key=f"picture-book-{analysis.id if analysis else 'new'}",
    )
    manuscript = visit.shelf.manuscripts.get(chosen_id)
    chosen = choose_text(
        visit.app,
        Opened(chosen_id, manuscript),
        model,
        beside=pictures * PICTURE_TOKENS,
        analysis=analysis,
    )
    count = len(chosen.text.split())
    return Beside(chosen_id, manuscript, chosen.scope, chosen.ranges, count)


def _lacking(
    pictures: Sequence[QuestionPicture], model: Model | None, preset: str, beside: Beside | None
) -> str:
    """Say what is still missing before it can be asked, if anything is."""
    if not pictures:
        return "Choose a picture first."
    if model is None:
        return "Choose a model that sees pictures first."
    return "Choose the book first." if preset == FIT and beside is None else ""
