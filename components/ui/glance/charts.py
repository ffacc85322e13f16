"""What charts on a page need: the measures of a manuscript, the reader's colors, and clicks."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import streamlit as st

from components.manuscripts import Manuscript
from components.measures import Glance, glance
from components.plots import DARK, LIGHT, Palette

#: The fields of what was clicked.
Picked = Mapping[str, Any]


def _key(manuscript: Manuscript) -> tuple[object, ...]:
    text, chapters = hash(manuscript.text), hash(manuscript.chapters)
    return manuscript.sha256, text, manuscript.language, chapters


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={Manuscript: _key})
def measures_of(manuscript: Manuscript) -> Glance:
    """Return all measures of `manuscript`, cached. Raises: LimitReached."""
    return glance(manuscript)


def palette() -> Palette:
    """Return the colors for the background of the reader's theme."""
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
        fields = event["selection"].get("picked") if event else None
        if fields:
            on_pick(fields[0])

    chart = chart.configure_view(strokeWidth=0).configure_axis(labelColor=palette()["quiet"])
    if height is not None:
        chart = chart.properties(height=height)
    st.altair_chart(chart, key=key, on_select=picked, selection_mode="picked")
