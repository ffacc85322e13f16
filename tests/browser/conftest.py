"""A real app in a process of its own, a real Chromium, and an eye on every request."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from components.settings import PROJECT
from tests.conftest import GIVEN, in_ci

#: Chromium's own calls home are switched off, so that what is left is the page's.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: Run by Python at the start of the app: notes every address that it looks up or connects to.
EAVESDROPPER = """
import os, sys
def note(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    with open(os.environ["NOTED_ADDRESSES"], "a", encoding="utf-8") as file:
        file.write(f"{host}\\n")
sys.addaudithook(note)
"""


@contextmanager
def overheard(folder: Path) -> Iterator[dict[str, str]]:
    """Give what must be in a process's environment; at its end it has asked the loopback only."""
    (folder / "sitecustomize.py").write_text(EAVESDROPPER, encoding="utf-8")
    noted = folder / "addresses.txt"
    noted.touch()
    yield {"PYTHONPATH": str(folder), "NOTED_ADDRESSES": str(noted)}
    asked = set(noted.read_text(encoding="utf-8").split())
    assert "127.0.0.1" in asked, "the app was not overheard at all"
    assert asked <= {"127.0.0.1", "localhost", "::1", "None"}


@contextmanager
def serving(ollama_host: str, **more: str) -> Iterator[str]:
    """Run the app, as `make run` does, against `ollama_host`; give its address."""
    with process_serving(ollama_host, **more) as (address, _):
        yield address


@contextmanager
def process_serving(ollama_host: str, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the app and give its address and its process, which may be ended inside."""
    environ = {key: value for key, value in GIVEN.items() if not key.startswith("FIRST_READER_")}
    environ |= {"OLLAMA_HOST": ollama_host, "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as folder:
        environ |= {"FIRST_READER_DATA_DIR": folder, **more}
        yield from _running(environ)


def _running(environ: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with subprocess.Popen(
        [sys.executable, "-m", "components.server", "--no-browser"],
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = next(
                word
                for line in process.stdout
                if "is open at" in line
                for word in line.split()
                if word.startswith("http://")
            )
            yield address, process
        finally:
            process.terminate()
            process.wait(timeout=15)


def chromium_path() -> str | None:
    """The system's Chromium; None leaves the choice to Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def go_to(page: Page, name: str) -> None:
    """Open a page of the app by its entry in the navigation on top, under "More" if it is there."""
    bar = page.get_by_role("navigation", name="App pages")
    expect(bar.get_by_role("link", name="Analyse", exact=True)).to_be_visible()
    link = bar.get_by_role("link", name=name, exact=True)
    if link.count():
        link.click()
        return
    bar.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


@pytest.fixture(scope="session")
def app_url(ollama_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app on the real Ollama; it must connect to this computer only."""
    folder = tmp_path_factory.mktemp("overheard")
    with overheard(folder) as environ, serving(ollama_url, **environ) as address:
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
