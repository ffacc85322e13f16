"""Ask: questions to the open manuscript, to an analysis, or freely; answers with citations."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.ASK)
side = ui.sidebar(here)
chat = ui.open_chat(here)
# Each in a container: what an earlier run showed there goes at once, not after the answer.
with st.container():
    ui.chat_head(here, chat)
    settings = ui.ask_settings(here, chat, side.model)
talk, gauge = st.container(key="chat"), st.container()
question, sent = None, None
if side.model is not None and side.options is not None:
    question = ui.NextQuestion(here, chat, settings, side.model, side.options)
    with gauge:
        fits = question.show_gauge()
    running = bool(chat.line) and not chat.line[-1].state.has_ended
    # Before the answer that is being written: what is typed meanwhile would be lost.
    sent = ui.ask_field(side.model, disabled=not fits or running)
with talk:
    read_all = question.read_all if question is not None else None
    anew = ui.chat_view(here, chat, side.panel, active, read_all)
if question is not None and anew is not None:
    question.send(*anew)
elif question is not None and sent is not None:
    words, pictures = sent
    question.send(words, chat.line, pictures)
ui.earlier_chats(here, chat)
active.keep_fresh()
