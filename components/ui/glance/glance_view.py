"""The page "At a glance": a manuscript's figures, and the plots that lead into it."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.errors import FirstReaderError
from components.measures import Glance, as_csv
from components.plots import Book
from components.ui.glance import book_shape, measure_lists
from components.ui.glance.cached_measures import measures_of
from components.ui.glance.measure_heading import language_line
from components.ui.shared import labels
from components.ui.shared.address import Page, go, leave, open_address
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_VIEWS = {
    "Shape": (
        book_shape.length,
        book_shape.dialogue,
        book_shape.rhythm,
        book_shape.ease,
    ),
    "Names": (measure_lists.names,),
    "Repetition": (measure_lists.phrases, measure_lists.echoes),
    "Words": (measure_lists.favourites, measure_lists.adverbs, measure_lists.filter_words),
}


def glance_view(visit: Visit) -> None:
    """Show the manuscript of the address at a glance; without one, offer those that are kept."""
    found = open_address(visit, Page.GLANCE)
    if found is None:
        _choose(visit)
        return
    manuscript_id, manuscript = found
    title, change = st.columns([5, 1.3], vertical_alignment="bottom")
    with title:
        st.title(labels.plain(manuscript.title), anchor=False)
    with change:
        if st.button("Another manuscript", type="tertiary", icon=":material/local_library:"):
            leave(Page.GLANCE)
            st.rerun()
    try:
        with st.spinner("Counting"):
            measured = measures_of(manuscript)
    except FirstReaderError as error:
        show_problem(error)
        return
    book = Book(manuscript_id, manuscript, measured)
    st.html(f'<p class="fr-meta">{escape(_meta(measured))}</p>')
    if not measured.language.spaced or not measured.sentences:
        st.info(
            "Nothing can be counted in this text: its words are not set apart by spaces, or there "
            "are none.",
            icon=":material/info:",
        )
        return
    st.html(_headline(measured))
    with st.container(horizontal=True, vertical_alignment="center", key="glance-views"):
        view = st.segmented_control(
            "View",
            list(_VIEWS),
            default="Shape",
            required=True,
            label_visibility="collapsed",
            key="glance-view",
        )
        st.download_button(
            "Figures of the chapters (CSV)",
            # The mark lets Excel read it as UTF-8.
            "\ufeff" + as_csv(measured),
            file_name="figures.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    for section in _VIEWS[view or "Shape"]:
        section(book)


def _meta(measured: Glance) -> str:
    counted = f"{labels.plural(len(measured.stretches), 'chapter')} counted, without a model"
    return f"{language_line(measured)} · {counted}"


def _headline(measured: Glance) -> str:
    book = measured.book
    shown = [
        (f"{book.words:,}", "words"),
        (f"{book.sentences:,}", "sentences"),
        (_figure(book.sentence_median, "{:.0f}"), "words in the median sentence"),
        (_figure(book.dialogue, "{:.0%}"), "dialogue"),
    ]
    if book.reading_ease is not None:
        shown.append((f"{book.reading_ease:.0f}", f"reading ease, grade {book.grade:.0f}"))
    elif book.lix is not None:
        shown.append((f"{book.lix:.0f}", "LIX"))
    rows = "".join(
        f"<div><dd>{escape(value)}</dd><dt>{escape(name)}</dt></div>" for value, name in shown
    )
    return f'<dl class="fr-headline">{rows}</dl>'


def _figure(value: float | None, form: str) -> str:
    return "none" if value is None else form.format(value)


def _choose(visit: Visit) -> None:
    st.title("At a glance", anchor=False)
    st.html(
        '<p class="fr-lead">What can be counted in a book without a model: length, dialogue, the '
        "rhythm of sentences, names, repetition, favourite words. Each plot leads to the passage."
        "</p>"
    )
    kept = {manuscript.id: manuscript for manuscript in visit.shelf.manuscripts.all()}
    if kept:
        chosen = st.selectbox(
            "Manuscript from the library",
            list(kept),
            index=None,
            placeholder="Choose a manuscript",
            format_func=lambda one: f"{kept[one].title} · {labels.plural(kept[one].words, 'word')}",
        )
        if chosen is not None:
            go(chosen, page=Page.GLANCE)
            st.rerun()
    if st.button(
        "Upload a manuscript",
        type="secondary" if kept else "primary",
        icon=":material/upload_file:",
    ):
        st.switch_page("pages/analyse.py")
