"""Reading what happened in a call, from any window, thread or process.

A reader remembers the last sequence number it saw and asks for what came after. So a page that is
refreshed, a second tab, another process and a page that was there all along are the same case.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.store.call_events import JournalEntry
from components.store.call_outcome import CallOutcome
from components.store.database import Database
from components.store.subscriptions import Watch, entries_after


class Journal:
    """The entries of all calls, in order; safe for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watch = Watch(database)

    def after(self, call_id: str, seq: int = 0, *, timeout: float = 0.0) -> list[JournalEntry]:
        """Return the entries after `seq`, waiting up to `timeout` seconds for the first.

        Raises: StoreError.
        """
        return self.after_each({call_id: seq}, timeout=timeout).get(call_id, [])

    def after_each(
        self, seen: Mapping[str, int], *, timeout: float = 0.0
    ) -> dict[str, list[JournalEntry]]:
        """Return the entries of each call after the number in `seen`, of those that have any.

        Waits up to `timeout` seconds for the first of any. Raises: StoreError.
        """
        # Who has read before waits first: there is rarely anything new at once.
        waits = timeout > 0 and all(seen.values())
        found = self._watch.wait(seen, timeout) if waits else None
        if found is None:
            found = self._read(seen)
            if not found and timeout > 0:
                found = self._watch.wait(seen, timeout) or self._read(seen)
        return found

    def close(self) -> None:
        """Let go of all who wait."""
        self._watch.close()

    def outcome(self, call_id: str) -> CallOutcome:
        """Return what the entries of a call add up to now. Raises: StoreError."""
        outcome = CallOutcome()
        for entry in self.after(call_id):
            outcome.add(entry)
        return outcome

    def _read(self, seen: Mapping[str, int]) -> dict[str, list[JournalEntry]]:
        with self._database.read() as connection:
            read = {of: entries_after(connection, of, seq) for of, seq in seen.items()}
        return {of: entries for of, entries in read.items() if entries}
