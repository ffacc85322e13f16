"""The next question of a chat: what it is about, what it sends and leaves out, and sending it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from components.analysis import fitted
from components.engine import Model, Options
from components.errors import UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Analysis, PromptInputs, Question
from components.ui.chat.chat_view import OpenChat, chat_about, leaf_key
from components.ui.question.text_picker import choose_text
from components.ui.shared import labels
from components.ui.shared.address import Opened, Page, go, link
from components.ui.shared.visit import Visit


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What holds for the next question: the manuscript, the part of it, the system prompt."""

    manuscript_id: str = ""
    manuscript: Manuscript | None = None
    scope: str = "no manuscript"
    ranges: tuple[tuple[int, int], ...] = ()
    words: int = 0
    system: str = ""


def chat_settings(visit: Visit, chat: OpenChat, model: Model | None) -> ChatSettings:
    """Show what the chat is about, to be chosen while it is new, and the system prompt."""
    last = chat.line[-1].question if chat.line else None
    settings = _as_before(visit, last) if last else _choose_subject(visit, model)
    with st.expander("How it should answer", icon=":material/psychology:"):
        system = st.text_area(
            "What the model is told beforehand",
            value=last.system if last else "",
            key=f"system-{chat.series.id if chat.series else 'new'}",
            placeholder="You are a line editor. Answer in two sentences.",
            height=100,
        )
    return replace(settings, system=system.strip())


def _choose_subject(visit: Visit, model: Model | None) -> ChatSettings:
    """Return the manuscript of the page's address, and what of it is talked about.

    Without one, offer those that there are.
    """
    about = st.query_params.get("manuscript", "")
    try:
        manuscript = visit.shelf.manuscripts.get(about) if about else None
    except UnknownManuscript:
        st.warning(
            "The manuscript of this address is not there any more. Choose another one, or talk "
            "freely.",
            icon=":material/info:",
        )
        manuscript = None
    go(about if manuscript else "", page=Page.CHAT)
    if manuscript is None:
        titles = {"": "Nothing: talk freely"}
        titles |= {stored.id: stored.title for stored in visit.shelf.manuscripts.all()}
        st.selectbox(
            "Talk about",
            list(titles),
            format_func=titles.__getitem__,
            key="about",
            on_change=lambda: go(st.session_state["about"], page=Page.CHAT),
        )
        return ChatSettings()
    if st.button("Talk freely, without it", type="tertiary", icon=":material/forum:"):
        go("", page=Page.CHAT)
        st.rerun()
    chosen = choose_text(visit.app, Opened(about, manuscript), model, form="chat")
    words = manuscript.words_in(chosen.ranges)
    return ChatSettings(about, manuscript, chosen.scope, chosen.ranges, words)


def _as_before(visit: Visit, question: Question) -> ChatSettings:
    """Return what the last question was about, and say it."""
    if not question.manuscript_id:
        return ChatSettings()
    try:
        manuscript = visit.shelf.manuscripts.get(question.manuscript_id)
    except UnknownManuscript:
        st.warning("The manuscript was deleted. The chat goes on without it.")
        return ChatSettings()
    st.caption(f"About “{labels.plain(manuscript.title)}”, {labels.plain(question.scope)}")
    return ChatSettings(
        question.manuscript_id, manuscript, question.scope, question.ranges, question.words
    )


def ask_about(
    visit: Visit, analysis: Analysis, opened: Opened, model: Model | None, options: Options | None
) -> None:
    """Show the field that asks about an analysis that has ended; the answer opens as a chat."""
    if model is None or options is None:
        return
    asked = analysis.question
    settings = ChatSettings(opened.id, opened.manuscript, asked.scope, asked.ranges, asked.words)
    question = ChatQuestion(visit, chat_about(visit, analysis), settings, model, options)
    if not question.show_gauge(warns=False):
        return
    words = st.chat_input("Ask about this", key="asked-about")
    if words and words.strip():
        question.send(words.strip(), ())


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """The next question of a chat, but for its words."""

    visit: Visit
    chat: OpenChat
    settings: ChatSettings
    model: Model
    options: Options

    def show_gauge(self, *, warns: bool = True) -> bool:
        """Say what the question sends and what is left out; return whether it can be asked.

        Below an analysis nothing `warns`: it would seem to be about that.
        """
        if self.settings.manuscript is not None and not self.settings.ranges:
            return False
        line, limit = self.chat.line, self._limit
        question = self._fitted("", line)
        if question is None and not warns:
            room = "has no room for a question about this beside the text"
            st.html(labels.line(f"{self.model.name} {room}; a model with more has."))
            return False
        if question is None:
            st.warning(
                f"What is talked about is too long for {labels.plain(self.model.name)}: your text "
                f"is never shortened. {'Begin a new chat about' if line else 'Choose'} chapters or "
                "passages that fit, or choose a model with more room.",
                icon=":material/straighten:",
            )
            return False
        if not question.tokens:
            return True  # Nothing is sent yet but what is typed.
        other = line and line[-1].question.model != self.model.name
        to = f", to {self.model.name}," if other else ""
        room = f"The next question{to} takes {labels.room(question.tokens, limit)}"
        if question.left_out:
            room += (
                f"; {labels.oldest(question.left_out)} will be left out, to leave room to answer"
            )
        gauge = labels.gauge(min(question.tokens / limit, 1.0)) if limit else ""
        st.html(labels.line(f"{room}.") + gauge)
        return True

    def send(self, words: str, line: Sequence[Analysis]) -> None:
        """Ask `words` after the exchanges of `line`, in a new chat where there is none yet."""
        question = self._fitted(words, line)
        if question is None:  # Sent whole all the same: the server refuses it with its own count.
            tokens = self.visit.app.token_counter(self.model)(words)
            question = replace(self._question(words), left_out=len(line), tokens=tokens)
        jobs, shelf, series = self.visit.app.jobs, self.visit.shelf, self.chat.series
        about = self.chat.about
        parent_id = line[-1].id if line else about.id if about else None
        if series is None:
            name = labels.shortened(words, 60)
            exchange = jobs.submit(shelf, question, chat_name=name, parent_id=parent_id)
        else:
            exchange = jobs.submit(
                shelf, question, name=series.name, chat_id=series.id, parent_id=parent_id
            )
        chat_id = exchange.series_id or ""
        st.session_state[leaf_key(chat_id)] = exchange.id
        st.session_state.pop("editing", None)
        page, query = link(exchange)
        st.switch_page(page, query_params=query)

    @property
    def _limit(self) -> int | None:
        return self.options.num_ctx or self.model.context_length

    def _fitted(self, words: str, line: Sequence[Analysis]) -> Question | None:
        """Return the question with the exchanges of `line` that fit; None where it does not fit."""
        return fitted(
            self._question(words),
            PromptInputs(self.settings.manuscript, self.chat.history(line)),
            count=self.visit.app.token_counter(self.model),
            limit=self._limit,
        )

    def _question(self, words: str) -> Question:
        settings = self.settings
        return Question(
            manuscript_id=settings.manuscript_id,
            title=settings.manuscript.title if settings.manuscript else "Chat",
            scope=settings.scope,
            ranges=settings.ranges,
            words=settings.words,
            unit=settings.manuscript.unit if settings.manuscript else "words",
            tokens=0,  # Estimated where it is fitted.
            lens="Chat",
            prompt=words,
            model=self.model.name,
            digest=self.model.digest,
            options=self.options,
            system=settings.system,
        )
