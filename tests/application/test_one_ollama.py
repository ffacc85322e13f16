"""Page and shell beside each other: one Ollama is started, and goes on with whoever is left."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from components.application import Application, ollama_connection
from components.engine.private import Located
from components.errors import FirstReaderError
from components.settings import Settings
from tests.engine.private.helpers import FAKE, ask, program
from tests.waiting import LONG, until

Make = Callable[[], Application]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make an app as another process has it, where an Ollama is installed and does not run."""
    binary = program(tmp_path / "bin", "ollama", FAKE)
    found = Located("installed", binary=binary)
    monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: found)
    monkeypatch.setattr(ollama_connection, "_CHECK_SECONDS", 0.05)
    apps: list[Application] = []

    def made() -> Application:
        app = Application(
            Settings.from_environment(
                {
                    "FIRST_READER_OLLAMA_DIR": str(tmp_path / "ollama"),
                    "FIRST_READER_DATA_DIR": str(tmp_path / "data"),
                    "FIRST_READER_PARALLEL": "2" if not apps else "3",
                }
            )
        )
        apps.append(app)
        app.start()
        assert app.wait_connected(LONG)
        return app

    yield made
    for app in apps:
        if app._loop._thread.is_alive():
            app.close()


def pid_of(app: Application) -> int:
    return int(str(ask(app.host().url)["pid"]))


def test_the_second_uses_what_the_first_started_also_after_the_first_has_gone(make: Make) -> None:
    page, shell = make(), make()
    assert shell.host().url == page.host().url
    assert (page.host().slots, shell.host().slots) == (2, 2)  # As the server was started.
    pid = pid_of(page)
    page.close()
    assert pid_of(shell) == pid


def test_where_it_dies_one_of_them_starts_it_anew_for_both(make: Make) -> None:
    page, shell = make(), make()
    pid = pid_of(page)
    os.kill(pid, signal.SIGKILL)

    def both_have_another() -> bool:
        try:
            return {pid_of(page), pid_of(shell)}.isdisjoint({pid})
        except (FirstReaderError, httpx.HTTPError):
            return False

    until(both_have_another)
    assert pid_of(page) == pid_of(shell)
