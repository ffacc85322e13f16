"""A way of dispatch in front of scripted servers: the embedded one, unless a module asks for both.

`DISPATCHES = ("embedded", "distributed")` in a module or a class has its tests run against either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from components.engine import BackgroundLoop, Host, Hosts
from components.jobs import Embedded, Jobs, Worker
from components.store import Analysis, CallOutcome, State, StateChanged, Store, UserStore
from tests import waiting
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.jobs.making import question
from tests.postgres import store_place

#: Longer than any test takes; only a fault waits so long.
LONG = 60.0


@dataclass(slots=True)
class Side:
    """What one process has: its store, its hosts, its loop."""

    loop: BackgroundLoop
    store: Store
    hosts: Hosts
    worker: Worker
    jobs: Jobs
    closed: bool = False

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.jobs.close(seconds=3.0)
        self.loop.call(self.hosts.close())
        self.loop.stop()
        self.store.close()


@dataclass(slots=True)
class Bench:
    """One who asks, one who works (the same, embedded), and the servers that answer."""

    place: Path | str
    servers: Sequence[ScriptedOllama]
    serving: BackgroundLoop
    work: Side
    web: Side
    shelf: UserStore
    jobs: Jobs
    again: Callable[[], Side]
    running: list[Any] = field(default_factory=list)

    @property
    def server(self) -> ScriptedOllama:
        return self.servers[0]

    @property
    def store(self) -> Store:
        return self.web.store

    def ask(self, *, owner: str = "", **changes: Any) -> Analysis:
        shelf = self.store.shelf(owner)
        return self.jobs.submit(shelf, question(shelf, **changes))

    def stop(self, analysis: Analysis) -> None:
        self.jobs.stop(self.shelf, analysis.id)

    def now(self, analysis: Analysis, owner: str = "") -> Analysis:
        return self.store.shelf(owner).analyses.get(analysis.id)

    def outcome(self, analysis: Analysis) -> CallOutcome:
        return self.store.journal.outcome(analysis.call_id)

    def states(self, analysis: Analysis) -> list[str]:
        """The states that it went through."""
        return [
            entry.event.state.value
            for entry in self.store.journal.after(analysis.call_id)
            if isinstance(entry.event, StateChanged)
        ]

    def wait(self, analysis: Analysis, state: State | None = None, *, attempt: int = 0) -> State:
        """Wait until an attempt of at least `attempt` entered `state`, or has ended when None."""
        outcome, seq = CallOutcome(), 0
        while entries := self.store.journal.after(analysis.call_id, seq, timeout=LONG):
            for entry in entries:
                seq = entry.seq
                outcome.add(entry)
                if isinstance(entry.event, StateChanged) and entry.attempt >= attempt:
                    entered = entry.event.state
                    if entered is state or (entered.has_ended and entered is not State.INTERRUPTED):
                        assert state in {None, entered}, outcome
                        return entered
        raise AssertionError(f"nothing happens any more: {outcome}")

    def wait_text(self, analysis: Analysis, text: str) -> None:
        """Wait until `text` is the last attempt's."""
        outcome, seq = CallOutcome(), 0
        while entries := self.store.journal.after(analysis.call_id, seq, timeout=LONG):
            for entry in entries:
                seq = entry.seq
                outcome.add(entry)
            if outcome.text == text:
                return
        raise AssertionError(f"nothing happens any more: {outcome}")

    def told(self, server: ScriptedOllama | None = None) -> None:
        """Wait until the server was told that nobody listens any more."""
        closed = (server or self.server).closed
        self.serving.call(asyncio.wait_for(closed.wait(), LONG))

    def let_go(self, server: ScriptedOllama | None = None, *, times: int = 1) -> None:
        """Let the server go on past so many Holds."""

        async def let_go() -> None:
            for _ in range(times):
                (server or self.server).let_go()

        self.serving.call(let_go())

    def answering(self, chats: int = 1, server: ScriptedOllama | None = None) -> None:
        """Wait until the server is at so many answers."""
        self.until(lambda: (server or self.server).generating == chats)

    def asked_to_load(self) -> None:
        self.until(lambda: "/api/chat" in [path for path, _ in self.server.requests])

    def kill(self, server: ScriptedOllama) -> None:
        """End a server as if its machine had gone."""
        index = list(self.servers).index(server)
        self.serving.call(self.running[index].__aexit__(None, None, None))

    def until(self, condition: Callable[[], bool]) -> None:
        waiting.until(condition, seconds=LONG)

    def look(self) -> None:
        """Have the workers' hosts asked how they are."""
        for side in {id(side): side for side in (self.work, self.web)}.values():
            side.loop.call(side.hosts.check())


MakeBench = Callable[..., Bench]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_marked = any("way" in mark.args for mark in metafunc.definition.iter_markers("parametrize"))
    if "way" in metafunc.fixturenames and not is_marked:
        of_module = getattr(metafunc.module, "DISPATCHES", ("embedded",))
        metafunc.parametrize("way", getattr(metafunc.cls, "DISPATCHES", of_module))


@pytest.fixture
def place(way: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a store is: a file, or the address of a database, by the `way` of dispatch."""
    with store_place("sqlite" if way == "embedded" else "postgres", request, tmp_path) as place:
        yield place


@pytest.fixture
def bench(place: Path | str) -> Iterator[MakeBench]:
    """Make a bench whose servers play the scripts given."""
    with ExitStack() as stack:

        def make(
            *answer: Any,
            servers: Sequence[ScriptedOllama] = (),
            slots: int = 1,
            engine: Any = None,
            works: bool = True,
            **script: Any,
        ) -> Bench:
            if not servers:
                servers = [ScriptedOllama(answer, **script) if answer else ScriptedOllama(**script)]
            serving = BackgroundLoop()
            stack.callback(serving.stop)
            running = [server.running() for server in servers]
            for one in running:
                serving.call(one.__aenter__())
                stack.callback(lambda one=one: serving.call(one.__aexit__(None, None, None)))
            hosts = [Host(server.url, slots) for server in servers]

            def side(*, performs: bool) -> Side:
                made = open_side(place, hosts, performs=performs)
                stack.callback(made.close)
                if engine is not None:
                    made.hosts.engine = lambda url: engine  # type: ignore[method-assign]
                if performs or not isinstance(place, Path):
                    made.jobs.start()
                return made

            work = side(performs=works)
            web = work if isinstance(place, Path) else side(performs=False)
            return Bench(
                place=place,
                servers=servers,
                serving=serving,
                work=work,
                web=web,
                shelf=web.store.shelf(),
                jobs=web.jobs,
                again=lambda: side(performs=True),
                running=running,
            )

        yield make


def open_side(place: Path | str, hosts: Sequence[Host], *, performs: bool) -> Side:
    """Put together what a process has, not yet begun."""
    store = Store(place)
    loop = BackgroundLoop()
    used = Hosts()
    loop.call(used.use(hosts))
    worker = Worker(store, used)
    if isinstance(place, Path):
        return Side(loop, store, used, worker, Embedded(store, loop, worker))
    from components.jobs.distributed import Announcing, Performing

    jobs = (Performing if performs else Announcing)(store, loop, worker, place)
    return Side(loop, store, used, worker, jobs)
