"""Taking calls and performing them: the one coroutine that every way of dispatch shares.

Whether pages watch or not, whether this is the app's own process or one of many on a server, a call
is performed here: its events batched, written under its fence, its cancellation heeded, its end
written for certain.

A worker's name holds the boot of its machine, its process and when that began. On the same machine
a process that is gone, or whose number another one has now, surely works no more, and nobody needs
to wait for its lease. Linux only; elsewhere, and for other machines, the lease decides.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from components.analysis import AnswerWatch, ask
from components.engine import Hosts, Stage, StageBegan
from components.errors import (
    ConnectionLost,
    EngineError,
    FirstReaderError,
    LeaseLost,
    ModelNotFound,
    NoUse,
    OllamaUnavailable,
    ServerError,
    StoreError,
    StreamStalled,
)
from components.jobs.batch_writer import BatchWriter, EventBuffer, Unwritten
from components.store import (
    MOST_MOVES,
    Claim,
    Failed,
    Moment,
    Offer,
    OwnCalls,
    State,
    StateChanged,
    Store,
)

_log = logging.getLogger(__name__)

#: What says more of the host than of the call.
_HOST_DIED = (OllamaUnavailable, ConnectionLost, StreamStalled)

#: Seconds that a cancelled task has for cleaning up before it is cancelled again.
_PATIENCE_SECONDS = 1.0

_PROC = Path("/proc")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    """A call that is performed: what comes from its host, and what is made of that."""

    claim: Claim
    stream: asyncio.Task[None]
    performance: asyncio.Task[None]


class Worker:
    """Performs calls of `store` on `hosts`; its coroutines belong to the hosts' event loop.

    With `only_own` it takes none but those that `own` named, and leaves others their turns.
    """

    def __init__(
        self, store: Store, hosts: Hosts, *, name: str | None = None, only_own: bool = False
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._name = name or new_name()
        self._writer = BatchWriter(store.calls)
        self._running: set[_Running] = set()
        self._stopped: set[str] = set()  # Calls here of which the store could not be told that.
        # A look that began before a host was left out would bring its call back to it.
        self._placing = asyncio.Lock()
        self._own = OwnCalls() if only_own else None

    def own(self, queued: Iterable[str]) -> None:
        """Perform these calls, or those of these series; where only its own, no others."""
        if self._own is not None:
            self._own.add(queued)

    @property
    def slots(self) -> int:
        """How many calls run at once on the hosts that answer."""
        return sum(host.slots for host, _ in self._hosts.up())

    def mark(self) -> tuple[int, int]:
        """Return what is another pair once there may be a call to take: a look at a file."""
        return self._store.calls.queue_mark(), self.slots

    async def take(self, *, job: str | None = None) -> Claim | None:
        """Take the next call that a host has room for, as the dispatcher's `job`, if any."""
        claim: Claim | None = None

        async def take() -> None:
            nonlocal claim
            async with self._placing:
                offers = _offers(self._hosts)
                claim = await asyncio.to_thread(
                    self._store.calls.claim, self._name, offers, job=job, own=self._own
                )

        try:
            await shielded(take())
        except asyncio.CancelledError:
            if claim is not None:  # Nobody else would know of it before its lease ends.
                await _quietly(self._give_back(claim, [], at=time.time()))
            raise
        return claim

    def perform(self, claim: Claim) -> asyncio.Task[None]:
        """Begin to perform a claimed call; the task ends with it, whichever its end is."""
        buffer = EventBuffer(self._writer, claim)
        stream = asyncio.ensure_future(self._stream(claim, buffer))
        stream.add_done_callback(lambda _: buffer.wake())
        performance = asyncio.ensure_future(self._perform(claim, buffer, stream))
        running = _Running(claim, stream, performance)
        self._running.add(running)
        performance.add_done_callback(lambda _: self._running.discard(running))
        return performance

    def abort(self, call_id: str) -> None:
        """Let go of a call, if it is here: it has stopped if that was asked for, else it waits."""
        for running in self._running:
            if running.claim.call_id == call_id:
                _cancel(running.stream)

    def stop(self, analysis_id: str) -> bool:
        """Stop one that the store cannot be told to stop now; return whether it runs here."""
        its = [it.claim for it in self._running if it.claim.analysis_id == analysis_id]
        for claim in its:
            self._stopped.add(claim.call_id)
            self.abort(claim.call_id)
        return bool(its)

    def unwritten(self, call_id: str) -> Unwritten | None:
        """Return why the text of a call that runs here is in memory only; None where it is kept."""
        problem = self._writer.problems.get(call_id)
        return None if problem is None else Unwritten(problem, call_id in self._stopped)

    async def heed(self) -> None:
        """Let go of calls here that another process had stopped. Raises: StoreError."""
        if self._running:
            for call_id in await asyncio.to_thread(self._store.calls.stopping, self._name):
                self.abort(call_id)

    async def sweep(self) -> int:
        """Take back what other workers lost, and delete what was deleted long enough ago.

        Return how many calls were taken back. Raises: StoreError.
        """
        mine = frozenset(running.claim.call_id for running in self._running)

        def sweep() -> int:  # In one thread: it is done for as long as the app runs.
            lost = self._store.calls.recover(is_gone, at=time.time(), mine=mine)
            self._store.purge()
            self._store.checkpoint()
            return lost

        return await asyncio.to_thread(sweep)

    async def is_waited_for(self) -> bool:
        """Whether any call waits. Raises: StoreError."""
        return await asyncio.to_thread(self._store.control.waiting)

    async def give_all_back(self) -> None:
        """Let go of every call: what was written is kept, and another worker goes on."""
        if self._running:
            await asyncio.gather(*(_ended(running.stream) for running in self._running))
        if self._running:
            await asyncio.wait([running.performance for running in self._running])

    async def _perform(self, claim: Claim, buffer: EventBuffer, stream: asyncio.Task[None]) -> None:
        name, at = claim.call_id[:6], buffer.now
        try:
            try:
                await self._follow(claim, buffer, stream)
            except (LeaseLost, StoreError):
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours ends this call alone
                failed = [Moment(at(), Failed(_explained(error, claim)))]
                end = self._store.calls.end
                keep = self._writer.retry_write(end, claim, State.FAILED, failed, at=at())
                await _quietly(keep)
        except LeaseLost:
            _log.warning("call %s was taken over by another worker", name)
        except StoreError as error:
            _log.error("call %s: %s", name, error)
        finally:
            self._writer.forget(claim)
            self._stopped.discard(claim.call_id)

    async def _follow(self, claim: Claim, buffer: EventBuffer, stream: asyncio.Task[None]) -> None:
        """Write down what `stream` brings until it ends, or is to end."""
        try:
            while not stream.done():
                await buffer.ready()
                if not stream.done() and await shielded(buffer.flush()):
                    break
        except asyncio.CancelledError:
            pass  # Whether to stop or to give back, the store knows.
        finally:
            await _quietly(_ended(stream))
            if not stream.cancelled():
                stream.exception()  # Seen now: asyncio would log it, with its text.
        await _quietly(self._conclude(claim, buffer, stream))

    async def _stream(self, claim: Claim, buffer: EventBuffer) -> None:
        inputs = await self._writer.retry_write(self._store.prompt_inputs, claim)
        events = self._hosts.engine(claim.host).stream(ask(claim.question, inputs))
        watch = AnswerWatch(claim.question, inputs)
        # Closing what we iterate, at once and not at collection, closes the connection.
        async with contextlib.aclosing(events):
            async for event in events:
                if not isinstance(event, StageBegan):
                    buffer.add(event)
                elif event.stage is not Stage.CONTACTING:  # That began with the claim.
                    buffer.add(StateChanged(State(event.stage)))
                watch.add(event)
        # It looks for sentences in the whole manuscript: other answers stream meanwhile.
        await asyncio.to_thread(watch.finish)

    async def _conclude(
        self, claim: Claim, buffer: EventBuffer, stream: asyncio.Task[None]
    ) -> None:
        """Write the end of the call. Raises: LeaseLost, StoreError."""
        moments, at, calls = buffer.take(), buffer.now(), self._store.calls
        keep = self._writer.retry_write
        if stream.cancelled():
            await self._give_back(claim, moments, at=at)
            return
        error = stream.exception()
        if error is None:
            await keep(calls.end, claim, State.DONE, moments, at=at)
            return
        if isinstance(error, NoUse) or _may_pass(error, claim):
            await keep(calls.refuse, claim, error, moments, at=at)
            return
        if isinstance(error, _HOST_DIED) and self._may_move(claim):
            async with self._placing:
                self._hosts.leave_out(claim.host, error)
                await self._give_back(claim, moments, at=at, moved=True)
            return
        if isinstance(error, ModelNotFound):
            error = self._out_of_reach(claim) or error
        moments.append(Moment(at, Failed(_explained(error, claim))))
        await keep(calls.end, claim, State.FAILED, moments, at=at)

    def _out_of_reach(self, claim: Claim) -> OllamaUnavailable | None:
        """Return what is said where a host has the model and does not answer now."""
        model = claim.question.model
        for offer in _offers(self._hosts):
            if not offer.slots and offer.has(model):
                return OllamaUnavailable(
                    f"The Ollama that has the model {model} does not answer at {offer.url}.",
                    advice="Run it again once it answers, or choose another model.",
                )
        return None

    async def _give_back(
        self, claim: Claim, moments: Sequence[Moment], *, at: float, moved: bool = False
    ) -> None:
        def give_back(claim: Claim) -> None:
            if claim.call_id in self._stopped:  # The store could not be told.
                self._store.control.stop(claim.analysis_id)
            self._store.calls.give_back(claim, moments, at=at, moved=moved)

        await self._writer.retry_write(give_back, claim)

    def _may_move(self, claim: Claim) -> bool:
        """Whether a call whose host died is queued again, for another host.

        A step of a report waits for its own host too, where no other has the model: nobody looks
        at a reading that goes on overnight.
        """
        others = [
            offer for offer in _offers(self._hosts) if offer.slots and offer.url != claim.host
        ]
        return claim.moves < MOST_MOVES and (
            bool(claim.question.part) or any(other.has(claim.question.model) for other in others)
        )


def _offers(hosts: Hosts) -> list[Offer]:
    """Return what each host has room for: one that does not answer, for nothing."""
    answering = [(host, models, host.slots) for host, models in hosts.up()]
    away = [(host, models, 0) for host, models in hosts.away()]
    return [
        Offer(host.url, slots, frozenset(model.name for model in models))
        for host, models, slots in answering + away
    ]


def _may_pass(error: BaseException, claim: Claim) -> TypeGuard[ServerError]:
    """Whether a step of a report is asked again for what the server had: its runner crashed."""
    crashed = isinstance(error, ServerError) and (error.status_code or 500) >= 500
    return crashed and bool(claim.question.part)


def _explained(error: BaseException, claim: Claim) -> FirstReaderError:
    if isinstance(error, FirstReaderError):
        return error
    # The type only: a message of a foreign exception may hold text of the manuscript.
    _log.error("call %s failed: %s", claim.call_id[:6], type(error).__name__)
    return EngineError(
        "First Reader failed while it ran this analysis; this is a fault of the app.",
        advice="What was written is kept. Run the analysis again.",
    )


async def shielded(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine` to its end; a cancellation meanwhile is raised after it."""
    task = asyncio.ensure_future(coroutine)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    result = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return result


async def _quietly(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run `coroutine` to its end; a cancellation meanwhile has been heard already."""
    with contextlib.suppress(asyncio.CancelledError):
        await shielded(coroutine)


def _cancel(task: asyncio.Task[None]) -> None:
    """Cancel `task` once: a second time would break into its cleaning up."""
    if not task.cancelling():
        task.cancel()


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel `task` and wait for its end.

    The HTTP client's library, where a connection is made at the very moment of the cancellation,
    swallows it (seen once in some thousand times): it is cancelled again.
    """
    _cancel(task)
    while not (await asyncio.wait([task], timeout=_PATIENCE_SECONDS))[0]:
        task.cancel()


def new_name() -> str:
    """Return a name for a worker in this process."""
    return f"{_machine()}/{os.getpid()}/{_began(os.getpid())}/{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Whether the worker of this name surely runs no more."""
    machine, process, began, _ = name.split("/") if name.count("/") == 3 else ("", "", "", "")
    if not machine or machine != _machine() or not process.isdecimal():
        return False
    return _began(int(process)) != began


@cache
def _machine() -> str:
    """Return this boot of this machine; in a container, of that container. Empty if not known."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        # Numbers of processes mean something in their own namespace only.
        return f"{boot}.{(_PROC / 'self/ns/pid').readlink()}".replace("/", "")
    except OSError:
        return ""


def _began(process: int) -> str:
    """Return when a process began, in ticks since the boot; empty where it does not run."""
    try:
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    # A zombie has ended, and only its parent has not noticed.
    return "" if fields[0] in {"Z", "X"} else fields[19]
