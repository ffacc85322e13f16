"""Processes that perform analyses, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from components.settings import PROJECT
from tests.doubles.scripted_ollama import ScriptedOllama

#: The app without its pages.
_APP = """
import threading
from components.application import application
application()
print("First Reader has begun", flush=True)
threading.Event().wait()
"""

#: A shell's command: it begins a report and performs that alone.
_SHELL = """
import threading
from components.scripting.analyze import running
from components.store import Kind, Step
from tests.jobs.making import question
with running() as app:
    shelf = app.shelf()
    steps = [Step(question(shelf, part="notes", asked=f"step {n}")) for n in range(1, 61)]
    report = shelf.series.begin(Kind.REPORT, steps, name="report")
    app.jobs.perform(report.id)
    print("The report has begun", flush=True)
    threading.Event().wait()
"""


class Process:
    """A worker at a publisher's, or an app at home, by where its store is; or a shell's command."""

    def __init__(
        self,
        place: Path | str,
        servers: Sequence[ScriptedOllama],
        *,
        log: Path,
        slots: int = 1,
        is_shell: bool = False,
    ) -> None:
        environ = {"FIRST_READER_OLLAMA_HOSTS": ",".join(f"{one.url}={slots}" for one in servers)}
        if isinstance(place, Path):
            environ["FIRST_READER_DATA_DIR"] = str(place.parent)
            command = [sys.executable, "-c", _SHELL if is_shell else _APP]
        else:
            environ["FIRST_READER_DATABASE"] = place
            command = [sys.executable, "-m", "components.worker"]
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=os.environ | environ,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def begun(self) -> Process:
        assert self._process.stdout is not None
        assert "has begun" in self._process.stdout.readline(), self.said
        return self

    @property
    def said(self) -> str:
        return self._log.read_text()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self) -> int:
        """Wait until it has ended by itself; return its status."""
        return self._process.wait(60)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
