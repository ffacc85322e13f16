"""Writing for all calls of a worker together: what comes at about the same time is one transaction.

A transaction costs some 300 us, and what is written in it a tenth of that. Fifty calls that write
ten times a second would take a third of a processor one by one; together they take a few percent.

Where nothing can be written, for a full disk or a store that does not answer, what is to be written
stays in memory, for as long as that lasts.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from components.engine import Text, Thought
from components.errors import RecordUnreadable, StoreError, StoreFull, StoreUnavailable
from components.jobs.async_tasks import within
from components.store import Calls, Claim, Moment

_log = logging.getLogger(__name__)

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
    """Writes batches of many calls to `calls`; belongs to one event loop.

    `problems` may be read from any thread.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._waiting: list[_Batch] = []
        self._writing: asyncio.Task[None] | None = None
        self._began_at = 0.0
        self._urgent = asyncio.Event()
        #: Why the text of a call, by its id, is in memory and not in the store.
        self.problems: dict[str, StoreError] = {}

    async def write(self, claim: Claim, moments: Sequence[Moment], *, durable: bool) -> bool:
        """Write `moments` and renew the lease; return whether the call is to stop.

        Raises: LeaseLost, StoreError.
        """
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

    async def until_written(
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
            said: Sequence[bool | Exception]
            try:
                said = await asyncio.to_thread(
                    self._calls.append_all,
                    [(batch.claim, batch.moments) for batch in batches],
                    durable=any(batch.durable for batch in batches),
                )
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                said = [error] * len(batches)
            for batch, answer in zip(batches, said, strict=True):
                if batch.written.done():  # Whoever waited was cancelled.
                    continue
                if isinstance(answer, Exception):
                    batch.written.set_exception(answer)
                else:
                    batch.written.set_result(answer)
