"""Waiting for new entries: one reader of the database for all who wait in this process.

One thread reads for all of them and hands each what is new. It is told of what this process writes,
and reads it at once; for what other processes write it polls, on SQLite with a number that changes
with each commit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.engine import described
from components.errors import RecordUnreadable
from components.store.call_events import Failed, Happening, JournalEntry, StateChanged, unpack
from components.store.database import Database
from components.store.states import State
from components.store.tables import call, event

_log = logging.getLogger(__name__)

#: Seconds between two looks for what other processes wrote. On SQLite that is a shell beside the
#: page; on Postgres every worker.
_POLL_SQLITE, _POLL_POSTGRES = 0.1, 0.04

#: Seconds without anybody waiting after which the thread that looks ends.
_IDLE = 2.0

_LAST = sa.select(call.c.id, call.c.last_seq).where(
    call.c.id.in_(sa.bindparam("ids", expanding=True))
)


_AFTER = (
    sa.select(event.c.seq, event.c.at, event.c.attempt, event.c.kind, event.c.body, event.c.count)
    .where(event.c.call_id == sa.bindparam("id"), event.c.seq > sa.bindparam("seq"))
    .order_by(event.c.seq)
)


def entries_after(connection: Connection, call_id: str, seq: int) -> list[JournalEntry]:
    """Return the entries of a call after `seq`.

    In place of one that cannot be read stands one that says so.
    """
    rows = connection.execute(_AFTER, {"id": call_id, "seq": seq}).all()
    entries = []
    for number, at, attempt, kind, body, count in rows:
        try:
            happening = unpack(kind, body, count)
        except RecordUnreadable as error:
            happening = _instead(connection, call_id, number, kind, error)
        entries.append(JournalEntry(number, at, attempt, happening))
    return entries


def _instead(
    connection: Connection, call_id: str, seq: int, kind: str, error: RecordUnreadable
) -> Happening:
    """Return what stands for an entry that cannot be read: the error that says so.

    The last state of a call stands in its own row too; whoever waits for its end learns of it.
    """
    later = sa.exists().where(event.c.call_id == call.c.id, event.c.seq > seq, event.c.kind == kind)
    state = connection.scalar(sa.select(call.c.state).where(call.c.id == call_id, ~later))
    return StateChanged(State(state)) if kind == "state" and state in set(State) else Failed(error)


Found = dict[str, list[JournalEntry]]


@dataclass(eq=False, slots=True)
class _Waiter:
    seen: Mapping[str, int]
    come: threading.Event = field(default_factory=threading.Event)
    found: Found | None = field(default_factory=dict)


class Watch:
    """Wakes those who wait for calls to have entries after those that they know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._poll = _POLL_SQLITE if database.is_sqlite else _POLL_POSTGRES
        self._waiters: set[_Waiter] = set()
        self._changing = threading.Lock()
        self._due = threading.Event()  # A look that does not wait for the next poll.
        self._last: dict[str, int] = {}  # Of each call, as the last look found it.
        self._looking = False
        self._closed = False
        self._thread: threading.Thread | None = None
        database.on_written.append(self._due.set)

    def close(self) -> None:
        """Let go of all who wait, and ask nothing more."""
        with self._changing:
            self._closed = True
            for waiter in self._waiters:
                waiter.come.set()
            thread = self._thread
        self._due.set()
        if thread is not None:
            thread.join()  # It holds a connection.

    def wait(self, seen: Mapping[str, int], timeout: float) -> Found | None:
        """Return the entries of each call after the number in `seen` as soon as there are any.

        Empty after `timeout` seconds without; None where the store failed.
        """
        waiter = _Waiter(seen)
        with self._changing:
            if self._closed:
                return None
            self._waiters.add(waiter)
            if any(self._last.get(of, seq + 1) > seq for of, seq in seen.items()):
                self._due.set()
            if not self._looking:
                self._looking = True
                self._thread = threading.Thread(
                    target=self._look, name="first-reader-watch", daemon=True
                )
                self._thread.start()
        waiter.come.wait(timeout)
        with self._changing:
            self._waiters.discard(waiter)
        return waiter.found

    def _look(self) -> None:
        """Read for all who wait, until nobody has for a while."""
        more, last = True, ""
        while more:
            try:
                with self._database.read() as connection:
                    more = self._look_with(connection)
            except Exception as error:  # noqa: BLE001 - all live pages depend on it
                if (said := described(error)) != last:
                    _log.error("new entries cannot be read: %s", said)
                last = said
                with self._changing:
                    for waiter in self._waiters:
                        waiter.found = None  # Who asks the store itself is told why.
                        waiter.come.set()
                    more = not self._closed
                time.sleep(self._poll)

    def _look_with(self, connection: Connection) -> bool:
        """Read on one connection; return whether it was in vain and must be tried again."""
        version: int | None = None
        asked: dict[str, float] = {}  # When each call was last waited for.
        self._last = {}
        idle_since = time.monotonic()
        while True:
            self._due.wait(self._poll)
            self._due.clear()
            now = time.monotonic()
            with self._changing:
                waiters = [waiter for waiter in self._waiters if not waiter.come.is_set()]
                if self._waiters:
                    idle_since = now
                if self._closed or (not self._waiters and now - idle_since > _IDLE):
                    self._looking = False
                    return False
            asked |= {call_id: now for waiter in waiters for call_id in waiter.seen}
            asked = {call_id: at for call_id, at in asked.items() if now - at <= _IDLE}
            if not asked:
                continue
            before, version = version, _version(connection)
            if version is None or version != before or asked.keys() - self._last.keys():
                rows = connection.execute(_LAST, {"ids": list(asked)})
                self._last = dict.fromkeys(asked, 0) | {row.id: row.last_seq for row in rows}
            self._hand_out(connection, waiters)

    def _hand_out(self, connection: Connection, waiters: Iterable[_Waiter]) -> None:
        """Give each of `waiters` what the last look found for it."""
        for waiter in waiters:
            new = {of: seq for of, seq in waiter.seen.items() if self._last.get(of, 0) > seq}
            if new:
                try:
                    waiter.found = {
                        of: entries_after(connection, of, seq) for of, seq in new.items()
                    }
                except Exception:  # noqa: BLE001 - the others wait for other calls
                    waiter.found = None
                waiter.come.set()


def _version(connection: Connection) -> int | None:
    """Return a number that is another after any commit of another connection's.

    It costs a hundredth of a query. None from Postgres, which has no such number.
    """
    if connection.dialect.name != "sqlite":
        return None
    sqlite: Any = connection.connection.dbapi_connection
    (version,) = sqlite.execute("PRAGMA data_version").fetchone()
    return int(version)
