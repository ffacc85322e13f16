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
from components.errors import FirstReaderError
from components.evidence import Index
from components.plots import Ground, ground_of
from components.reports import SCALES, Report, Scores
from components.ui.answer.quote_marks import Marking
from components.ui.glance.charts import Picked, draw, measures_of, palette
from components.ui.shared.address import passage_link
from components.ui.shared.html_tables import figure_list
from components.ui.shared.labels import line
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_SCALES = {
    "tension": "Tension",
    "valence": "Valence, −5 to 5",
    "pace": "Pace",
    "conflict": "Conflict",
}

_GROUNDS = {
    "found": "Found in the manuscript, in this passage.",
    "elsewhere": "Found in the manuscript, but outside this passage.",
    "signs": "Only the punctuation differs from the manuscript.",
    "missing": "Not found in the manuscript: these may be the model’s own words.",
}


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
    book = plots.Book(manuscript_id, report.manuscript, measured)
    _charts(_Plotted(report, book, plots.passage_points(book, report), index))


@st.fragment
def _charts(plotted: _Plotted) -> None:
    points = plotted.points
    st.header("What the model thinks of each passage", anchor=False)
    if plotted.has_scores:
        model = plots.whose(plotted.report.setting.model)
        st.html(line(f"{model} {plots.coverage(points)} A click opens the passage."))
        _panels(plotted, "scores", plots.opinions(points))
        _people(plotted)
    else:
        waiting = sum(point.is_waiting for point in points)
        why = "No passage has scores that can be used. Nothing is drawn in their place."
        if not points:
            why = "No scores were asked for in this report, so there is only what is counted."
        elif waiting:
            why = f"No scores yet. The model gives them passage by passage: {waiting:,} to come."
        st.html(line(why))
    st.header("What is counted, for comparison", anchor=False)
    panels = plots.counts(plotted.book, points)
    if panels:
        st.html(line("Counted without a model: the same text gives the same figures."))
        _panels(plotted, "counted", panels)
    else:
        st.html(line("Nothing can be counted in this text."))
    if points:
        with st.expander("Scores as a table", icon=":material/table:"):
            st.dataframe(_columns(points, plotted.index), hide_index=True)


def _people(plotted: _Plotted) -> None:
    named = plots.presence(plotted.book, plotted.points, plotted.index)
    st.header("Characters that the model names", anchor=False)
    if not named.people:
        st.html(line("The model named no characters."))
        return
    about = "Names are joined by case, title and surname only."
    if more := named.total - len(named.people):
        about += f" The {len(named.people)} in most chapters are shown, {more:,} more are not."
    if not all(person.is_known for person in named.people):
        about += " Some stand nowhere in the manuscript, and are marked."
    st.html(line(about))
    _draw(plotted, "people", "people", plots.draw_presence(plotted.book, named, palette()))
    _passage(plotted, "people")


def _panels(plotted: _Plotted, group: str, panels: Sequence[plots.Panel]) -> None:
    with st.container(gap="small", key=plotted.key(f"panels-{group}")):
        for panel in panels:
            _draw(plotted, group, panel.key, plots.draw_panel(plotted.book, panel, palette()))
    _passage(plotted, group)


def _draw(plotted: _Plotted, group: str, name: str, chart: alt.LayerChart) -> None:
    draw(chart, plotted.key(f"chart-{name}"), on_pick=partial(_pick, plotted, group))


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
        st.html(line("No passage of this chapter was to be scored."))
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
        st.html(_point_html(plotted, points[number]))


def _point_html(plotted: _Plotted, point: plots.Point) -> str:
    """Return the scores of a passage as HTML, with the sentence behind them and links."""
    head = f"<h3>{escape(point.name)}</h3>"
    link = f"<p>{passage_link(f'Read {point.name}', plotted.book.id, point.start)}</p>"
    scores = point.scores
    if scores is None:
        return f'<div class="fr-scored">{head}<p>{escape(_no_scores(point))}</p>{link}</div>'
    figures = [(title, _score(scores, name)) for name, title in _SCALES.items()]
    facts = [
        ("Characters", ", ".join(scores.characters)),
        ("Point of view", scores.point_of_view),
        ("Setting", scores.setting),
        ("What it is for", scores.purpose),
    ]
    opinion = line(f"All of it is the opinion of {plotted.report.setting.model}.")
    return (
        f'<div class="fr-scored">{head}'
        f"{figure_list(figures, kind='fr-headline', value_first=True)}"
        f"<p>{escape(scores.summary)}</p>"
        f"{figure_list([fact for fact in facts if fact[1]], kind='fr-facts')}"
        f"{_sentence(plotted.book, ground_of(point, plotted.index))}{link}{opinion}</div>"
    )


def _columns(points: Sequence[plots.Point], index: Index) -> dict[str, list[object]]:
    """Return the scores as columns, a row for each passage."""
    scores = [point.scores for point in points]
    columns: dict[str, list[object]] = {"Passage": [point.name for point in points]}
    for name, title in _SCALES.items():
        columns[title] = [score and getattr(score, name) for score in scores]
    columns["Characters"] = [", ".join(score.characters) if score else "" for score in scores]
    columns["Summary"] = [
        point.scores.summary if point.scores else _no_scores(point) for point in points
    ]
    columns["Sentence"] = [_in_short(ground_of(point, index)) for point in points]
    return columns


def _score(scores: Scores, name: str) -> str:
    """Say one score: "7 of 10", and "+2" where the scale goes below zero."""
    value, (low, high) = int(getattr(scores, name)), SCALES[name]
    if low < 0:
        return f"{value:+d}".replace("-", "−") if value else "0"
    return f"{value} of {high}"


def _no_scores(point: plots.Point) -> str:
    if point.is_waiting:
        return "Not scored yet."
    why = f" {point.step.error}" if point.step.error else ""
    return f"There are no scores of this passage that can be used.{why}"


def _in_short(ground: Ground | None) -> str:
    if ground is None:
        return ""
    return "found" if ground.state == "found" else _GROUNDS[ground.state].split(":")[0].rstrip(".")


def _sentence(book: plots.Book, ground: Ground | None) -> str:
    if ground is None:
        return "<p>The model gave no sentence that its scores rest on.</p>"
    found = escape(_GROUNDS[ground.state])
    if ground.place is not None:
        found += f" {passage_link('Read it there', book.id, *ground.place)}"
    if ground.was_cut:
        found += " The model’s sentence was cut at its longest."
    return f"<blockquote>“{escape(ground.text)}”</blockquote><p>{found}</p>"
