"""Security headers, so that nothing on the page can reach another host.

Streamlit loads pictures in markdown from any host, and has no setting against it: text that a model
wrote could send the manuscript out without a click. The policy lets the page load from its own
address only. Streamlit's one inline script is allowed by its hash, computed at start.
"""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
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
