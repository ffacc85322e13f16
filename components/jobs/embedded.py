"""Jobs inside the app's own process: one task that takes calls while there is room.

It looks at the store when it is told to: by a page of this process at once, by another process on
the same store within NEWS_SECONDS.
"""

import asyncio
import contextlib
import time

from components.engine import BackgroundLoop, repeated
from components.jobs.batch_writer import within
from components.jobs.jobs import Jobs
from components.jobs.worker import Worker
from components.store import Store

#: Seconds between two glances at whether another process has changed the queue.
NEWS_SECONDS = 0.1

#: Seconds between two looks for calls that lost their worker; also how late a call starts whose
#: announcement was lost.
SWEEP_SECONDS = 2.0


class Embedded(Jobs):
    """Performs calls with `worker` in `loop`, beside the pages."""

    def __init__(self, store: Store, loop: BackgroundLoop, worker: Worker) -> None:
        super().__init__(store, loop, worker)
        self._wake = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._sweep_at = 0.0
        self._mark = worker.mark()
        self._closing = False

    def start(self) -> None:
        """Begin to take calls."""
        self._loop.call(self._start())

    def announce(self) -> None:
        """Look at the queue now."""
        self._loop.start(self._in_loop(self._wake.set))

    def abort(self, call_id: str, job: str | None) -> None:  # noqa: ARG002 - ids suffice here
        """Stop a call that runs here."""
        self._loop.start(self._in_loop(self._worker.abort, call_id))

    def close(self, *, seconds: float) -> None:
        """Take no more calls and give back those that run, within `seconds`."""
        self._loop.call(self._close(seconds))

    async def _start(self) -> None:
        self._serving = asyncio.ensure_future(
            repeated(
                self._look_at_queue,
                name="looking at the queue",
                seconds=SWEEP_SECONDS,
                wait=lambda seconds: within(seconds, self._wake),
                until=lambda: self._closing,
            )
        )
        self._glance()

    async def _close(self, seconds: float) -> None:
        self._closing = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # It ends by itself: cancelled while it takes a call, it would forget that.
                if self._serving is not None:
                    await asyncio.wait([self._serving])
                await self._worker.give_all_back()

    def _glance(self) -> None:
        """Wake what serves where another process has changed the queue; again and again."""
        mark = self._worker.mark()
        if mark != self._mark:
            self._mark = mark
            self._wake.set()
        if not self._closing:
            asyncio.get_running_loop().call_later(NEWS_SECONDS, self._glance)

    async def _look_at_queue(self) -> None:
        self._wake.clear()
        self._mark = self._worker.mark()
        await self._worker.heed()
        failure: Exception | None = None
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            try:
                await self._worker.sweep()
            except Exception as error:  # noqa: BLE001 - calls are taken all the same
                failure = error
        while not self._closing and (claim := await self._worker.take()) is not None:
            self._worker.perform(claim).add_done_callback(lambda _: self._wake.set())
        if failure is not None:
            raise failure
