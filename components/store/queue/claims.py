"""Taking a call from the queue: the next that a host has room for, with a lease on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Row

from components.errors import RecordUnreadable
from components.store.answer_cache import copy_answer, joined_hosts, meanwhile
from components.store.call_events import Failed, Moment, StateChanged
from components.store.database import Database, is_no_text
from components.store.question import Question
from components.store.queue.placement import Offer, OwnCalls, placed
from components.store.states import State
from components.store.tables import analysis
from components.store.transactions import finish, locked, write

#: Seconds after which a call whose worker has not been heard of is somebody else's.
LEASE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A call that a worker took: its proof, the host to ask, the question and whose it is."""

    call_id: str
    analysis_id: str
    attempt: int
    worker: str
    host: str
    owner: str
    question: Question
    moves: int


def take(
    database: Database,
    worker: str,
    offers: Sequence[Offer],
    *,
    job: str | None,
    own: OwnCalls | None,
) -> Claim | None:
    """Do what `Calls.claim` says."""
    while True:
        with database.read() as connection:
            if next(placed(connection, offers, own), None) is None:
                return None  # Without a write: workers look often.
        with database.write(alone=True) as connection:
            claim, settled = _next(database, connection, worker, offers, job, own)
        if claim is not None or not settled:
            return claim
        # What needed the answers that were copied may be next.


def _next(
    database: Database,
    connection: Connection,
    worker: str,
    offers: Sequence[Offer],
    job: str | None,
    own: OwnCalls | None,
) -> tuple[Claim | None, int]:
    """Take the next call; settle those before it that need no asking, or cannot be asked.

    The one kind another reading has answered meanwhile, and is copied; of the other the question
    cannot be read, and it fails. Return the claim and how many were settled.
    """
    settled = 0
    for waiting, offer in placed(connection, offers, own):
        row = locked(connection, waiting.call_id)
        # It may have been stopped since it was seen.
        if row is None or row.state != State.QUEUED:
            continue
        before = meanwhile(connection, row, waiting.comparison)
        if before is not None:
            copy_answer(connection, before, row.id, asked=row)
            settled += 1
            continue
        try:
            question = _question(connection, row)
        except RecordUnreadable as error:
            now = _now(database, connection)
            ends = [Moment(now, Failed(error)), Moment(now, StateChanged(State.FAILED))]
            finish(connection, row, ends)
            settled += 1
            continue
        return _taken(database, connection, row, question, worker, offer, job), settled
    return None, settled


def _taken(
    database: Database,
    connection: Connection,
    row: Row[Any],
    question: Question,
    worker: str,
    offer: Offer,
    job: str | None,
) -> Claim:
    now = _now(database, connection)
    write(
        connection,
        row,
        [Moment(now, StateChanged(State.CONTACTING))],
        attempt=row.attempt + 1,
        worker=worker,
        job=job,
        host=offer.url,
        hosts=_with(row, offer.url),
        started=now,
        ended=None,
        answer="",
        lease=now + LEASE_SECONDS,
    )
    return Claim(
        call_id=row.id,
        analysis_id=row.analysis_id,
        attempt=row.attempt + 1,
        worker=worker,
        host=offer.url,
        owner=row.owner,
        question=question,
        moves=row.moves,
    )


def _question(connection: Connection, row: Row[Any]) -> Question:
    """Return what a call asks. Raises: RecordUnreadable."""
    asked = sa.select(analysis.c.question).where(analysis.c.id == row.analysis_id)
    try:
        text = connection.scalar(asked)
    except exc.DBAPIError as error:
        if not is_no_text(error.orig):
            raise
        text = None
    return Question.from_json(str(text))


def _now(database: Database, connection: Connection) -> float:
    return float(connection.scalar(sa.select(database.now())) or 0.0)


def _with(row: Row[Any], host: str) -> str | None:
    """Return the hosts that a call was begun on, with one more; None once that is not known."""
    if row.hosts is None:
        return host if row.attempt == 0 else None
    return joined_hosts(row.hosts, host)
