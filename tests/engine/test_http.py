"""The connection to a server: what is asked once more, and what is not."""

from __future__ import annotations

import asyncio

import pytest

from components.engine.http import HttpClient
from components.errors import ConnectionLost

ANSWER = b'{"version": "1"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


async def got(breaking: int) -> tuple[dict[str, object], int]:
    """Ask a server that closes so many connections first; return its answer and their number."""
    seen = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        await reader.readuntil(b"\r\n\r\n")
        if seen > breaking:
            writer.write(HEAD % len(ANSWER) + ANSWER)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = HttpClient("http://{}:{}".format(*server.sockets[0].getsockname()))
    try:
        return await client.get("/api/version"), seen
    finally:
        await client.close()
        server.close()


def test_a_connection_that_the_server_closed_is_no_sign_that_it_is_gone() -> None:
    assert asyncio.run(got(1)) == ({"version": "1"}, 2)


def test_a_server_that_closes_every_connection_is() -> None:
    with pytest.raises(ConnectionLost):
        asyncio.run(got(9))
