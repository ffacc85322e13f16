"""The ASGI app: Streamlit's, behind our headers, with our parts started and ended around it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.runtime.pages_manager import PagesManager

from components.application import application, close_application
from components.errors import FirstReaderError
from components.server.origin import OwnOriginOnly
from components.server.policy import SecurityHeaders, content_security_policy, streamlit_index
from components.server.proxy import OnlyThrough
from components.settings import PROJECT, Settings


@asynccontextmanager
async def _lifespan(_: Any) -> AsyncIterator[None]:
    """Start before the first page; on the way out stop the analyses, then our Ollama."""
    with contextlib.suppress(FirstReaderError):  # The page says it.
        application()
    try:
        yield
    finally:
        await to_thread.run_sync(close_application)


def create_app(settings: Settings) -> st.App:
    """Return the app. A foreign Host header is refused, against DNS rebinding, and other pages.

    Where a reverse proxy says who the user is, nobody but that proxy is listened to.
    """
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.trusted_hosts)),
        Middleware(OwnOriginOnly),
        Middleware(SecurityHeaders, policy=content_security_policy(streamlit_index())),
    ]
    # What st.navigation does when it first runs. Until then Streamlit takes `pages/` for pages in
    # its older way, and the first to open the app at one of them gets it without its shell.
    PagesManager.uses_pages_directory = False
    if settings.user_header is not None:
        middleware.insert(0, Middleware(OnlyThrough, proxy=settings.proxy))
    return st.App(PROJECT / "streamlit_app.py", lifespan=_lifespan, middleware=middleware)
