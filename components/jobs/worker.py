"""Taking calls and performing them: the one coroutine that every way of dispatch shares.

Whether pages watch or not, whether this is the app's own process or one of many on a server, a call
is performed here: its events batched, written under its fence, its cancellation heeded, its end
surely written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

from components.analysis import ask
from components.engine import Hosts, Stage, StageBegan
from components.errors import (
    ConnectionLost,
    EngineError,
    FirstReaderError,
    LeaseLost,
    OllamaUnavailable,
    StoreError,
    StreamStalled,
)
from components.jobs.identity import is_gone, new_name
from components.jobs.pen import Pen, surely, unbroken
from components.jobs.scribe import Scribe
from components.store import MOST_MOVES, Claim, Failed, Moment, Offer, State, StateChanged, Store

_log = logging.getLogger(__name__)

#: What says more of the host than of the call.
_HOST_DIED = (OllamaUnavailable, ConnectionLost, StreamStalled)


class Worker:
    """Performs calls of `store` on `hosts`; its coroutines belong to the hosts' event loop."""

    def __init__(self, store: Store, hosts: Hosts, *, name: str | None = None) -> None:
        self._store = store
        self._hosts = hosts
        self._name = name or new_name()
        self._scribe = Scribe(store.calls)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def slots(self) -> int:
        """How many calls run at once on the hosts that answer."""
        return sum(host.slots for host, _ in self._hosts.up())

    async def take(self, *, job: str | None = None) -> Claim | None:
        """Take the next call that a host has room for; None if there is none.

        `job` is the dispatcher's name for it. Raises: StoreError.
        """
        offers = [
            Offer(host.url, host.slots, frozenset(model.name for model in models))
            for host, models in self._hosts.up()
        ]
        return await asyncio.to_thread(self._store.calls.claim, self._name, offers, job=job)

    async def perform(self, claim: Claim) -> None:
        """Perform a claimed call to its end, whichever that is.

        Cancelling it stops the call where that was asked for, and gives it back to the queue
        otherwise; it then returns as usual.
        """
        performance = asyncio.ensure_future(self._perform(claim))
        self._tasks[claim.call_id] = performance
        try:
            await _heeding(performance)
            if performance.cancelled():  # Before its first line.
                at = time.time()
                await surely(partial(self._store.calls.give_back, claim, [], at=at))
        except LeaseLost:
            _log.warning("call %s was taken over by another worker", claim.call_id[:6])
        except StoreError as error:
            _log.error("call %s: %s", claim.call_id[:6], error)
        finally:
            del self._tasks[claim.call_id]

    def abort(self, call_id: str) -> None:
        """Cancel the performance of a call here, if it is here."""
        task = self._tasks.get(call_id)
        if task is not None:
            task.cancel()

    async def sweep(self) -> int:
        """Take back what other workers lost, and delete what was deleted long enough ago.

        Return how many calls were taken back. Raises: StoreError.
        """
        lost = await asyncio.to_thread(
            partial(self._store.calls.recover, is_gone, at=time.time(), mine=frozenset(self._tasks))
        )
        await asyncio.to_thread(self._store.purge)
        return lost

    async def is_waited_for(self) -> bool:
        """Whether any call waits. Raises: StoreError."""
        return await asyncio.to_thread(self._store.control.waiting)

    async def give_all_back(self) -> None:
        """Let go of every call: what was written is kept, and another worker goes on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _perform(self, claim: Claim) -> None:
        pen = Pen(self._scribe, claim)
        stream = asyncio.ensure_future(self._stream(claim, pen))
        stream.add_done_callback(lambda _: pen.wake())
        try:
            while not stream.done():
                await pen.ready()
                if not stream.done() and await unbroken(pen.flush()):
                    break
        except asyncio.CancelledError:
            pass  # Whether to stop or to give back, the store knows.
        finally:
            stream.cancel()
            await _quietly(asyncio.wait([stream]))
        await _quietly(self._conclude(claim, pen, stream))

    async def _stream(self, claim: Claim, pen: Pen) -> None:
        manuscript = await asyncio.to_thread(self._store.manuscript_of, claim)
        events = self._hosts.engine(claim.host).stream(ask(claim.question, manuscript))
        # Closing what we iterate, at once and not at collection, closes the connection.
        async with contextlib.aclosing(events):
            async for event in events:
                if not isinstance(event, StageBegan):
                    pen.add(event)
                elif event.stage is not Stage.CONTACTING:  # That began with the claim.
                    pen.add(StateChanged(State(event.stage)))

    async def _conclude(self, claim: Claim, pen: Pen, stream: asyncio.Future[None]) -> None:
        """Write the end of the call. Raises: LeaseLost, StoreError."""
        moments, at, calls = pen.take(), pen.now(), self._store.calls
        if stream.cancelled():
            await surely(partial(calls.give_back, claim, moments, at=at))
            return
        error = stream.exception()
        if error is None:
            await surely(partial(calls.end, claim, State.DONE, moments, at=at))
            return
        if isinstance(error, _HOST_DIED) and self._may_move(claim):
            self._hosts.leave_out(claim.host, error)
            await surely(partial(calls.give_back, claim, moments, at=at, moved=True))
            return
        moments.append(Moment(at, Failed(_explained(error, claim))))
        await surely(partial(calls.end, claim, State.FAILED, moments, at=at))

    def _may_move(self, claim: Claim) -> bool:
        others = [host for host, _ in self._hosts.up() if host.url != claim.host]
        return bool(others) and claim.moves < MOST_MOVES


def _explained(error: BaseException, claim: Claim) -> FirstReaderError:
    if isinstance(error, FirstReaderError):
        return error
    # The type only: a message of a foreign exception may hold text of the manuscript.
    _log.error("call %s failed: %s", claim.call_id[:6], type(error).__name__)
    return EngineError(
        "First Reader failed while it ran this analysis; this is a fault of the app.",
        advice="What was written is kept. Run the analysis again.",
    )


async def _heeding(performance: asyncio.Task[None]) -> None:
    """Wait for `performance`, handing on to it that somebody cancels."""
    while not performance.done():
        try:
            await asyncio.wait([performance])
        except asyncio.CancelledError:
            performance.cancel()
    if not performance.cancelled():
        performance.result()


async def _quietly(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run `coroutine` to its end; whoever cancels meanwhile has been heard already."""
    with contextlib.suppress(asyncio.CancelledError):
        await unbroken(coroutine)
