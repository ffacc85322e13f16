"""What charts on a page need: the measures of a manuscript, the reader's colors, and clicks."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import streamlit as st

from components.manuscripts import Manuscript
from components.measures import Glance, glance
from components.plots import DARK, LIGHT, Book, Palette

#: The fields of what was clicked.
Picked = Mapping[str, Any]

#: A chart as Vega-Lite.
Spec = dict[str, Any]


def _key(manuscript: Manuscript) -> tuple[object, ...]:
    text, chapters = hash(manuscript.text), hash(manuscript.chapters)
    return manuscript.sha256, text, manuscript.language, chapters


#: What a manuscript and a book are cached by, where a cached function is given them.
BY_TEXT: dict[str | type[Any], Callable[[Any], Any]] = {
    Manuscript: _key,
    Book: lambda book: (book.id, _key(book.manuscript)),
}


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=BY_TEXT)
def measures_of(manuscript: Manuscript) -> Glance:
    """Return all measures of `manuscript`, cached. Raises: LimitReached."""
    return glance(manuscript)


def palette() -> Palette:
    """Return the colors for the background of the reader's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def draw(spec: Spec, key: str, on_pick: Callable[[Picked], None]) -> None:
    """Draw what `spec_of` returned, with a selection called `picked`; a click calls `on_pick`."""

    def picked() -> None:
        event = st.session_state.get(key)
        fields = event["selection"].get("picked") if event else None
        if fields:
            on_pick(fields[0])

    st.vega_lite_chart(spec=spec, key=key, on_select=picked, selection_mode="picked")


def spec_of(chart: alt.Chart | alt.LayerChart, height: int | None = None) -> Spec:
    """Return a chart as Vega-Lite; making one of 400 chapters takes a quarter of a second.

    Without a `height` in pixels, its own is kept.
    """
    chart = chart.configure_axis(labelColor=palette()["quiet"])
    spec: Spec = (chart if height is None else chart.properties(height=height)).to_dict()
    spec["config"]["view"] = {"strokeWidth": 0}  # Without the sizes that Altair's theme has there.
    return spec
