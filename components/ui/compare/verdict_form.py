"""Judging a comparison: which is better, or neither, and why."""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape

import streamlit as st

from components.store import Series
from components.ui.compare.compared_columns import ComparedColumn
from components.ui.shared.visit import Visit

_TIE, _BAD = "Equally good", "Both bad"

#: The choice that stands for a blind comparison in which no model wrote anything.
UNJUDGED = "none"


def verdict_form(visit: Visit, comparison: Series, columns: Sequence[ComparedColumn]) -> None:
    """Ask for the verdict once all columns have ended, or show the one that was given."""
    if comparison.verdict is not None:
        st.html(f'<p class="fr-stage" role="status">{_said(comparison, columns)}</p>')
        return
    bad = _BAD if len(columns) == 2 else "All bad"
    names = [column.letter for column in columns]
    with st.form("verdict", border=True):
        st.header("Which is better?", anchor=False)
        chosen = st.radio(
            "Which is better?",
            [*names, _TIE, bad],
            index=None,
            horizontal=True,
            label_visibility="collapsed",
            key=f"verdict-{comparison.id}",
        )
        reason = st.text_input(
            "Why (optional)", key=f"reason-{comparison.id}", placeholder="It found the real theme"
        ).strip()
        shows = " and show the names" if comparison.is_blind else ""
        given = st.form_submit_button(
            f"Judge{shows}", type="primary", icon=":material/how_to_vote:"
        )
    if given and chosen is None:
        st.warning("Choose one first.", icon=":material/info:")
    elif given:
        best = columns[names.index(chosen)].id if chosen in names else None
        choice = "best" if best else "tie" if chosen == _TIE else "bad"
        verdict = {"best": best, "choice": choice, "reason": reason, "at": time.time()}
        visit.shelf.series.judge(comparison.id, verdict)
        st.rerun()


def reveal_names(visit: Visit, comparison: Series) -> None:
    """Offer to end the blindness of a comparison in which there is nothing to judge."""
    st.info("No model wrote anything, so there is nothing to judge.", icon=":material/info:")
    if st.button("Show the names and what went wrong", key="reveal", icon=":material/visibility:"):
        verdict = {"best": None, "choice": UNJUDGED, "reason": "", "at": time.time()}
        visit.shelf.series.judge(comparison.id, verdict)
        st.rerun()


def _said(comparison: Series, columns: Sequence[ComparedColumn]) -> str:
    verdict = comparison.verdict or {}
    best = next((column for column in columns if column.id == verdict.get("best")), None)
    if best is not None:
        said = f"<b>You preferred {best.letter}</b>, {escape(best.model)}"
    elif verdict.get("choice") == UNJUDGED:
        said = "There was nothing to judge"
    elif verdict.get("choice") == "tie":
        said = "<b>You found them equally good</b>"
    else:
        said = "<b>You found them all bad</b>"
    reason = f": {escape(verdict['reason'])}" if verdict.get("reason") else ""
    return f"{said}{reason}"
