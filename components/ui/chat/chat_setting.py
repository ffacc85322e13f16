"""What a chat is about and how the model is told to be, before the first word."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.engine import Model, Options
from components.errors import UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Question
from components.ui.analyse.manuscript_panel import Opened
from components.ui.chat.chats import OpenChat
from components.ui.question.text_picker import choose_text
from components.ui.shared import labels as words
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

_FREELY = ""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What holds for the next question: the manuscript, the part of it, the system prompt."""

    manuscript_id: str = ""
    manuscript: Manuscript | None = None
    scope: str = "no manuscript"
    ranges: tuple[tuple[int, int], ...] = ()
    words: int = 0
    system: str = ""

    def question(self, asked: str, model: Model, options: Options) -> Question:
        """Return the question that asks `asked`; its tokens are not yet estimated."""
        return Question(
            manuscript_id=self.manuscript_id,
            title=self.manuscript.title if self.manuscript else "Chat",
            scope=self.scope,
            ranges=self.ranges,
            words=self.words,
            tokens=0,
            lens="Chat",
            prompt=asked,
            model=model.name,
            digest=model.digest,
            options=options,
            system=self.system,
        )


def chat_setting(visit: Visit, chat: OpenChat, model: Model | None) -> ChatSettings:
    """Show what the chat is about, to be chosen while it is new, and the system prompt."""
    last = chat.line[-1].question if chat.line else None
    setting = _kept(visit, last) if last else _chosen(visit, model)
    with st.expander("System prompt", icon=":material/psychology:"):
        before = last.system if last else ""
        system = st.text_area(
            "What the model is told beforehand",
            value=before,
            key=f"system-{chat.series.id if chat.series else 'new'}",
            placeholder="You are a line editor. Answer in two sentences.",
            height=100,
        ).strip()
    return ChatSettings(
        setting.manuscript_id,
        setting.manuscript,
        setting.scope,
        setting.ranges,
        setting.words,
        system,
    )


def _chosen(visit: Visit, model: Model | None) -> ChatSettings:
    """Ask what the chat is about: the manuscript of the page's address unless one is chosen."""
    kept = {manuscript.id: manuscript for manuscript in visit.shelf.manuscripts.all()}
    named = st.query_params.get("manuscript", "")
    if named not in kept:
        if named:
            st.warning(
                "The manuscript of this address is not there any more. Choose another one, or talk "
                "freely.",
                icon=":material/info:",
            )
        named = _FREELY
    go(named, page=Page.CHAT)
    # Set beforehand, and not as the widget's default: the address says what it is about.
    st.session_state["about"] = named
    about = st.selectbox(
        "Talk about",
        [_FREELY, *kept],
        format_func=lambda one: kept[one].title if one else "Nothing: talk freely",
        key="about",
        on_change=lambda: go(st.session_state["about"], page=Page.CHAT),
    )
    if not about:
        return ChatSettings()
    manuscript = visit.shelf.manuscripts.get(about)
    chosen = choose_text(visit.app, Opened(about, manuscript), model, says_room=False)
    return ChatSettings(about, manuscript, chosen.scope, chosen.ranges, len(chosen.text.split()))


def _kept(visit: Visit, question: Question) -> ChatSettings:
    """Return what the last question was about, and say it."""
    if not question.manuscript_id:
        return ChatSettings()
    try:
        manuscript = visit.shelf.manuscripts.get(question.manuscript_id)
    except UnknownManuscript:
        st.warning("The manuscript was deleted. The chat goes on without it.")
        return ChatSettings()
    st.caption(f"About “{words.plain(manuscript.title)}”, {words.plain(question.scope)}")
    return ChatSettings(
        question.manuscript_id, manuscript, question.scope, question.ranges, question.words
    )
