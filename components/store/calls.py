"""Calls as workers see them: written under a fence, ended once.

Whoever writes to a call proves in the same transaction that it still has it: the same worker, the
same attempt. A worker that was suspended and replaced writes nothing when it wakes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.engine import described
from components.errors import EngineError, JobError, LeaseLost, StoreError
from components.store.call_events import Failed, Moment, StateChanged
from components.store.database import Database
from components.store.queue.claims import LEASE_SECONDS, Claim, take
from components.store.queue.placement import Offer, OwnCalls
from components.store.states import RUNNING, State
from components.store.tables import call, event
from components.store.transactions import added, finish, locked

_log = logging.getLogger(__name__)

#: A call that lost its worker this often in a row before any text came is not tried again by
#: itself: it may be what kills the worker.
MOST_CUTS = 3

#: A call leaves this many hosts that die under it; then it fails with the last one's error.
MOST_MOVES = 5


#: Always in the same order, so that two workers' transactions never wait for each other.
_HELD = (
    sa.select(call.c.id, call.c.worker, call.c.attempt, call.c.state, call.c.last_seq)
    .where(call.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(call.c.id)
    .with_for_update()
)
_ADD = sa.insert(event)
_RENEW = sa.update(call).where(call.c.id == sa.bindparam("of"))


class Calls:
    """The queue of calls and what becomes of them; safe for many threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._renew = _RENEW.values(lease=database.now() + LEASE_SECONDS)

    def claim(
        self,
        worker: str,
        offers: Sequence[Offer],
        *,
        job: str | None = None,
        own: OwnCalls | None = None,
    ) -> Claim | None:
        """Take the next call that one of `offers` has room for; None where there is none.

        `job` is the worker's own name for what it is about to do; `own` are the calls that it
        takes, None for all. Nothing is written where nothing is taken. Raises: StoreError.
        """
        return take(self._database, worker, offers, job=job, own=own)

    def queue_mark(self) -> int:
        """Return what is another number after each change of the queue, by whatever process.

        It costs next to nothing. On Postgres it never changes: there procrastinate brings the news.
        """
        return self._database.queue_signal.last()

    def stopping(self, worker: str) -> list[str]:
        """Return the ids of the calls of a worker that are to stop. Raises: StoreError."""
        of_it = sa.and_(call.c.state == State.STOPPING, call.c.worker == worker)
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(call.c.id).where(of_it)))

    def append(self, claim: Claim, moments: Sequence[Moment], *, durable: bool = True) -> bool:
        """Write `moments` and renew the lease; return whether the call is to stop.

        No moments is a heartbeat. Raises: LeaseLost, StoreError.
        """
        (said,) = self.append_all([(claim, moments)], durable=durable)
        if isinstance(said, JobError):
            raise said
        return said

    def append_all(
        self, batches: Sequence[tuple[Claim, Sequence[Moment]]], *, durable: bool = True
    ) -> list[bool | JobError]:
        """Write the moments of several calls in one transaction and renew their leases.

        A transaction costs more than what is written in it. Return for each call whether it is to
        stop, or the LeaseLost with which nothing of it was written. What is `durable` survives a
        power cut soon after the return. Raises: StoreError.
        """
        events: list[dict[str, Any]] = []
        changes: list[dict[str, Any]] = []
        said: list[bool | JobError] = []
        with self._database.write(durable=False) as connection:
            ids = [claim.call_id for claim, _ in batches]
            held = {row.id: row for row in connection.execute(_HELD, {"ids": ids})}
            for claim, moments in batches:
                try:
                    row = _checked(held.get(claim.call_id), claim)
                    rows, state = added(row, _unless_stopping(row, moments), attempt=row.attempt)
                except JobError as error:
                    said.append(error)
                    continue
                said.append(bool(row.state == State.STOPPING))
                events += rows
                last = row.last_seq + len(rows)
                changes.append({"of": row.id, "last_seq": last, "state": state})
            if events:
                connection.execute(_ADD, events)
            if changes:
                connection.execute(self._renew, changes)
        if durable:
            self._database.synchronise_soon()
        return said

    def end(self, claim: Claim, state: State, moments: Sequence[Moment], *, at: float) -> None:
        """Write `moments` and end the call in `state`. Raises: LeaseLost, StoreError."""
        with self._database.write() as connection:
            row = _held(connection, claim)
            last = Moment(at, StateChanged(state))
            finish(connection, row, [*_unless_stopping(row, moments), last])

    def give_back(
        self, claim: Claim, moments: Sequence[Moment], *, at: float, moved: bool = False
    ) -> State:
        """Write `moments` and let go of the call: stopped if that was asked for, else queued again.

        `moved` counts a host that died under it. Return its state. Raises: LeaseLost, StoreError.
        """
        with self._database.write() as connection:
            row = _held(connection, claim)
            ends = _after_loss(row, at, again=True)
            moves = row.moves + moved
            finish(connection, row, [*_unless_stopping(row, moments), *ends], moves=moves)
            return _last(ends)

    def refuse(
        self, claim: Claim, error: EngineError, moments: Sequence[Moment], *, at: float
    ) -> State:
        """Write `moments` and why there is no answer of use: asked again, or failed if too often.

        Return its state. Raises: LeaseLost, StoreError.
        """
        with self._database.write() as connection:
            row = _held(connection, claim)
            if row.state == State.STOPPING:
                ends = [Moment(at, StateChanged(State.STOPPED))]
            else:
                ends = [Moment(at, Failed(error)), Moment(at, StateChanged(State.FAILED))]
                if row.refused < claim.question.retries:
                    ends.append(Moment(at, StateChanged(State.QUEUED)))
            written = [*_unless_stopping(row, moments), *ends]
            finish(connection, row, written, refused=row.refused + 1)
            return _last(ends)

    def recover(
        self, is_gone: Callable[[str], bool], *, at: float, mine: Collection[str] = ()
    ) -> int:
        """Take the calls from workers that are gone or have been silent; return how many.

        `is_gone` says of a worker whether it surely runs no more; `mine` are calls that the caller
        runs itself, and knows better. What was to stop has stopped; the rest is queued again,
        unless it lost its worker too often. Raises: StoreError.
        """
        count = 0
        for seen in self._silent(is_gone, mine):
            try:
                count += self._recover(seen, at)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one row must not keep the others
                _log.error("call %s could not be taken back: %s", seen.id[:6], described(error))
        return count

    def _recover(self, seen: Row[Any], at: float) -> bool:
        """Take back one call, if it is still as it was seen; return whether it was."""
        with self._database.write() as connection:
            row = locked(connection, seen.id)
            if row is None or (row.worker, row.attempt) != (seen.worker, seen.attempt):
                return False
            cuts = 0 if row.state == State.WRITING else row.cuts + 1
            finish(connection, row, _after_loss(row, at, again=cuts < MOST_CUTS), cuts=cuts)
            return True

    def _silent(self, is_gone: Callable[[str], bool], mine: Collection[str]) -> list[Row[Any]]:
        expired = (call.c.lease < self._database.now()).label("expired")
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(call.c.id, call.c.worker, call.c.attempt, expired).where(
                    call.c.state.in_(RUNNING)
                )
            ).all()
        others = [row for row in rows if row.id not in mine]
        return [row for row in others if row.expired or is_gone(row.worker)]


def _held(connection: Connection, claim: Claim) -> Row[Any]:
    row: Row[Any] = _checked(locked(connection, claim.call_id), claim)
    return row


def _checked(row: Any, claim: Claim) -> Any:
    """Hold the fence: return `row` if the call is still `claim`'s. Raises: LeaseLost."""
    if row is None:
        raise LeaseLost("This analysis was deleted.")
    if (row.worker, row.attempt) != (claim.worker, claim.attempt):
        raise LeaseLost("Another worker has taken this analysis over.")
    return row


def _unless_stopping(row: Any, moments: Sequence[Moment]) -> list[Moment]:
    """Leave out what would lead a call that is stopping back into its stages."""
    stopping = row.state == State.STOPPING
    return [
        moment for moment in moments if not (stopping and isinstance(moment.event, StateChanged))
    ]


def _after_loss(row: Row[Any], at: float, *, again: bool) -> list[Moment]:
    """Return what happens to a call that lost its worker."""
    if row.state == State.STOPPING:
        return [Moment(at, StateChanged(State.STOPPED))]
    cut = [Moment(at, StateChanged(State.INTERRUPTED))]
    return [*cut, Moment(at, StateChanged(State.QUEUED))] if again else cut


def _last(moments: Sequence[Moment]) -> State:
    return next(
        moment.event.state for moment in reversed(moments) if isinstance(moment.event, StateChanged)
    )
