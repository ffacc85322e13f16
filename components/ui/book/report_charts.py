"""The whole book on one chapter axis: what the model thinks of each passage, and what is counted.

A click on a point, a bar or a field opens its passage under the group of plots that was clicked;
whoever uses the keyboard chooses it from the list that stands there, or reads the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import altair as alt
import streamlit as st

from components.errors import FirstReaderError
from components.evidence import Index
from components.plots import (
    Book,
    Panel,
    Point,
    counts,
    coverage,
    draw_panel,
    draw_presence,
    opinions,
    passage_points,
    presence,
    whose,
)
from components.reports import Report
from components.ui.answer.quote_marks import Marking
from components.ui.book.report_point import point_html, point_table
from components.ui.glance.cached_measures import measures_of
from components.ui.glance.plot_selection import Picked, draw, palette
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: The groups of plots, under each of which its passage opens.
_GROUPS = ("scores", "people", "counted")


@dataclass(frozen=True, slots=True)
class _Look:
    """What the plots of one report are drawn of; `index` looks the model's sentences up."""

    report: Report
    book: Book
    points: tuple[Point, ...]
    index: Index

    def key(self, what: str) -> str:
        """Return the name under which something of these plots is kept."""
        return f"report-{what}-{self.report.id}"


def report_charts(visit: Visit, report: Report) -> None:
    """Show the plots of a report, as far as it has come."""
    try:
        with st.spinner("Counting"):
            measured = measures_of(report.manuscript)
    except FirstReaderError as error:
        show_problem(error)
        return
    manuscript_id = report.series.manuscript_id
    index = Marking(visit).index(manuscript_id)
    if index is None:
        index = Index(report.manuscript)
    book = Book(manuscript_id, report.manuscript, measured)
    _charts(_Look(report, book, passage_points(book, report), index))


@st.fragment
def _charts(look: _Look) -> None:
    found = look.points
    scored = any(one.scores is not None for one in found)
    st.header("What the model thinks of each passage", anchor=False)
    if not found:
        _quiet("No scores were asked for in this report, so there is only what is counted.")
    elif not scored:
        waiting = sum(one.is_waiting for one in found)
        _quiet(
            f"No scores yet. The model gives them passage by passage: {waiting:,} to come."
            if waiting
            else "No passage has scores that can be used. Nothing is drawn in their place."
        )
    else:
        _quiet(f"{whose(look.report.setting.model)} {coverage(found)} A click opens the passage.")
        _panels(look, "scores", opinions(found))
        _opened(look, "scores")
        _people(look)
    _counted(look)
    if found:
        with st.expander("Scores as a table", icon=":material/table:"):
            st.dataframe(point_table(found, look.index), hide_index=True)


def _people(look: _Look) -> None:
    named = presence(look.book, look.points, look.index)
    st.header("Characters that the model names", anchor=False)
    if not named.people:
        _quiet("The model named no characters.")
        return
    more = named.total - len(named.people)
    said = "Names are joined by case, title and surname only."
    if more:
        said += f" The {len(named.people)} in most chapters are shown, {more:,} more are not."
    if any(not one.is_known for one in named.people):
        said += " Some stand nowhere in the manuscript, and are marked."
    _quiet(said)
    _draw(look, "people", "people", draw_presence(look.book, named, palette()))
    _opened(look, "people")


def _counted(look: _Look) -> None:
    st.header("What is counted, for comparison", anchor=False)
    panels = counts(look.book, look.points)
    if not panels:
        _quiet("Nothing can be counted in this text.")
        return
    _quiet("Counted without a model: the same text gives the same figures.")
    _panels(look, "counted", panels)
    _opened(look, "counted")


def _panels(look: _Look, group: str, panels: Sequence[Panel]) -> None:
    with st.container(gap="small", key=look.key(f"panels-{group}")):
        for panel in panels:
            _draw(look, group, panel.key, draw_panel(look.book, panel, palette()))


def _draw(look: _Look, group: str, name: str, chart: alt.LayerChart) -> None:
    pick = partial(_pick, look, group)
    draw(chart, look.key(f"chart-{name}"), on_pick=pick)


def _pick(look: _Look, group: str, picked: Picked) -> None:
    number = int(picked["point"])
    st.session_state[look.key("group")] = group
    st.session_state[look.key("point")] = number if 0 <= number < len(look.points) else None
    st.session_state[look.key("unread")] = number < 0


def _opened(look: _Look, group: str) -> None:
    """Show the chosen passage, under the group of plots where it was chosen."""
    found = look.points
    if not found or st.session_state.get(look.key("group"), _first(look)) != group:
        return
    if st.session_state.get(look.key("unread")):
        _quiet("No passage of this chapter was to be scored.")
    number = st.selectbox(
        "Passage",
        range(len(found)),
        index=None,
        key=look.key("point"),
        placeholder="Choose a passage, or click a plot",
        format_func=lambda one: found[one].name,
        on_change=_chosen,
        args=(look, group),
    )
    if number is not None:
        st.html(point_html(look.book, found[number], look.index, look.report.setting.model))


def _chosen(look: _Look, group: str) -> None:
    st.session_state[look.key("group")] = group
    st.session_state[look.key("unread")] = False


def _first(look: _Look) -> str:
    scored = any(point.scores is not None for point in look.points)
    return _GROUPS[0] if scored else _GROUPS[-1]


def _quiet(said: str) -> None:
    st.html(f'<p class="fr-quiet">{escape(said)}</p>')
