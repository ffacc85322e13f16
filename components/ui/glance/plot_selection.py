"""What the plots of a glance need of Streamlit: the reader's colours, and how a click is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import streamlit as st

from components.measures import Occurrence
from components.plots import DARK, LIGHT, Book, Palette

#: What a click gives: the fields of what was hit.
Picked = Mapping[str, Any]


def palette() -> Palette:
    """Return the colours for the ground of the reader's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def draw(
    chart: alt.Chart | alt.LayerChart,
    key: str,
    *,
    height: int | None = None,
    on_pick: Callable[[Picked], None],
) -> None:
    """Draw a chart that has a selection called `picked`; a click calls `on_pick`.

    Without a `height` in pixels, its own is kept.
    """

    def picked() -> None:
        event = st.session_state.get(key)
        found = event["selection"].get("picked") if event else None
        if found:
            on_pick(found[0])

    chart = chart.configure_view(strokeWidth=0).configure_axis(labelColor=palette()["quiet"])
    if height is not None:
        chart = chart.properties(height=height)
    st.altair_chart(chart, key=key, on_select=picked, selection_mode="picked")


def places_in(book: Book, places: tuple[Occurrence, ...], chapter: int) -> list[Occurrence]:
    """Return the places in a chapter, counted from 1; 0 is the whole book."""
    if not chapter:
        return list(places)
    part = book.glance.stretches[chapter - 1]
    return [place for place in places if part.start <= place[0] < part.end]
