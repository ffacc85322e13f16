"""What the tests go around comes to the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from components import sandbox
from components.errors import EmptyFile
from components.manuscripts import Manuscript, read
from components.store.database import Database
from tests import shortcuts


@pytest.mark.sandbox
def test_a_file_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcomes() -> tuple[Manuscript, tuple[str, str]]:
        with pytest.raises(EmptyFile) as caught:
            read(b" ", name="a")
        book = read(b"Chapter 1\n\nOne.\n\nChapter 2\n\nTwo.", name="a.txt")
        return book, (str(caught.value), caught.value.advice)

    in_sandbox = outcomes()
    monkeypatch.setattr(sandbox, "run", shortcuts.run_here)
    assert outcomes() == in_sandbox


def test_a_store_made_as_another_became(tmp_path: Path) -> None:
    def dumped(migrate: Callable[[Database], object]) -> list[str]:
        path = tmp_path / f"{migrate.__module__}.sqlite"
        database = Database(path)
        migrate(database)
        database.close()
        with closing(sqlite3.connect(path)) as connection:
            return sorted(connection.iterdump())

    assert dumped(shortcuts.migrate) == dumped(shortcuts._MIGRATE)
