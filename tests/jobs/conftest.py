"""A runner in front of a scripted server, both in one background loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from components.engine import BackgroundLoop, Engine
from components.engine.scripted import ScriptedOllama
from components.jobs import Runner
from components.store import Record, Shelf, State, StateChanged

#: Longer than any test takes; only a fault waits so long.
LONG = 30.0


@dataclass(frozen=True, slots=True)
class Bench:
    """A runner and what it runs on."""

    loop: BackgroundLoop
    server: ScriptedOllama
    shelf: Shelf
    runner: Runner

    def told(self) -> None:
        """Wait until the server was told that nobody listens any more."""
        self.loop.call(asyncio.wait_for(self.server.closed.wait(), LONG))

    def answering(self) -> None:
        """Wait until the server has been asked and is at its answer."""
        self._until(lambda: self.server.generating == 1)

    def loading(self) -> None:
        """Wait until the server has been asked to load."""
        self._until(lambda: "/api/chat" in [path for path, _ in self.server.requests])

    def release(self) -> None:
        """Let the server go on."""

        async def release() -> None:
            self.server.release.set()

        self.loop.call(release())

    def _until(self, condition: Callable[[], bool]) -> None:
        async def wait() -> None:
            while not condition():  # noqa: ASYNC110 - nothing sets an event for it
                await asyncio.sleep(0)

        self.loop.call(asyncio.wait_for(wait(), LONG))


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    """Make a bench whose server plays the script given."""
    with ExitStack() as stack:

        def make(*answer: Any, engine: Any = None, **script: Any) -> Bench:
            loop = BackgroundLoop()
            stack.callback(loop.stop)
            server = ScriptedOllama(answer, **script) if answer else ScriptedOllama(**script)
            running = server.running()
            loop.call(running.__aenter__())
            stack.callback(lambda: loop.call(running.__aexit__(None, None, None)))
            client = engine or Engine(server.url)
            stack.callback(lambda: loop.call(client.close()))
            shelf = Shelf()
            runner = Runner(loop, shelf, lambda: client)
            stack.callback(runner.shut_down)
            return Bench(loop, server, shelf, runner)

        yield make


def wait_for(record: Record, state: State | None = None) -> State:
    """Wait until `record` has entered `state`, or has ended when None; return its state."""
    seq = 0
    while entries := record.journal.after(seq, timeout=LONG):
        for entry in entries:
            seq = entry.seq
            if isinstance(entry.event, StateChanged):
                entered = entry.event.state
                if entered is state or entered.is_final:
                    assert state in {None, entered}, record.outcome()
                    return entered
    raise AssertionError(f"nothing happens any more: {record.outcome()}")


def states(record: Record) -> list[str]:
    """The states that `record` went through."""
    return [
        entry.event.state.value
        for entry in record.journal.after(0)
        if isinstance(entry.event, StateChanged)
    ]
