"""Waiting for new entries: one question to the database for all who wait in this process.

A page that waited by itself would ask twenty times a second. Together the pages of a process ask
as often as one would, whatever their number, and each reads only when there is something to read.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import sqlalchemy as sa

from components.errors import StoreError
from components.store.database import Database
from components.store.tables import call

#: Seconds between two looks.
_POLL = 0.04

#: Seconds without anybody waiting after which the thread that looks ends.
_IDLE = 2.0

_LAST = sa.select(call.c.id, call.c.last_seq).where(
    call.c.id.in_(sa.bindparam("ids", expanding=True))
)


@dataclass(eq=False, slots=True)
class _Waiter:
    call_id: str
    seq: int
    come: threading.Event = field(default_factory=threading.Event)


class Watch:
    """Wakes those who wait for a call to have entries after one that they know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiters: set[_Waiter] = set()
        self._changing = threading.Lock()
        self._looking = False
        self._closed = False

    def close(self) -> None:
        """Let go of all who wait, and ask nothing more."""
        with self._changing:
            self._closed = True
            for waiter in self._waiters:
                waiter.come.set()

    def wait(self, call_id: str, seq: int, timeout: float) -> None:
        """Return when the call has an entry after `seq`, at the latest after `timeout` seconds."""
        waiter = _Waiter(call_id, seq)
        with self._changing:
            if self._closed:
                return
            self._waiters.add(waiter)
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="first-reader-watch", daemon=True).start()
        waiter.come.wait(timeout)
        with self._changing:
            self._waiters.discard(waiter)

    def _look(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(_POLL)
            with self._changing:
                waiters = list(self._waiters)
                if waiters:
                    idle_since = time.monotonic()
                if self._closed or time.monotonic() - idle_since > _IDLE:
                    self._looking = False
                    return
            if waiters:
                self._wake(waiters)

    def _wake(self, waiters: list[_Waiter]) -> None:
        try:
            with self._database.read() as connection:
                ids = list({waiter.call_id for waiter in waiters})
                last = {row.id: row.last_seq for row in connection.execute(_LAST, {"ids": ids})}
        except StoreError:
            last = {}  # Who reads next is told.
        for waiter in waiters:
            if last.get(waiter.call_id, waiter.seq + 1) > waiter.seq:
                waiter.come.set()
