"""Asking in a chat: what is sent, what does not fit and is left out, and the sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from components.analysis import fitted
from components.engine import LEAST_ANSWER, Model, Options
from components.store import Analysis, PromptInputs
from components.ui.chat.chat_setting import ChatSettings
from components.ui.chat.chats import OpenChat, leaf_key
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit


def chat_gauge(
    visit: Visit,
    chat: OpenChat,
    setting: ChatSettings,
    model: Model,
    options: Options,
) -> bool:
    """Say what the next question sends, and what is left out; return whether anything fits."""
    limit = options.num_ctx or model.context_length
    count = visit.app.token_counter(model)
    material = PromptInputs(setting.manuscript, chat.history(chat.line))
    question = fitted(setting.question("", model, options), material, count=count, limit=limit)
    if question is None:
        st.warning(
            f"What is talked about is too long for {labels.plain(model.name)}: it has room for "
            f"{limit:,} tokens, and an answer needs {LEAST_ANSWER} of them. Nothing is ever cut. "
            + ("Begin a new chat about" if chat.line else "Choose")
            + " chapters or passages that fit, or choose a model with more room.",
            icon=":material/straighten:",
        )
        return False
    if not question.tokens:
        return True  # Nothing is sent yet but what is typed.
    other = chat.line and chat.line[-1].question.model != model.name
    to = f", to {model.name}," if other else ""
    said = f"The next question{to} sends {labels.room(question.tokens, limit)}"
    if question.left_out:
        left = labels.oldest(question.left_out)
        said += f"; {left} will be left out, because an answer needs {LEAST_ANSWER} tokens"
    share = min(question.tokens / limit, 1.0) if limit else 0.0
    st.html(f'<p class="fr-quiet">{escape(said)}.</p>{labels.gauge(share) if limit else ""}')
    return True


def send(
    visit: Visit,
    chat: OpenChat,
    setting: ChatSettings,
    line: Sequence[Analysis],
    asked: str,
    model: Model,
    options: Options,
) -> None:
    """Ask `asked` after the exchanges of `line`, in a new chat where there is none yet."""
    limit = options.num_ctx or model.context_length
    question = setting.question(asked, model, options)
    material = PromptInputs(setting.manuscript, chat.history(line))
    count = visit.app.token_counter(model)
    # Where nothing fits it is sent whole all the same: the server refuses it with its own count.
    question = fitted(question, material, count=count, limit=limit) or replace(
        question, left_out=len(line), tokens=count(asked)
    )
    jobs, shelf = visit.app.jobs, visit.shelf
    if chat.series is None:
        name = asked if len(asked) <= 60 else f"{asked[:59].rstrip()}…"
        exchange = jobs.submit(shelf, question, chat_name=name)
    else:
        parent_id = line[-1].id if line else None
        exchange = jobs.submit(
            shelf, question, name=chat.series.name, chat_id=chat.series.id, parent_id=parent_id
        )
    chat_id = exchange.series_id or ""
    st.session_state[leaf_key(chat_id)] = exchange.id
    for name in ("editing", "instead-of"):
        st.session_state.pop(name, None)
    go(setting.manuscript_id, chat_id, page=Page.CHAT)
    st.rerun()
