"""What all plots of a glance share: one chapter axis, the colours, and how a click is read.

Chapters have the same width, whatever their length, so that each can be hit and named; a place
inside a chapter stands at its share of it. The space left of the axis is the same everywhere, so
that chapter 12 is above chapter 12.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from components.manuscripts import Manuscript
from components.measures import Glance, Place, stretch_at

#: Pixels for what stands left of the axis.
LEFT = 132

#: One hue for each thing, told apart with every kind of colour vision (Okabe and Ito, made darker
#: on paper and lighter in the dark, where they have at least 3:1 to the ground).
_LIGHT = {
    "words": "#5b554d",
    "dialogue": "#0a6aa8",
    "rhythm": "#a85b00",
    "reading_ease": "#00795a",
    "lix": "#00795a",
    "names": "#8d3b72",
    "phrases": "#0a6aa8",
    "echoes": "#a85b00",
    "favourites": "#00795a",
    "adverbs": "#5b554d",
    "filter_words": "#8d3b72",
    "ink": "#2a2521",
    "paper": "#f2ecdf",
}
_DARK = {
    "words": "#b3a999",
    "dialogue": "#62b5e8",
    "rhythm": "#e6a23c",
    "reading_ease": "#3cc09a",
    "lix": "#3cc09a",
    "names": "#d790b8",
    "phrases": "#62b5e8",
    "echoes": "#e6a23c",
    "favourites": "#3cc09a",
    "adverbs": "#b3a999",
    "filter_words": "#d790b8",
    "ink": "#ece4d6",
    "paper": "#292521",
}

#: Chapters named under a plot, at most.
_NAMED = 25

#: What a click gives: the fields of what was hit.
Picked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Book:
    """The manuscript that is looked at, its address and its measures."""

    id: str
    manuscript: Manuscript
    glance: Glance

    def position(self, at: int) -> float:
        """Return where the character `at` stands on the axis."""
        number = stretch_at(self.glance, at)
        part = self.glance.stretches[number]
        return number + 0.5 + (at - part.start) / max(part.end - part.start, 1)


def colour(of: str) -> str:
    """Return the colour of a thing on the ground of the reader's theme."""
    return (_DARK if st.context.theme.type == "dark" else _LIGHT)[of]


def chapter_axis(book: Book, field: str) -> alt.X:
    """Return the axis along the book for a quantitative `field`."""
    parts = book.glance.stretches
    # An expression: only letters, digits, spaces and full stops of ours may come into it.
    labels = json.dumps([re.sub(r"[^A-Za-z0-9.§ ]", "", part.short) for part in parts])
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[0.5, len(parts) + 0.5], nice=False, zero=False),
        axis=alt.Axis(
            values=_named(len(parts)),
            labelExpr=f"{labels}[datum.value - 1]",
            labelOverlap="greedy",
            labelFlush=False,
            labelSeparation=4,
            grid=False,
            ticks=False,
            domain=True,
        ),
    )


def _named(count: int) -> list[int]:
    """Return which chapters are named under the plots, the same in all of them."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, count) if count <= _NAMED * step)
    return list(range(1, count + 1, step)) if step < 5 else [1, *range(step, count + 1, step)]


def left_axis(**more: Any) -> alt.Axis:
    """Return the axis on the left, as wide as everywhere."""
    return alt.Axis(
        minExtent=LEFT, maxExtent=LEFT, labelLimit=LEFT - 14, labelFlush=False, title=None, **more
    )


def draw(
    chart: alt.Chart | alt.LayerChart, key: str, *, height: int, on_pick: Callable[[Picked], None]
) -> None:
    """Draw a chart that has a selection called `picked`; a click calls `on_pick`."""

    def picked() -> None:
        event = st.session_state.get(key)
        found = event["selection"].get("picked") if event else None
        if found:
            on_pick(found[0])

    chart = chart.configure_view(strokeWidth=0).properties(height=height)
    st.altair_chart(chart, key=key, on_select=picked, selection_mode="picked")


def places_in(book: Book, places: tuple[Place, ...], chapter: int) -> list[Place]:
    """Return the places in a chapter, counted from 1; 0 is the whole book."""
    if not chapter:
        return list(places)
    part = book.glance.stretches[chapter - 1]
    return [place for place in places if part.start <= place[0] < part.end]
