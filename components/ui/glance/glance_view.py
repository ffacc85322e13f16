"""A manuscript at a glance: its figures, and the plots that lead into it."""

import streamlit as st

from components.errors import FirstReaderError
from components.measures import Glance, Measure, as_csv
from components.plots import Book
from components.ui.glance import measure_sections as sections
from components.ui.glance.charts import measures_of
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened
from components.ui.shared.download_row import download_row
from components.ui.shared.html_tables import figure_list
from components.ui.shared.problems import show_problem
from components.ui.shared.stored_widget import stored_widget

_VIEWS: dict[str, tuple[Measure, ...]] = {
    "Shape": ("words", "dialogue", "rhythm", "reading_ease"),
    "Names": ("names",),
    "Repetition": ("phrases", "echoes"),
    "Words": ("favourites", "adverbs", "filter_words"),
}

_NO_LANGUAGE = "Language not recognised: only what holds for any language is shown"


def glance_view(opened: Opened) -> None:
    """Show the manuscript at a glance."""
    manuscript = opened.manuscript
    try:
        with st.spinner("Counting"):
            measured = measures_of(manuscript)
    except FirstReaderError as error:
        show_problem(error)
        return
    book = Book(opened.id, manuscript, measured)
    chapters = labels.plural(len(measured.stretches), "chapter")
    length = labels.length(manuscript.words, manuscript.unit)
    code = measured.language.code
    facts = labels.facts(
        labels.language_name(code) if code else _NO_LANGUAGE,
        f"{chapters} measured, without a model",
        f"{measured.book.words:,} of {length}: headings, front and back matter are left out",
    )
    widgets.say(facts, "fr-meta")
    countable = measured.language.spaced or measured.language.unit == "characters"
    if not countable or not measured.sentences:
        widgets.info(
            "Nothing can be counted in this text: its words are not set apart by spaces, or there "
            "are none."
        )
        return
    st.html(_headline(measured))
    with widgets.row("glance-views"):
        view = st.segmented_control(
            "What is measured",
            list(_VIEWS),
            required=True,
            label_visibility="collapsed",
            **stored_widget("glance", "view", "Shape"),
        )
        # The mark lets Excel read it as UTF-8.
        files = {"csv": lambda: "\ufeff" + as_csv(measured)}
        said = {"csv": "Figures of the chapters (CSV)"}
        download_row(manuscript.title, "figures", files, labels=said)
    for measure in _VIEWS[view]:
        sections.show(book, measure)


def _headline(measured: Glance) -> str:
    book, unit = measured.book, measured.language.unit
    median, dialogue = book.sentence_median, book.dialogue
    figures = [
        ("sentences", f"{book.sentences:,}"),
        (f"{unit} in a typical sentence", "none" if median is None else f"{median:.0f}"),
        ("dialogue", "none" if dialogue is None else f"{dialogue:.0%}"),
    ]
    if book.reading_ease is not None:
        figures.append((f"reading ease, grade {book.grade:.0f}", f"{book.reading_ease:.0f}"))
    elif book.lix is not None:
        figures.append(("LIX", f"{book.lix:.0f}"))
    return figure_list(figures, kind="fr-headline", value_first=True)
