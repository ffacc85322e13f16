"""The page "At a glance": a manuscript's figures, and the plots that lead into it."""

import streamlit as st

from components.errors import FirstReaderError
from components.measures import Glance, Measure, as_csv
from components.plots import Book
from components.ui.glance import measure_sections as sections
from components.ui.glance.charts import measures_of
from components.ui.shared import labels
from components.ui.shared.address import Page, go, leave, open_address
from components.ui.shared.html_tables import figure_list
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_VIEWS: dict[str, tuple[Measure, ...]] = {
    "Shape": ("words", "dialogue", "rhythm", "reading_ease"),
    "Names": ("names",),
    "Repetition": ("phrases", "echoes"),
    "Words": ("favourites", "adverbs", "filter_words"),
}


def glance_view(visit: Visit) -> None:
    """Show the manuscript of the address at a glance; without one, offer the library's."""
    opened = open_address(visit, Page.GLANCE)
    if opened is None:
        _choose(visit)
        return
    manuscript = opened.manuscript
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
    book = Book(opened.id, manuscript, measured)
    counted = f"{labels.plural(len(measured.stretches), 'chapter')} counted, without a model"
    st.html(labels.line(labels.facts(sections.language_line(measured), counted), "fr-meta"))
    countable = measured.language.spaced or measured.language.unit == "characters"
    if not countable or not measured.sentences:
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
    for measure in _VIEWS[view or "Shape"]:
        sections.show(book, measure)


def _headline(measured: Glance) -> str:
    book, unit = measured.book, measured.language.unit
    median, dialogue = book.sentence_median, book.dialogue
    figures = [
        (unit, f"{book.words:,}"),
        ("sentences", f"{book.sentences:,}"),
        (f"{unit} in the median sentence", "none" if median is None else f"{median:.0f}"),
        ("dialogue", "none" if dialogue is None else f"{dialogue:.0%}"),
    ]
    if book.reading_ease is not None:
        figures.append((f"reading ease, grade {book.grade:.0f}", f"{book.reading_ease:.0f}"))
    elif book.lix is not None:
        figures.append(("LIX", f"{book.lix:.0f}"))
    return figure_list(figures, kind="fr-headline", value_first=True)


def _choose(visit: Visit) -> None:
    st.title("At a glance", anchor=False)
    st.html(
        '<p class="fr-lead">What can be counted in a book without a model: length, dialogue, the '
        "rhythm of sentences, names, repetition, favourite words. Each plot leads to the passage."
        "</p>"
    )
    titles = {
        manuscript.id: labels.facts(
            manuscript.title, labels.length(manuscript.words, manuscript.unit)
        )
        for manuscript in visit.shelf.manuscripts.all()
    }
    if titles:
        chosen = st.selectbox(
            "Manuscript from the library",
            list(titles),
            index=None,
            placeholder="Choose a manuscript",
            format_func=titles.__getitem__,
        )
        if chosen is not None:
            go(chosen, page=Page.GLANCE)
            st.rerun()
    if st.button(
        "Upload a manuscript",
        type="secondary" if titles else "primary",
        icon=":material/upload_file:",
    ):
        st.switch_page("pages/analyse.py")
