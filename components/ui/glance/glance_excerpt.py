"""The passage behind a point of a plot, and the steps from one place to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from components.manuscripts import called
from components.measures import Occurrence, excerpt
from components.plots import Book

_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")


def name_of(book: Book, section: str, what: str) -> str:
    """Return the name under which a section keeps what was chosen in it."""
    return f"glance-{section}-{what}-{book.id}"


def choose(book: Book, section: str, *, item: int | None, chapter: int, number: int = 0) -> None:
    """Open a place: of an item of the section's list, in a chapter counted from 1 (0: any)."""
    if item is not None:
        st.session_state[name_of(book, section, "item")] = item
    st.session_state[name_of(book, section, "chapter")] = chapter
    st.session_state[name_of(book, section, "number")] = number


def chosen_chapter(book: Book, section: str) -> int:
    """Return the chapter that is open in a section, counted from 1; 0 where none is."""
    return int(st.session_state.get(name_of(book, section, "chapter"), 0))


def choose_chapter(book: Book, section: str, none: str, *, small: bool = False) -> int:
    """Offer the chapters, 0 with the label `none`; return the chosen one, counted from 1."""
    key = name_of(book, section, "chapter")
    st.session_state.setdefault(key, 0)
    return st.selectbox(
        "Chapter",
        range(len(book.glance.stretches) + 1),
        key=key,
        format_func=lambda one: book.name(one - 1) if one else none,
        on_change=_first,
        args=(name_of(book, section, "number"),),
        label_visibility="collapsed" if small else "visible",
        width=330 if small else "stretch",
    )


def show_places(book: Book, section: str, places: Sequence[Occurrence]) -> None:
    """Show one of `places` with its passage, and buttons to the others."""
    key = name_of(book, section, "number")
    if not places:
        st.html('<p class="fr-quiet">Nothing of it in this chapter.</p>')
        return
    number = min(st.session_state.get(key, 0), len(places) - 1)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-steps"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key=f"{key}-back",
            disabled=number == 0,
            on_click=_to,
            args=(key, number - 1),
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            key=f"{key}-on",
            disabled=number == len(places) - 1,
            on_click=_to,
            args=(key, number + 1),
        )
        st.html(f'<p class="fr-quiet" role="status">{number + 1:,} of {len(places):,}</p>')
    st.html(passage_html(book, places[number]))


def passage_html(book: Book, place: Occurrence) -> str:
    """Return the passage around `place` as HTML, its sentence and the place marked."""
    found = excerpt(book.manuscript, book.glance, place)
    heading = called(" ".join(found.stretch.heading.split()))
    sentence = (
        f"<span>{_html(found.opening)}<mark>{_html(found.marked)}</mark>{_html(found.closing)}"
        "</span>"
    )
    before = ("… " if found.cut_before else "") + _html(found.before)
    after = _html(found.after) + (" …" if found.cut_after else "")
    return (
        f'<div class="fr-passage"><h3>{escape(heading)}</h3><p>{before}{sentence}{after}</p></div>'
    )


def _html(text: str) -> str:
    return "<br><br>".join(escape(re.sub(r"\n", " ", part)) for part in _PARAGRAPH.split(text))


def _to(key: str, number: int) -> None:
    st.session_state[key] = number


def _first(key: str) -> None:
    st.session_state[key] = 0
