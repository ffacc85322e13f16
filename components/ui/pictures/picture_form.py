"""The page Pictures: which are open, what is asked of them, and what was asked before."""

from collections.abc import Sequence

import streamlit as st

from components.analysis import DESCRIBE, FIT, TRANSCRIBE, Subject, lens, picture_question
from components.engine import PICTURE_TOKENS, Model
from components.store import Analysis, QuestionPicture
from components.ui.pictures.picture_upload import forget_pictures, is_drafting
from components.ui.question.model_picker import Sidebar
from components.ui.question.run_buttons import again_where_unfinished, stop_button
from components.ui.question.text_picker import choose_text, show_room
from components.ui.shared import labels, widgets
from components.ui.shared.address import (
    Opened,
    Page,
    address_of,
    begin_anew,
    go,
    link,
    open_analysis,
)
from components.ui.shared.earlier import analysis_facts, earlier_list
from components.ui.shared.visit import Visit

_LEAD = (
    "Covers, illustrations, photos of a manuscript’s pages: a model looks at them and says what it "
    "sees."
)

_QUESTIONS = {DESCRIBE: "Describe", TRANSCRIBE: "Transcribe", FIT: "Fits the book?"}


def open_pictures(visit: Visit) -> Analysis | None:
    """Return the analysis of pictures that the address names, None where it names none."""
    before = address_of(Page.PICTURES)
    if before and Page.PICTURES not in st.query_params and not is_drafting():
        st.query_params.from_dict(before)
    analysis = open_analysis(visit, Page.PICTURES)
    if analysis is None:
        return None
    if not analysis.question.pictures:  # An address that was put together by hand.
        page, query = link(analysis)
        st.switch_page(page, query_params=query)
    go("", analysis.id, page=Page.PICTURES)
    return analysis


def pictures_head(analysis: Analysis | None) -> None:
    """Show what the pictures are called, or what the page is for; offer to begin anew."""
    # One container, whatever is in it: what comes below keeps its place on the page.
    with st.container():
        with widgets.row(vertical_alignment="bottom"):
            st.title(labels.plain(analysis.name) if analysis else "Look at pictures", anchor=False)
            if (analysis is not None or is_drafting()) and st.button(
                "Other pictures", key="other-pictures", type="tertiary", icon=":material/add:"
            ):
                forget_pictures()
                begin_anew(Page.PICTURES)
                st.rerun()
        lead = st.empty()  # Gone at once when something was asked, and not when it has ended.
        if analysis is None:
            lead.html(labels.line(_LEAD, "fr-lead"))


def picture_form(
    visit: Visit, analysis: Analysis | None, pictures: Sequence[QuestionPicture], side: Sidebar
) -> None:
    """Show what can be asked of `pictures`, and ask it; while `analysis` runs, stop it.

    It begins with what was asked in `analysis`, and stays in its place, so that nothing below it
    moves when the analysis ends.
    """
    model, options, key = side.model, side.options, analysis.id if analysis else "new"
    before = _preset_of(analysis)
    preset = st.pills(
        "What to ask",
        list(_QUESTIONS),
        default=before,
        required=True,
        format_func=_QUESTIONS.__getitem__,
        key=f"picture-preset-{key}",
    )
    preset = str(preset or before)
    beside = _choose_book(visit, analysis, model, len(pictures)) if preset == FIT else None
    prompt = analysis.question.prompt if analysis and preset == before else lens(preset).prompt
    with st.expander("Instructions to the model", icon=":material/edit_note:"):
        asked = st.text_area(
            "What the model is asked; change it as you like",
            value=prompt,
            height=220,
            key=f"picture-prompt-{preset}-{key}",
        ).strip()
    if analysis is not None and not analysis.state.has_ended:
        stop_button(visit, analysis, type="primary")
        return
    lacks = ""
    if not pictures:
        lacks = "Choose a picture first."
    elif model is None:
        lacks = "Choose a model that sees pictures first."
    elif preset == FIT and beside is None:
        lacks = "Choose the book, and what to read of it, first."
    with st.container(horizontal=True):
        clicked = st.button(
            "Look",
            key="look",
            type="primary",
            icon=":material/visibility:",
            disabled=bool(lacks) or options is None or not asked,
            help=lacks or None,
        )
        if analysis is not None:
            again_where_unfinished(visit, analysis)
    if clicked and model is not None and options is not None:
        count = visit.app.token_counter(model)
        question = picture_question(pictures, asked, model, options, beside=beside, count=count)
        _open(visit.app.jobs.submit(visit.shelf, question, pictures=pictures))
        st.rerun()


def _open(analysis: Analysis) -> None:
    forget_pictures()
    go("", analysis.id, page=Page.PICTURES)


def _preset_of(analysis: Analysis | None) -> str:
    """Return which question `analysis` asked, as the one that comes nearest."""
    if analysis is None:
        return DESCRIBE
    question = analysis.question
    titles = {lens(name).title: name for name in _QUESTIONS}
    return titles.get(question.lens, FIT if question.manuscript_id else DESCRIBE)


def _choose_book(
    visit: Visit, analysis: Analysis | None, model: Model | None, pictures: int
) -> Subject | None:
    """Show the manuscripts of the library and what of one is read; return the choice."""
    titles = {manuscript.id: manuscript.title for manuscript in visit.shelf.manuscripts.all()}
    if not titles:
        widgets.info(
            "The library has no manuscript yet. Upload the book on the page Analyse, then come "
            "back: the pictures stay here.",
            "menu_book",
        )
        if st.button("Upload the manuscript", icon=":material/upload_file:"):
            st.switch_page("pages/analyse.py")
        return None
    ids = list(titles)
    before = analysis.question.manuscript_id if analysis else ""
    last = before or st.session_state.get("opened")
    at, key = ids.index(last) if last in ids else 0, analysis.id if analysis else "new"
    chosen_id = widgets.select("The book", titles, index=at, key=f"picture-book-{key}")
    opened = Opened(chosen_id, visit.shelf.manuscripts.get(chosen_id))
    tokens = pictures * PICTURE_TOKENS
    chosen = choose_text(visit.app, opened, model, form="picture", beside=tokens)
    if chosen.ranges and analysis is None:  # Else it would seem to be about its answer.
        show_room(chosen, model)
    return chosen if chosen.ranges else None


def earlier_pictures(visit: Visit, shown: Analysis | None) -> None:
    """List what was asked of pictures, but for the one that is shown."""
    earlier_list(
        "other question about pictures",
        (analysis for analysis in visit.shelf.analyses.all() if analysis.question.pictures),
        shown,
        lambda analyses: map(analysis_facts, analyses),
        _open,
        plural="other questions about pictures",
    )
