"""Reading an uploaded file, in a process of its own.

A file may be made to take all memory, to run for ever or to crash its reader. So one process
reads one file and can be killed without harm; small and large, good and bad go the same way, so
that the way is tried at every upload. A start costs about a tenth of a second.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from components.errors import DamagedFile, EmptyFile, LimitReached
from components.manuscripts import wire
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import Manuscript

_ROOT = Path(__file__).resolve().parents[2]
_WORKER = "components.manuscripts.worker"
#: What Python itself needs to start and to find its packages; no token or address goes along.
_ENVIRONMENT = (
    "PATH", "HOME", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMPDIR",
)  # fmt: skip


def read(
    data: bytes, *, name: str, password: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Manuscript:
    """Read a manuscript from the bytes of an uploaded file.

    The type is decided from the bytes; `name` tells Markdown from plain text and serves messages
    and, where there is no better one, the title. `password` is for an encrypted PDF or Word
    file and is ignored otherwise. Offsets in the result count characters of `Manuscript.text`.
    Takes at most `limits.seconds`, give or take a second.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, ImageOnly, DamagedFile,
    LimitReached.
    """
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > limits.file_bytes:
        raise LimitReached(
            f"The file has {_megabytes(len(data))} MB, more than the"
            f" {_megabytes(limits.file_bytes)} MB that can be read."
        )
    header = wire.pack_request(name=name, password=password, limits=limits)
    answer, status = _run(header + data, seconds=limits.seconds)
    if status == 0:
        return wire.unpack_answer(answer)
    if status in _too_long_statuses():
        raise _too_long(limits.seconds)
    if status == -getattr(signal, "SIGKILL", 9):
        raise LimitReached("The computer ran out of memory while reading this file.")
    raise DamagedFile("Reading this file failed: something in it breaks the reader.")


def _run(request: bytes, *, seconds: float) -> tuple[bytes, int]:
    """Return what a worker answers to `request`, and its exit status (negative: a signal).

    Raises: LimitReached where it does not answer in `seconds`; it is killed, and nothing else.
    """
    with _start() as worker:
        try:
            answer, _ = worker.communicate(request, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _too_long(seconds) from None  # the timeout carries the output so far
        finally:
            worker.kill()  # nothing where it has ended
        return answer, worker.returncode


def _start() -> subprocess.Popen[bytes]:
    """Start a worker.

    Raises: LimitReached where the system has no room for another process.
    """
    try:
        return subprocess.Popen(
            [sys.executable, "-m", _WORKER],
            cwd=_ROOT,
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could show text of the manuscript
        )
    except OSError as error:
        raise LimitReached("This computer has no room to start reading the file.") from error


def _too_long(seconds: float) -> LimitReached:
    return LimitReached(f"Reading this file took longer than {seconds:g} seconds.")


def _too_long_statuses() -> set[int]:
    """Return the exit statuses of a process that used up its processor time."""
    name = getattr(signal, "SIGXCPU", None)
    return set() if name is None else {-name}


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"
