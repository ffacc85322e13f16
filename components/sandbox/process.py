"""Running a worker: with a clean environment, for a limited time, killed with all it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from components.sandbox.protocol import unpack_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

_ROOT = Path(__file__).resolve().parents[2]

#: What Python itself needs to start and to find its packages, and Tesseract its data; no token or
#: address goes along.
_ENVIRONMENT = (
    "PATH", "HOME", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMPDIR", "TESSDATA_PREFIX",
)  # fmt: skip

#: A group of its own, so that what a worker starts can be killed with it.
OWN_GROUP: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}


class WorkerFailed(Exception):
    """A worker gave no answer: no room to start it, out of time or memory, or it crashed."""

    def __init__(self, reason: Literal["start", "time", "memory", "crash"]) -> None:
        super().__init__(reason)
        self.reason = reason


def run(
    module: str,
    request: bytes,
    *,
    seconds: float,
    between: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Return what the worker `module` answers to `request`.

    It has `seconds`, or, where `between` is given, that long from one line of progress to the
    next. `on_progress` is called, in this thread, with what is done and the total; whatever it
    raises ends the worker. `environment` is added to what a worker sees.

    Raises: WorkerFailed.
    """
    try:
        worker = start(module, environment or {})
    except OSError as error:
        raise WorkerFailed("start") from error
    answer = b""
    with worker, _Clock(worker, seconds if between is None else between) as clock:
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it died: its status says how
                worker.stdin.write(request)  # type: ignore[union-attr]
                worker.stdin.close()  # type: ignore[union-attr]
            for line in worker.stdout or ():
                # The first line that is no progress begins the answer; its data may be anything.
                progress = unpack_progress(line)
                if progress is None:
                    answer = line + worker.stdout.read()  # type: ignore[union-attr]
                    break
                if between is not None:
                    clock.wind()
                if on_progress is not None:
                    on_progress(*progress)
            status = worker.wait()
        except BaseException:
            _kill(worker)
            raise
        finally:
            _close(worker)
    if clock.ran_out:
        raise WorkerFailed("time")
    if status != 0:
        _kill(worker)  # what it started and left
        raise WorkerFailed(_reason(status))
    return answer


def start(module: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `module` as a process that talks through its standard input and output.

    Raises: OSError where there is no room for another process.
    """
    known = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=_ROOT,
        env=known | dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could show text of the manuscript
        **OWN_GROUP,
    )


def _reason(status: int) -> Literal["time", "memory", "crash"]:
    """Return why a process ended with this status; negative ones are signals."""
    if hasattr(signal, "SIGXCPU") and status == -signal.SIGXCPU:
        return "time"
    return "memory" if status == -getattr(signal, "SIGKILL", 9) else "crash"


class _Clock:
    """Kills a worker that takes longer than `seconds` from its start or the last `wind`."""

    def __init__(self, worker: subprocess.Popen[bytes], seconds: float) -> None:
        self._worker = worker
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sandbox-clock", daemon=True)
        self.ran_out = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def wind(self) -> None:
        """Give the worker the whole time again."""
        self._ends = time.monotonic() + self._seconds

    def _watch(self) -> None:
        while not self._done.wait(max(0.0, self._ends - time.monotonic())):
            if time.monotonic() >= self._ends:
                self.ran_out = True
                _kill(self._worker)
                return


def _kill(worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker with all that it started."""
    if hasattr(os, "killpg"):
        with suppress(OSError):  # none of them is left
            os.killpg(worker.pid, signal.SIGKILL)
    worker.kill()  # nothing where it has ended


def _close(worker: subprocess.Popen[bytes]) -> None:
    """Close the pipe to a worker, whatever is still in it."""
    if worker.stdin is not None:
        with suppress(OSError):
            worker.stdin.close()
