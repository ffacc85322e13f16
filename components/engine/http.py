"""The official client, opened up where its own methods leave out what we need.

`AsyncClient.chat` sends neither `truncate` nor `shift`, and its typed `list` and `show` drop
`remote_host`. This subclass sends bodies of our own and returns raw answers through the client's
own request, so that headers, parsing and errors stay the client's. The tests hold the two private
methods used here against each new version of the client.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from ipaddress import ip_address
from typing import Any, TypeVar, cast

import httpx
import ollama

from components.engine.call import NO_TRUNCATION
from components.engine.exceptions import mapped
from components.errors import BadResponse

#: A server on this machine or in this building answers a connection at once or not at all.
CONNECT_SECONDS = 3.0

#: Listing models touches no weights; a server that is busy loading still answers it.
LIST_SECONDS = 10.0

#: Bytes of one line of a stream, which is a token or, of a pull, a state.
MOST_LINE = 1_000_000

#: Bytes of a whole answer: a thousand models with all that is said of them are a megabyte, and a
#: token of a chat is some 130 bytes.
MOST_BYTES = 64_000_000

T = TypeVar("T")


class HttpClient(ollama.AsyncClient):
    """A connection to the server at `url`. Every method raises EngineError, as `mapped` says.

    No proxy of the environment is used and no redirect followed: what is sent goes to `url` and
    nowhere else. Reading has no time limit, since loading and prompt evaluation take minutes. What
    comes is held in memory, so it is bounded, and refused where it is compressed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with mapped(url):
            super().__init__(
                url,
                timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                trust_env=False,
                follow_redirects=False,
                headers={"Accept-Encoding": "identity"},
                transport=_BoundedTransport(trust_env=False),
            )

    async def get(self, path: str) -> dict[str, Any]:
        """GET `path`, in at most LIST_SECONDS.

        Asked once more where the connection broke: one that was kept alive may have been closed by
        the server meanwhile, which is no sign that it is gone.
        """
        with mapped(self.url):
            try:
                return await self._object("GET", path)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                return await self._object("GET", path)

    async def describe(self, model: str) -> dict[str, Any]:
        """Return all that `/api/show` says of `model`."""
        with mapped(self.url, model=model):
            return await self._object("POST", "/api/show", json={"model": model})

    async def load(self, body: dict[str, Any]) -> None:
        """Send `body` as an `/api/chat` without messages: Ollama loads the model and answers."""
        with mapped(self.url, model=body["model"]):
            body = {**body, "messages": [], "stream": False, **NO_TRUNCATION}
            await self._request_raw("POST", "/api/chat", json=body)  # type: ignore[no-untyped-call]

    def answer(self, body: dict[str, Any]) -> AsyncGenerator[ollama.ChatResponse, None]:
        """POST `body` to `/api/chat` and yield the parts of the answer.

        Closing the iterator closes the connection.
        """
        return self._stream(ollama.ChatResponse, "/api/chat", body, model=body["model"])

    def pull_lines(self, model: str, *, insecure: bool) -> AsyncGenerator[dict[str, Any], None]:
        """POST to `/api/pull` and yield its lines; closing the iterator closes the connection."""
        body = {"model": model, "stream": True, "insecure": insecure}
        return self._stream(dict, "/api/pull", body, most_bytes=None)  # No line of it is kept.

    async def _stream(
        self,
        kind: type[T],
        path: str,
        body: dict[str, Any],
        *,
        model: str = "",
        most_bytes: int | None = MOST_BYTES,
    ) -> AsyncGenerator[T, None]:
        limits = {"most_line": MOST_LINE, "most_bytes": most_bytes}
        with mapped(self.url, model=model):
            parts: AsyncGenerator[T, None] = await self._request(  # type: ignore[assignment]
                kind, "POST", path, json=body, stream=True, extensions=limits
            )
        async with contextlib.aclosing(parts):
            while True:
                with mapped(self.url, model=model):
                    part = await anext(parts, None)
                if part is None:
                    return
                yield part

    async def _object(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        timeout = httpx.Timeout(LIST_SECONDS, connect=CONNECT_SECONDS)
        async with asyncio.timeout(LIST_SECONDS):  # httpx's own begins anew with every byte.
            answer = await self._request_raw(method, path, timeout=timeout, **arguments)  # type: ignore[no-untyped-call]
        value = answer.json()
        if not isinstance(value, dict):
            raise TypeError(path)
        return value


class _BoundedTransport(httpx.AsyncHTTPTransport):
    """Breaks an answer off that no Ollama sends: compressed, or beyond MOST_LINE or MOST_BYTES."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises: BadResponse."""
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise BadResponse(f"{request.url.netloc.decode()} sends what no Ollama compresses.")
        response.stream = _BoundedStream(response, request)
        return response


class _BoundedStream(httpx.AsyncByteStream):
    """The bytes of an answer to `request`, up to the limits among its extensions."""

    def __init__(self, response: httpx.Response, request: httpx.Request) -> None:
        self._stream = cast("httpx.AsyncByteStream", response.stream)
        self._most_line = request.extensions.get("most_line", MOST_BYTES)
        self._most_bytes = request.extensions.get("most_bytes", MOST_BYTES)
        self._host = request.url.netloc.decode()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they come. Raises: BadResponse."""
        line = total = 0
        async for chunk in self._stream:
            total += len(chunk)
            line = len(chunk) - end if (end := chunk.rfind(b"\n") + 1) else line + len(chunk)
            if line > self._most_line or (self._most_bytes and total > self._most_bytes):
                raise BadResponse(f"{self._host} sends more than any Ollama does.")
            yield chunk

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()


def is_loopback(name: str) -> bool:
    """Whether `name` of a host is this computer's own.

    Any other name, such as 127.example, is looked up somewhere.
    """
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
