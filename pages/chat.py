"""Chat: talk with a model about a manuscript, or freely; ask again, edit, branch."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    Page,
    active_analyses,
    chat_gauge,
    chat_head,
    chat_setting,
    chat_view,
    choose_model,
    choose_options,
    connected,
    earlier_chats,
    host_line,
    open_chat,
    send,
    statistics_panel,
    visit,
)

here = visit()
active = active_analyses(here, Page.CHAT)
host = connected(here.app)
model = choose_model(here, host)
options = choose_options(here, model)
panel = statistics_panel(model)
host_line(host)
chat = open_chat(here)
chat_head(chat)
setting = chat_setting(here, chat, model)
talk = st.container(key="chat")
typed = None
if model is not None and options is not None:
    fits = chat_gauge(here, chat, setting, model, options)
    running = bool(chat.line) and not chat.line[-1].state.has_ended
    # Before the answer that is being written: what is typed meanwhile would be lost.
    typed = st.chat_input("Ask, or say something", disabled=not fits or running, key="asked")
with talk:
    anew = chat_view(here, chat, panel, active)
if model is not None and options is not None:
    line = chat.line
    if anew is not None:
        at = [one.id for one in line].index(st.session_state["instead-of"])
        asked = anew or line[at].question.prompt
        send(here, chat, setting, line[:at], asked, model, options)
    elif typed and typed.strip():
        send(here, chat, setting, line, typed.strip(), model, options)
earlier_chats(here, chat)
active.keep_fresh()
