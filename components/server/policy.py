"""Security headers, so that nothing on the page can reach another host; style; old addresses.

Streamlit loads pictures in markdown from any host, and has no setting against it: text that a model
wrote could send the manuscript out without a click. The policy lets the page load from its own
address only. Streamlit's one inline script is allowed by its hash, computed at start.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Streamlit's own figures of the process, which nobody here needs.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(index_html: bytes) -> str:
    """Return the policy for a page `index_html`, which allows its inline scripts."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(index_html)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        )
    )


def streamlit_index() -> bytes:
    """Return the page that the installed Streamlit serves."""
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer and closes unused paths."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        if scope["path"].startswith(_CLOSED):
            await PlainTextResponse("Not here.", 404)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


class FirstPaint:
    """ASGI middleware: gives Streamlit's page `style`, which holds before any script has run."""

    def __init__(self, app: ASGIApp, style: str) -> None:
        self._app = app
        self._style = f"<style>{style}</style></head>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        start: Message | None = None

        async def send_styled(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    start = message  # Held back: its length is that of what follows.
                    return
            elif start is not None:
                body = message["body"].replace(b"</head>", self._style, 1)
                headers = MutableHeaders(scope=start)
                if "content-length" in headers:
                    more = len(body) - len(message["body"])
                    headers["content-length"] = str(int(headers["content-length"]) + more)
                await send(start)
                start, message = None, {**message, "body": body}
            await send(message)

        await self._app(scope, receive, send_styled)


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
