"""The passage behind a point of a plot, and the steps from one occurrence to the next."""

import re
from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from components.manuscripts import called
from components.measures import Occurrence, excerpt
from components.plots import Book
from components.ui.shared import widgets
from components.ui.shared.address import Page, go


def name_of(book: Book, section: str, what: str) -> str:
    """Return the key under which a section stores what was chosen in it."""
    return f"glance-{section}-{what}-{book.id}"


def choose(book: Book, section: str, *, item: int | None, chapter: int, number: int = 0) -> None:
    """Open an occurrence: of an item of the section's list, in a chapter from 1 (0: any)."""
    if item is not None:
        st.session_state[name_of(book, section, "item")] = item
    st.session_state[name_of(book, section, "chapter")] = chapter
    st.session_state[name_of(book, section, "number")] = number


def choose_chapter(book: Book, section: str, none: str, *, small: bool = False) -> int:
    """Offer the chapters, 0 with the label `none`; return the chosen one, counted from 1."""
    key = name_of(book, section, "chapter")
    st.session_state.setdefault(key, 0)
    return st.selectbox(
        "Chapter",
        range(len(book.glance.stretches) + 1),
        key=key,
        format_func=lambda chapter: book.name(chapter - 1) if chapter else none,
        on_change=st.session_state.__setitem__,
        args=(name_of(book, section, "number"), 0),
        label_visibility="collapsed" if small else "visible",
        width=330 if small else "stretch",
    )


def inside(book: Book, occurrences: Sequence[Occurrence], chapter: int) -> list[Occurrence]:
    """Return the occurrences in a chapter, counted from 1; 0 is the whole book."""
    if not chapter:
        return list(occurrences)
    part = book.glance.stretches[chapter - 1]
    return [occurrence for occurrence in occurrences if part.start <= occurrence[0] < part.end]


def show_excerpt(book: Book, section: str, occurrences: Sequence[Occurrence]) -> None:
    """Show one of `occurrences` with the text around it; lead to its chapter and to the others."""
    key = name_of(book, section, "number")
    if not occurrences:
        widgets.say("Nothing of it in this chapter.")
        return
    count = len(occurrences)
    number = min(st.session_state.get(key, 0), count - 1)
    with widgets.row(f"{key}-steps"):
        turn = partial(st.session_state.__setitem__, key)
        widgets.steps(key, {"back": "Previous", "on": "Next"}, number, count, turn)
        st.html(f'<p class="fr-quiet" role="status">{number + 1:,} of {count:,}</p>')
        icon = ":material/menu_book:"
        if st.button("Read on in the chapter", icon=icon, key=f"{key}-read", type="tertiary"):
            start, end = occurrences[number]
            go(book.id, f"{start}-{end}", page=Page.MANUSCRIPT)
            st.rerun()  # All of the page, and not this section of it.
    st.html(_passage(book, occurrences[number]))


def _passage(book: Book, occurrence: Occurrence) -> str:
    """Return the text around an occurrence as HTML, its sentence and itself marked."""
    text = excerpt(book.manuscript, book.glance, occurrence)
    heading = called(" ".join(text.stretch.heading.split()))
    sentence = (
        f"<span>{_html(text.opening)}<mark>{_html(text.marked)}</mark>{_html(text.closing)}</span>"
    )
    return (
        f'<div class="fr-passage" dir="auto" lang="{escape(book.manuscript.language)}">'
        f"<h3>{escape(heading)}</h3><p>{_html(text.before)}{sentence}{_html(text.after)}</p></div>"
    )


def _html(text: str) -> str:
    paragraphs = re.split(r"\s*\n\s*\n\s*", text)
    return "<br><br>".join(escape(paragraph.replace("\n", " ")) for paragraph in paragraphs)
