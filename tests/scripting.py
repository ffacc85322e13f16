"""A scripted Ollama in a thread, for tests whose subject runs elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from components.engine import BackgroundLoop
from tests.doubles.scripted_ollama import ScriptedOllama


async def _within(what: Callable[[], None]) -> None:
    what()


@contextmanager
def playing(server: ScriptedOllama) -> Iterator[ScriptedOllama]:
    """Run `server` in a loop of its own while inside."""
    loop = BackgroundLoop()
    context = server.running()
    loop.call(context.__aenter__())
    let_go = server.let_go
    server.let_go = lambda: loop.call(_within(let_go))  # type: ignore[method-assign]
    try:
        yield server
    finally:
        loop.call(context.__aexit__(None, None, None))
        loop.stop()
