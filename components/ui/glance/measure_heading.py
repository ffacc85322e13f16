"""The heading of a figure, with what it means and how it is made one click away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.measures import DEFINITIONS, Glance, Measure
from components.ui.shared.labels import plain


def heading(
    glance: Glance,
    measure: Measure,
    table: Mapping[str, Sequence[object]] | None = None,
    beside: Callable[[], None] | None = None,
) -> bool:
    """Show the heading of a measure and its definition; return whether it holds for this book.

    Where it does not, a line says so, and nothing of it is to be shown. `table` has the figures of
    the plot as columns; `beside` draws what stands at the end of the line.
    """
    definition = DEFINITIONS[measure]
    holds = definition.holds_for(glance.language)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"glance-head-{measure}"
    ):
        st.header(definition.name, anchor=False, width="content")
        with st.popover("What is this", icon=":material/help:", type="tertiary"):
            st.write(f"**{plain(definition.meaning)}**")
            st.write(plain(definition.rule))
            st.caption(f"Source: {plain(definition.source)} Holds for {plain(definition.where)}.")
        if holds and table:
            with st.popover("As a table", icon=":material/table:", type="tertiary"):
                st.dataframe(table, hide_index=True, width=620)
        if holds and beside is not None:
            beside()
    if not holds:
        st.html(f'<p class="fr-quiet">{_not_here(glance, definition.where)}</p>')
    return holds


def language_line(glance: Glance) -> str:
    """Say which language the measures take the book to be in, and how that is known."""
    language = glance.language
    if not language.code:
        return "Language not recognised: only what holds for any language is shown"
    known = "as the file says" if language.stated else "by its commonest words"
    return f"{language.name or language.code}, {known}"


def _not_here(glance: Glance, where: str) -> str:
    language = glance.language
    if not language.spaced:
        return "Not shown: words of this script are not set apart by spaces."
    book = f"this book is {language.name}" if language.code else "the language is not known"
    return f"Not shown: it holds for {where}, and {book if language.latin else 'not this script'}."
