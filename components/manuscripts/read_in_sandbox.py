"""Reading an uploaded file, in a process of its own.

A file may be made to take all memory, to run for ever or to crash its reader. So one process
reads one file and can be killed without harm; small and large, good and bad go the same way, so
that the way is tried at every upload. A start costs about a tenth of a second.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from components import guarded
from components.errors import DamagedFile, EmptyFile, LimitReached
from components.manuscripts import wire
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import Manuscript

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_WORKER = "components.manuscripts.worker"


def read(
    data: bytes,
    *,
    name: str,
    password: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Manuscript:
    """Read a manuscript from the bytes of an uploaded file.

    The type is decided from the bytes; `name` tells Markdown from plain text and serves messages
    and, where there is no better one, the title. `password` is for an encrypted PDF or Word
    file and is ignored otherwise. Offsets in the result count characters of `Manuscript.text`.

    With `ocr`, scanned pages of a PDF are read by Tesseract, where `ocr.available`. `on_progress`
    is called, in the caller's thread, with the pages done and the pages in all; whatever it raises
    ends the reading. Takes at most `limits.seconds`, give or take a second; with `ocr`, so long
    before the first scanned page and `limits.ocr_page_seconds` more from page to page.

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
    header = wire.pack_request(name=name, password=password, limits=limits, ocr=ocr)
    between = limits.seconds + limits.ocr_page_seconds if ocr else None
    answer, status = _run(
        header + data, seconds=limits.seconds, between=between, on_progress=on_progress
    )
    if status == 0:
        return wire.unpack_answer(answer)
    if guarded.ran_out_of_time(status):
        raise _too_long(limits.seconds)
    if guarded.ran_out_of_memory(status):
        raise LimitReached("The computer ran out of memory while reading this file.")
    raise DamagedFile("Reading this file failed: something in it breaks the reader.")


def _run(
    request: bytes,
    *,
    seconds: float,
    between: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[bytes, int]:
    """Return what a worker answers to `request`, and its exit status (negative: a signal).

    It has `seconds`, or, where `between` is given, that long from one word of progress to the
    next. Raises: LimitReached where it takes longer; it and what it started are killed.
    """
    with _start() as worker, _Clock(worker, seconds if between is None else between) as clock:
        answer = b""
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it died: its status says how
                worker.stdin.write(request)  # type: ignore[union-attr]
                worker.stdin.close()  # type: ignore[union-attr]
            for line in worker.stdout or ():
                progress = wire.unpack_progress(line)
                if progress is None:
                    answer += line
                    continue
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
        raise _too_long(seconds)
    if status != 0:
        _kill(worker)  # what it started and left
    return answer, status


class _Clock:
    """Kills a worker that takes longer than `seconds` from its start or the last `wind`."""

    def __init__(self, worker: subprocess.Popen[bytes], seconds: float) -> None:
        self._worker = worker
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="reading-clock", daemon=True)
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


def _start() -> subprocess.Popen[bytes]:
    """Start a worker.

    Raises: LimitReached where the system has no room for another process.
    """
    try:
        return guarded.start(_WORKER)
    except OSError as error:
        raise LimitReached("This computer has no room to start reading the file.") from error


def _too_long(seconds: float) -> LimitReached:
    return LimitReached(f"Reading this file took longer than {seconds:g} seconds.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"
