"""A real app in a process of its own, a real Chromium, and an eye on every request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from components.engine.private.pins import MODEL
from tests.browser.app_process import ARGUMENTS, chromium_path, overheard, serving
from tests.environment import GIVEN, in_ci

#: A busy machine draws a page in seconds; a fault is for ever.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def app_url(small_model_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app on the real Ollama's small model; it must ask this computer only."""
    folder = tmp_path_factory.mktemp("overheard")
    with overheard(folder) as environ, serving(small_model_url, model=MODEL, **environ) as address:
        yield address


# For this package and no longer: while it runs, no other loop can run in this thread.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium: the system's, or Playwright's own; skips, or in CI fails, without."""
    path = chromium_path()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        if in_ci():
            pytest.fail("CI needs a browser, and there is none", pytrace=False)
        pytest.skip("no Chromium on this computer: THE BROWSER TESTS DID NOT RUN")
    # Chromium refuses a home that is not there at its end, and the tests redirect it.
    browser = playwright.chromium.launch(
        executable_path=path, args=ARGUMENTS, env={**os.environ, "HOME": GIVEN["HOME"]}
    )
    yield browser
    browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Make pages; at the end none of them may have asked any host but the one it opened."""
    contexts: list[BrowserContext] = []
    asked: list[tuple[Page, str]] = []

    def make(**options: object) -> Page:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append((page, request.url)))
        page.on("websocket", lambda socket: asked.append((page, socket.url)))
        page.set_default_timeout(30_000)
        return page

    yield make
    homes = {page: urlsplit(page.url).netloc for page, _ in asked}
    foreign = [
        url
        for page, url in asked
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != homes[page]
    ]
    for context in contexts:
        context.close()
    assert foreign == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
