"""Reading what happened in a call, from any window, thread or process.

A reader remembers the last sequence number it saw and asks for what came after. So a page that is
refreshed, a second tab, another process and a page that was there all along are the same case.
"""

from __future__ import annotations

from components.store.database import Database
from components.store.events import Entry
from components.store.outcome import Outcome
from components.store.watching import Watch, entries_after


class Journal:
    """The entries of all calls, in order; safe for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watch = Watch(database)

    def after(self, call_id: str, seq: int = 0, *, timeout: float = 0.0) -> list[Entry]:
        """Return the entries after `seq`, waiting up to `timeout` seconds for the first.

        Raises: StoreError.
        """
        # Who has read before waits first: there is rarely anything new at once.
        entries = self._watch.wait(call_id, seq, timeout) if timeout > 0 and seq > 0 else None
        if entries is None:
            entries = self._read(call_id, seq)
            if not entries and timeout > 0:
                entries = self._watch.wait(call_id, seq, timeout) or self._read(call_id, seq)
        return entries

    def close(self) -> None:
        """Let go of all who wait."""
        self._watch.close()

    def outcome(self, call_id: str) -> Outcome:
        """Return what the entries of a call add up to now. Raises: StoreError."""
        outcome = Outcome()
        for entry in self.after(call_id):
            outcome.add(entry)
        return outcome

    def _read(self, call_id: str, seq: int) -> list[Entry]:
        with self._database.read() as connection:
            return entries_after(connection, call_id, seq)
