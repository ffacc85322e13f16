"""Calls as pages see them: stopped, asked again, their position in the queue, the servers' load."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.engine import Demand
from components.store.call_events import ENDED, RUNNING, State
from components.store.create import IN_ORDER
from components.store.database import Database
from components.store.question import Question
from components.store.queue.turns import in_order, is_ready, starts_in, under_way
from components.store.queue.wait_estimate import seconds_left, usual_seconds
from components.store.tables import all_calls, analysis, call, need, series
from components.store.transactions import change_all, finish


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """How many calls are before one in the queue, how many run, and the seconds until it starts.

    `seconds` is None while nothing is known of how long such calls take here.
    """

    ahead: int
    running: int
    seconds: float | None


class Control:
    """Steers calls from outside of the worker that has them. Methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stop(self, address: str) -> list[tuple[str, str | None]]:
        """Have all calls under an address stop at once, so that none of them begins meanwhile.

        It is that of an analysis, a series, a comparison of reports or a manuscript. Those that
        wait have stopped at the return. Return the id and the job of those that a worker has and
        must be told.
        """
        with self._database.write() as connection:
            rows, now = _locked(connection, [address], [State.QUEUED, *RUNNING]), time.time()
            running = [row for row in rows if row.state != State.QUEUED]
            going_on = [row for row in running if row.state != State.STOPPING]
            change_all(connection, going_on, State.STOPPING, now)
            new = [row for row in rows if row.state == State.QUEUED and not row.attempt]
            change_all(connection, new, State.STOPPED, now, [{"ended": now}] * len(new))
            for row in rows:
                if row.state == State.QUEUED and row.attempt:  # It may have an earlier text.
                    finish(connection, row, [State.STOPPED], now)
        return [(row.id, row.job) for row in running]

    def again(self, address: str) -> bool:
        """Queue once more, in their order, what ended without being done under an address.

        What they wrote is kept as an earlier attempt's. Return whether there was any such call.
        """
        with self._database.write() as connection:
            rows = _locked(connection, [address], ENDED - {State.DONE})
            _queue_all(connection, rows)
        return bool(rows)

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

    def queue_position(self, call_id: str, *, slots: int) -> QueuePosition | None:
        """Return where a call stands in the queue of `slots` workers; None if it does not wait."""
        with self._database.read() as connection:
            running = under_way(connection)
            waiting = in_order(connection, running)
            ids = [call.call_id for call in waiting]
            if call_id not in ids:
                return None
            ahead, now = waiting[: ids.index(call_id)], time.time()
            left = [seconds_left(connection, call, now) for call in running]
            kinds = {(call.model, call.series_id): call for call in ahead}
            usual = {kind: usual_seconds(connection, call) for kind, call in kinds.items()}
        expected = [usual[call.model, call.series_id] for call in ahead]
        seconds = None
        if None not in (*expected, *left):
            known, known_left = ([it or 0.0 for it in some] for some in (expected, left))
            seconds = starts_in(known, known_left, slots=max(slots, 1))
        return QueuePosition(len(ahead), len(running), seconds)

    def waiting(self) -> bool:
        """Whether any call waits that may run."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(call.c.id).where(is_ready()).limit(1)) is not None

    def demand(self, host: str) -> Mapping[str, Demand]:
        """Return what runs on `host`, and what waits and may yet run by itself, by model.

        Calls of all processes that ask the same servers. Which server takes what waits is decided
        when one has room.
        """
        needed = call.alias()
        # A call that needs the answer of one of these waits until somebody runs that again.
        without_answer = needed.c.state.in_(ENDED - {State.DONE})
        stuck = (
            sa.select(need.c.call_id.label("id"))
            .join(needed, needed.c.id == need.c.of)
            .where(without_answer)
            .cte("stuck", recursive=True)
        )
        stuck = stuck.union(sa.select(need.c.call_id).join(stuck, stuck.c.id == need.c.of))
        waits = sa.and_(call.c.state == State.QUEUED, call.c.id.not_in(sa.select(stuck.c.id)))
        runs = sa.and_(call.c.state.in_(RUNNING), call.c.host == host)
        # The steps of a report have one context: one of them says it for all.
        counts = (
            sa.select(
                call.c.model,
                sa.func.count().label("calls"),
                sa.func.min(analysis.c.id).label("analysis_id"),
            )
            .select_from(all_calls)
            .where(sa.or_(runs, waits))
            .group_by(call.c.model, sa.func.coalesce(analysis.c.series_id, analysis.c.id))
            .subquery()
        )
        one_of_each = sa.select(counts.c.model, counts.c.calls, analysis.c.question).join(
            analysis, analysis.c.id == counts.c.analysis_id
        )
        with self._database.read() as connection:
            rows = connection.execute(one_of_each).all()
        demand: dict[str, Demand] = {}
        for row in rows:
            before = demand.get(row.model, Demand())
            num_ctx = Question.for_list(row.question).options.num_ctx or 0
            demand[row.model] = Demand(before.calls + row.calls, max(before.num_ctx, num_ctx))
        return demand


def _queue_all(connection: Connection, rows: Sequence[Row[Any]], **more: Any) -> None:
    """Have calls that have ended wait once more, as those that nothing has happened to yet."""
    now = time.time()
    fresh = {"cuts": 0, "moves": 0, "refused": 0, "ended": None, "answer": ""} | more
    values = [{"queued": now + number * IN_ORDER} | fresh for number in range(len(rows))]
    change_all(connection, rows, State.QUEUED, now, values)


def _locked(
    connection: Connection, addresses: Sequence[str], states: Iterable[State]
) -> list[Row[Any]]:
    """Return the rows of the calls under `addresses` that are in `states`, in their series' order.

    Nobody else changes them meanwhile; they are locked in the order in which workers lock theirs.
    """
    reports = sa.select(series.c.id).where(series.c.comparison.in_(addresses))
    places = (analysis.c.id, analysis.c.series_id, analysis.c.manuscript_id)
    is_under = sa.or_(analysis.c.series_id.in_(reports), *(it.in_(addresses) for it in places))
    rows = connection.execute(
        sa.select(call, series.c.position.label("turn"), analysis.c.position, analysis.c.created)
        .select_from(all_calls)
        .where(is_under, call.c.state.in_(states))
        .order_by(call.c.id)
        .with_for_update(of=call)
    ).all()
    return sorted(rows, key=lambda row: (row.turn or 0, row.position, row.created))
