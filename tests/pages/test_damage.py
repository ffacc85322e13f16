"""A damaged store is said on every page, and a backup is put in its place by a click."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from components.application import application, close_application
from components.settings import Settings
from components.store import Store, damaged_files
from components.store.backup.backups import back_up
from components.store.backup.open_file import unchecked
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import started
from tests.store.making import WHALE, damage

MADE = datetime(2020, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a manuscript and a backup of it, which nobody has open."""
    # As in the server, and unlike AppTest, each run begins with the app's entry.
    entry = SimpleNamespace(uses_pages_directory=False)
    monkeypatch.setattr(script_runner, "PagesManager", entry)
    path = Settings.from_environment().store_file
    with closing(Store(path)) as store:
        store.shelf().manuscripts.keep(WHALE)
        assert back_up(store._database, now=MADE) is not None
    return path


def restores(app: AppTest) -> AppTest:
    (button,) = [one for one in app.button if "Restore" in one.label]
    button.click().run()
    assert not app.exception
    assert [one for one in app.button if "Restore" in one.label] == []
    assert [one.title for one in application().shelf().manuscripts.all()] == [WHALE.title]
    return app


def test_damage_after_a_crash_is_said_on_every_page(path: Path, ollama: ScriptedOllama) -> None:
    damage(path)
    unchecked(path).touch()
    application().store.upkeep.look()
    app = started()
    for page in ("pages/settings.py", "pages/models.py"):
        app.switch_page(page).run()
        assert "damaged" in app.error[0].value
    folder = restores(app)
    (kept,) = damaged_files(path)
    assert kept.name in folder.success[0].value
    assert app.error == []


def test_a_page_that_fails_on_it_has_all_of_it_looked_through(
    path: Path, ollama: ScriptedOllama
) -> None:
    damage(path)
    app = started()
    app.switch_page("pages/library.py").run()
    restores(app)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_one_that_cannot_be_opened(path: Path, ollama: ScriptedOllama, content: bytes) -> None:
    path.write_bytes(content)
    restores(started())


def test_without_a_backup_no_button_is_shown(path: Path, ollama: ScriptedOllama) -> None:
    for one in path.parent.joinpath("backups").iterdir():
        one.unlink()
    path.write_bytes(b"")
    app = started()
    assert str(path) in app.error[0].value.replace("\\", "")
    assert not app.button
    close_application()
