"""Waiting for new entries: one reader of the database for all who wait in this process.

A page that waited by itself would ask twenty times a second, on a connection of its own. One thread
asks for all of them, as often as one would, and hands each what is new: that is half of what
watching costs (bench/watch.py).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.engine import described
from components.errors import RecordUnreadable
from components.store.database import Database
from components.store.events import Entry, Failed, Happening, StateChanged, unpack
from components.store.states import State
from components.store.tables import call, event

_log = logging.getLogger(__name__)

#: Seconds between two looks.
_POLL = 0.04

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


def entries_after(connection: Connection, call_id: str, seq: int) -> list[Entry]:
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
        entries.append(Entry(number, at, attempt, happening))
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


Found = dict[str, list[Entry]]


@dataclass(eq=False, slots=True)
class _Waiter:
    seen: Mapping[str, int]
    come: threading.Event = field(default_factory=threading.Event)
    found: Found | None = field(default_factory=dict)


class Watch:
    """Wakes those who wait for calls to have entries after those that they know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiters: set[_Waiter] = set()
        self._changing = threading.Lock()
        self._looking = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """Let go of all who wait, and ask nothing more."""
        with self._changing:
            self._closed = True
            for waiter in self._waiters:
                waiter.come.set()
            thread = self._thread
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
                time.sleep(_POLL)

    def _look_with(self, connection: Connection) -> bool:
        """Read on one connection; return whether it was in vain and must be tried again."""
        idle_since = time.monotonic()
        while True:
            time.sleep(_POLL)
            with self._changing:
                waiters = list(self._waiters)
                if waiters:
                    idle_since = time.monotonic()
                idle = not waiters and time.monotonic() - idle_since > _IDLE
                if self._closed or idle:
                    self._looking = False
                    return False
            ids = list({call_id for waiter in waiters for call_id in waiter.seen})
            if not ids:
                continue
            last = {row.id: row.last_seq for row in connection.execute(_LAST, {"ids": ids})}
            for waiter in waiters:
                new = {of: seq for of, seq in waiter.seen.items() if last.get(of, 0) > seq}
                if new and not waiter.come.is_set():
                    try:
                        waiter.found = {
                            of: entries_after(connection, of, seq) for of, seq in new.items()
                        }
                    except Exception:  # noqa: BLE001 - the others wait for other calls
                        waiter.found = None
                    waiter.come.set()
