"""Where the addresses of an earlier version's pages lead."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class EarlierAddresses:
    """ASGI middleware: leads the addresses of an earlier version's pages to where they are now."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, str]) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        page = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if page is None:
            await self._app(scope, receive, send)
            return
        query, mark = scope["query_string"].decode("latin-1"), "&" if "?" in page else "?"
        address = f"{page}{mark}{query}" if query else page
        await RedirectResponse(address, 308)(scope, receive, send)
