"""A scripted Ollama: speaks the server's protocol on the loopback and does what it is told.

For what a real server cannot be made to do on demand: an error in mid-stream, a load that stalls,
a connection that breaks, bytes that are no JSON. It ships beside the real engine, so that the same
tests run against both; nothing in the app uses it. It answers one request a connection, over plain
sockets, because a broken connection is one of the things it has to do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.scripted_models import CONTEXT as CONTEXT
from tests.doubles.scripted_models import MODEL as MODEL
from tests.doubles.scripted_models import ScriptedModels


@dataclass(frozen=True, slots=True)
class Say:
    """Send a token of the answer, or of the thinking before it."""

    text: str
    thinking: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Send nothing until the server's `release` is set."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Send nothing until `let_go` is called once more."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Cut the connection without an end."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer with this HTTP status and body instead of a stream; only as the first step."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """Send the final part; `eval_count` is the number of tokens said unless given."""

    reason: str = "stop"
    figures: Mapping[str, int] = field(default_factory=dict)


Step = Say | Wait | Hold | Send | Break | Refuse | Done


class ScriptedOllama:
    """A server that plays `answer` for each chat and `loading` before each load is answered.

    `answers` are for the first chats, one each; `answer` is for those after them. `requests` holds
    the path and body of every request; `closed` is set when a client ends a chat or a load before
    its answer did; `generating` tells whether a chat is being answered now. `pulls` are for the
    first pulls, one each; `models` names what it has, and `more` says more of them. `reads` makes
    it play what that returns for the body of a chat, and count tokens as `tokens_of` does: a prompt
    that exceeds `num_ctx` is refused as Ollama refuses it.
    """

    def __init__(
        self,
        answer: Sequence[Step] = (Say("Hello"), Done()),
        *,
        answers: Sequence[Sequence[Step]] = (),
        loading: Sequence[Step] = (),
        pulls: Sequence[Sequence[Step]] = (),
        models: Sequence[str] | Mapping[str, Mapping[str, Any]] = (MODEL,),
        reads: Callable[[dict[str, Any]], Sequence[Step]] | None = None,
        **more: Any,
    ) -> None:
        self.reads = reads
        self.models = ScriptedModels(models, **more)
        self.pulls = [tuple(one) for one in pulls]
        self.answer = tuple(answer)
        self.answers = [tuple(one) for one in answers]
        self.loading = tuple(loading)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.release = asyncio.Event()
        self.closed = asyncio.Event()
        self._let_go = asyncio.Semaphore(0)
        self.generating = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[ScriptedOllama]:
        """Listen on `port` of the loopback, or on a free one, while inside, at `url`."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            self.release.set()
            server.close()
            for writer in list(self._writers):
                writer.transport.abort()  # `close` would wait for what was not sent.
            with suppress(TimeoutError):
                await asyncio.wait_for(server.wait_closed(), 2)

    def let_go(self) -> None:
        """End one Hold, this or the next; in the server's own loop."""
        self._let_go.release()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            length = _content_length(head)
            body = json.loads(await reader.readexactly(length)) if length else {}
            self.requests.append((path, body))
            await self._answer(f"{method} {path}", body, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.closed.set()
        finally:
            self._writers.discard(writer)
            with suppress(ConnectionError):
                writer.close()

    async def _answer(
        self,
        request: str,
        body: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        name = body.get("model", MODEL)
        match request:
            case "GET /api/version":
                await _reply(writer, 200, {"version": "scripted"})
            case "POST /api/chat" if not body["messages"]:
                unloads = body.get("keep_alive") == 0
                if not unloads:
                    self.models.launch(body)
                if await self._while_there(reader, self._play(self.loading, writer)):
                    if unloads:
                        self.models.unload(name)
                    elif "keep_alive" in body:
                        self.models.loaded[name] = body["keep_alive"]
                    reason = "unload" if unloads else "load"
                    await _reply(writer, 200, {"model": name, "done": True, "done_reason": reason})
            case "POST /api/chat":
                await self._chat(body, reader, writer)
            case "POST /api/pull":
                steps = self.pulls.pop(0) if self.pulls else [Send(b'{"status": "success"}\n')]
                await self._while_there(reader, self._play(steps, writer))
                if steps and steps[-1] == Send(b'{"status": "success"}\n'):
                    self.models.add(name)
            case _:
                status, answer = self.models.answer(request, body) or (404, {"error": "not found"})
                await _reply(writer, status, answer)

    async def _chat(
        self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.models.launch(body)
        answer: Sequence[Step] = self.answer
        if self.reads is not None and (tokens := tokens_of(body)) > body["options"]["num_ctx"]:
            answer = (_too_long(tokens, body["options"]["num_ctx"]),)
        elif self.answers:
            answer = self.answers.pop(0)
        elif self.reads is not None:
            answer = self.reads(body)
        self.generating += 1
        try:
            await self._while_there(reader, self._play(answer, writer))
        finally:
            self.generating -= 1

    async def _while_there(
        self, reader: asyncio.StreamReader, play: Coroutine[Any, Any, bool]
    ) -> bool:
        """Play until the end or until the client goes away; return whether it may be answered."""
        # The client sends nothing more: the end of its side means that it went away.
        gone = asyncio.ensure_future(reader.read(1))
        playing = asyncio.ensure_future(play)
        try:
            await asyncio.wait({gone, playing}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                return playing.result()
            self.closed.set()
            return False
        finally:
            for task in (gone, playing):
                task.cancel()
            await asyncio.gather(gone, playing, return_exceptions=True)

    async def _play(self, steps: Sequence[Step], writer: asyncio.StreamWriter) -> bool:
        """Do `steps` and return whether the connection is still good for an answer."""
        said = 0
        started = False
        for step in steps:
            if isinstance(step, Wait):
                await self.release.wait()
                continue
            if isinstance(step, Hold):
                await self._let_go.acquire()
                continue
            if isinstance(step, Refuse):
                await _reply(writer, step.status, step.body)
                return False
            if isinstance(step, Break):
                writer.transport.abort()
                return False
            if not started:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n")
                writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
                started = True
            said += isinstance(step, Say)
            _chunk(writer, _line(step, said))
            await writer.drain()
        if started:
            _chunk(writer, b"")
            await writer.drain()
        return not started


def tokens_of(body: Mapping[str, Any]) -> int:
    """Return the tokens that a scripted server finds in a chat: its words, five more a message."""
    return sum(len(one["content"].split()) + 5 for one in body["messages"])


def _too_long(tokens: int, num_ctx: int) -> Refuse:
    error = {
        "code": 400,
        "type": "exceed_context_size_error",
        "n_prompt_tokens": tokens,
        "n_ctx": num_ctx,
    }
    return Refuse(400, {"error": json.dumps({"error": error})})


def _line(step: Say | Send | Done, said: int) -> bytes:
    if isinstance(step, Send):
        return step.data
    part: dict[str, Any] = {"model": MODEL, "message": {"role": "assistant", "content": ""}}
    if isinstance(step, Say):
        part["message"]["thinking" if step.thinking else "content"] = step.text
        part["done"] = False
    else:
        part |= {"done": True, "done_reason": step.reason, "eval_count": said, **step.figures}
    return json.dumps(part).encode() + b"\n"


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def _content_length(head: str) -> int:
    for line in head.splitlines():
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def _reply(writer: asyncio.StreamWriter, status: int, body: Mapping[str, Any]) -> None:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
    writer.write(head.encode() + f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
    await writer.drain()
