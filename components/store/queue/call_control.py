"""Calls as pages see them: stopped, asked for again, and their place in the queue."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.store.call_events import Moment, StateChanged
from components.store.create import IN_ORDER
from components.store.database import AT_ONCE, Database
from components.store.queue.turns import order, queued, starts_in, under_way
from components.store.queue.wait_estimate import seconds_left, usual_seconds
from components.store.states import ENDED, RUNNING, State
from components.store.tables import analysis, call, series
from components.store.transactions import change_all, finish


@dataclass(frozen=True, slots=True)
class QueuePosition:
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
            return _stop_all(connection, [analysis_id])

    def stop_series(self, series_id: str) -> list[tuple[str, str | None]]:
        """Have all calls of a series stop, those that wait first; return as `stop` does.

        Those of a comparison's reports are its own.
        """
        with self._database.write() as connection:
            return _stop_all(connection, _members(connection, series_id))

    def stop_manuscript(self, manuscript_id: str) -> list[tuple[str, str | None]]:
        """Have all calls on a manuscript stop, wherever they are listed; return as `stop` does."""
        with self._database.write() as connection:
            about = sa.select(analysis.c.id).where(analysis.c.manuscript_id == manuscript_id)
            return _stop_all(connection, list(connection.scalars(about)))

    def again(self, analysis_id: str) -> bool:
        """Queue once more the calls of an analysis that ended without being done.

        What they wrote is kept as an earlier attempt's. Return whether there was any such call.
        """
        with self._database.write() as connection:
            return _again(connection, [analysis_id])

    def again_series(self, series_id: str) -> bool:
        """Do so with all calls of a series, in their order."""
        with self._database.write() as connection:
            return _again(connection, _members(connection, series_id))

    def anew(self, analysis_ids: Sequence[str]) -> bool:
        """Queue once more what is done of these, in their order; no earlier answer serves it.

        What was written is kept as an earlier attempt's. Return whether that was done: not while
        one of them runs, which was given what is asked again.
        """
        with self._database.write() as connection:
            rows = _locked(connection, analysis_ids, State)
            if any(State(row.state).is_running for row in rows):
                return False
            done = [row for row in rows if row.state == State.DONE]
            _queue_all(connection, done, anew=1, copied=None)
        return bool(done)

    def place(self, call_id: str, *, slots: int) -> QueuePosition | None:
        """Return where a call stands in the queue of `slots` workers' places; None if not in it."""
        with self._database.read() as connection:
            running = under_way(connection)
            waiting = order(connection, running)
            at = next((at for at, one in enumerate(waiting) if one.call_id == call_id), None)
            if at is None:
                return None
            now = time.time()
            left = [seconds_left(connection, one, now) for one in running]
            kinds = {(one.model, one.series_id): one for one in waiting[:at]}
            usual = {kind: usual_seconds(connection, one) for kind, one in kinds.items()}
        ahead = [usual[one.model, one.series_id] for one in waiting[:at]]
        seconds = None
        if None not in left and None not in ahead:
            known = [one or 0.0 for one in ahead], [one or 0.0 for one in left]
            seconds = starts_in(*known, slots=max(slots, 1))
        return QueuePosition(at, len(running), seconds)

    def waiting(self) -> bool:
        """Whether any call waits."""
        with self._database.read() as connection:
            return bool(queued(connection, limit=1))


def _members(connection: Connection, series_id: str) -> list[str]:
    """Return the analyses of a series, or of the reports of a comparison, in their order."""
    rows = connection.scalars(
        sa.select(analysis.c.id)
        .join(series, series.c.id == analysis.c.series_id)
        .where(sa.or_(series.c.id == series_id, series.c.comparison == series_id))
        .order_by(series.c.position, analysis.c.position, analysis.c.created)
    )
    return list(rows)


def _stop_all(connection: Connection, analysis_ids: Sequence[str]) -> list[tuple[str, str | None]]:
    """Stop the calls of all these, so that none of them begins meanwhile.

    Return id and job of each that a worker has and must be told.
    """
    rows, now = _locked(connection, analysis_ids, [State.QUEUED, *RUNNING]), time.time()
    running = [row for row in rows if row.state != State.QUEUED]
    told = [row for row in running if row.state != State.STOPPING]
    change_all(connection, told, State.STOPPING, now)
    new = [row for row in rows if row.state == State.QUEUED and not row.attempt]
    change_all(connection, new, State.STOPPED, now, lambda _: {"ended": now})
    for row in rows:
        if row.state == State.QUEUED and row.attempt:  # It may have text of an earlier attempt.
            finish(connection, row, [Moment(now, StateChanged(State.STOPPED))])
    return [(row.id, row.job) for row in running]


def _again(connection: Connection, analysis_ids: Sequence[str]) -> bool:
    rows = _locked(connection, analysis_ids, ENDED - {State.DONE})
    _queue_all(connection, rows)
    return bool(rows)


def _queue_all(connection: Connection, rows: Sequence[Row[Any]], **more: Any) -> None:
    """Have calls that have ended wait once more, as those that nothing has happened to yet."""
    now = time.time()
    fresh = {"cuts": 0, "moves": 0, "refused": 0, "ended": None, "answer": ""} | more
    in_order = [{"queued": now + number * IN_ORDER} | fresh for number in range(len(rows))]
    change_all(connection, rows, State.QUEUED, now, in_order.__getitem__)


def _locked(
    connection: Connection, analysis_ids: Sequence[str], states: Iterable[State]
) -> list[Row[Any]]:
    """Return the rows of those calls that are in `states`, in the order of `analysis_ids`.

    Nobody else changes them meanwhile; they are locked in the order in which workers lock theirs.
    """
    rows: dict[str, list[Row[Any]]] = {}
    for start in range(0, len(analysis_ids), AT_ONCE):
        of_it = call.c.analysis_id.in_(analysis_ids[start : start + AT_ONCE])
        found = connection.execute(
            sa.select(call)
            .where(of_it, call.c.state.in_(states))
            .order_by(call.c.id)
            .with_for_update()
        )
        for row in found:
            rows.setdefault(row.analysis_id, []).append(row)
    return [row for analysis_id in analysis_ids for row in rows.get(analysis_id, ())]
