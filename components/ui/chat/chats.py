"""Which chat is open, and the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.analysis import path
from components.store import Analysis, CallOutcome, Exchange, JournalEntry, Kind, Series
from components.ui.shared import labels
from components.ui.shared.address import Page, go, open_series
from components.ui.shared.earlier import earlier_list
from components.ui.shared.visit import Visit

#: Where this window keeps the address of the page.
_ADDRESS = "address-chat"


@dataclass(frozen=True, slots=True)
class OpenChat:
    """The chat of the page's address as this run of the page found it.

    `series` is None while it is new. `line` are the exchanges of the branch that is shown, out of
    all `exchanges`; `entries` what the journal has of each of them, by the id of its call: read
    once, for what is shown and for what is sent.
    """

    series: Series | None = None
    exchanges: Sequence[Analysis] = ()
    line: Sequence[Analysis] = ()
    entries: Mapping[str, Sequence[JournalEntry]] = field(default_factory=dict)

    def history(self, line: Sequence[Analysis]) -> tuple[Exchange, ...]:
        """Return what was said in `line`, which is its branch or the beginning of that."""
        return tuple(Exchange(one.question.prompt, self._answer(one)) for one in line)

    def _answer(self, exchange: Analysis) -> str:
        outcome = CallOutcome()
        for entry in self.entries.get(exchange.call_id, ()):
            outcome.add(entry)
        return outcome.text


def leaf_key(chat_id: str) -> str:
    """Return where this window keeps which branch of a chat it shows."""
    return f"chat-leaf-{chat_id}"


def open_chat(visit: Visit) -> OpenChat:
    """Return the chat of the page's address; a new one where that names none.

    Coming back to the page opens what was open before; coming to it from another page without any,
    a new chat about the manuscript that was opened last.
    """
    if not any(name in st.query_params for name in ("manuscript", Page.CHAT)):
        last = st.session_state.get("opened")
        before = st.session_state.get(_ADDRESS, {"manuscript": last} if last else {})
        st.query_params.from_dict(before)
    series = open_series(visit, Page.CHAT)
    if series is None:
        return OpenChat()
    exchanges = visit.shelf.analyses.in_series(series.id)
    if not exchanges:  # All that was asked in it was deleted.
        go(series.manuscript_id, page=Page.CHAT)
        return OpenChat()
    go(series.manuscript_id, series.id, page=Page.CHAT)
    line = path(exchanges, st.session_state.get(leaf_key(series.id)))
    entries = visit.app.store.journal.after_each({one.call_id: 0 for one in line})
    return OpenChat(series, exchanges, line, entries)


def chat_head(chat: OpenChat) -> None:
    """Show what the chat is called, and offer a new one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(labels.plain(chat.series.name) if chat.series else "Chat", anchor=False)
        if chat.series is not None and st.button(
            "New chat", type="tertiary", icon=":material/add:"
        ):
            st.session_state.pop(_ADDRESS, None)
            st.query_params.clear()
            st.rerun()


def earlier_chats(visit: Visit, shown: OpenChat) -> None:
    """List the chats that there are, but for the one that is shown."""
    earlier_list(
        "other chat",
        visit.shelf.series.all(Kind.CHAT),
        shown.series,
        lambda chats: [labels.date(chat.created) for chat in chats],
        lambda chat: go(chat.manuscript_id, chat.id, page=Page.CHAT),
    )
