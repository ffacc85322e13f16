from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.manuscripts.making import SHARED
from tests.manuscripts.watching import Watch
from tests.sandbox.workers import workers

__all__ = ["SHARED", "workers"]


def shared_dir() -> Path:
    """The developers' material; skips without it, but fails where CI promises it."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("CI is true, but the shared folder is missing")
        pytest.skip("the shared folder is not beside this repository")
    return SHARED


@pytest.fixture
def shared() -> Path:
    return shared_dir()


@pytest.fixture
def watch(tmp_path, monkeypatch) -> Iterator[Watch]:
    if sys.platform == "win32":
        pytest.skip("named pipes")
    one = Watch(tmp_path, monkeypatch)
    yield one
    one.close()
