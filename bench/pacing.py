"""A scripted Ollama that writes at a fixed rate, and says in each token when it was written.

Run as a process of its own, so that what is measured shares no interpreter with it: it prints its
address, answers chats and lets their tokens go from the first line of its input on.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama, _chunk, _line

#: Tokens a second of one fast model.
RATE = 100.0

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

#: Milliseconds since an arbitrary moment, the same for all processes; six digits last three weeks.
_WIDTH = 6


def stamp() -> str:
    """Return this moment as a word of `_WIDTH` letters and digits, begun with a z."""
    value, digits = int(time.monotonic() * 1000), ""
    for _ in range(_WIDTH):
        value, rest = divmod(value, 36)
        digits = _DIGITS[rest] + digits
    return f"z{digits}"


def age(word: str) -> float:
    """Return the seconds since the moment of a word that `stamp` made."""
    modulus = 36**_WIDTH
    return ((int(time.monotonic() * 1000) - int(word[1:], 36)) % modulus) / 1000


class Paced(ScriptedOllama):
    """Writes `tokens` tokens at `rate` a second: paragraphs of 80, some of them lists."""

    def __init__(self, tokens: int, rate: float) -> None:
        super().__init__(context=131_072)
        self._tokens = tokens
        self._rate = rate

    async def _chat(self, _: Any, reader: Any, writer: Any) -> None:
        await self._while_there(reader, self._write(writer))

    async def _write(self, writer: Any) -> bool:
        await self.release.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n")
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
        began = time.monotonic()
        for number in range(self._tokens):
            await asyncio.sleep(max(began + number / self._rate - time.monotonic(), 0))
            _chunk(writer, _line(Say(token(number)), 0))
            await writer.drain()
        _chunk(writer, _line(Done(figures={"eval_count": self._tokens}), 0))
        _chunk(writer, b"")
        await writer.drain()
        return False


def token(number: int) -> str:
    """Return the token of this number, written now."""
    paragraph, place = divmod(number, 80)
    if place == 79:
        return f"{stamp()}.\n\n"
    if paragraph % 4 == 3 and place % 16 == 15:
        return f"{stamp()}\n- "
    return f"{stamp()} "


@contextmanager
def paced(tokens: int, rate: float) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run such a server in a process of its own; give its address and the process."""
    command = [sys.executable, "-m", "bench.pacing", str(tokens), str(rate)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.terminate()


def release(process: subprocess.Popen[str]) -> None:
    """Let the tokens go."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tokens", type=int)
    parser.add_argument("rate", type=float)
    arguments = parser.parse_args()
    async with Paced(arguments.tokens, arguments.rate).running() as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        server.release.set()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
