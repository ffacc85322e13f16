"""Waiting for new entries: one reader of the database for all who wait in this process.

A page that waited by itself would ask twenty times a second, on a connection of its own. One thread
asks for all of them, as often as one would, and hands each what is new: that is half of what
watching costs (bench/watch.py).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.errors import StoreError
from components.store.database import Database
from components.store.events import Entry, unpack
from components.store.tables import call, event

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
    """Return the entries of a call after `seq`."""
    rows = connection.execute(_AFTER, {"id": call_id, "seq": seq}).all()
    return [
        Entry(seq, at, attempt, unpack(kind, body, count))
        for seq, at, attempt, kind, body, count in rows
    ]


@dataclass(eq=False, slots=True)
class _Waiter:
    call_id: str
    seq: int
    come: threading.Event = field(default_factory=threading.Event)
    entries: list[Entry] | None = field(default_factory=list)


class Watch:
    """Wakes those who wait for a call to have entries after one that they know."""

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

    def wait(self, call_id: str, seq: int, timeout: float) -> list[Entry] | None:
        """Return the entries of a call after `seq` as soon as there are any.

        Empty after `timeout` seconds without; None where the store failed.
        """
        waiter = _Waiter(call_id, seq)
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
        return waiter.entries

    def _look(self) -> None:
        """Read for all who wait, until nobody has for a while."""
        more = True
        while more:
            try:
                with self._database.read() as connection:
                    more = self._look_with(connection)
            except StoreError:
                with self._changing:
                    for waiter in self._waiters:
                        waiter.entries = None  # Who asks the store itself is told why.
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
            ids = list({waiter.call_id for waiter in waiters})
            if not ids:
                continue
            last = {row.id: row.last_seq for row in connection.execute(_LAST, {"ids": ids})}
            for waiter in waiters:
                if last.get(waiter.call_id, 0) > waiter.seq and not waiter.come.is_set():
                    waiter.entries = entries_after(connection, waiter.call_id, waiter.seq)
                    waiter.come.set()
