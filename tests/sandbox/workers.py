"""Workers that run what a test wants, in place of the app's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from components.sandbox import process


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let every worker run the code that this is called with."""

    def run_instead(code: str) -> None:
        silent = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {code}"

        def start(*_: object) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [sys.executable, "-c", silent],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                **process.OWN_GROUP,
            )

        monkeypatch.setattr(process, "start", start)

    with closing(process.NextWorker()) as first:
        monkeypatch.setattr(process, "_next", first)
        yield run_instead
