"""The rows of a new analysis: what was asked, with its pictures, and the call that is queued."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.errors import UnknownManuscript
from components.store.events import Moment, StateChanged
from components.store.question import Question
from components.store.states import State
from components.store.storable import storable
from components.store.tables import analysis, call, manuscript, picture
from components.store.writing import locked_all, write

#: Seconds between the calls of a series in the queue: who asked first is next, to the microsecond.
IN_ORDER = 1e-6


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a question: its file's name and the bytes of a PNG or JPEG."""

    name: str
    data: bytes


def begin(
    connection: Connection,
    owner: str,
    question: Question,
    *,
    name: str = "",
    series_id: str | None = None,
    parent_id: str | None = None,
    position: int = 0,
    together: str | None = None,
    pictures: Sequence[Picture] = (),
    queued: float | None = None,
    **more: str | None,
) -> str:
    """Add an analysis to the queue and return its id.

    `together` names calls that share one place on a host, so that they run at the same time;
    `queued` is since when it waits, in seconds since 1970, now unless given; `more` are columns of
    the call. Raises: UnknownManuscript.
    """
    if question.manuscript_id:
        check_manuscript(connection, owner, question.manuscript_id)
    question = replace(question, pictures=len(pictures))
    new, now = secrets.token_urlsafe(16), time.time()
    connection.execute(
        sa.insert(analysis).values(
            id=new,
            owner=owner,
            manuscript_id=question.manuscript_id or None,
            series_id=series_id,
            parent_id=parent_id,
            position=position,
            name=storable(name or f"{question.lens} of {question.scope}"),
            question=question.to_json(),
            created=now,
        )
    )
    for number, one in enumerate(pictures):
        connection.execute(
            sa.insert(picture).values(
                analysis_id=new, position=number, name=storable(one.name), data=one.data
            )
        )
    connection.execute(
        sa.insert(call).values(
            id=secrets.token_urlsafe(16),
            analysis_id=new,
            owner=owner,
            model=question.model,
            state=State.QUEUED,
            queued=now + position * IN_ORDER if queued is None else queued,
            together=together,
            **more,
        )
    )
    for row in locked_all(connection, new):
        write(connection, row, [Moment(now, StateChanged(State.QUEUED))])
    return new


def check_manuscript(connection: Connection, owner: str, manuscript_id: str) -> None:
    """Raise UnknownManuscript unless `owner` has the manuscript."""
    of = sa.and_(
        manuscript.c.id == manuscript_id,
        manuscript.c.owner == owner,
        manuscript.c.deleted.is_(None),
    )
    if connection.scalar(sa.select(manuscript.c.id).where(of)) is None:
        raise UnknownManuscript("The manuscript is not there any more.")
