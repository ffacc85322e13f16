"""A manuscript, questions to it, and servers that do more than the scripted one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from components.engine import Call, Event, Stage, StageBegan
from components.manuscripts import Manuscript
from components.store import Question, UserStore
from tests.doubles.scripted_ollama import MODEL, ScriptedOllama, _reply

SECRET = "It was a dark and stormy night"

TEXT = f"Call me Ishmael. {SECRET}; the rain fell in torrents."

WHOLE = ["queued", "contacting", "loading", "reading", "writing", "done"]

LOGGERS = ("components", "procrastinate", "psycopg", "httpx", "httpcore", "asyncio")

BEGUN = (StageBegan(Stage.CONTACTING), StageBegan(Stage.LOADING), StageBegan(Stage.READING))


def question(
    shelf: UserStore, *, model: str = MODEL, asked: str = "What is it about?", **more: Any
) -> Question:
    """A question to the whole of a manuscript, which is kept on `shelf`."""
    read = Manuscript("The Whale", TEXT, (), "txt", "0" * 64, "utf-8", None, ())
    return Question(
        manuscript_id=shelf.manuscripts.keep(read),
        title="The Whale",
        scope="the whole manuscript",
        ranges=((0, len(TEXT)),),
        words=len(TEXT.split()),
        tokens=1600,
        lens="Storyteller's analysis",
        prompt=asked,
        model=model,
        digest="0" * 64,
        **more,
    )


class Busy(ScriptedOllama):
    """Remembers how many chats it had at the same time."""

    peak = 0

    async def _chat(
        self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.peak = max(self.peak, self.generating + 1)
        await super()._chat(body, reader, writer)


class Bare(ScriptedOllama):
    """Has no models."""

    async def _answer(
        self,
        request: str,
        body: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if request == "GET /api/tags":
            await _reply(writer, 200, {"models": []})
        else:
            await super()._answer(request, body, reader, writer)


class Stub:
    """An engine of the test's own."""

    def __init__(self, *steps: Event | Exception) -> None:
        self.steps = steps
        self.closed = False

    async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed = True


class Deaf(Stub):
    """Writes, and swallows the first cancellation."""

    async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
        for step in (*BEGUN, StageBegan(Stage.WRITING)):
            yield step
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()
