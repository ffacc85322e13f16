"""Asking in a chat: what is sent, what does not fit and is left out, and the sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.analysis import fitted
from components.engine import LEAST_ANSWER, Model, Options
from components.store import Analysis, Exchange, Kind, Material, Series
from components.ui import words
from components.ui.address import Page, go
from components.ui.chat_setting import Setting
from components.ui.chat_view import leaf_key
from components.ui.visit import Visit


def chat_gauge(
    visit: Visit,
    setting: Setting,
    line: Sequence[Analysis],
    model: Model,
    options: Options,
) -> bool:
    """Say what the next question sends, and what is left out; return whether anything fits."""
    limit = options.num_ctx or model.context_length
    count = visit.app.token_counter(model)
    history = _history(visit, line)
    material = Material(setting.manuscript, history)
    question = fitted(setting.question("", model, options), material, count=count, limit=limit)
    if question is None:
        st.warning(
            "The manuscript alone is too long for this model. Nothing is ever cut: begin a new "
            "chat about chapters that fit, or choose a model with more room.",
            icon=":material/straighten:",
        )
        return False
    if not question.tokens:
        return True  # Nothing is sent yet but what is typed.
    said = f"The next question sends {words.room(question.tokens, limit)}"
    if question.left_out:
        left = words.oldest(question.left_out)
        said += f"; {left} will be left out, because an answer needs {LEAST_ANSWER} tokens"
    share = min(question.tokens / limit, 1.0) if limit else 0.0
    st.html(f'<p class="fr-quiet">{said}.</p>{words.gauge(share) if limit else ""}')
    return True


def send(
    visit: Visit,
    chat: Series | None,
    setting: Setting,
    line: Sequence[Analysis],
    asked: str,
    model: Model,
    options: Options,
) -> None:
    """Ask `asked` after the exchanges of `line`, in a new chat where there is none yet."""
    limit = options.num_ctx or model.context_length
    question = setting.question(asked, model, options)
    material = Material(setting.manuscript, _history(visit, line))
    count = visit.app.token_counter(model)
    # Where nothing fits it is sent whole all the same: the server refuses it with its own count.
    question = fitted(question, material, count=count, limit=limit) or replace(
        question, left_out=len(line), tokens=count(asked)
    )
    if chat is None:
        name = asked if len(asked) <= 60 else f"{asked[:59].rstrip()}…"
        chat = visit.shelf.series.begin(Kind.CHAT, name=name, manuscript_id=setting.manuscript_id)
    exchange = visit.app.jobs.submit(
        visit.shelf,
        question,
        name=chat.name,
        chat_id=chat.id,
        parent_id=line[-1].id if line else None,
    )
    st.session_state[leaf_key(chat.id)] = exchange.id
    for name in ("editing", "instead-of"):
        st.session_state.pop(name, None)
    go(setting.manuscript_id, chat.id, page=Page.CHAT)
    st.rerun()


def _history(visit: Visit, line: Sequence[Analysis]) -> tuple[Exchange, ...]:
    journal = visit.app.store.journal
    return tuple(Exchange(one.question.prompt, journal.outcome(one.call_id).text) for one in line)
