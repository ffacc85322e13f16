"""What the verdicts add up to: a ranking for each kind of question, and quality against speed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import altair as alt
import streamlit as st

from components.analysis import Rank, Vote, ranking
from components.store import Kind, Series
from components.ui.compare.compared_columns import ComparedColumn, columns_of_each
from components.ui.compare.verdict_form import UNJUDGED
from components.ui.shared import labels
from components.ui.shared.visit import Visit


def ranking_panel(visit: Visit) -> None:
    """Show the rankings of all comparisons that were judged, folded; nothing without any."""
    judged = [one for one in visit.shelf.series.all(Kind.COMPARISON) if one.verdict is not None]
    columns = columns_of_each(visit.shelf, judged)
    by_kind: dict[str, list[Vote]] = defaultdict(list)
    counted: list[str] = []
    for comparison in judged:
        if vote := _vote(comparison, columns[comparison.id]):
            by_kind[columns[comparison.id][0].kind].append(vote)
            counted.append(comparison.id)
    if not by_kind:
        return
    count = labels.plural(sum(map(len, by_kind.values())), "verdict")
    with st.expander(f"Ranking, from {count}", icon=":material/leaderboard:"):
        speeds = visit.shelf.analyses.writing_speeds(counted)
        for kind, votes in sorted(by_kind.items()):
            ranks = _ranking(tuple(votes))
            st.header(labels.plain(kind), anchor=False)
            _table(ranks)
            _chart(ranks, speeds)
        st.caption(
            "The Bradley-Terry model on the scale of Elo: 400 points more mean preferred ten times "
            "as often. A tie, and “all bad”, count half for each. The interval holds 95 of 100 "
            "samples drawn from the verdicts; where intervals overlap, more verdicts are needed."
        )


@st.cache_data(show_spinner=False, max_entries=50)
def _ranking(votes: tuple[Vote, ...]) -> list[Rank]:
    return ranking(votes)


def _vote(comparison: Series, columns: Sequence[ComparedColumn]) -> Vote | None:
    """Return the verdict as a vote between models; None where there was none between several."""
    models = tuple(column.model for column in columns)
    if not models or len(set(models)) < len(models):
        return None  # One model with different options says nothing of models.
    verdict = comparison.verdict or {}
    if verdict.get("choice") == UNJUDGED:
        return None
    best = next((column.model for column in columns if column.id == verdict.get("best")), None)
    if best is None and verdict.get("choice") == "best":
        return None  # The one that was preferred was deleted.
    return Vote(models, best)


def _table(ranks: Sequence[Rank]) -> None:
    st.dataframe(
        {
            "Model": [rank.model for rank in ranks],
            "Rating": [round(rank.rating) for rank in ranks],
            "from": [round(rank.low) for rank in ranks],
            "to": [round(rank.high) for rank in ranks],
            "Preferred": [rank.wins for rank in ranks],
            "Comparisons": [rank.comparisons for rank in ranks],
        },
        hide_index=True,
    )


def _chart(ranks: Sequence[Rank], speeds: dict[str, float]) -> None:
    """Draw rating against speed, with intervals, each point named."""
    rows = [
        {
            "model": rank.model,
            "rating": rank.rating,
            "low": rank.low,
            "high": rank.high,
            "speed": speeds[rank.model],
        }
        for rank in ranks
        if rank.model in speeds
    ]
    if len(rows) < 2:
        return
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("speed:Q", title="Writing speed, tokens a second", scale=alt.Scale(zero=False))
    )
    y = alt.Y("rating:Q", title="Rating by your verdicts", scale=alt.Scale(zero=False))
    bars = base.mark_rule(opacity=0.5).encode(
        y=alt.Y("low:Q", title="Rating by your verdicts", scale=alt.Scale(zero=False)), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=90).encode(y=y)
    names = base.mark_text(align="left", dx=9).encode(y=y, text="model:N")
    st.altair_chart(bars + points + names, height=260)
