"""Calls as pages see them: stopped, asked again, put first or off, what is to come of them."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.engine import Demand
from components.store.call_states import ENDED, RUNNING, State
from components.store.create import IN_ORDER
from components.store.database import Database, queue_changed
from components.store.question import Question
from components.store.queue.turns import (
    QueuedCall,
    calls,
    in_order,
    is_due,
    is_put_off,
    is_ready,
    starts_in,
    under_way,
)
from components.store.queue.wait_estimate import seconds_left
from components.store.tables import all_calls, analysis, call, need, series
from components.store.transactions import change_all, finish


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """How many calls are before one in the queue, how many run, and the seconds until it starts.

    `seconds` is None while nothing is known of how long such calls take here. A step of a report
    `gives_way` where it waits for a question of the same owner. `put_off` is until when one is put
    off that is not in the queue before, in seconds since 1970.
    """

    ahead: int
    running: int
    seconds: float | None
    gives_way: bool = False
    put_off: float | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come of something that goes on.

    `place` is that of the first of its calls, None while one of them runs; `waits` says whether any
    does, `can_be_first` whether other work of its owner would otherwise come before it. `seconds`
    is what they take from when they begin, None where that is not known, and of reports, of which
    it depends on the plan.
    """

    place: QueuePosition | None
    waits: bool
    can_be_first: bool
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

    def put_first(self, address: str) -> None:
        """Put what waits under an address before what else its owner asked, and off no longer.

        Steps of a report are put before those of other reports, with which questions take turns.
        """
        self._place(address, put_first=time.time(), not_before=0.0)

    def put_off(self, address: str, until: float) -> None:
        """Have nothing under an address begin before `until`, in seconds since 1970; 0: at once.

        What runs goes on, and waits until then where it is queued again.
        """
        self._place(address, put_first=0.0, not_before=until)

    def _place(self, address: str, **values: float) -> None:
        with self._database.write() as connection:
            rows = _locked(connection, [address], [State.QUEUED, *RUNNING])
            if rows:
                of = call.c.id == sa.bindparam("of")
                change = sa.update(call).where(of).values(**values)
                connection.execute(change, [{"of": row.id} for row in rows])
                queue_changed(connection)

    def queue_position(self, call_id: str, *, slots: int) -> QueuePosition | None:
        """Return where a call stands in the queue of `slots` workers; None if it does not wait."""
        with self._database.read() as connection:
            its = calls(connection, sa.and_(call.c.id == call_id, call.c.state == State.QUEUED))
            return _Queue(connection, slots, its).position(its) if its else None

    def outlooks(self, owner: str, *, slots: int) -> dict[str, Outlook]:
        """Return what is to come of all that goes on of an owner's.

        By the id of a report, a comparison or a chat, of a comparison of reports that one's; by
        that of the call of an analysis that stands alone.
        """
        of_it = sa.and_(call.c.owner == owner, call.c.state.in_([State.QUEUED, *RUNNING]))
        with self._database.read() as connection:
            if not (all_of_its := calls(connection, of_it)):
                return {}
            queue = _Queue(connection, slots, all_of_its)
            by_work = defaultdict[str, list[QueuedCall]](list)
            for one in all_of_its:
                by_work[one.comparison or one.work].append(one)
            return {work: queue.outlook(its) for work, its in by_work.items()}

    def waiting(self) -> bool:
        """Whether any call waits that may run."""
        may_run = sa.and_(is_ready(), is_due())
        with self._database.read() as connection:
            return connection.scalar(sa.select(call.c.id).where(may_run).limit(1)) is not None

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
        may_run = sa.and_(is_due(), call.c.id.not_in(sa.select(stuck.c.id)))
        waits = sa.and_(call.c.state == State.QUEUED, may_run)
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


class _Queue:
    """The queue of `slots` workers at one moment, and what its calls and `its` will take."""

    def __init__(self, connection: Connection, slots: int, its: Sequence[QueuedCall]) -> None:
        self._slots = max(slots, 1)
        self._running = under_way(connection)
        self._waiting = in_order(connection, self._running)
        self._run = {one.call_id for one in self._running}
        waiting = [*self._waiting, *(one for one in its if one.call_id not in self._run)]
        self._left = seconds_left(connection, self._running, waiting, time.time())

    def position(self, its: Sequence[QueuedCall]) -> QueuePosition | None:
        """Return where the first of some calls stands; None if none of them waits for its turn."""
        if (at := self._at(its)) is None:
            times = [one.not_before for one in its if is_put_off(one.not_before)]
            running = len(self._running)
            return QueuePosition(0, running, None, put_off=min(times)) if times else None
        ahead, first = self._waiting[:at], self._waiting[at]
        expected, seconds = self._seconds(ahead), None
        left = self._seconds(self._running)
        if expected is not None and left is not None:
            seconds = starts_in(expected, left, slots=self._slots)
        gives_way = first.is_step and any(
            one.owner == first.owner and not one.is_step for one in (*ahead, *self._running)
        )
        return QueuePosition(len(ahead), len(self._running), seconds, gives_way)

    def outlook(self, its: Sequence[QueuedCall]) -> Outlook:
        """Return what is to come of the calls of one thing."""
        runs = [one for one in its if one.call_id in self._run]
        ahead = self._waiting[: self._at(its) or 0]
        can_be_first = any(
            one.owner == its[0].owner and one.is_step == its[0].is_step for one in ahead
        )
        place = None if runs else self.position(its)
        left = None if its[0].is_step else self._seconds(its)
        if left is not None:  # Those that share a place on a host run at the same time.
            left = [max(left)] if its[0].together else left
        seconds = None if left is None else sum(left)
        return Outlook(place, len(runs) < len(its), can_be_first, seconds)

    def _at(self, its: Sequence[QueuedCall]) -> int | None:
        ids = {one.call_id for one in its}
        return next((at for at, one in enumerate(self._waiting) if one.call_id in ids), None)

    def _seconds(self, calls: Iterable[QueuedCall]) -> list[float] | None:
        """Return how long each of these takes from now on; None where that of any is not known."""
        left = [self._left[one.call_id] for one in calls]
        known = [seconds for seconds in left if seconds is not None]
        return known if len(known) == len(left) else None


def _queue_all(connection: Connection, rows: Sequence[Row[Any]], **more: Any) -> None:
    """Have calls that have ended wait once more, as those that nothing has happened to yet."""
    now = time.time()
    fresh = {"cuts": 0, "moves": 0, "refused": 0, "ended": None, "answer": ""}
    fresh |= {"put_first": 0.0, "not_before": 0.0} | more
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
