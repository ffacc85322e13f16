"""Verdicts on comparisons: which column is better, or neither, and the ranking they add up to."""

import time
from collections import defaultdict
from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.analysis import Vote, ranking
from components.plots.comparison_charts import draw_ranks
from components.store import Kind, Series
from components.ui.compare.compared_columns import ComparedColumn, columns_of_each
from components.ui.shared import labels, widgets
from components.ui.shared.visit import Visit

_ranking = st.cache_data(show_spinner=False, max_entries=50)(ranking)

#: The choices that name no column, by the key that chooses them; columns have theirs from 1 on.
_OTHERS = {"E": "tie", "0": "bad"}
_UNJUDGED = "none"  # the choice that stands for a blind comparison in which no model wrote anything
_SAID = {
    "tie": "<b>You found them equally good</b>",
    "bad": "<b>You found them all bad</b>",
    _UNJUDGED: "There was nothing to judge",
}


def verdict_bar(
    visit: Visit, comparison: Series, columns: Sequence[ComparedColumn], *, wrote: bool
) -> bool:
    """Ask for the verdict once all columns have ended, or show the one that was given.

    `wrote` is whether any model wrote anything. Return whether the comparison may be taken away.
    """
    if (verdict := comparison.verdict) is not None:
        said = _SAID.get(str(verdict.get("choice")), _SAID["bad"])
        if preferred := _best(comparison, columns):
            said = f"<b>You preferred {preferred.letter}</b>, {escape(preferred.model)}"
        reason = f": {escape(verdict['reason'])}" if verdict.get("reason") else ""
        st.html(f'<p class="fr-stage" role="status">{said}{reason}</p>')
    elif wrote:
        st.fragment(_ask)(visit, comparison, columns)
    elif comparison.is_blind:
        widgets.info("No model wrote anything, so there is nothing to judge.")
        label, icon = "Show the names and what went wrong", ":material/visibility:"
        if st.button(label, key="reveal", icon=icon):
            _judge(visit, comparison, _UNJUDGED)
    return (wrote or verdict is not None) and not comparison.is_blind


def _ask(visit: Visit, comparison: Series, columns: Sequence[ComparedColumn]) -> None:
    """Ask which column is better; once one is chosen, ask why, and offer to judge."""
    names = {str(number): column.letter for number, column in enumerate(columns, 1)}
    bad = "Both bad" if len(columns) == 2 else "All bad"
    names |= dict(zip(_OTHERS, ("Equally good", bad), strict=True))
    stored = f"verdict-{comparison.id}"
    chosen = str(st.session_state.get(stored, ""))
    with widgets.row(gap="xsmall"):
        st.html('<p class="fr-stage"><b>Which is better?</b></p>', width="content")
        for key, name in names.items():
            icon = f"radio_button_{'checked' if key == chosen else 'unchecked'}"
            choose, look = st.session_state.__setitem__, {"type": "secondary", "shortcut": key}
            widgets.action(name, icon, f"choose-{key}", choose, stored, key, **look)
    if not chosen:
        return
    with widgets.row(gap="xsmall"):
        reason = st.text_input(
            "Why (optional)",
            key=f"reason-{comparison.id}",
            placeholder="Why (optional)",
            label_visibility="collapsed",
        ).strip()
        if st.button(
            "Judge and show the names" if comparison.is_blind else "Judge",
            key="judge",
            type="primary",
            icon=":material/how_to_vote:",
            shortcut="J",
            help="The keys on the buttons work anywhere on the page except in a field.",
        ):
            by_key = dict(zip(names, (column.id for column in columns), strict=False))
            _judge(visit, comparison, _OTHERS.get(chosen, "best"), by_key.get(chosen), reason)


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


def beside_ranking(visit: Visit, comparison: Series) -> DeltaGenerator:
    """Return the place of the figures; once there is a verdict the ranking stands beside it."""
    if comparison.verdict is None:
        return st.container()
    figures, ranks = st.columns([1.3, 1], gap="large")
    with ranks:
        ranking_panel(visit, expanded=True)
    return figures


def ranking_panel(visit: Visit, *, expanded: bool = False) -> None:
    """Show the rankings of all comparisons that were judged; nothing without any."""
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
    with st.expander(f"Ranking, from {count}", icon=":material/leaderboard:", expanded=expanded):
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
            if (chart := draw_ranks(ranks, speeds)) is not None:
                st.altair_chart(chart, height=260)
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
