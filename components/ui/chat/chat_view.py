"""A chat on the page: questions and answers in turn; streamed, asked again, branched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.analysis import branches
from components.errors import NoUse
from components.store import Analysis
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.quote_marks import Marking
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.chat.chats import OpenChat, leaf_key
from components.ui.question.run_buttons import stop_button, try_again
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit


def chat_view(
    visit: Visit,
    chat: OpenChat,
    panel: StatisticsPanel,
    active: ActiveAnalyses,
) -> str | None:
    """Show the exchanges of the branch that is open until the last has ended.

    Return what was asked anew instead of a question that was edited, with "" for the same again;
    the session names the exchange that it belongs to. None where nothing was.
    """
    last: Watched[Analysis] | None = None
    marking = Marking(visit)
    anew: str | None = None
    for number, exchange in enumerate(chat.line):
        with st.chat_message("user", avatar=":material/person:"):
            asked = _asked(exchange)
            anew = asked if asked is not None else anew
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            if exchange.question.left_out:
                left = labels.oldest(exchange.question.left_out)
                st.caption(f"Not sent, because it would not fit: {left}.")
            is_last = number == len(chat.line) - 1
            shown_by = panel if is_last else None
            watched = Watched(visit, exchange, marking=marking, panel=shown_by)
            watched.add(chat.entries.get(exchange.call_id, ()))
            watched.show()
            if is_last:
                last = watched
                _watch(visit, watched, active)
            again = _below(visit, chat.exchanges, watched, is_last=watched is last)
            anew = again if again is not None else anew
    if last is not None and not last.analysis.state.has_ended:
        # Once more, so that everything around the text knows that it has ended.
        st.rerun()
    return anew


def _watch(visit: Visit, watched: Watched[Analysis], active: ActiveAnalyses) -> None:
    exchange = watched.analysis
    if not exchange.state.has_ended:
        stop_button(visit, exchange)
    for _ in follow(visit, [watched]):
        active.refresh()


def _asked(exchange: Analysis) -> str | None:
    """Show the question, or what it becomes where it is being edited."""
    editing = st.session_state.get("editing") == exchange.id
    if not editing:
        st.html(f'<div class="fr-asked">{escape(exchange.question.prompt)}</div>')
        return None
    with st.form(f"edit-{exchange.id}", border=False):
        text = st.text_area(
            "Your question", value=exchange.question.prompt, key=f"edited-{exchange.id}"
        ).strip()
        with st.container(horizontal=True):
            sent = st.form_submit_button("Send", type="primary", icon=":material/send:")
            left = st.form_submit_button("Leave it")
    if left:
        st.session_state.pop("editing")
        st.rerun()
    if sent and text:
        st.session_state["instead-of"] = exchange.id
        return text
    return None


def _below(
    visit: Visit,
    exchanges: Sequence[Analysis],
    watched: Watched[Analysis],
    *,
    is_last: bool,
) -> str | None:
    """Show what can be done with an answer; return "" where it is asked for again."""
    exchange = watched.analysis
    if not watched.has_ended:
        return None
    if watched.outcome.error is not None:
        show_problem(watched.outcome.error)
    if isinstance(watched.outcome.error, NoUse) and is_last:
        try_again(visit, exchange, others=False)
    again = False
    with st.container(horizontal=True, vertical_alignment="center"):
        _turn(exchanges, exchange)
        again = st.button(
            "Answer again", key=f"again-{exchange.id}", icon=":material/replay:", type="tertiary"
        )
        st.button(
            "Edit the question",
            key=f"edit-{exchange.id}",
            icon=":material/edit:",
            type="tertiary",
            on_click=_edit,
            args=(exchange.id,),
        )
        with st.popover("Figures", type="tertiary", icon=":material/speed:"):
            StatisticsPanel(st.container()).show(watched.outcome, exchange.question)
    if again:
        st.session_state["instead-of"] = exchange.id
        return ""
    return None


def _turn(exchanges: Sequence[Analysis], exchange: Analysis) -> None:
    """Offer the branches beside an exchange."""
    same = branches(exchanges, exchange.parent_id)
    if len(same) < 2:
        return
    at = [one.id for one in same].index(exchange.id)
    for label, step, name in (
        (":material/chevron_left:", -1, "Earlier branch"),
        (":material/chevron_right:", 1, "Later branch"),
    ):
        there = at + step
        st.button(
            label,
            key=f"branch{step}-{exchange.id}",
            type="tertiary",
            disabled=not 0 <= there < len(same),
            help=name,
            on_click=_show,
            args=(exchange.series_id, same[max(0, min(there, len(same) - 1))].id),
        )
        if step < 0:
            st.html(f'<span class="fr-quiet">{at + 1} of {len(same)}</span>', width="content")


def _edit(exchange_id: str) -> None:
    st.session_state["editing"] = exchange_id


def _show(chat_id: str, exchange_id: str) -> None:
    st.session_state[leaf_key(chat_id)] = exchange_id
