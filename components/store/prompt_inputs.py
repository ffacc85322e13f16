"""What a worker needs beside the question: the manuscript, what was said before, the pictures."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from components.errors import NoUse
from components.manuscripts import Manuscript
from components.store.call_events import unpack_error
from components.store.create import QuestionPicture
from components.store.database import Database
from components.store.manuscripts import get_for_call
from components.store.question import Question
from components.store.tables import analysis, call, event, need, picture
from components.store.transactions import text_of


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a chat and what was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What was answered to a step of a report that came before, and which part it was about."""

    scope: str
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The last answer, which was no use, why not, and how many in a row there were."""

    answer: str
    error: NoUse
    times: int = 1


@dataclass(frozen=True, slots=True)
class PromptInputs:
    """What a question is asked of; in a chat `history` is what was said before it, in order.

    In a report `notes` are the answers that a step needs. `refused` is the question's own last
    answer, where that was no use.
    """

    manuscript: Manuscript | None = None
    history: tuple[Exchange, ...] = ()
    pictures: tuple[QuestionPicture, ...] = ()
    notes: tuple[EarlierAnswer, ...] = ()
    refused: Refused | None = None


def material(database: Database, owner: str, analysis_id: str, question: Question) -> PromptInputs:
    """Return what the analysis is about, deleted or not. Raises: UnknownManuscript, StoreError."""
    about = None
    if question.manuscript_id:
        about = get_for_call(database, owner, question.manuscript_id)
    refused = _refused(database, analysis_id)
    if question.part:
        return PromptInputs(about, notes=notes_of(database, analysis_id), refused=refused)
    return PromptInputs(
        about, history(database, analysis_id), pictures(database, analysis_id), refused=refused
    )


def notes_of(database: Database, analysis_id: str) -> tuple[EarlierAnswer, ...]:
    """Return the answers that a step of a report needs, in their order. Raises: StoreError."""
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
    return tuple(EarlierAnswer(Question.from_json(row.question).scope, row.answer) for row in rows)


def _refused(database: Database, analysis_id: str) -> Refused | None:
    """Return the last answer of a call where it was no use, whoever has it asked once more.

    Raises: StoreError.
    """
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
            # What was the server's fault is nothing to tell the model.
            if not isinstance(error, NoUse) or any(one > row.attempt for one in done):
                break
            errors.append(error)
        if not errors:
            return None
        answer = text_of(connection, failed[0].call_id, failed[0].attempt)
        return Refused(answer, errors[0], len(errors))


def pictures(database: Database, analysis_id: str) -> tuple[QuestionPicture, ...]:
    """Return the pictures of an analysis, in their order. Raises: StoreError."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(picture.c.name, picture.c.data)
            .where(picture.c.analysis_id == analysis_id)
            .order_by(picture.c.position)
        ).all()
    return tuple(QuestionPicture(row.name, bytes(row.data)) for row in rows)


def history(database: Database, analysis_id: str) -> tuple[Exchange, ...]:
    """Return what was asked and answered before an analysis, the oldest first.

    Raises: StoreError.
    """
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
            .order_by(line.c.steps.desc())
        ).all()
    return tuple(Exchange(Question.from_json(row.question).prompt, row.answer) for row in rows)
