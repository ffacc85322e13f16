"""Pages of other addresses: refused before anything is looked up for them."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bench.page import PageClient
from components.server import create_app
from components.settings import Settings
from tests.browser.app_process import overheard, serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing

#: Of a server at 127.0.0.1, the port filled in.
FOREIGN = (
    "https://evil.example",
    "http://203.0.113.7",
    "null",
    "file://",
    "",
    "http://localhost:9999",
    "http://127.0.0.1:9999",
    "http://0.0.0.0:1",
    "http://127.0.0.1",
    "http://localhost:{port}",
    "https://127.0.0.1:{port}",
    "ws://127.0.0.1:{port}",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port} http://127.0.0.1:{port}",
    "http://evil@127.0.0.1:{port}",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app in a process of its own, which may look up and connect to the loopback only.

    Whether it did so is checked at its end: for a foreign page Streamlit would look up more.
    """
    with (
        playing(ScriptedOllama()) as ollama,
        overheard(tmp_path_factory.mktemp("overheard")) as environ,
        serving(ollama.url, **environ) as address,
    ):
        yield address


def asked(address: str, path: str, *origins: str, **headers: str) -> int:
    """Send one request with these Origin headers; return the status."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    connection.connect()
    connection.putrequest("GET", path, skip_host="host" in headers)
    for origin in origins:
        connection.putheader("Origin", origin.format(port=place.port))
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def opened(address: str, *origins: str) -> int:
    """Ask for Streamlit's WebSocket; return the status."""
    return asked(
        address,
        "/_stcore/stream",
        *origins,
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==",
    )


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_websocket_of_another_page_is_refused(address: str, origin: str) -> None:
    assert opened(address, origin) == 403


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_request_of_another_page_is_refused(address: str, origin: str) -> None:
    assert asked(address, "/_stcore/health", origin) == 403


def test_two_origins_are_refused_though_both_are_our_own(address: str) -> None:
    assert opened(address, address, address) in {400, 403}  # The server does it before us.
    assert asked(address, "/", address, address) == 403


def test_a_websocket_that_does_not_say_where_it_comes_from_is_refused(address: str) -> None:
    with pytest.raises(InvalidStatus):
        connect(address.replace("http", "ws") + "/_stcore/stream")
    assert asked(address, "/_stcore/health") == 200


def test_our_own_page_is_let_in_under_both_names(address: str) -> None:
    for own in (address, address.replace("127.0.0.1", "localhost")):
        PageClient(own).close()
        assert asked(own, "/_stcore/health", own, host=urlsplit(own).netloc) == 200


HOUSE = "reader.house.example"


@pytest.mark.parametrize(
    ("host", "origin", "forwarded", "status"),
    [
        (HOUSE, f"https://{HOUSE}", None, 200),
        (HOUSE, f"http://{HOUSE}", None, 200),
        (f"{HOUSE}:443", f"https://{HOUSE}", None, 200),
        (f"{HOUSE}:8443", f"https://{HOUSE}:8443", None, 200),
        (HOUSE.upper(), f"https://{HOUSE}", "https", 200),
        (HOUSE, f"https://{HOUSE}", "wss, http", 200),
        ("localhost:8443", "https://localhost:8443", "https", 200),
        (HOUSE, f"http://{HOUSE}", "https", 403),
        (HOUSE, f"https://{HOUSE}", "http", 403),
        (HOUSE, f"https://{HOUSE}:8443", None, 403),
        (HOUSE, f"https://{HOUSE}:80", None, 403),
        (HOUSE, f"https://evil.{HOUSE}", None, 403),
        (HOUSE, "https://127.0.0.1", None, 403),
        ("evil.example", "https://evil.example", None, 400),
    ],
)
def test_behind_a_proxy_the_house_is_our_own(
    host: str, origin: str, forwarded: str | None, status: int
) -> None:
    settings = Settings.from_environment({"FIRST_READER_TRUSTED_HOSTS": HOUSE})
    headers = {"host": host, "origin": origin}
    if forwarded is not None:
        headers["x-forwarded-proto"] = forwarded
    assert asyncio.run(answered(create_app(settings), "http", headers))[0] == status


def test_streamlit_compares_what_the_browser_wrote() -> None:
    """A port that a proxy adds must not make Streamlit look up the outside address."""
    settings = Settings.from_environment({"FIRST_READER_TRUSTED_HOSTS": HOUSE})
    headers = {"host": f"{HOUSE}:443", "origin": f"https://{HOUSE}"}
    _, seen = asyncio.run(answered(create_app(settings), "websocket", headers))
    assert seen == [HOUSE]


async def answered(app: Any, kind: str, headers: dict[str, str]) -> tuple[int, list[str]]:
    """Put a request through our middleware; return the status and the Host that comes out."""
    seen: list[str] = []
    statuses: list[int] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(dict(scope["headers"])[b"host"].decode())
        if kind == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body"})

    for one in reversed(app._user_middleware):
        inner = one.cls(inner, *one.args, **one.kwargs)

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        if "status" in message:
            statuses.append(message["status"])

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": "/", "headers": raw, "client": ("127.0.0.1", 1)}
    await inner(scope, receive, send)
    return (statuses or [0])[0], seen
