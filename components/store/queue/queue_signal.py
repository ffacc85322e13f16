"""Telling the other processes on one SQLite file that the queue has changed.

A process that waits for a call would have to ask the database for it again and again, at a
millisecond of a processor each time, for hours beside a model that needs that processor. The time
of a file costs a thousandth of that to look at. Whoever changes the queue sets it, after the
commit; who misses it, since it was killed in between, is found by the next look at the queue.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path


class QueueSignal:
    """A file beside the store at `path` whose time changes with the queue; without one, nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = None if path is None else Path(f"{path}-queue")

    def give(self) -> None:
        """Say that the queue has changed."""
        if self._path is None:
            return
        now = time.time_ns()
        with suppress(OSError):  # What is queued is found without it, only later.
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            os.utime(self._path, ns=(now, now))

    def last(self) -> int:
        """Return what is another number after each change."""
        if self._path is not None:
            with suppress(OSError):
                return self._path.stat().st_mtime_ns
        return 0
