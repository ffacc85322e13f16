"""The next question on the page Ask: what it is about, what it sends and leaves out, sending it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import streamlit as st

from components.analysis import (
    LOOKED_UP,
    Subject,
    fitted,
    is_cited,
    passage_step,
    question_about,
)
from components.engine import Model, Options
from components.errors import UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Analysis, PromptInputs, Question, QuestionPicture, Step
from components.ui.analyse.analyse_form import read_every_chapter
from components.ui.answer.quote_marks import Marking
from components.ui.ask.conversation_view import OpenChat, chat_about, leaf_key
from components.ui.pictures.picture_upload import prepared
from components.ui.question.text_picker import choose_text
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened, Page, go, link
from components.ui.shared.stored_widget import stored_widget
from components.ui.shared.visit import Visit

#: What an answer is made from, where a manuscript is open.
_WHOLE, _CHOSEN, _FREE = "whole", "chosen", "free"
_WAYS = {_WHOLE: "The whole manuscript", _CHOSEN: "Chapters I choose", _FREE: "No manuscript"}
_DOES = {
    _WHOLE: "Passages are found at once, however long the book is; the model answers from them, "
    "and each statement leads to the words that it rests on.",
    _CHOSEN: "The model reads all that you choose and answers in prose; what it quotes is checked.",
    _FREE: "The model answers from what it knows, of no manuscript.",
}


@dataclass(frozen=True, slots=True)
class AskSettings:
    """What holds for the next question: what it is about, None for nothing; the system prompt.

    With `finds` it is asked of the whole manuscript, from passages that are found for it.
    """

    subject: Subject | None = None
    finds: bool = False
    system: str = ""


def ask_settings(visit: Visit, chat: OpenChat, model: Model | None) -> AskSettings:
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


def _choose_subject(visit: Visit, model: Model | None) -> AskSettings:
    """Ask what the answer is made from; without a manuscript, offer those that there are."""
    about = st.query_params.get("manuscript", "")
    try:
        manuscript = visit.shelf.manuscripts.get(about) if about else None
    except UnknownManuscript:
        widgets.warn(
            "The manuscript of this address is not there any more. Choose another one, or talk "
            "freely."
        )
        manuscript = None
    go(about if manuscript else "", page=Page.ASK)
    if manuscript is None:
        titles = {"": "Nothing: talk freely"}
        titles |= {stored.id: stored.title for stored in visit.shelf.manuscripts.all()}
        widgets.select(
            "Ask about",
            titles,
            key="about",
            on_change=lambda: go(st.session_state["about"], page=Page.ASK),
        )
        return AskSettings()
    way = widgets.switch("Answer from", _WAYS, **stored_widget("ask", "way", _WHOLE))
    widgets.say(_DOES[way])
    if way == _FREE:
        return AskSettings()
    if way == _CHOSEN:
        return AskSettings(choose_text(visit.app, Opened(about, manuscript), model, form="chat"))
    return _of_whole(about, manuscript)


def _of_whole(manuscript_id: str, manuscript: Manuscript) -> AskSettings:
    """Return what asks the whole manuscript: the parts that are read are found for the question."""
    return AskSettings(
        Subject(manuscript_id, manuscript, "the whole manuscript", (), 0), finds=True
    )


def _as_before(visit: Visit, question: Question) -> AskSettings:
    """Return what the last question was about, and say it."""
    if not question.manuscript_id:
        return AskSettings()
    try:
        manuscript = visit.shelf.manuscripts.get(question.manuscript_id)
    except UnknownManuscript:
        st.warning("The manuscript was deleted. The chat goes on without it.")
        return AskSettings()
    settings = _of_whole(question.manuscript_id, manuscript)
    if not is_cited(question):
        settings = AskSettings(_as_asked(question, manuscript))
    scope = settings.subject.scope if settings.subject else ""
    st.caption(f"About “{labels.plain(manuscript.title)}”, {labels.plain(scope)}")
    return settings


def _as_asked(question: Question, manuscript: Manuscript) -> Subject:
    """Return what a question was about."""
    return Subject(
        question.manuscript_id, manuscript, question.scope, question.ranges, question.words
    )


def ask_about(
    visit: Visit,
    opened: Opened,
    model: Model | None,
    options: Options | None,
    analysis: Analysis | None = None,
) -> None:
    """Show a field that asks about what is on the page; the answer opens on the page Ask.

    About an `analysis` the model is told it, and reads its text where that fits beside; else, and
    about a report, the whole manuscript is asked.
    """
    if model is None or options is None:
        return
    chat = OpenChat() if analysis is None else chat_about(visit, analysis)
    whole = _of_whole(opened.id, opened.manuscript)
    question = NextQuestion(visit, chat, whole, model, options)
    if analysis is not None and not is_cited(analysis.question):
        part = AskSettings(_as_asked(analysis.question, opened.manuscript))
        beside = NextQuestion(visit, chat, part, model, options)
        question = beside if beside.wordless is not None else question
    question.show_gauge()
    words = st.chat_input("Ask about this", key="asked-about")
    if words and words.strip():
        question.send(words.strip(), ())


def ask_field(model: Model, *, disabled: bool) -> tuple[str, tuple[QuestionPicture, ...]] | None:
    """Show where to type a question; return it with its pictures, None while nothing is sent.

    Pictures may be attached where `model` sees.
    """
    sees = model.can("vision")
    sent = st.chat_input(
        "Ask, for example: where do we first learn that her brother is dead?",
        disabled=disabled,
        key="asked",
        accept_file="multiple" if sees else False,
        file_type=["jpg", "jpeg", "png", "webp", "gif"] if sees else None,
    )
    if sent is None:
        return None
    words, files = (sent, []) if isinstance(sent, str) else (sent.text, sent.files)
    pictures = prepared(files)
    if pictures is None or not words.strip():
        return None
    return words.strip(), pictures


@dataclass(frozen=True)
class NextQuestion:
    """The next question of a chat, but for its words."""

    visit: Visit
    chat: OpenChat
    settings: AskSettings
    model: Model
    options: Options

    @cached_property
    def wordless(self) -> Question | None:
        """The question without its words; None where what it is about does not fit the model."""
        return self._fitted("", self.chat.line)

    def show_gauge(self) -> bool:
        """Say what the question sends and what is left out; return whether it can be asked."""
        subject = self.settings.subject
        if subject is not None and not (subject.ranges or self.settings.finds):
            return False
        line, limit, question = self.chat.line, self._limit, self.wordless
        if question is None:
            widgets.warn(
                f"What is talked about is too long for {labels.plain(self.model.name)}: your text "
                f"is never shortened. {'Begin a new chat about' if line else 'Choose'} chapters or "
                "passages that fit, or choose a model with more room.",
                "straighten",
            )
            return False
        if not question.tokens:
            return True  # Nothing is sent yet but what is typed.
        other = line and line[-1].question.model not in ("", self.model.name)
        to = f", to {self.model.name}," if other else ""
        room = f"The next question{to} takes {labels.room(question.tokens, limit)}"
        if question.left_out:
            room += (
                f"; {labels.oldest(question.left_out)} will be left out, to leave room to answer"
            )
        gauge = labels.gauge(min(question.tokens / limit, 1.0)) if limit else ""
        st.html(labels.line(f"{room}.") + gauge)
        return True

    def send(
        self, words: str, line: Sequence[Analysis], pictures: Sequence[QuestionPicture] = ()
    ) -> None:
        """Ask `words` after the exchanges of `line`, in a new chat where there is none yet."""
        question: Question | Step | None = self._step(words, line)
        if question is None:
            question = self._fitted(words, line)
        if question is None:  # Sent whole all the same: the server refuses it with its own count.
            tokens = self.visit.app.token_counter(self.model)(words)
            left_out = len(self.chat.history(line))
            question = replace(self._question(words), left_out=left_out, tokens=tokens)
        jobs, shelf, series = self.visit.app.jobs, self.visit.shelf, self.chat.series
        about = self.chat.about
        parent_id = line[-1].id if line else about.id if about else None
        exchange = jobs.submit(
            shelf,
            question,
            name=series.name if series else "",
            chat_id=series.id if series else None,
            parent_id=parent_id,
            chat_name=None if series else labels.shortened(words, 60),
            pictures=pictures,
        )
        chat_id = exchange.series_id or ""
        st.session_state[leaf_key(chat_id)] = exchange.id
        st.session_state.pop("editing", None)
        page, query = link(exchange)
        st.switch_page(page, query_params=query)

    def read_all(self, words: str) -> None:
        """Offer to read every chapter for a question; see `read_every_chapter`."""
        if subject := self.settings.subject:
            opened = Opened(subject.manuscript_id, subject.manuscript)
            read_every_chapter(self.visit, opened, words, self.model, self.options)

    def _step(self, words: str, line: Sequence[Analysis]) -> Step | None:
        """Return the step that asks the whole manuscript; None where only a part is talked about.

        Of no words, it has as many passages as a question is likely to have.
        """
        subject = self.settings.subject
        if subject is None or not self.settings.finds:
            return None
        last = line[-1].question if line else None
        retriever = Marking(self.visit).retriever(subject.manuscript_id)
        if retriever is None:  # It was deleted meanwhile.
            return None
        return passage_step(
            self._question(words),
            subject.manuscript,
            self.chat.history(line),
            retriever,
            before=last.prompt if last and last.part != LOOKED_UP else "",
            count=self.visit.app.token_counter(self.model),
            limit=self._limit,
        )

    @property
    def _limit(self) -> int | None:
        return self.options.num_ctx or self.model.context_length

    def _fitted(self, words: str, line: Sequence[Analysis]) -> Question | None:
        """Return the question with the exchanges of `line` that fit; None where it does not fit."""
        if step := self._step(words, line):
            return step.question
        subject = self.settings.subject
        return fitted(
            self._question(words),
            PromptInputs(subject.manuscript if subject else None, self.chat.history(line)),
            count=self.visit.app.token_counter(self.model),
            limit=self._limit,
        )

    def _question(self, words: str) -> Question:
        subject, system = self.settings.subject, self.settings.system
        return question_about(
            subject, self.model, self.options, lens="Ask", prompt=words, system=system
        )
