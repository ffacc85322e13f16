"""A scripted Ollama in a thread, for tests whose subject runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from components.engine import BackgroundLoop
from components.engine.scripted import ScriptedOllama


@contextmanager
def playing(server: ScriptedOllama) -> Iterator[ScriptedOllama]:
    """Run `server` in a loop of its own while inside."""
    loop = BackgroundLoop()
    context = server.running()
    loop.call(context.__aenter__())
    try:
        yield server
    finally:
        loop.call(context.__aexit__(None, None, None))
        loop.stop()
