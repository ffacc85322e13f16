"""The rows of new analyses: what is asked, with its pictures, and the calls that are queued.

A report has up to a thousand, which build on each other. All are queued when it is begun, in one
transaction; which may run is asked of the store at every claim, so that nothing has to be awake
between two calls: an app that was killed goes on with the next one.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.engine import Connection

from components.engine import Text
from components.errors import UnknownManuscript
from components.store.answer_cache import copy_answer, served
from components.store.call_events import Moment, StateChanged, storable
from components.store.call_states import State
from components.store.database import queue_changed
from components.store.question import QuestionPicture, Step
from components.store.tables import analysis, call, event, manuscript, need, picture
from components.store.transactions import event_row

#: Seconds between the calls of a series in the queue: who asked first is next, to the microsecond.
IN_ORDER = 1e-6


def create_all(
    connection: Connection,
    owner: str,
    steps: Sequence[Step],
    *,
    name: str,
    series_id: str | None = None,
    parent_id: str | None = None,
    together: str | None = None,
    pictures: Sequence[QuestionPicture] = (),
    since: float | None = None,
) -> list[str]:
    """Queue an analysis for each of `steps`, in their order; return their ids.

    One that was answered before, or without a model, has that answer at once. In a chat
    `parent_id` is the exchange that it follows. Calls of the same `together` share one place on a
    host, so that they run at the same time. `pictures` go with each. `since` is since when the
    first waits, in seconds since 1970; now unless given. Raises: UnknownManuscript,
    UnknownAnalysis.
    """
    now = time.time()
    for manuscript_id in {step.question.manuscript_id for step in steps} - {""}:
        check_manuscript(connection, owner, manuscript_id)
    analyses = [secrets.token_urlsafe(16) for _ in steps]
    calls = [secrets.token_urlsafe(16) for _ in steps]
    created = Moment(now, StateChanged(State.QUEUED))
    rows: dict[Table, list[dict[str, Any]]] = {  # Each table is written once.
        analysis: [
            {
                "id": analyses[position],
                "owner": owner,
                "manuscript_id": step.question.manuscript_id or None,
                "series_id": series_id,
                "parent_id": parent_id,
                "position": position,
                "name": storable(name or f"{step.question.lens} of {step.question.scope}"),
                "question": replace(step.question, pictures=len(pictures)).to_json(),
                "created": now,
            }
            for position, step in enumerate(steps)
        ],
        picture: [
            {
                "analysis_id": analysis_id,
                "position": number,
                "name": storable(shown.name),
                "data": shown.data,
            }
            for analysis_id in analyses
            for number, shown in enumerate(pictures)
        ],
        call: [
            {
                "id": calls[position],
                "analysis_id": analyses[position],
                "owner": owner,
                "model": step.question.model,
                "digest": step.question.digest,
                "state": State.QUEUED,
                "queued": (now if since is None else since) + position * IN_ORDER,
                "together": together,
                "passage": f"{series_id}/{step.passage}" if step.passage else None,
                "key": step.key or None,
                "anew": int(step.is_anew),
                "least": step.least,
                "last_seq": 1,
            }
            for position, step in enumerate(steps)
        ],
        event: [event_row(call_id, 1, 0, created) for call_id in calls],
        need: [
            {"call_id": call_id, "position": at, "of": calls[needed]}
            for call_id, step in zip(calls, steps, strict=True)
            for at, needed in enumerate(step.needs)
        ],
    }
    for table, values in rows.items():
        if values:
            connection.execute(sa.insert(table), values)
    queue_changed(connection)
    for position, before in served(connection, owner, steps).items():
        copy_answer(connection, before, calls[position])
    for call_id, step in zip(calls, steps, strict=True):
        if step.answer:
            _answer(connection, call_id, storable(step.answer), now)
    return analyses


def _answer(connection: Connection, call_id: str, answer: str, at: float) -> None:
    """Write the answer to a call that asks no model."""
    moments = (Moment(at, Text(answer)), Moment(at, StateChanged(State.DONE)))
    events = [event_row(call_id, seq, 1, moment) for seq, moment in enumerate(moments, 2)]
    connection.execute(sa.insert(event), events)
    ended = {"state": State.DONE, "attempt": 1, "last_seq": 3, "ended": at, "answer": answer}
    connection.execute(sa.update(call).where(call.c.id == call_id).values(ended))


def check_manuscript(connection: Connection, owner: str, manuscript_id: str) -> None:
    """Raise UnknownManuscript unless `owner` has the manuscript."""
    of = sa.and_(
        manuscript.c.id == manuscript_id,
        manuscript.c.owner == owner,
        manuscript.c.deleted.is_(None),
    )
    if connection.scalar(sa.select(manuscript.c.id).where(of)) is None:
        raise UnknownManuscript("The manuscript is not there any more.")
