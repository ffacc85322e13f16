"""Writing down what happens in calls, in batches.

A database takes some hundreds of writes a second and a model may write as many tokens, so tokens
wait for a moment; the end of a paragraph and a change of state do not. What comes from all calls of
a worker at about the same time is one transaction: it costs some 300 us, and what is written in it
a tenth of that.

Where nothing can be written, for a full disk or a store that does not answer, what is to be written
stays in memory, for as long as that lasts.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from components.engine import Text, Thought
from components.errors import RecordUnreadable, StoreError, StoreFull, StoreUnavailable
from components.store import Calls, Claim, Happening, Moment

_log = logging.getLogger(__name__)

#: Seconds between two batches of text, and characters that make one go at once. All calls keep the
#: same beat, so that theirs are one transaction. The first text after a pause never waits.
FLUSH_SECONDS = 0.08
FLUSH_CHARACTERS = 400

#: The same while half of this computer's processors are busy, as they are where a model writes with
#: them: a batch takes 6 ms of one until it is seen, which the model lacks (bench/stream.py).
FLUSH_SECONDS_BUSY = 0.12

#: Share of the processors that were busy in the last minute.
_BUSY = 0.5

#: Seconds between two signs of life while nothing happens; also how soon a stop is noticed that
#: was asked for in another process and of which the news were lost.
HEARTBEAT_SECONDS = 2.0

#: A power cut may cost the text of so many seconds, a killed process that of a beat.
DURABLE_SECONDS = 0.5

#: Seconds between the beginnings of two transactions, and those that the first after a pause waits
#: for the others of its beat. What is no text, and the text that comes with it (the first of an
#: answer), waits for neither.
GATHER_SECONDS = 0.03
JOIN_SECONDS = 0.002

#: Seconds after which what could not be written is tried again.
AGAIN_SECONDS = 1.0

#: Tries of what fails neither for a full disk nor for a store that does not answer.
TRIES = 60

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Batch:
    claim: Claim
    moments: Sequence[Moment]
    durable: bool
    written: asyncio.Future[bool]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Why what a call wrote is in memory and not in the store, and whether it was stopped."""

    problem: StoreError
    is_stopped: bool


class BatchWriter:
    """Writes batches of many calls, in one event loop; any thread may read `problems`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._waiting: list[_Batch] = []
        self._writing: asyncio.Task[None] | None = None
        self._began_at = 0.0
        self._urgent = asyncio.Event()
        #: Why the text of a call, by its id, is in memory and not in the store.
        self.problems: dict[str, StoreError] = {}

    async def write(self, claim: Claim, moments: Sequence[Moment], *, durable: bool) -> bool:
        """Write `moments`; return whether to stop. Raises: LeaseLost, StoreError."""
        batch = _Batch(claim, moments, durable, asyncio.get_running_loop().create_future())
        self._waiting.append(batch)
        if not all(isinstance(moment.event, Text | Thought) for moment in moments):
            self._urgent.set()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write_all())
        try:
            stop = await batch.written
        except StoreError as error:
            self._failed(claim, error)
            raise
        self.forget(claim)
        return stop

    async def retry_write(
        self,
        write: Callable[Concatenate[Claim, P], T],
        claim: Claim,
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """Do `write` for a call, in a thread; where the store fails, again after AGAIN_SECONDS.

        For a full disk and a store that does not answer it waits without end. Raises: what `write`
        raises; StoreError after TRIES, and RecordUnreadable at once.
        """
        tries = 0
        while True:
            try:
                result = await asyncio.to_thread(write, claim, *arguments, **named)
            except RecordUnreadable:
                raise
            except StoreError as error:
                tries += not isinstance(error, StoreFull | StoreUnavailable)
                if tries >= TRIES:
                    raise
                self._failed(claim, error)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self.forget(claim)
                return result

    def forget(self, claim: Claim) -> None:
        """Note that nothing of a call waits for the store any more."""
        if self.problems.pop(claim.call_id, None) is not None and not self.problems:
            _log.warning("nothing waits in memory for the store any more")

    def _failed(self, claim: Claim, error: StoreError) -> None:
        if not self.problems:
            _log.error("%s What models write waits in memory until it can be written.", error)
        self.problems[claim.call_id] = error

    async def _write_all(self) -> None:
        while self._waiting:
            pause = self._began_at + GATHER_SECONDS - time.monotonic()
            await within(max(pause, JOIN_SECONDS), self._urgent)
            self._urgent.clear()
            self._began_at = time.monotonic()
            batches, self._waiting = self._waiting, []
            answers: Sequence[bool | Exception]
            try:
                answers = await asyncio.to_thread(
                    self._calls.append_all,
                    [(batch.claim, batch.moments) for batch in batches],
                    durable=any(batch.durable for batch in batches),
                )
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                answers = [error] * len(batches)
            for batch, answer in zip(batches, answers, strict=True):
                if batch.written.done():  # Whoever waited was cancelled.
                    continue
                if isinstance(answer, Exception):
                    batch.written.set_exception(answer)
                else:
                    batch.written.set_result(answer)


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
        """Collect `event`, which happened now."""
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
        beat = FLUSH_SECONDS_BUSY if _is_busy() else FLUSH_SECONDS
        self._next_beat = (time.monotonic() // beat + 1) * beat
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


def _is_busy() -> bool:
    """Return whether half of the processors are busy; where the system does not say, they are."""
    if not hasattr(os, "getloadavg"):  # Windows
        return True
    return os.getloadavg()[0] >= _BUSY * (os.cpu_count() or 1)


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Wait for `event` for at most `seconds`; return whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
