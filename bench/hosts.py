"""Scripted Ollama servers that write at a fixed rate, in a process of their own.

Each call's prompt ends with an `Order`, a line of JSON that says what to write; the tokens name
call, host and request, so that equal texts mean something. Tokens are sent by a schedule that
begins with the first, whether or not anybody keeps up, as a model would. The log says which token
was sent when, in seconds since 1970, as the journal does.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama, _chunk, _line


@dataclass(frozen=True, slots=True)
class Order:
    """What a server writes for `call`: so many `tokens`, `rate` a second; 0 tokens: never any."""

    call: int
    tokens: int
    rate: float = 50.0

    def prompt(self) -> str:
        """Return it as the last line of a prompt."""
        return json.dumps(asdict(self))


@dataclass(slots=True)
class Chat:
    """One request for an answer: `sent` holds when each token went, `done` when the end went."""

    order: Order
    host: int
    number: int
    began: float
    sent: list[float] = field(default_factory=list)
    done: float | None = None
    ended: float | None = None

    def token(self, index: int) -> str:
        """Return a token; every twentieth ends a paragraph."""
        end = "\n" if index % 20 == 19 else " "
        return f"{self.order.call}.{self.host}.{self.number}.{index}{end}"

    def text(self, tokens: int | None = None) -> str:
        """Return what the first `tokens` make, all of them when None."""
        return "".join(map(self.token, range(self.order.tokens if tokens is None else tokens)))


class _Paced(ScriptedOllama):
    def __init__(self, index: int, chats: list[Chat], numbers: Counter[int]) -> None:
        super().__init__()
        self._index, self._chats, self._numbers = index, chats, numbers

    async def _answer(
        self,
        request: str,
        body: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if request != "POST /api/chat" or not body["messages"]:
            await super()._answer(request, body, reader, writer)
            return
        order = Order(**json.loads(body["messages"][-1]["content"].splitlines()[-1]))
        self._numbers[order.call] += 1
        chat = Chat(order, self._index, self._numbers[order.call], time.time())
        self._chats.append(chat)
        try:
            await self._while_there(reader, self._write(chat, writer))
        finally:
            chat.ended = time.time()

    async def _write(self, chat: Chat, writer: asyncio.StreamWriter) -> bool:
        if not chat.order.tokens:
            await asyncio.Event().wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n")
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
        begin = time.monotonic()
        for index in range(chat.order.tokens):
            await asyncio.sleep(begin + index / chat.order.rate - time.monotonic())
            _chunk(writer, _line(Say(chat.token(index)), index + 1))
            chat.sent.append(time.time())
            await writer.drain()
        _chunk(writer, _line(Done(), chat.order.tokens))
        _chunk(writer, b"")
        chat.done = time.time()
        await writer.drain()
        return False


class Fleet:
    """`urls` of the servers of one process; see `fleet`."""

    def __init__(self, process: multiprocessing.process.BaseProcess, pipe: Connection) -> None:
        self._process, self._pipe = process, pipe
        self.urls: list[str] = pipe.recv()

    def chats(self) -> list[Chat]:
        """Return all that was asked of the servers, oldest first."""
        self._pipe.send("chats")
        chats: list[Chat] = self._pipe.recv()
        return chats

    def kill(self) -> None:
        """End the process as a crash would."""
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


@contextmanager
def fleet(count: int, *, first: int = 0) -> Iterator[Fleet]:
    """Run `count` servers, numbered from `first`, while inside."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_run, args=(count, first, theirs), daemon=True)
    process.start()
    theirs.close()
    servers = Fleet(process, ours)
    try:
        yield servers
    finally:
        servers.kill()


def _run(count: int, first: int, pipe: Connection) -> None:
    # Ctrl+C is for the one who started this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(count, first, pipe))


async def _serve(count: int, first: int, pipe: Connection) -> None:
    chats: list[Chat] = []
    numbers: Counter[int] = Counter()
    ended = asyncio.Event()

    def asked() -> None:
        try:
            pipe.recv()
            pipe.send(chats)
        except (EOFError, OSError):
            ended.set()

    async with AsyncExitStack() as stack:
        servers = [_Paced(first + index, chats, numbers) for index in range(count)]
        for server in servers:
            await stack.enter_async_context(server.running())
        pipe.send([server.url for server in servers])
        asyncio.get_running_loop().add_reader(pipe.fileno(), asked)
        await ended.wait()
