"""Calls as workers see them: claimed with a lease, written under a fence, ended once.

Whoever writes to a call proves in the same transaction that it still has it: the same worker, the
same attempt. A worker that was suspended and replaced writes nothing when it wakes.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Row

from components.engine import described
from components.errors import EngineError, JobError, LeaseLost, RecordUnreadable, StoreError
from components.store.answer_cache import copy_answer, joined_hosts, meanwhile
from components.store.call_events import Moment, StateChanged
from components.store.call_states import RUNNING, State
from components.store.database import Database, is_no_text
from components.store.question import Question
from components.store.queue.placement import Offer, OwnCalls, placements
from components.store.queue.turns import is_put_off
from components.store.tables import analysis, call, event
from components.store.transactions import added, finish, locked, unless_stopping, write

_log = logging.getLogger(__name__)

#: Seconds after which a call whose worker has not been heard of is somebody else's.
LEASE_SECONDS = 10.0

#: A call that lost its worker this often in a row before any text came is not tried again by
#: itself: it may be what kills the worker.
MOST_CUTS = 3

#: A call leaves this many hosts that die under it; then it fails with the last one's error.
MOST_MOVES = 5

#: Always in the same order, so that two workers' transactions never wait for each other.
_CLAIMED = (
    sa.select(call.c.id, call.c.worker, call.c.attempt, call.c.state, call.c.last_seq)
    .where(call.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(call.c.id)
    .with_for_update()
)


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


class Calls:
    """The queue of calls and what becomes of them; safe for many threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._renew = (
            sa.update(call)
            .where(call.c.id == sa.bindparam("of"))
            .values(lease=database.now() + LEASE_SECONDS)
        )
        self.queue_mark = database.queue_mark

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
        while True:
            # Planned without a write first, because workers look often, and once more alone.
            with self._database.read() as connection:
                if next(placements(connection, offers, own), None) is None:
                    return None
            with self._database.write(alone=True) as connection:
                for waiting, offer in placements(connection, offers, own):
                    row = locked(connection, waiting.call_id)
                    # It may have been stopped or put off since it was seen.
                    if row is None or row.state != State.QUEUED or is_put_off(row.not_before):
                        continue
                    question = self._to_be_asked(connection, row, waiting.comparison)
                    if question is not None:
                        claimed = (worker, offer.url, row.owner, question, row.moves)
                        claim = Claim(row.id, row.analysis_id, row.attempt + 1, *claimed)
                        self._take(connection, row, claim, job)
                        return claim
            # What needed the answers that were copied may be next.

    def _to_be_asked(
        self, connection: Connection, row: Row[Any], comparison: str | None
    ) -> Question | None:
        """Return a call's question; None where it was copied, or failed as unreadable."""
        before = meanwhile(connection, row, comparison)
        if before is not None:
            copy_answer(connection, before, row.id, asked=row)
            return None
        try:
            return _question(connection, row)
        except RecordUnreadable as error:
            finish(connection, row, [State.FAILED], self._now(connection), error=error)
            return None

    def _take(self, connection: Connection, row: Row[Any], claim: Claim, job: str | None) -> None:
        now = self._now(connection)
        write(
            connection,
            row,
            [Moment(now, StateChanged(State.CONTACTING))],
            attempt=claim.attempt,
            worker=claim.worker,
            job=job,
            host=claim.host,
            hosts=joined_hosts(row, claim.host),
            started=now,
            ended=None,
            answer="",
            lease=now + LEASE_SECONDS,
        )

    def _now(self, connection: Connection) -> float:
        return float(connection.scalar(sa.select(self._database.now())) or 0.0)

    def stopping(self, worker: str) -> list[str]:
        """Return the ids of the calls of a worker that are to stop. Raises: StoreError."""
        of_it = sa.and_(call.c.state == State.STOPPING, call.c.worker == worker)
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(call.c.id).where(of_it)))

    def append_all(
        self, batches: Sequence[tuple[Claim, Sequence[Moment]]], *, durable: bool = True
    ) -> list[bool | JobError]:
        """Write the moments of several calls in one transaction and renew their leases.

        No moments is a heartbeat. Return for each call whether it is to stop, or the LeaseLost
        with which nothing of it was written. What is `durable` survives a power cut soon after the
        return. Raises: StoreError.
        """
        events: list[dict[str, Any]] = []
        changes: list[dict[str, Any]] = []
        answers: list[bool | JobError] = []
        with self._database.write(durable=False) as connection:
            ids = [claim.call_id for claim, _ in batches]
            claimed = {row.id: row for row in connection.execute(_CLAIMED, {"ids": ids})}
            for claim, moments in batches:
                try:
                    row = _checked(claimed.get(claim.call_id), claim)
                    rows, state = added(row, unless_stopping(row, moments), attempt=row.attempt)
                except JobError as error:
                    answers.append(error)
                    continue
                answers.append(bool(row.state == State.STOPPING))
                events += rows
                last_seq = row.last_seq + len(rows)
                changes.append({"of": row.id, "last_seq": last_seq, "state": state})
            if events:
                connection.execute(sa.insert(event), events)
            if changes:
                connection.execute(self._renew, changes)
        if durable:
            self._database.synchronise_soon()
        return answers

    def end(self, claim: Claim, state: State, moments: Sequence[Moment], *, at: float) -> None:
        """Write `moments` and end the call in `state`. Raises: LeaseLost, StoreError."""
        with self._database.write() as connection:
            row = _checked(locked(connection, claim.call_id), claim)
            finish(connection, row, [state], at, moments=moments)

    def give_back(
        self, claim: Claim, moments: Sequence[Moment], *, at: float, moved: bool = False
    ) -> State:
        """Write `moments` and let go of the call: stopped if that was asked for, else queued again.

        `moved` counts a host that died under it. Return its state. Raises: LeaseLost, StoreError.
        """
        with self._database.write() as connection:
            row = _checked(locked(connection, claim.call_id), claim)
            states = _after_loss(row, again=True)
            finish(connection, row, states, at, moments=moments, moves=row.moves + moved)
            return states[-1]

    def refuse(
        self, claim: Claim, error: EngineError, moments: Sequence[Moment], *, at: float
    ) -> State:
        """Write why an answer is no use; return the new state. Raises: LeaseLost, StoreError."""
        with self._database.write() as connection:
            row = _checked(locked(connection, claim.call_id), claim)
            states, why = [State.FAILED], error if row.state != State.STOPPING else None
            if why is None:
                states = [State.STOPPED]
            elif row.refused < claim.question.retries:
                states.append(State.QUEUED)
            refused = row.refused + 1
            finish(connection, row, states, at, moments=moments, error=why, refused=refused)
            return states[-1]

    def recover(
        self, is_gone: Callable[[str], bool], *, at: float, mine: Collection[str] = ()
    ) -> int:
        """Take the calls from workers that are gone or have been silent; return how many.

        `is_gone` says of a worker whether it surely runs no more; `mine` are calls that the caller
        runs itself, and knows better. What was to stop has stopped; the rest is queued again,
        unless it lost its worker too often. Raises: StoreError.
        """
        now = self._database.now()
        # One that ends much later than any was given to: the clock was put back since.
        is_expired = sa.or_(call.c.lease < now, call.c.lease > now + 2 * LEASE_SECONDS)
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(
                    call.c.id, call.c.worker, call.c.attempt, is_expired.label("is_expired")
                ).where(call.c.state.in_(RUNNING))
            ).all()
        count = 0
        for row in rows:
            if row.id in mine or not (row.is_expired or is_gone(row.worker)):
                continue
            try:
                count += self._recover(row, at)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one row must not keep the others
                _log.error("call %s could not be taken back: %s", row.id[:6], described(error))
        return count

    def _recover(self, seen: Row[Any], at: float) -> bool:
        """Take back one call, if it is still as it was seen; return whether it was."""
        with self._database.write() as connection:
            row = locked(connection, seen.id)
            if row is None or (row.worker, row.attempt) != (seen.worker, seen.attempt):
                return False
            cuts = 0 if row.state == State.WRITING else row.cuts + 1
            states = _after_loss(row, again=cuts < MOST_CUTS)
            finish(connection, row, states, at, cuts=cuts)
            return True


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


def _checked(row: Any, claim: Claim) -> Any:
    """Return `row` if the call is still `claim`'s: the fence. Raises: LeaseLost."""
    if row is None:
        raise LeaseLost("This analysis was deleted.")
    if (row.worker, row.attempt) != (claim.worker, claim.attempt):
        raise LeaseLost("Another worker has taken this analysis over.")
    return row


def _after_loss(row: Row[Any], *, again: bool) -> list[State]:
    """Return the states that a call enters which lost its worker."""
    if row.state == State.STOPPING:
        return [State.STOPPED]
    return [State.INTERRUPTED, State.QUEUED] if again else [State.INTERRUPTED]
