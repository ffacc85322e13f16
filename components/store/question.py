"""What is asked: questions, alone and as the steps of a report, and what a worker needs for them.

A question is enough to run it again, and to say what it was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from components.engine import Options
from components.errors import NoUse, RecordUnreadable
from components.languages import Unit
from components.manuscripts import Manuscript
from components.store.call_events import decoding, storable, unpack_error
from components.store.database import Database
from components.store.manuscripts import Manuscripts
from components.store.tables import analysis, call, event, need, picture
from components.store.transactions import text_of


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a model, of a manuscript or, where `manuscript_id` is empty, of none.

    `title` is the manuscript's; `scope` names the part that is sent ("the whole manuscript",
    "Chapter 1"), `ranges` are its characters (start, end) and `words` counts them in the
    manuscript's `unit`; `tokens` is the estimate of the prompt before the server counted it;
    `digest` is the model's; `system` is the system prompt, where it is not the app's own. In a chat
    `left_out` counts the oldest exchanges that are not sent; in a comparison `least_ctx` is the
    context in tokens that all columns ask for; `pictures` counts those that go with it, which are
    kept beside it. The text itself is the manuscript's and is kept once, there.

    In a report `part` says which of its calls this is and `passage` counts, from 1, the passage
    that it reads; `chapters` are the indexes of those whose text is in it. An answer that is no
    use is asked for again, at most `retries` times. `language` is what the prompt says that the
    answer is to be written in, as the editor named it; empty where it says nothing of that.
    """

    manuscript_id: str
    title: str
    scope: str
    ranges: tuple[tuple[int, int], ...]
    words: int
    tokens: int
    lens: str
    prompt: str
    model: str
    digest: str = ""
    options: Options = field(default_factory=Options)
    system: str = ""
    left_out: int = 0
    least_ctx: int = 0
    pictures: int = 0
    part: str = ""
    passage: int = 0
    chapters: tuple[int, ...] = ()
    retries: int = 0
    language: str = ""
    unit: Unit = "words"

    def reads(self, chapter: int) -> bool:
        """Whether it reads text of the chapter with this index; 0 is a text without chapters."""
        return bool(self.ranges) and (not chapter or chapter in self.chapters)

    def to_json(self) -> str:
        """Return all of it as JSON."""
        fields = asdict(self) | {"options": self.options.given()}
        return storable(json.dumps(fields, ensure_ascii=False))

    @classmethod
    def from_json(cls, text: str) -> Question:
        """Return the question that `to_json` made `text` of. Raises: RecordUnreadable."""
        with decoding("The question of this analysis"):
            fields: dict[str, Any] = json.loads(text)
            ranges = tuple((start, end) for start, end in fields.pop("ranges"))
            chapters = tuple(fields.pop("chapters", ()))
            options = Options.of(fields.pop("options"))
            return cls(ranges=ranges, chapters=chapters, options=options, **fields)

    @classmethod
    def for_list(cls, text: str) -> Question:
        """Return the question as `from_json` does, or one that says that it cannot be read.

        A list goes on past one such row; whoever is to ask the question uses `from_json`.
        """
        try:
            return cls.from_json(text)
        except RecordUnreadable:
            scope = "a question that cannot be read"
            return cls("", "", scope, (), 0, 0, lens=scope.capitalize(), prompt="", model="")


@dataclass(frozen=True, slots=True)
class QuestionPicture:
    """A picture that goes with a question: its file's name and the bytes of a PNG or JPEG."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """A question to be queued, as a step of a report where others need its answer.

    `needs` are the positions, in the plan, of the steps whose answers it is given, in that order.
    `key` names all that decides its answer; one that `is_anew` is asked though that was answered
    before. `least` are the tokens that the server must say it has read, or the answer serves no
    other. `passage` is shared by steps that read the same text; one without is made from answers.
    One with an `answer` asks no model: that was found without.
    `answer_of` is the id of a call that is done, whose answer it has at once: it is not asked.
    """

    question: Question
    needs: tuple[int, ...] = ()
    key: str = ""
    passage: str = ""
    is_anew: bool = False
    least: int = 0
    answer: str = ""
    answer_of: str = ""

    @classmethod
    def of(cls, asked: Question | Step) -> Step:
        """Return `asked` as a step; a question alone is one that builds on no other."""
        return asked if isinstance(asked, Step) else cls(asked)

    def is_there(self, answered: Collection[str]) -> bool:
        """Whether its answer is among those of the keys that were answered before."""
        return bool(self.key) and not self.is_anew and self.key in answered


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be begun with others: its `steps`, and `details` as its series keeps them."""

    steps: Sequence[Step]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a chat and what was answered; `question` is all of it, where that is stored."""

    asked: str
    answered: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The answer to an earlier step of a report, and the question of that step."""

    question: Question
    text: str


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """The last answer, which was no use, why not, and how many in a row there were."""

    answer: str
    error: NoUse
    times: int = 1


@dataclass(frozen=True, slots=True)
class PromptInputs:
    """What a prompt is made of beside the question.

    `history` is what was said before in a chat, in order; `notes` are the answers that a step of a
    report needs. `refused` is the question's own last answer, where that was no use.
    """

    manuscript: Manuscript | None = None
    history: tuple[Exchange, ...] = ()
    pictures: tuple[QuestionPicture, ...] = ()
    notes: tuple[EarlierAnswer, ...] = ()
    refused: RefusedAnswer | None = None


def prompt_inputs(
    database: Database, owner: str, analysis_id: str, question: Question
) -> PromptInputs:
    """Return what an analysis is about, deleted or not. Raises: UnknownManuscript, StoreError."""
    about = None
    if question.manuscript_id:
        about = Manuscripts(database, owner).get(question.manuscript_id, even_deleted=True)
    return PromptInputs(
        about,
        _history(database, analysis_id),
        pictures(database, analysis_id),
        _notes(database, analysis_id),
        _refused(database, analysis_id),
    )


def pictures(database: Database, analysis_id: str) -> tuple[QuestionPicture, ...]:
    """Return the pictures of an analysis, in their order. Raises: StoreError."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(picture.c.name, picture.c.data)
            .where(picture.c.analysis_id == analysis_id)
            .order_by(picture.c.position)
        ).all()
    return tuple(QuestionPicture(row.name, bytes(row.data)) for row in rows)


def _notes(database: Database, analysis_id: str) -> tuple[EarlierAnswer, ...]:
    """Return the answers that a step of a report needs, in their order."""
    step, needed = call.alias(), call.alias()
    with database.read() as connection:
        rows = connection.execute(
            sa.select(analysis.c.question, needed.c.answer)
            .select_from(step)
            .join(need, need.c.call_id == step.c.id)
            .join(needed, needed.c.id == need.c.of)
            .join(analysis, analysis.c.id == needed.c.analysis_id)
            .where(step.c.analysis_id == analysis_id)
            .order_by(need.c.position)
        ).all()
    return tuple(EarlierAnswer(Question.from_json(row.question), row.answer) for row in rows)


def _refused(database: Database, analysis_id: str) -> RefusedAnswer | None:
    """Return the last answer of a call, by whoever it is asked once more, if it was no use."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(event.c.call_id, event.c.attempt, event.c.kind, event.c.body)
            .join(call, call.c.id == event.c.call_id)
            .where(
                call.c.analysis_id == analysis_id,
                event.c.kind.in_(("failed", "finished")),
                event.c.attempt < call.c.attempt,
            )
            .order_by(event.c.seq.desc())
        ).all()
        failed = [row for row in rows if row.kind == "failed"]
        done = {row.attempt for row in rows} - {row.attempt for row in failed}
        errors: list[NoUse] = []
        for row in failed:
            error = unpack_error(row.body)
            # The model need not be told of a fault of the server.
            if not isinstance(error, NoUse) or any(attempt > row.attempt for attempt in done):
                break
            errors.append(error)
        if not errors:
            return None
        answer = text_of(connection, failed[0].call_id, failed[0].attempt)
        return RefusedAnswer(answer, errors[0], len(errors))


def _history(database: Database, analysis_id: str) -> tuple[Exchange, ...]:
    """Return what was asked and answered before an analysis, the oldest first, if not deleted."""
    before = sa.select(analysis.c.parent_id.label("id"), sa.literal(1).label("steps")).where(
        analysis.c.id == analysis_id, analysis.c.parent_id.is_not(None)
    )
    line = before.cte("line", recursive=True)
    line = line.union_all(
        sa.select(analysis.c.parent_id, line.c.steps + 1)
        .join(line, line.c.id == analysis.c.id)
        .where(analysis.c.parent_id.is_not(None))
    )
    with database.read() as connection:
        rows = connection.execute(
            sa.select(analysis.c.question, call.c.answer)
            .join(line, line.c.id == analysis.c.id)
            .join(call, call.c.analysis_id == analysis.c.id)
            .where(analysis.c.deleted.is_(None))
            .order_by(line.c.steps.desc())
        ).all()
    asked = [Question.from_json(row.question) for row in rows]
    answers = [row.answer for row in rows]
    return tuple(
        Exchange(question.prompt, answer, question)
        for question, answer in zip(asked, answers, strict=True)
    )
