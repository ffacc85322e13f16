"""The comparisons of a manuscript that there are, to be opened again."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.store import Kind, Series
from components.ui.compare.compared_columns import ComparedColumn, columns_of_each, is_of_books
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

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
    with st.expander(labels.plural(len(others), "other comparison"), icon=":material/history:"):
        columns = columns_of_each(visit.shelf, others[:_SHOWN])
        for other in others[:_SHOWN]:
            if st.button(labels.plain(other.name), key=f"earlier-{other.id}", type="tertiary"):
                go(manuscript_id, other.id, page=Page.COMPARISON)
                st.rerun()
            facts = escape(_facts(other, columns[other.id], blind=blind))
            st.html(f'<p class="fr-quiet fr-under">{facts}</p>')


def _facts(comparison: Series, columns: Sequence[ComparedColumn], *, blind: bool) -> str:
    if comparison.is_blind:
        names = f"{len(columns)} models, not judged yet"
    elif blind:
        names = labels.plural(len(columns), "model")
    else:
        names = " and ".join(column.model for column in columns)
    what = "the whole book · " if is_of_books(comparison) else ""
    return f"{what}{names} · {labels.date(comparison.created)}"
