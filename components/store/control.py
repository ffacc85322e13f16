"""Calls as pages see them: stopped, asked for again, and their place in the queue."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.store.beginning import IN_ORDER
from components.store.database import AT_ONCE, Database
from components.store.events import Moment, StateChanged
from components.store.queue import Waiting, fair, queued, served, starts_in
from components.store.states import RUNNING, State
from components.store.tables import analysis, call, series
from components.store.writing import finish, locked_all, write


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: how many calls are before it, how many run, seconds until it starts.

    `seconds` is None while nothing is known of how long such calls take here.
    """

    ahead: int
    running: int
    seconds: float | None


class Control:
    """Steers calls from outside of the worker that has them. Methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stop(self, analysis_id: str) -> list[tuple[str, str | None]]:
        """Have the calls of an analysis stop; what waits has stopped at the return.

        Return id and job of each call that a worker has and must be told.
        """
        with self._database.write() as connection:
            return _stop(connection, analysis_id)

    def stop_series(self, series_id: str) -> list[tuple[str, str | None]]:
        """Have all calls of a series stop, those that wait first; return as `stop` does.

        Those of a comparison's reports are its own.
        """
        with self._database.write() as connection:
            members = _members(connection, series_id)
            return _stop_all(connection, members)

    def stop_manuscript(self, manuscript_id: str) -> list[tuple[str, str | None]]:
        """Have all calls on a manuscript stop, wherever they are listed; return as `stop` does."""
        with self._database.write() as connection:
            about = analysis.c.manuscript_id == manuscript_id
            return _stop_all(connection, connection.scalars(sa.select(analysis.c.id).where(about)))

    def again(self, analysis_id: str) -> bool:
        """Queue once more the calls of an analysis that ended without being done.

        What they wrote is kept as an earlier attempt's. Return whether there was any such call.
        """
        with self._database.write() as connection:
            return _again(connection, analysis_id, time.time())

    def again_series(self, series_id: str) -> bool:
        """Do so with all calls of a series, in their order."""
        now = time.time()
        with self._database.write() as connection:
            members = _members(connection, series_id)
            _lock(connection, members)
            found = [
                _again(connection, one, now + number * IN_ORDER)
                for number, one in enumerate(members)
            ]
        return any(found)

    def anew(self, analysis_ids: Sequence[str]) -> bool:
        """Queue once more what is done of these, in their order; no earlier answer serves it.

        What was written is kept as an earlier attempt's. Return whether that was done: not while
        one of them runs, which was given what is asked again.
        """
        now = time.time()
        with self._database.write() as connection:
            _lock(connection, analysis_ids)
            rows = [row for one in analysis_ids for row in locked_all(connection, one)]
            done = [row for row in rows if row.state == State.DONE]
            if any(State(row.state).is_running for row in rows):
                return False
            for number, row in enumerate(done):
                _queue(connection, row, now + number * IN_ORDER, anew=1, copied=None)
        return bool(done)

    def place(self, call_id: str, *, slots: int) -> Place | None:
        """Return where a call stands in the queue of `slots` workers' places; None if not in it."""
        now = time.time()
        with self._database.read() as connection:
            running = connection.execute(
                sa.select(call.c.owner, call.c.model, call.c.started).where(
                    call.c.state.in_(RUNNING)
                )
            ).all()
            owners = [row.owner for row in running]
            order = fair(queued(connection), owners, served(connection))
        ahead: list[Waiting] = []
        for waiting in order:
            if waiting.call_id == call_id:
                break
            ahead.append(waiting)
        else:
            return None
        models = {one.model for one in ahead} | {row.model for row in running}
        usual = {model: self._usual_seconds(model) for model in models}
        seconds = None
        if all(value is not None for value in usual.values()):
            left = [max((usual[row.model] or 0.0) - (now - row.started), 0.0) for row in running]
            seconds = starts_in([usual[one.model] or 0.0 for one in ahead], left, max(slots, 1))
        return Place(len(ahead), len(running), seconds)

    def waiting(self) -> bool:
        """Whether any call waits."""
        with self._database.read() as connection:
            return bool(queued(connection, limit=1))

    def _usual_seconds(self, model: str, *, of: int = 20) -> float | None:
        """Return how long the last calls of `model` took that were done, on average."""
        with self._database.read() as connection:
            taken = connection.scalars(
                sa.select(call.c.ended - call.c.started)
                .where(call.c.model == model, call.c.state == State.DONE)
                .order_by(call.c.ended.desc())
                .limit(of)
            ).all()
        return sum(taken) / len(taken) if taken else None


def _members(connection: Connection, series_id: str) -> list[str]:
    """Return the analyses of a series, or of the reports of a comparison, in their order."""
    rows = connection.scalars(
        sa.select(analysis.c.id)
        .join(series, series.c.id == analysis.c.series_id)
        .where(sa.or_(series.c.id == series_id, series.c.comparison == series_id))
        .order_by(series.c.position, analysis.c.position, analysis.c.created)
    )
    return list(rows)


def _stop_all(connection: Connection, analysis_ids: Iterable[str]) -> list[tuple[str, str | None]]:
    """Stop the calls of all these, the last first, so that none of them begins meanwhile."""
    members = list(analysis_ids)
    _lock(connection, members)
    told = [_stop(connection, one) for one in reversed(members)]
    return [one for some in told for one in some]


def _lock(connection: Connection, analysis_ids: Sequence[str]) -> None:
    """Have nobody else change the calls of these, in the order in which workers lock theirs."""
    for start in range(0, len(analysis_ids), AT_ONCE):
        some = analysis_ids[start : start + AT_ONCE]
        connection.execute(
            sa.select(call.c.id)
            .where(call.c.analysis_id.in_(some))
            .order_by(call.c.id)
            .with_for_update()
        ).all()


def _stop(connection: Connection, analysis_id: str) -> list[tuple[str, str | None]]:
    told: list[tuple[str, str | None]] = []
    now = time.time()
    for row in locked_all(connection, analysis_id):
        if row.state == State.QUEUED:
            finish(connection, row, [Moment(now, StateChanged(State.STOPPED))])
        elif State(row.state).is_running:
            if row.state != State.STOPPING:
                write(connection, row, [Moment(now, StateChanged(State.STOPPING))])
            told.append((row.id, row.job))
    return told


def _again(connection: Connection, analysis_id: str, now: float) -> bool:
    found = False
    for row in locked_all(connection, analysis_id):
        if row.state != State.DONE and State(row.state).has_ended:
            _queue(connection, row, now)
            found = True
    return found


def _queue(connection: Connection, row: Row[Any], now: float, **more: Any) -> None:
    """Have a call that has ended wait once more, as one that nothing has happened to yet."""
    counts = {"cuts": 0, "moves": 0, "refused": 0}
    fresh = {**counts, "queued": now, "ended": None, "answer": "", **more}
    write(connection, row, [Moment(now, StateChanged(State.QUEUED))], **fresh)
