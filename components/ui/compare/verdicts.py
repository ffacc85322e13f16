"""Verdicts on comparisons: which column is better, or neither, and the ranking they add up to."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from html import escape

import altair as alt
import streamlit as st

from components.analysis import Rank, Vote, ranking
from components.plots.altair_charts import data
from components.store import Kind, Series
from components.ui.compare.compared_columns import ComparedColumn, columns_of_each
from components.ui.shared import labels
from components.ui.shared.visit import Visit

_ranking = st.cache_data(show_spinner=False, max_entries=50)(ranking)

_TIE = "Equally good"
_UNJUDGED = "none"  # the choice that stands for a blind comparison in which no model wrote anything
_SAID = {
    "tie": "<b>You found them equally good</b>",
    "bad": "<b>You found them all bad</b>",
    _UNJUDGED: "There was nothing to judge",
}


def verdict_form(
    visit: Visit, comparison: Series, columns: Sequence[ComparedColumn], *, wrote: bool
) -> bool:
    """Ask for the verdict once all columns have ended, or show the one that was given.

    `wrote` is whether any model wrote anything. Return whether the comparison may be taken away.
    """
    if wrote or comparison.verdict is not None:
        _show_form(visit, comparison, columns)
        return not comparison.is_blind
    if comparison.is_blind:
        st.info("No model wrote anything, so there is nothing to judge.", icon=":material/info:")
        label, icon = "Show the names and what went wrong", ":material/visibility:"
        if st.button(label, key="reveal", icon=icon):
            _judge(visit, comparison, _UNJUDGED)
    return False


def _show_form(visit: Visit, comparison: Series, columns: Sequence[ComparedColumn]) -> None:
    if (verdict := comparison.verdict) is not None:
        said = _SAID.get(str(verdict.get("choice")), _SAID["bad"])
        if preferred := _best(comparison, columns):
            said = f"<b>You preferred {preferred.letter}</b>, {escape(preferred.model)}"
        reason = f": {escape(verdict['reason'])}" if verdict.get("reason") else ""
        st.html(f'<p class="fr-stage" role="status">{said}{reason}</p>')
        return
    by_letter = {column.letter: column.id for column in columns}
    bad = "Both bad" if len(columns) == 2 else "All bad"
    with st.form("verdict", border=True):
        st.header("Which is better?", anchor=False)
        chosen = st.radio(
            "Which is better?",
            [*by_letter, _TIE, bad],
            index=None,
            horizontal=True,
            label_visibility="collapsed",
            key=f"verdict-{comparison.id}",
        )
        reason = st.text_input(
            "Why (optional)", key=f"reason-{comparison.id}", placeholder="It found the real theme"
        ).strip()
        shows = " and show the names" if comparison.is_blind else ""
        submitted = st.form_submit_button(
            f"Judge{shows}", type="primary", icon=":material/how_to_vote:"
        )
    if submitted and chosen is None:
        st.warning("Choose one first.", icon=":material/info:")
    elif submitted:
        best = by_letter.get(str(chosen))
        choice = "best" if best else "tie" if chosen == _TIE else "bad"
        _judge(visit, comparison, choice, best, reason)


def _judge(
    visit: Visit, comparison: Series, choice: str, best: str | None = None, reason: str = ""
) -> None:
    verdict = {"best": best, "choice": choice, "reason": reason, "at": time.time()}
    visit.shelf.series.judge(comparison.id, verdict)
    st.rerun()


def _best(comparison: Series, columns: Sequence[ComparedColumn]) -> ComparedColumn | None:
    """Return the column that was preferred; None where none was, or it was deleted."""
    best = (comparison.verdict or {}).get("best")
    return next((column for column in columns if column.id == best), None)


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
    if not counted:
        return
    count = labels.plural(len(counted), "verdict")
    with st.expander(f"Ranking, from {count}", icon=":material/leaderboard:"):
        speeds = visit.shelf.analyses.writing_speeds(counted)
        for kind, votes in sorted(by_kind.items()):
            ranks = _ranking(tuple(votes))
            st.header(labels.plain(kind), anchor=False)
            figures = {
                "Model": [rank.model for rank in ranks],
                "Rating": [round(rank.rating) for rank in ranks],
                "from": [round(rank.low) for rank in ranks],
                "to": [round(rank.high) for rank in ranks],
                "Preferred": [rank.wins for rank in ranks],
                "Comparisons": [rank.comparisons for rank in ranks],
            }
            st.dataframe(figures, hide_index=True)
            _chart(ranks, speeds)
        st.caption(
            "The Bradley-Terry model on the scale of Elo: 400 points more mean preferred ten times "
            "as often. A tie, and “all bad”, count half for each. The interval holds 95 of 100 "
            "samples drawn from the verdicts; where intervals overlap, more verdicts are needed."
        )


def _vote(comparison: Series, columns: Sequence[ComparedColumn]) -> Vote | None:
    """Return the verdict as a vote between models; None where there was none between several."""
    models = tuple(column.model for column in columns)
    choice = (comparison.verdict or {}).get("choice")
    if not models or len(set(models)) < len(models) or choice == _UNJUDGED:
        return None  # One model with different options says nothing of models.
    best = _best(comparison, columns)
    if best is None and choice == "best":
        return None  # It was deleted.
    return Vote(models, best.model if best else None)


def _chart(ranks: Sequence[Rank], speeds: dict[str, float]) -> None:
    """Draw rating against speed, with intervals, each point named."""
    rows = [asdict(rank) | {"speed": speeds[rank.model]} for rank in ranks if rank.model in speeds]
    if len(rows) < 2:
        return
    scale = alt.Scale(zero=False)
    title = "Rating by your verdicts"
    base = data(rows).encode(
        x=alt.X("speed:Q", title="Writing speed, tokens a second", scale=scale)
    )
    rating = alt.Y("rating:Q", title=title, scale=scale)
    low = alt.Y("low:Q", title=title, scale=scale)
    bars = base.mark_rule(opacity=0.5).encode(y=low, y2="high:Q")
    points = base.mark_point(filled=True, size=90).encode(y=rating)
    names = base.mark_text(align="left", dx=9).encode(y=rating, text="model:N")
    st.altair_chart(bars + points + names, height=260)
