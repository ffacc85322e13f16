"""What a worker needs beside the question: the manuscript, what was said before, the pictures."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from components.manuscripts import Manuscript
from components.store.beginning import Picture
from components.store.database import Database
from components.store.manuscripts import get_for_call
from components.store.question import Question
from components.store.tables import analysis, call, picture


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a chat and what was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a question is asked of; in a chat `history` is what was said before it, in order."""

    manuscript: Manuscript | None = None
    history: tuple[Exchange, ...] = ()
    pictures: tuple[Picture, ...] = ()


def material(database: Database, owner: str, analysis_id: str, question: Question) -> Material:
    """Return what the analysis is about, deleted or not. Raises: UnknownManuscript, StoreError."""
    about = None
    if question.manuscript_id:
        about = get_for_call(database, owner, question.manuscript_id)
    return Material(about, history(database, analysis_id), pictures(database, analysis_id))


def pictures(database: Database, analysis_id: str) -> tuple[Picture, ...]:
    """Return the pictures of an analysis, in their order. Raises: StoreError."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(picture.c.name, picture.c.data)
            .where(picture.c.analysis_id == analysis_id)
            .order_by(picture.c.position)
        ).all()
    return tuple(Picture(row.name, bytes(row.data)) for row in rows)


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
