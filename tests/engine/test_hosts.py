"""Several servers: their health, and what they offer together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest

from components.engine import Host, Hosts, hosts
from components.errors import BadResponse, ConnectionLost, FirstReaderError, OllamaUnavailable
from tests.doubles.scripted_ollama import MODEL, ScriptedOllama

#: Nobody listens there.
CLOSED = "http://127.0.0.1:1"


class Listing(ScriptedOllama):
    """Lists what it is told to, once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = b""
        self.asked = asyncio.Event()
        self.may_list = asyncio.Event()
        self.may_list.set()

    async def _answer(self, request: str, body: Any, reader: Any, writer: Any) -> None:
        if request != "GET /api/tags":
            await super()._answer(request, body, reader, writer)
            return
        listed = self.listed
        self.asked.set()
        await self.may_list.wait()
        if not listed:
            await super()._answer(request, body, reader, writer)
            return
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + listed)
        await writer.drain()


def with_servers(count: int, what: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Run `what` with hosts and so many servers that run."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(ScriptedOllama().running()) for _ in range(count)
            ]
            used = Hosts()
            try:
                await what(used, *servers)
            finally:
                await used.close()

    asyncio.run(run())


def urls(used: Hosts) -> list[str]:
    return [host.url for host, _ in used.up()]


def test_those_that_answer_are_up_with_version_and_models() -> None:
    async def main(used: Hosts, one: ScriptedOllama) -> None:
        await used.use([Host(one.url, 3), Host(CLOSED)])
        ((host, models),) = used.up()
        assert host == Host(one.url, 3, version="scripted")
        assert [model.name for model in models] == ["scripted:1b"]
        (_, fine), (_, problem) = used.all()
        assert fine is None
        assert isinstance(problem, OllamaUnavailable)
        assert isinstance(used.problem(), OllamaUnavailable)

    with_servers(1, main)


def test_models_of_all_are_named_once() -> None:
    async def main(used: Hosts, one: ScriptedOllama, two: ScriptedOllama) -> None:
        await used.use([Host(one.url), Host(two.url)])
        assert [model.name for model in await used.models()] == ["scripted:1b"]

    with_servers(2, main)


def test_where_none_answers_there_is_a_reason() -> None:
    async def main(used: Hosts) -> None:
        with pytest.raises(OllamaUnavailable):
            await used.models()
        await used.use([Host(CLOSED)])
        with pytest.raises(FirstReaderError):
            await used.models()

    with_servers(0, main)


def test_one_that_is_left_out_comes_back_when_it_answers() -> None:
    async def main(used: Hosts, one: ScriptedOllama, two: ScriptedOllama) -> None:
        await used.use([Host(one.url), Host(two.url)])
        used.leave_out(one.url, ConnectionLost("Gone."))
        assert urls(used) == [two.url]
        ((host, models),) = used.away()
        assert (host.url, [model.name for model in models]) == (one.url, [MODEL])
        await used.check(up_only=True)
        assert urls(used) == [two.url]
        await used.check()
        assert urls(used) == [one.url, two.url]
        used.leave_out("http://unknown", ConnectionLost("Gone."))

    with_servers(2, main)


def test_one_that_is_slow_gets_a_second_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(ScriptedOllama):
        slow = False

        async def _answer(self, *given: Any) -> None:
            if self.slow:
                await self.release.wait()
            await super()._answer(*given)

    async def main(used: Hosts) -> None:
        async with Slow().running() as server:
            await used.use([Host(server.url)])
            monkeypatch.setattr(hosts, "_CHECK_SECONDS", 0.01)
            server.slow = True  # type: ignore[attr-defined]
            await asyncio.gather(used.check(), used.check(), used.check())  # Of as many pages.
            assert urls(used) == [server.url]
            await used.check()
            assert urls(used) == []
            server.slow = False  # type: ignore[attr-defined]
            monkeypatch.setattr(hosts, "_CHECK_SECONDS", 5.0)
            await used.check()
            assert urls(used) == [server.url]

    with_servers(0, main)


def test_all_who_ask_while_a_server_is_asked_share_the_next_request() -> None:
    async def main(used: Hosts, one: ScriptedOllama) -> None:
        await used.use([Host(one.url)])
        one.requests.clear()
        await asyncio.gather(*(used.models() for _ in range(50)))
        assert [path for path, _ in one.requests].count("/api/tags") == 2

    with_servers(1, main)


def test_who_asks_while_a_server_is_asked_sees_what_came_meanwhile() -> None:
    async def main(used: Hosts) -> None:
        server = Listing()
        async with server.running():
            server.listed = b'{"models": [{"name": "a"}]}'
            await used.use([Host(server.url)])
            server.asked.clear()
            server.may_list.clear()
            first = asyncio.ensure_future(used.models())
            await server.asked.wait()
            server.listed = b'{"models": [{"name": "b"}]}'
            second = asyncio.ensure_future(used.models())
            server.may_list.set()
            await first
            assert [model.name for model in await second] == ["b"]

    with_servers(0, main)


def test_others_can_be_used_instead() -> None:
    async def main(used: Hosts, one: ScriptedOllama, two: ScriptedOllama) -> None:
        await used.use([Host(one.url)])
        await used.use([Host(two.url)])
        assert urls(used) == [two.url]
        assert used.engine(two.url).url == two.url
        with pytest.raises(OllamaUnavailable, match="not in use"):
            used.engine(one.url)

    with_servers(2, main)


@pytest.mark.parametrize(
    "model",
    [b'"name": "a", "size": 1e999', b'"name": 5', b'"name": "a", "capabilities": [{}]', b""],
)
def test_a_list_of_models_that_cannot_be_is_said_and_the_others_go_on(model: bytes) -> None:
    async def main(used: Hosts, one: ScriptedOllama) -> None:
        other = Listing()
        async with other.running():
            await used.use([Host(other.url), Host(one.url)])
            other.listed = b'{"models": [{' + model + b"}]}"
            await used.check()
            assert urls(used) == [one.url]
            assert isinstance(used.problem(), BadResponse)
            other.listed = b""
            await used.check()
            assert urls(used) == [other.url, one.url]

    with_servers(1, main)


def test_whatever_goes_wrong_with_one_is_said_of_that_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def main(used: Hosts, one: ScriptedOllama, two: ScriptedOllama) -> None:
        await used.use([Host(one.url), Host(two.url)])

        async def fails() -> None:
            raise LookupError("text of a manuscript")

        monkeypatch.setattr(used.engine(one.url), "models", fails)
        await used.check()
        assert urls(used) == [two.url]
        assert isinstance(used.problem(), BadResponse)
        assert "LookupError" in caplog.text
        assert "manuscript" not in caplog.text

    with_servers(2, main)


def test_the_servers_may_change_while_a_page_reads_them() -> None:
    async def main(used: Hosts) -> None:
        async def unchecked(**_: bool) -> None:
            pass

        used.check = unchecked  # type: ignore[method-assign]
        some = [Host(f"http://127.0.0.1:{port}") for port in range(1, 21)]
        await used.use(some)
        servers = iter(used._servers.values())
        next(servers)
        await used.use([Host("http://127.0.0.1:99"), *some[:3]])
        assert len(list(servers)) == 19
        assert len(used.all()) == 4

    with_servers(0, main)
