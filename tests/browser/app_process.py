"""The app in a process of its own, a Chromium to look at it, and an eye on whom it asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from components.manuscripts import read, sample
from components.settings import PROJECT
from components.store import Question, Store
from tests.environment import GIVEN

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
def serving(ollama_host: str, *, model: str = "", **more: str) -> Iterator[str]:
    """Run the app, as `make run` does, against `ollama_host`; give its address.

    `model` was chosen last, so that it is used whatever else the server has.
    """
    with process_serving(ollama_host, model=model, **more) as (address, _):
        yield address


@contextmanager
def process_serving(
    ollama_host: str, *, model: str = "", **more: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the app and give its address and its process, which may be ended inside."""
    environ = {key: value for key, value in GIVEN.items() if not key.startswith("FIRST_READER_")}
    environ |= {"OLLAMA_HOST": ollama_host, "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as folder:
        environ |= {"FIRST_READER_DATA_DIR": folder, **more}
        if model:
            file = Path(environ["FIRST_READER_DATA_DIR"]) / "first-reader.sqlite"
            with closing(Store(file)) as store:
                store.shelf().preferences.put_model(model)
        with running(environ) as started:
            yield started


@contextmanager
def running(
    environ: dict[str, str],
    command: Sequence[str] = (sys.executable, "-m", "components.server", "--no-browser"),
    *,
    folder: Path = PROJECT,
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the app by `command` in `folder`; give its address and its process."""
    with subprocess.Popen(
        command,
        cwd=folder,
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


def queue_sample(store: Store, lens: str) -> None:
    """Queue an analysis of the sample in the app's store, as another process would."""
    name, data = sample()
    manuscript = read(data, name=name)
    shelf = store.shelf()
    shelf.analyses.begin(
        Question(
            manuscript_id=shelf.manuscripts.keep(manuscript),
            title=manuscript.title,
            scope="Chapter 1",
            ranges=((0, 500),),
            words=90,
            tokens=120,
            lens=lens,
            prompt="What comes?",
            model="scripted:1b",
        )
    )
