"""The official client, opened up where its own methods leave out what we need.

`AsyncClient.chat` sends neither `truncate` nor `shift`, and its typed `list` and `show` drop
`remote_host`. This subclass sends bodies of our own and returns raw answers through the client's
own request, so that headers, parsing and errors stay the client's. The tests hold the two private
methods used here against each new version of the client.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import ollama

#: A server on this machine or in this building answers a connection at once or not at all.
CONNECT_SECONDS = 3.0

#: Listing models touches no weights; a server that is busy loading still answers it.
LIST_SECONDS = 10.0

#: What goes with every `/api/chat`: no text is dropped from a prompt's front, nor while writing.
#: Also with one that only loads: a runner is made for one `shift`, and made anew for the other.
WHOLE = {"truncate": False, "shift": False}


class Wire(ollama.AsyncClient):
    """A connection to one server; its exceptions are still foreign (see `exceptions`).

    No proxy of the environment is used and no redirect followed: what is sent goes to `url` and
    nowhere else. Reading has no time limit, since loading and prompt evaluation take minutes.
    """

    def __init__(self, url: str) -> None:
        super().__init__(
            url,
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            trust_env=False,
            follow_redirects=False,
        )

    async def get(self, path: str) -> dict[str, Any]:
        """GET `path`, at most LIST_SECONDS; raises what the client and httpx raise.

        Asked once more where the connection broke: one that was kept may have been closed by the
        server meanwhile, which is no sign that it is gone.
        """
        try:
            return await self._object("GET", path)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return await self._object("GET", path)

    async def describe(self, model: str) -> dict[str, Any]:
        """Return all that `/api/show` says of `model`."""
        return await self._object("POST", "/api/show", json={"model": model})

    async def load(self, body: dict[str, Any]) -> None:
        """Send `body` as an `/api/chat` without messages: Ollama loads the model and answers."""
        body = {**body, "messages": [], "stream": False, **WHOLE}
        await self._request_raw("POST", "/api/chat", json=body)  # type: ignore[no-untyped-call]

    async def answer(self, body: dict[str, Any]) -> AsyncGenerator[ollama.ChatResponse, None]:
        """Send a `/api/chat` body and return its parts; closing them closes the connection."""
        parts: Any = await self._request(
            ollama.ChatResponse, "POST", "/api/chat", json=body, stream=True
        )
        generator: AsyncGenerator[ollama.ChatResponse, None] = parts
        return generator

    async def pulling(self, model: str, *, insecure: bool) -> AsyncGenerator[dict[str, Any], None]:
        """POST `/api/pull` and return its lines; closing them closes the connection."""
        body = {"model": model, "stream": True, "insecure": insecure}
        parts: Any = await self._request(dict, "POST", "/api/pull", json=body, stream=True)
        generator: AsyncGenerator[dict[str, Any], None] = parts
        return generator

    async def shut(self) -> None:
        """Close the connections."""
        await self.close()  # type: ignore[no-untyped-call]

    async def _object(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        timeout = httpx.Timeout(LIST_SECONDS, connect=CONNECT_SECONDS)
        answer = await self._request_raw(method, path, timeout=timeout, **arguments)  # type: ignore[no-untyped-call]
        value = answer.json()
        if not isinstance(value, dict):
            raise TypeError(path)
        return value
