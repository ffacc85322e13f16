"""Several who open one file at the same moment."""

import fcntl
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from components.store.backup import open_file
from components.store.database import Database
from tests.waiting import LONG, until


def test_a_file_that_another_is_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "first-reader.sqlite"
    looks, goes_on = threading.Event(), threading.Event()
    locks: list[int] = []
    look, lock = open_file._mark_unclosed, open_file._try_lock

    def slow_look(path: Path) -> None:
        looks.set()
        assert goes_on.wait(LONG)
        look(path)

    def noted_lock(descriptor: int, how: int, refusal: type[OSError]) -> bool:
        locks.append(how)
        return lock(descriptor, how, refusal)

    monkeypatch.setattr(open_file, "_mark_unclosed", slow_look)
    monkeypatch.setattr(open_file, "_try_lock", noted_lock)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(Database, path)
        assert looks.wait(LONG)
        second = pool.submit(Database, path)
        until(lambda: fcntl.LOCK_SH in locks)
        was_made = path.exists()
        goes_on.set()
        for opened in (first, second):
            opened.result(LONG).close()
    assert not was_made
