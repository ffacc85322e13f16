"""Writing down what happens in a call, in batches.

A database takes some hundreds of writes a second and a model may write as many tokens, so tokens
wait for a moment; the end of a paragraph and a change of state do not.
"""

from __future__ import annotations

import asyncio
import time

from components.engine import Text, Thought
from components.errors import StoreError
from components.jobs.async_tasks import within
from components.jobs.batch_writer import BatchWriter
from components.store import Claim, Happening, Moment

#: Seconds between two batches of text, and characters that make one go at once. All calls keep the
#: same beat, so that theirs are one transaction. The first text after a pause does not wait: what
#: comes slowly is written as it comes.
FLUSH_SECONDS = 0.08
FLUSH_CHARACTERS = 400

#: Seconds between two signs of life while nothing happens; also how soon a stop is noticed that
#: was asked for in another process and of which the news were lost.
HEARTBEAT_SECONDS = 2.0

#: A power cut may cost the text of so many seconds, a killed process that of FLUSH_SECONDS.
DURABLE_SECONDS = 0.5


class EventBuffer:
    """Collects what happens in a claimed call and writes it under its fence."""

    def __init__(self, writer: BatchWriter, claim: Claim) -> None:
        self._writer = writer
        self._claim = claim
        self._pending: list[Moment] = []
        self._characters = 0
        self._something = asyncio.Event()
        self._urgent = asyncio.Event()
        # An even clock, anchored so that other processes can read it.
        self._offset = time.time() - time.monotonic()
        self._durable_at = 0.0
        self._next_beat = 0.0  # of the clock that all calls have

    def now(self) -> float:
        """Return seconds since 1970, by a clock that never jumps within this call."""
        return time.monotonic() + self._offset

    def add(self, event: Happening) -> None:
        """Note that `event` happened now."""
        self._pending.append(Moment(self.now(), event))
        if isinstance(event, Text | Thought):
            self._characters += len(event.text)
            if self._characters >= FLUSH_CHARACTERS or event.text.endswith("\n"):
                self._urgent.set()
        else:
            self._urgent.set()
        self._something.set()

    def wake(self) -> None:
        """Have `ready` return at once."""
        self._something.set()
        self._urgent.set()

    async def ready(self) -> None:
        """Wait until there is something to write down, or for the next sign of life."""
        if await within(HEARTBEAT_SECONDS, self._something):
            pause = self._next_beat - time.monotonic()
            if pause > 0:
                await within(pause, self._urgent)

    async def flush(self) -> bool:
        """Write down what was collected; return whether the call is to stop.

        Where the store does not answer, it is kept for the next time. Raises: LeaseLost.
        """
        moments = self.take()
        self._next_beat = (time.monotonic() // FLUSH_SECONDS + 1) * FLUSH_SECONDS
        durable = self.now() - self._durable_at >= DURABLE_SECONDS
        try:
            stop = await self._writer.write(self._claim, moments, durable=durable)
        except StoreError:
            self._pending = moments + self._pending
            await asyncio.sleep(HEARTBEAT_SECONDS)
            return False
        if durable:
            self._durable_at = self.now()
        return stop

    def take(self) -> list[Moment]:
        """Return what was collected, for another to write."""
        moments, self._pending, self._characters = self._pending, [], 0
        self._something.clear()
        self._urgent.clear()
        return moments
