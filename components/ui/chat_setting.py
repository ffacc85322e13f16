"""What a chat is about and how the model is told to be, before the first word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.engine import Model, Options
from components.errors import UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Analysis, Question, Series
from components.ui import words
from components.ui.manuscript_panel import Opened
from components.ui.text_picker import choose_text
from components.ui.visit import Visit

_FREELY = ""


@dataclass(frozen=True, slots=True)
class Setting:
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


def chat_setting(
    visit: Visit, chat: Series | None, line: Sequence[Analysis], model: Model | None
) -> Setting:
    """Show what the chat is about, to be chosen while it is new, and the system prompt."""
    setting = _kept(visit, line[-1].question) if line else _chosen(visit, chat, model)
    with st.expander("System prompt", icon=":material/psychology:"):
        before = line[-1].question.system if line else ""
        system = st.text_area(
            "What the model is told beforehand",
            value=before,
            key=f"system-{chat.id if chat else 'new'}",
            placeholder="You are a line editor. Answer in two sentences.",
            height=100,
        ).strip()
    return Setting(
        setting.manuscript_id,
        setting.manuscript,
        setting.scope,
        setting.ranges,
        setting.words,
        system,
    )


def _chosen(visit: Visit, chat: Series | None, model: Model | None) -> Setting:
    kept = {one.id: one for one in visit.shelf.manuscripts.all()}
    last = chat.manuscript_id if chat else st.session_state.get("opened", _FREELY)
    ids = [_FREELY, *kept]
    about = st.selectbox(
        "Talk about",
        ids,
        index=ids.index(last) if last in ids else 0,
        format_func=lambda one: kept[one].title if one else "Nothing: talk freely",
        key="about",
    )
    if not about:
        return Setting()
    manuscript = visit.shelf.manuscripts.get(about)
    chosen = choose_text(visit.app, Opened(about, manuscript), model)
    return Setting(about, manuscript, chosen.scope, chosen.ranges, len(chosen.text.split()))


def _kept(visit: Visit, question: Question) -> Setting:
    """Return what the last question was about, and say it."""
    if not question.manuscript_id:
        return Setting()
    try:
        manuscript = visit.shelf.manuscripts.get(question.manuscript_id)
    except UnknownManuscript:
        st.warning("The manuscript was deleted. The chat goes on without it.")
        return Setting()
    st.caption(f"About “{words.plain(manuscript.title)}”, {words.plain(question.scope)}")
    return Setting(
        question.manuscript_id, manuscript, question.scope, question.ranges, question.words
    )
