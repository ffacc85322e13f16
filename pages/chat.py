"""Chat: talk with a model about a manuscript, or freely; ask again, edit, branch."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.CHAT)
side = ui.sidebar(here)
chat = ui.open_chat(here)
ui.chat_head(here, chat)
settings = ui.chat_settings(here, chat, side.model)
talk = st.container(key="chat")
question, words = None, None
if side.model is not None and side.options is not None:
    question = ui.ChatQuestion(here, chat, settings, side.model, side.options)
    fits = question.show_gauge()
    running = bool(chat.line) and not chat.line[-1].state.has_ended
    # Before the answer that is being written: what is typed meanwhile would be lost.
    words = st.chat_input("Ask, or say something", disabled=not fits or running, key="asked")
with talk:
    anew = ui.chat_view(here, chat, side.panel, active)
if question is not None and anew is not None:
    question.send(*anew)
elif question is not None and words and words.strip():
    question.send(words.strip(), chat.line)
ui.earlier_chats(here, chat)
active.keep_fresh()
