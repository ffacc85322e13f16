"""Which chat is open, and the others."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.analysis import path
from components.store import Analysis, Kind, Series
from components.ui import words
from components.ui.address import Page, go, open_series
from components.ui.chat_view import leaf_key
from components.ui.visit import Visit

_SHOWN = 20


def open_chat(visit: Visit) -> tuple[Series | None, list[Analysis], list[Analysis]]:
    """Return the chat of the page's address with its exchanges, and those of the branch shown."""
    if Page.CHAT not in st.query_params and (before := st.session_state.get("address-chat")):
        st.query_params.from_dict(before)
    chat = open_series(visit, Page.CHAT)
    if chat is None:
        return None, [], []
    exchanges = visit.shelf.analyses.in_series(chat.id)
    go(chat.manuscript_id, chat.id, page=Page.CHAT)
    return chat, exchanges, path(exchanges, st.session_state.get(leaf_key(chat.id)))


def chat_head(chat: Series | None) -> None:
    """Show what the chat is called, and offer a new one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(words.plain(chat.name) if chat else "Chat", anchor=False)
        if chat is not None and st.button("New chat", type="tertiary", icon=":material/add:"):
            st.session_state.pop("address-chat", None)
            st.query_params.clear()
            st.rerun()


def earlier_chats(visit: Visit, shown: Series | None) -> None:
    """List the chats that there are, but for the one that is shown."""
    others = [
        one for one in visit.shelf.series.all(Kind.CHAT) if shown is None or one.id != shown.id
    ]
    if not others:
        return
    with st.expander(words.plural(len(others), "other chat"), icon=":material/history:"):
        for one in others[:_SHOWN]:
            if st.button(words.plain(one.name), key=f"earlier-{one.id}", type="tertiary"):
                go(one.manuscript_id, one.id, page=Page.CHAT)
                st.rerun()
            st.html(f'<p class="fr-quiet fr-under">{escape(words.date(one.created))}</p>')
