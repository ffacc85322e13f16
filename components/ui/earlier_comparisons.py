"""The comparisons of a manuscript that there are, to be opened again."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.store import Kind, Series
from components.ui import words
from components.ui.address import Page, go
from components.ui.compared import columns_of, is_of_books
from components.ui.visit import Visit

_SHOWN = 20


def earlier_comparisons(visit: Visit, manuscript_id: str, shown: Series | None) -> None:
    """List the comparisons of a manuscript, but for the one that is shown.

    While that is blind, no model is named: the others are mostly of the same models.
    """
    blind = shown is not None and shown.is_blind
    others = [
        one
        for one in visit.shelf.series.all(Kind.COMPARISON)
        if one.manuscript_id == manuscript_id and (shown is None or one.id != shown.id)
    ]
    if not others:
        return
    with st.expander(words.plural(len(others), "other comparison"), icon=":material/history:"):
        for one in others[:_SHOWN]:
            if st.button(words.plain(one.name), key=f"earlier-{one.id}", type="tertiary"):
                go(manuscript_id, one.id, page=Page.COMPARISON)
                st.rerun()
            st.html(f'<p class="fr-quiet fr-under">{escape(_facts(visit, one, blind=blind))}</p>')


def _facts(visit: Visit, comparison: Series, *, blind: bool) -> str:
    columns = columns_of(visit.shelf, comparison)
    if comparison.is_blind:
        names = f"{len(columns)} models, not judged yet"
    elif blind:
        names = words.plural(len(columns), "model")
    else:
        names = " and ".join(one.model for one in columns)
    what = "the whole book · " if is_of_books(comparison) else ""
    return f"{what}{names} · {words.date(comparison.created)}"
