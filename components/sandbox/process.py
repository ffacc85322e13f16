"""Running a worker: with a clean environment, for a limited time, killed with all it started.

Where files of a kind follow one another, the worker of the next is started while one is read, and
waits: its start takes as long as reading a short novel.
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, cast

from components.errors import FirstReaderError
from components.sandbox.protocol import (
    IDLE_SECONDS,
    PROGRESS,
    Reason,
    Result,
    WorkerFailed,
    pack,
    unpack,
)

_ROOT = Path(__file__).resolve().parents[2]

#: What Python itself needs to start and to find its packages, and Tesseract its data; no token or
#: address goes along.
_ENVIRONMENT = (
    "PATH", "HOME", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMPDIR", "TESSDATA_PREFIX",
)  # fmt: skip

#: Each thread of numpy's would take address space, and none is needed.
_SINGLE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

#: A group of its own, so that what a worker starts can be killed with it.
OWN_GROUP: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}


def run(
    task: str,
    header: Mapping[str, Any],
    data: bytes,
    *,
    into: Callable[[dict[str, Any], bytes], Result],
    errors: type[FirstReaderError],
    memory_bytes: int,
    seconds: float,
    between: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Return what the module `task` makes of a file, in a process of its own.

    Its function `answer` gets `header` and `data`; `into` makes the result of the fields and bytes
    that it returns. It may use `memory_bytes` of address space and `seconds` of processor time, and
    takes at most `seconds`, or, where `between` is given, that long from one report of progress to
    the next. `on_progress` is called, in this thread, with what is done and the total; whatever it
    raises ends the worker.

    Raises: the error that `answer` raised, as the class below `errors` that it was; WorkerFailed.
    """
    _compile(task.rpartition(".")[0])
    command = ("components.sandbox.child_process", task, str(memory_bytes), str(seconds))
    try:
        worker = _next.take(command)
    except OSError as error:
        raise WorkerFailed("start") from error
    stdin, stdout = cast("IO[bytes]", worker.stdin), cast("IO[bytes]", worker.stdout)
    answer = b""
    with worker, _Clock(worker, seconds if between is None else between) as clock:
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it died: its status says how
                stdin.write(pack(header, data))
                stdin.close()
            _next.start(command)
            for line in stdout:
                # The first line that is no progress begins the answer; its data may be anything.
                progress = PROGRESS.fullmatch(line)
                if progress is None:
                    answer = line + stdout.read()
                    break
                if between is not None:
                    clock.restart()
                if on_progress is not None:
                    on_progress(int(progress[1]), int(progress[2]))
            status = worker.wait()
        except BaseException:
            _kill(worker)
            raise
        finally:
            with suppress(OSError):
                stdin.close()
    if clock.ran_out:
        raise WorkerFailed("time")
    if status != 0:
        _kill(worker)  # what it started and left
        raise WorkerFailed(_reason(status))
    return unpack(answer, into=into, errors=errors)


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a module of Python with its arguments. Raises: OSError where there is no room."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=_ROOT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could show text of the manuscript
        **OWN_GROUP,
    )


def _environment() -> dict[str, str]:
    """Return what a worker may know of the app's environment."""
    return {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ} | _SINGLE_THREAD


class _Waiting(NamedTuple):
    """A worker that was started before there was a file for it, with what and when."""

    made_for: tuple[object, ...]
    worker: subprocess.Popen[bytes]
    since: float

    @property
    def is_usable(self) -> bool:
        return self.worker.poll() is None and time.monotonic() - self.since < IDLE_SECONDS / 2


class NextWorker:
    """The worker that waits for the next file, from the second of a kind on; safe for threads."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._last: tuple[object, ...] | None = None
        self._waiting: _Waiting | None = None

    def take(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Return a worker for `command`. Raises: OSError where there is no room for one."""
        if waiting := self._release():
            if waiting.made_for == _made_for(command) and waiting.is_usable:
                return waiting.worker
            _end(waiting.worker)
        return start(command)

    def start(self, command: Sequence[str]) -> None:
        """Start the next worker, unless there is one, where the one before was for the same."""
        made_for = _made_for(command)
        with self._changing, suppress(OSError):  # Without room there is none.
            is_second, self._last = made_for == self._last, made_for
            if is_second and self._waiting is None:
                self._waiting = _Waiting(made_for, start(command), time.monotonic())

    def close(self) -> None:
        """End the worker that waits, if there is one."""
        if waiting := self._release():
            _end(waiting.worker)

    def _release(self) -> _Waiting | None:
        with self._changing:
            waiting, self._waiting = self._waiting, None
            return waiting


_next = NextWorker()
atexit.register(_next.close)


def _made_for(command: Sequence[str]) -> tuple[object, ...]:
    return (*command, _environment())


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker that never had a file."""
    with worker:
        _kill(worker)


@cache
def _compile(package: str) -> None:
    """Write the bytecode of a package, where it is missing.

    A worker, which may write no file, would compile for each file that it reads what the app itself
    does not import.
    """
    import compileall  # here: the worker has no use for it

    if not sys.dont_write_bytecode:
        compileall.compile_dir(_ROOT.joinpath(*package.split(".")), quiet=2)


def _reason(status: int) -> Reason:
    """Return why a process ended with this status; negative ones are signals."""
    if hasattr(signal, "SIGXCPU") and status == -signal.SIGXCPU:
        return "time"
    return "memory" if status == -getattr(signal, "SIGKILL", 9) else "crash"


class _Clock:
    """Kills a worker that takes longer than `seconds` from its start or the last `restart`."""

    def __init__(self, worker: subprocess.Popen[bytes], seconds: float) -> None:
        self.ran_out = False
        self._worker = worker
        self._seconds = seconds
        self._timer = threading.Timer(seconds, self._run_out)

    def __enter__(self) -> Self:
        self.restart()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def restart(self) -> None:
        """Give the worker the whole time again."""
        self._timer.cancel()
        self._timer = threading.Timer(self._seconds, self._run_out)
        self._timer.daemon = True
        self._timer.start()

    def _run_out(self) -> None:
        self.ran_out = True
        _kill(self._worker)


def _kill(worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker with all that it started."""
    if hasattr(os, "killpg"):
        with suppress(OSError):  # none of them is left
            os.killpg(worker.pid, signal.SIGKILL)
    worker.kill()  # nothing where it has ended
