"""Whose requests the server answers: those of its own pages, and of its reverse proxy.

Streamlit lets in every page of any loopback port, and for any other page first looks up the
computer's outside address, at a host outside and over plain HTTP. So the origin that a browser
sends is checked here, before Streamlit sees it, against the host of the same request.
"""

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from components.server.api.problem_details import Refused, problem_response
from components.settings import LOOPBACK, OWN_NAMES

_log = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": "80", "https": "443"}

#: Streamlit's answer to whether it runs, which tells nothing else.
HEALTH = "/_stcore/health"

#: Close code of a WebSocket that is refused for what it is, not for what it sends.
_POLICY_VIOLATION = 1008


class OwnOriginOnly:
    """ASGI middleware: refuses requests of other pages than this server's own.

    An `Origin` must be scheme, name and port of the `Host` of the same request; whether the name is
    trusted was checked by TrustedHostMiddleware before. A WebSocket without an `Origin` is refused
    too: every browser sends it, and a proxy that removes it would let in every page unnoticed. A
    plain request without one is what a browser sends for a page, a picture or a download.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._has_logged = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origins = headers.getlist("origin")
        if not origins and scope["type"] == "http":
            await self._app(scope, receive, send)
        elif len(origins) == 1 and origins[0] in own_origins(headers):
            # As the browser writes it: if a proxy adds ":443", Streamlit takes the page for another
            # host's, and looks up the outside address after all.
            scope = dict(scope, headers=list(scope["headers"]))
            MutableHeaders(scope=scope)["host"] = origins[0].partition("://")[2]
            await self._app(scope, receive, send)
        else:
            if not self._has_logged:  # Once: refused requests could fill the log.
                self._has_logged = True
                _log.warning(
                    "A page of another address was refused. Behind a reverse proxy: it must pass "
                    "on the Origin and the Host header as the browser sends them."
                )
            await _refuse(scope, receive, send, "Not from there.")


class OnlyThroughProxy:
    """ASGI middleware: refuses what does not come from `proxy`, with one user in `user_header`.

    A header can be sent by anybody. So one that names the user can be trusted only if everything
    comes through the one proxy that sets it, and removes it from what it passes on. The health
    check of this computer's own, of a container say, needs neither.
    """

    def __init__(self, app: ASGIApp, proxy: str, user_header: str) -> None:
        self._app = app
        self._proxy = proxy
        self._user_header = user_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket."""
        client = (scope.get("client") or ("",))[0]
        is_check = client == LOOPBACK and scope.get("path") == HEALTH
        if scope["type"] == "lifespan" or is_check:
            await self._app(scope, receive, send)
        elif client != self._proxy:
            await _refuse(scope, receive, send, "Not through here.")
        elif len(users := Headers(scope=scope).getlist(self._user_header)) != 1 or not users[0]:
            await _refuse(scope, receive, send, "Your server did not say who you are.")
        else:
            await self._app(scope, receive, send)


def own_origins(headers: Headers) -> set[str]:
    """Return the origins that a page of this server can have, by the request's headers.

    A proxy says with `X-Forwarded-Proto` whether the browser came by HTTP or HTTPS, a header that
    no page can add to a WebSocket. Without it, and unless the name is this computer's own, both are
    possible.
    """
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return set()
    host = hosts[0].lower()
    name = re.sub(r":\d*$", "", host)
    forwarded = headers.get("x-forwarded-proto")
    if forwarded is not None:
        # As a list where there are several proxies, the outermost first; some write "wss".
        schemes = {forwarded.split(",")[0].strip().lower().replace("ws", "http")}
    else:
        schemes = {"http"} if name in OWN_NAMES else {"http", "https"}
    return {
        f"{scheme}://{host.removesuffix(f':{port}')}"
        for scheme, port in _DEFAULT_PORTS.items()
        if scheme in schemes
    }


async def _refuse(scope: Scope, receive: Receive, send: Send, reason: str) -> None:
    """Answer a request or a WebSocket with 403."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
    else:
        await problem_response(Refused(403, reason))(scope, receive, send)
