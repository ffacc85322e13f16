"""The ASGI app: Streamlit's, behind our headers, with our parts started and ended around it."""

import contextlib
import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.bootstrap import load_config_options

from components.application import application, close_application
from components.errors import FirstReaderError
from components.server.api import api_routes
from components.server.first_paint import FirstPaint
from components.server.origin import OnlyThroughProxy, OwnOriginOnly
from components.server.redirects import EarlierAddresses
from components.server.security_headers import (
    SecurityHeaders,
    content_security_policy,
    streamlit_index,
)
from components.settings import PROJECT, Settings

#: Streamlit's settings. In a checkout `.streamlit/config.toml` is a link to this file, for
#: `streamlit run`; an installed copy has no folder in which Streamlit would look for it.
_STREAMLIT_SETTINGS = Path(__file__).with_name("streamlit.toml")

#: By the paths of pages that there are no more: those that show the same, relative to them.
_EARLIER = {"/book": "./", "/glance": "./manuscript?view=glance", "/chat": "./ask"}

#: The paper of both themes, so that nothing flashes, and no grey slivers for what is on its way.
_FIRST_PAINT = (
    "html{background:#fbf8f1}@media(prefers-color-scheme:dark){html{background:#1d1a17}}"
    "[data-testid=stSkeleton]{visibility:hidden}"
)


@asynccontextmanager
async def _lifespan(_: Any) -> AsyncIterator[None]:
    """Start before the first page; on the way out stop the analyses, then our Ollama."""
    with contextlib.suppress(FirstReaderError):  # The page shows it.
        app = application()
        if app.settings.user_header is None:  # Else each user's is made when it is first shown.
            await to_thread.run_sync(app.api_token().value)
    try:
        yield
    finally:
        await to_thread.run_sync(close_application)


def create_app(settings: Settings) -> st.App:
    """Return the app. A foreign Host header is refused, against DNS rebinding, and other pages.

    Where a reverse proxy names the user, requests from elsewhere are refused.
    """
    load_config_options(dict(_flat(tomllib.loads(_STREAMLIT_SETTINGS.read_text("utf-8")))))
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.trusted_hosts)),
        Middleware(OwnOriginOnly),
        Middleware(SecurityHeaders, policy=content_security_policy(streamlit_index())),
        Middleware(EarlierAddresses, pages=_EARLIER),
        Middleware(FirstPaint, style=_FIRST_PAINT),
    ]
    # What st.navigation does when it first runs. Until then Streamlit takes `pages/` for pages in
    # its older way, and the first to open the app at one of them gets it without its shell.
    PagesManager.uses_pages_directory = False
    if settings.user_header is not None:
        named = {"proxy": settings.proxy, "user_header": settings.user_header}
        middleware.insert(0, Middleware(OnlyThroughProxy, **named))
    return st.App(
        PROJECT / "streamlit_app.py",
        lifespan=_lifespan,
        routes=api_routes(settings),
        middleware=middleware,
    )


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the options of a section and its subsections by their dotted names."""
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
