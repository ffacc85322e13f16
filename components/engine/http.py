"""The official client, opened up where its own methods leave out what we need.

`AsyncClient.chat` sends neither `truncate` nor `shift`, and its typed `list` and `show` drop
`remote_host`. This subclass sends bodies of our own and returns raw answers through the client's
own request, so that headers, parsing and errors stay the client's. The tests hold the two private
methods used here against each new version of the client.
"""

import contextlib
from collections.abc import AsyncGenerator
from ipaddress import ip_address
from typing import Any, TypeVar

import httpx
import ollama

from components.engine.call import NO_TRUNCATION
from components.engine.exceptions import mapped

#: A server on this machine or in this building answers a connection at once or not at all.
CONNECT_SECONDS = 3.0

#: Listing models touches no weights; a server that is busy loading still answers it.
LIST_SECONDS = 10.0

T = TypeVar("T")


class HttpClient(ollama.AsyncClient):
    """A connection to the server at `url`. Every method raises EngineError, as `mapped` says.

    No proxy of the environment is used and no redirect followed: what is sent goes to `url` and
    nowhere else. Reading has no time limit, since loading and prompt evaluation take minutes.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with mapped(url):
            super().__init__(
                url,
                timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                trust_env=False,
                follow_redirects=False,
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
        return self._stream(dict, "/api/pull", body)

    async def _stream(
        self, kind: type[T], path: str, body: dict[str, Any], *, model: str = ""
    ) -> AsyncGenerator[T, None]:
        with mapped(self.url, model=model):
            parts: AsyncGenerator[T, None] = await self._request(  # type: ignore[assignment]
                kind, "POST", path, json=body, stream=True
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
        answer = await self._request_raw(method, path, timeout=timeout, **arguments)  # type: ignore[no-untyped-call]
        value = answer.json()
        if not isinstance(value, dict):
            raise TypeError(path)
        return value


def is_loopback(name: str) -> bool:
    """Whether `name` of a host is this computer's own.

    Any other name, such as 127.example, is looked up somewhere.
    """
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
