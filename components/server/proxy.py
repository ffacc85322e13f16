"""Whom the server listens to where a reverse proxy says who the user is.

A header says whatever its sender wants. So the name of a user is worth something only if everything
comes through the one proxy that sets it, and removes it from what it passes on.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from components.server.origin import refuse


class OnlyThrough:
    """ASGI middleware: refuses whoever does not come from the address of `proxy`."""

    def __init__(self, app: ASGIApp, proxy: str) -> None:
        self._app = app
        self._proxy = proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or websocket."""
        client = scope.get("client")
        if scope["type"] == "lifespan" or (client and client[0] == self._proxy):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, "Not through here.")
