"""The whole book on one chapter axis: what the model thinks of each passage, and what is counted.

A click on a point, a bar or a field opens its passage under the group of plots that was clicked;
whoever uses the keyboard chooses it from the list that stands there, or reads the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import altair as alt
import streamlit as st

from components import plots
from components.evidence import Index
from components.plots import Ground, ground_of
from components.reports import Report
from components.ui.answer.quote_marks import Marking
from components.ui.glance.charts import Picked, draw, measures_of, palette, spec_of
from components.ui.report.report_answers import GROUNDS, SCORE_TITLES, no_scores, scores_html
from components.ui.shared import labels, widgets
from components.ui.shared.address import passage_link
from components.ui.shared.problems import problems_shown
from components.ui.shared.visit import Visit


@dataclass(frozen=True, slots=True)
class _Plotted:
    """What the plots of one report are drawn of; `index` looks the model's sentences up."""

    report: Report
    book: plots.Book
    points: tuple[plots.Point, ...]
    index: Index

    @property
    def has_scores(self) -> bool:
        return any(point.scores is not None for point in self.points)

    def key(self, what: str) -> str:
        """Return the key under which the session stores something of these plots."""
        return f"report-{what}-{self.report.id}"


def report_charts(visit: Visit, report: Report) -> None:
    """Show the plots of a report, as far as it has come."""
    with problems_shown():
        with st.spinner("Counting"):
            measured = measures_of(report.manuscript)
        index = Marking(visit, report).index_of(report)
        book = plots.Book(report.series.manuscript_id, report.manuscript, measured)
        _charts(_Plotted(report, book, plots.passage_points(book, report), index))


@st.fragment
def _charts(plotted: _Plotted) -> None:
    points = plotted.points
    st.header("What the model thinks of each passage", anchor=False)
    if plotted.has_scores:
        model = plots.whose(plotted.report.setting.model)
        widgets.say(f"{model} {plots.coverage(points)} A click opens the passage.")
        _panels(plotted, "scores", plots.opinions(points))
        _people(plotted)
    else:
        waiting = sum(point.is_waiting for point in points)
        why = "No passage has scores that can be used. Nothing is drawn in their place."
        if not points:
            why = "No scores were asked for in this report, so there is only what is counted."
        elif waiting:
            why = f"No scores yet. The model gives them passage by passage: {waiting:,} to come."
        widgets.say(why)
    st.header("What is counted, for comparison", anchor=False)
    panels = plots.counts(plotted.book, points)
    if panels:
        widgets.say("Counted without a model: the same text gives the same figures.")
        _panels(plotted, "counted", panels)
    else:
        widgets.say("Nothing can be counted in this text.")
    if points:
        with st.expander("Scores as a table", icon=":material/table:"):
            st.dataframe(_columns(points, plotted.index), hide_index=True)


def _people(plotted: _Plotted) -> None:
    named = plots.presence(plotted.book, plotted.points, plotted.index)
    st.header("Characters that the model names", anchor=False)
    if not named.people:
        widgets.say("The model named no characters.")
        return
    about = "Names are joined by case, title and surname only."
    if more := named.total - len(named.people):
        about += f" The {len(named.people)} in most chapters are shown, {more:,} more are not."
    if not all(person.is_known for person in named.people):
        about += " Some stand nowhere in the manuscript, and are marked."
    widgets.say(about)
    _draw(plotted, "people", "people", plots.draw_presence(plotted.book, named, palette()))
    _passage(plotted, "people")


def _panels(plotted: _Plotted, group: str, panels: Sequence[plots.Panel]) -> None:
    with st.container(gap="small", key=plotted.key(f"panels-{group}")):
        for panel in panels:
            _draw(plotted, group, panel.key, plots.draw_panel(plotted.book, panel, palette()))
    _passage(plotted, group)


def _draw(plotted: _Plotted, group: str, name: str, chart: alt.LayerChart) -> None:
    draw(spec_of(chart), plotted.key(f"chart-{name}"), partial(_pick, plotted, group))


def _pick(plotted: _Plotted, group: str, picked: Picked) -> None:
    number = int(picked["point"])
    st.session_state[plotted.key("point")] = number if 0 <= number < len(plotted.points) else None
    _open(plotted, group, is_unread=number < 0)


def _open(plotted: _Plotted, group: str, *, is_unread: bool = False) -> None:
    st.session_state[plotted.key("group")] = group
    st.session_state[plotted.key("unread")] = is_unread


def _passage(plotted: _Plotted, group: str) -> None:
    """Show the chosen passage, under the group of plots where it was chosen."""
    points = plotted.points
    first = "scores" if plotted.has_scores else "counted"
    if not points or st.session_state.get(plotted.key("group"), first) != group:
        return
    if st.session_state.get(plotted.key("unread")):
        widgets.say("No passage of this chapter was to be scored.")
    number = st.selectbox(
        "Passage",
        range(len(points)),
        index=None,
        key=plotted.key("point"),
        placeholder="Choose a passage, or click a plot",
        format_func=lambda at: points[at].name,
        on_change=_open,
        args=(plotted, group),
    )
    if number is not None:
        point, model = points[number], plotted.report.setting.model
        link = f"<p>{passage_link(f'Read {point.name}', plotted.book.id, point.start)}</p>"
        opinion = labels.line(f"All of it is the opinion of {model}.") if point.scores else ""
        scored, head = plotted.report.scores[number], f"<h3>{escape(point.name)}</h3>"
        st.html(scores_html(scored, plotted.index, head=head, link=link + opinion))


def _columns(points: Sequence[plots.Point], index: Index) -> dict[str, list[object]]:
    """Return the scores as columns, a row for each passage."""
    scores = [point.scores for point in points]
    columns: dict[str, list[object]] = {"Passage": [point.name for point in points]}
    for name, title in SCORE_TITLES.items():
        columns[title] = [score and getattr(score, name) for score in scores]
    columns["Characters"] = [", ".join(score.characters) if score else "" for score in scores]
    columns["Summary"] = [
        point.scores.summary if point.scores else no_scores(point.step) for point in points
    ]
    grounds = (ground_of(point.scores, (point.start, point.end), index) for point in points)
    columns["Sentence"] = [_in_short(ground) for ground in grounds]
    return columns


def _in_short(ground: Ground | None) -> str:
    if ground is None:
        return ""
    return "found" if ground.state == "found" else GROUNDS[ground.state].split(":")[0].capitalize()
