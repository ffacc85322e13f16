"""The shape of a book: length, dialogue, sentences and readability of each chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from components.measures import ChapterFigures, Measure, Occurrence
from components.plots import Book, measure_charts
from components.ui.glance.glance_excerpt import (
    choose,
    choose_chapter,
    chosen_chapter,
    name_of,
    show_places,
)
from components.ui.glance.measure_heading import heading
from components.ui.glance.plot_selection import Picked, draw, palette, places_in

#: Pixels of a plot.
_HEIGHT = 120
#: Long sentences that are offered of a chapter.
_LONG = 20


@st.fragment
def length(book: Book) -> None:
    """Show the words of each chapter; a click opens its beginning."""
    chapters = book.glance.chapters
    values = [chapter.words for chapter in chapters]
    table = {"Words": values, "Sentences": [chapter.sentences for chapter in chapters]}
    if _head(book, "words", table, "Read the beginning of"):
        _bars(book, "words", values, what="Words", form=",d")
        if chapter := chosen_chapter(book, "words"):
            show_places(book, "words", places_in(book, book.glance.sentences, chapter)[:1])


@st.fragment
def dialogue(book: Book) -> None:
    """Show how much of each chapter is said aloud; a click opens what is said."""
    values = [chapter.dialogue for chapter in book.glance.chapters]
    table = {"Dialogue, %": [_percent(value) for value in values]}
    if not _head(book, "dialogue", table, "Read what is said in"):
        return
    speech = book.glance.speech
    if speech.told:
        st.info(
            f"This book is told inside quotation marks: {speech.quoted_share:.0%} of it stands "
            "within the outer ones. The teller’s own words count as narrative here; dialogue is "
            "what stands in marks of the other kind inside them, and what others say outside.",
            icon=":material/format_quote:",
        )
    if not speech.marks:
        st.html('<p class="fr-quiet">No quotation marks and no dashes of dialogue were found.</p>')
        return
    _bars(book, "dialogue", values, what="Dialogue", form=".0%")
    if chapter := chosen_chapter(book, "dialogue"):
        show_places(book, "dialogue", places_in(book, speech.spans, chapter))


@st.fragment
def rhythm(book: Book) -> None:
    """Show the lengths of sentences along the book; a click opens that place."""
    chapters = book.glance.chapters
    table = {
        "Median, words": [chapter.sentence_median for chapter in chapters],
        "First quartile": [chapter.sentence_low for chapter in chapters],
        "Third quartile": [chapter.sentence_high for chapter in chapters],
    }
    if not _head(book, "rhythm", table, "Longest sentences of"):
        return
    draw(
        measure_charts.rhythm(book, measure_charts.rhythm_points(book), palette()),
        name_of(book, "rhythm", "chart"),
        height=_HEIGHT + 40,
        on_pick=partial(_pick_sentence, book),
    )
    sentence = st.session_state.get(name_of(book, "rhythm", "sentence"))
    if chapter := chosen_chapter(book, "rhythm"):
        show_places(book, "rhythm", _longest(book, chapter))
    elif sentence is not None:
        last = sentence + measure_charts.sentences_per_point(book)
        show_places(book, "rhythm", book.glance.sentences[sentence:last])


@st.fragment
def ease(book: Book) -> None:
    """Show how hard each chapter is to read; a click opens its longest sentences."""
    chapters = book.glance.chapters
    english = book.glance.holds("reading_ease")
    values = [chapter.reading_ease if english else chapter.lix for chapter in chapters]
    name = "Reading ease" if english else "LIX"
    table = {name: [_rounded(value) for value in values]}
    if english:
        table["Flesch-Kincaid grade"] = [_rounded(chapter.grade) for chapter in chapters]
        table["LIX"] = [_rounded(chapter.lix) for chapter in chapters]
    measure: Measure = "reading_ease" if english else "lix"
    if not _head(book, measure, table, "Longest sentences of"):
        return
    if not any(value is not None for value in values):
        st.html('<p class="fr-quiet">No chapter has a hundred words.</p>')
        return
    _bars(book, measure, values, what=name, form=".0f")
    if chapter := chosen_chapter(book, measure):
        show_places(book, measure, _longest(book, chapter))


def per_thousand(
    book: Book, measure: Measure, values: Callable[[ChapterFigures], float | None], name: str
) -> bool:
    """Show a rate of each chapter; a click sets the chapter that the section's list is of."""
    found = [values(chapter) for chapter in book.glance.chapters]
    table = _with_chapters(book, {f"{name}, per thousand words": [_rounded(one) for one in found]})
    if not heading(book.glance, measure, table):
        return False
    if any(found):
        _bars(book, measure, found, what=f"{name} in a thousand words", form=".1f")
    return True


def _head(
    book: Book, measure: Measure, table: Mapping[str, Sequence[float | None]], offer: str
) -> bool:
    return heading(
        book.glance,
        measure,
        _with_chapters(book, table),
        partial(_offer, book, measure, offer),
    )


def _offer(book: Book, section: str, offer: str) -> None:
    choose_chapter(book, section, f"{offer} a chapter", small=True)


def _with_chapters(
    book: Book, table: Mapping[str, Sequence[float | None]]
) -> dict[str, Sequence[object]]:
    names = [book.name(number) for number in range(len(book.glance.stretches))]
    return {"Chapter": names, **table}


def _bars(
    book: Book, section: str, values: Sequence[float | None], *, what: str, form: str
) -> None:
    draw(
        measure_charts.bars(book, values, section, palette(), what=what, form=form),
        name_of(book, section, "chart"),
        height=_HEIGHT,
        on_pick=partial(_pick, book, section),
    )


def _pick(book: Book, section: str, picked: Picked) -> None:
    choose(book, section, item=None, chapter=int(picked["chapter"]))


def _pick_sentence(book: Book, picked: Picked) -> None:
    st.session_state[name_of(book, "rhythm", "sentence")] = int(picked["sentence"])
    choose(book, "rhythm", item=None, chapter=0)


def _longest(book: Book, chapter: int) -> list[Occurrence]:
    """Return the longest sentences of a chapter, the longest first."""
    part = book.glance.stretches[chapter - 1]
    inside = [
        (-length, place)
        for place, length in zip(book.glance.sentences, book.glance.lengths, strict=True)
        if part.start <= place[0] < part.end
    ]
    return [place for _, place in sorted(inside)[:_LONG]]


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
