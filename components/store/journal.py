"""What happened in one analysis, append-only, for any number of readers.

A reader remembers the last sequence number it saw and asks for what came after. So a page that is
refreshed, a second tab and a page that was there all along are the same case: each starts at its
own number.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from components.engine import Event
from components.errors import FirstReaderError
from components.store.states import State


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The analysis entered `state`."""

    state: State


@dataclass(frozen=True, slots=True)
class Failed:
    """The analysis ended with `error`; what was written before it is kept."""

    error: FirstReaderError


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `seq` counts from 1, `at` is monotonic seconds."""

    seq: int
    at: float
    event: Event | StateChanged | Failed


class Journal:
    """An append-only list of entries; safe for many threads."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._grown = threading.Condition()

    def append(self, event: Event | StateChanged | Failed) -> Entry:
        """Add `event` and wake whoever waits."""
        with self._grown:
            entry = Entry(len(self._entries) + 1, time.monotonic(), event)
            self._entries.append(entry)
            self._grown.notify_all()
            return entry

    def after(self, seq: int, *, timeout: float = 0.0) -> list[Entry]:
        """Return the entries after `seq`, waiting up to `timeout` seconds for the first."""
        with self._grown:
            self._grown.wait_for(lambda: len(self._entries) > seq, timeout=timeout)
            return self._entries[seq:]
