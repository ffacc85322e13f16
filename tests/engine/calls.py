"""How the engine's tests talk to a server: in one event loop each, and never for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

from components.engine import Call, Engine, Event, Message, Options, StageBegan, Text
from components.errors import EngineError
from tests.doubles.scripted_ollama import MODEL, ScriptedOllama

T = TypeVar("T")

#: Far beyond what any test takes: reached only where something hangs.
FOREVER = 300.0


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine in a loop of its own."""
    return asyncio.run(asyncio.wait_for(coroutine, FOREVER))


@asynccontextmanager
async def engine_at(url: str, **settings: Any) -> AsyncIterator[Engine]:
    engine = Engine(url, **settings)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def scripted(*steps: Any, engine: Any = None, **script: Any) -> AsyncIterator[Any]:
    """A scripted server that answers with `steps`, and an engine that talks to it."""
    server = ScriptedOllama(steps, **script) if steps else ScriptedOllama(**script)
    async with server.running(), engine_at(server.url, **(engine or {})) as client:
        yield server, client


def make_call(text: str = "Hello?", *, model: str = MODEL, num_predict: int = 64) -> Call:
    options = Options(num_predict=num_predict, temperature=0.0, seed=1)
    return Call(model, (Message("user", text),), options)


async def run_call(engine: Engine, call: Call) -> tuple[list[Event], EngineError | None]:
    """Run `call` and return all its events, and the error that ended it."""
    events: list[Event] = []
    try:
        async with aclosing(engine.stream(call)) as stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401 - those before an error count too
    except EngineError as error:
        return events, error
    return events, None


def stages(events: list[Event]) -> list[str]:
    return [event.stage.value for event in events if isinstance(event, StageBegan)]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))
