"""Reading what happened in a call, from any window, thread or process.

A reader remembers the last sequence number it saw and asks for what came after. So a page that is
refreshed, a second tab, another process and a page that was there all along are the same case.

One thread of a process reads for all who wait and hands each what is new. It reads at once what
this process writes; for what others write it polls, on SQLite a number that changes with each
commit.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.engine import Statistics, described
from components.errors import RecordUnreadable
from components.store.call_events import (
    CallOutcome,
    Failed,
    Happening,
    JournalEntry,
    StateChanged,
    unpack,
    unpack_statistics,
)
from components.store.call_states import State
from components.store.database import Database
from components.store.tables import call, event

_log = logging.getLogger(__name__)

#: Seconds between two looks for what other processes wrote. On Postgres that is every worker; on
#: SQLite a shell beside the page, looked for as often for _GOES_ON seconds after it wrote.
_POLL, _POLL_SQLITE = 0.04, 0.1
_GOES_ON = 1.0

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

#: Why a call has failed is written down just before that it has.
WHY_FAILED = sa.and_(
    call.c.state == State.FAILED,
    event.c.call_id == call.c.id,
    event.c.seq == call.c.last_seq - 1,
    event.c.kind == "failed",
)

Entries = dict[str, list[JournalEntry]]


def figures(connection: Connection, calls: sa.Select[Any]) -> list[tuple[Row[Any], Statistics]]:
    """Return the rows of `calls`, which have ended, each with Ollama's figures where it has any.

    `calls` selects at least `id`, `last_seq` and `attempt`.
    """
    ended = calls.subquery()
    # The figures stand just before the end of a call: before why it has failed, that it has, that
    # it waits again and that it was stopped then.
    is_theirs = sa.and_(
        event.c.call_id == ended.c.id,
        event.c.seq >= ended.c.last_seq - 4,
        event.c.attempt == ended.c.attempt,
        event.c.kind == "finished",
    )
    rows = connection.execute(sa.select(ended, event.c.body).join(event, is_theirs))
    measured = []
    for row in rows:
        with suppress(RecordUnreadable):  # There are others.
            measured.append((row, unpack_statistics(row.body)))
    return measured


def entries_after(connection: Connection, call_id: str, seq: int) -> list[JournalEntry]:
    """Return the entries of a call after `seq`, with an error in place of an unreadable one."""
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


@dataclass(eq=False, slots=True)
class _Waiter:
    seen: Mapping[str, int]
    is_served: threading.Event = field(default_factory=threading.Event)
    entries: Entries | None = field(default_factory=dict)

    def serve(self, entries: Entries | None) -> None:
        self.entries = entries
        self.is_served.set()


class Journal:
    """The entries of all calls, in order; safe for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._poll = _POLL_SQLITE if database.is_sqlite else _POLL
        self._waiters: set[_Waiter] = set()
        self._changing = threading.Lock()
        self._due = threading.Event()  # A look that does not wait for the next poll.
        self._last: dict[str, int] = {}  # Of each call, as the last look read it.
        self._looking = False
        self._closed = False
        self._thread: threading.Thread | None = None
        database.on_written.append(self._due.set)

    def after(self, call_id: str, seq: int = 0, *, timeout: float = 0.0) -> list[JournalEntry]:
        """Return the entries after `seq`, waiting `timeout` seconds at most. Raises: StoreError."""
        return self.after_each({call_id: seq}, timeout=timeout).get(call_id, [])

    def after_each(self, seen: Mapping[str, int], *, timeout: float = 0.0) -> Entries:
        """Return the entries of each call after the number in `seen`, of those that have any.

        Waits up to `timeout` seconds for the first of any. Raises: StoreError.
        """
        # Who has read before waits first: there is rarely anything new at once.
        waits = timeout > 0 and all(seen.values())
        entries = self._wait(seen, timeout) if waits else None
        if entries is None:
            entries = self._read(seen)
            if not entries and timeout > 0:
                entries = self._wait(seen, timeout) or self._read(seen)
        return entries

    def outcome(self, call_id: str) -> CallOutcome:
        """Return what the entries of a call add up to now. Raises: StoreError."""
        outcome = CallOutcome()
        for entry in self.after(call_id):
            outcome.add(entry)
        return outcome

    def _read(self, seen: Mapping[str, int]) -> Entries:
        with self._database.read() as connection:
            read = {of: entries_after(connection, of, seq) for of, seq in seen.items()}
        return {of: entries for of, entries in read.items() if entries}

    def close(self) -> None:
        """Let go of all who wait, and read nothing more."""
        with self._changing:
            self._closed = True
            for waiter in self._waiters:
                waiter.is_served.set()
            thread = self._thread
        self._due.set()
        if thread is not None:
            thread.join()  # It holds a connection.

    def _wait(self, seen: Mapping[str, int], timeout: float) -> Entries | None:
        """Return new entries of each call in `seen`, empty after `timeout`, None on a failure."""
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
        waiter.is_served.wait(timeout)
        with self._changing:
            self._waiters.discard(waiter)
        return waiter.entries

    def _look(self) -> None:
        """Read for all who wait, until nobody has for a while."""
        more, last = True, ""
        while more:
            try:
                with self._database.read() as connection:
                    more = self._look_with(connection)
            except Exception as error:  # noqa: BLE001 - all live pages depend on it
                if (problem := described(error)) != last:
                    _log.error("new entries cannot be read: %s", problem)
                last = problem
                with self._changing:
                    for waiter in self._waiters:
                        waiter.serve(None)  # Who asks the store itself is told why.
                    more = not self._closed
                time.sleep(self._poll)

    def _look_with(self, connection: Connection) -> bool:
        """Read on one connection; return whether it was in vain and must be tried again."""
        version: int | None = None
        poll, found_at = self._poll, -_GOES_ON
        awaited: dict[str, float] = {}  # When each call was last waited for.
        self._last = {}
        idle_since = time.monotonic()
        while True:
            is_own = self._due.wait(poll)
            self._due.clear()
            now = time.monotonic()
            with self._changing:
                waiters = [waiter for waiter in self._waiters if not waiter.is_served.is_set()]
                if self._waiters:
                    idle_since = now
                if self._closed or (not self._waiters and now - idle_since > _IDLE):
                    self._looking = False
                    return False
            awaited |= {call_id: now for waiter in waiters for call_id in waiter.seen}
            awaited = {call_id: at for call_id, at in awaited.items() if now - at <= _IDLE}
            if not awaited:
                continue
            before, version = version, _version(connection)
            if version is None or version != before or awaited.keys() - self._last.keys():
                rows = connection.execute(_LAST, {"ids": list(awaited)})
                self._last = dict.fromkeys(awaited, 0) | {row.id: row.last_seq for row in rows}
                if before not in (None, version) and not is_own:
                    found_at = now
            poll = _POLL if now - found_at < _GOES_ON else self._poll
            self._hand_out(connection, waiters)

    def _hand_out(self, connection: Connection, waiters: Iterable[_Waiter]) -> None:
        """Give each of `waiters` what the last look read for it."""
        for waiter in waiters:
            new = {of: seq for of, seq in waiter.seen.items() if self._last.get(of, 0) > seq}
            if not new:
                continue
            try:
                waiter.serve({of: entries_after(connection, of, seq) for of, seq in new.items()})
            except Exception:  # noqa: BLE001 - the others wait for other calls
                waiter.serve(None)


def _version(connection: Connection) -> int | None:
    """Return a number that any commit of another connection changes; None from Postgres."""
    if connection.dialect.name != "sqlite":
        return None
    sqlite: Any = connection.connection.dbapi_connection
    (version,) = sqlite.execute("PRAGMA data_version").fetchone()
    return int(version)
