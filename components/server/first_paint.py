"""Style in the page that Streamlit sends, so that nothing flashes before its scripts run."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
