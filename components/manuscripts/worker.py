"""The process that reads one file and ends: `python -m components.manuscripts.worker`.

It limits itself before it looks at the file: address space, processor time, no core dump (which
would leave the manuscript on the disk), no file of its own to write. Processes that it starts in
turn (to read a long PDF, to recognise text) have the same limits. It says how far it is; whatever
happens it writes one answer (`wire`) or dies; the app judges by that.
"""

from __future__ import annotations

import math
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from components.errors import DamagedFile, LimitReached, ManuscriptError
from components.manuscripts import wire
from components.manuscripts.parsing import parse

if TYPE_CHECKING:
    from components.manuscripts.limits import Limits

#: Seconds between two words about progress.
_BETWEEN = 0.1

_OUT_OF_MEMORY = wire.pack_error(
    LimitReached("Reading this file takes more memory than a manuscript would.")
)


def main() -> int:
    """Read a request from standard input, write the answer to standard output; return 0."""
    try:
        answer = _answer()
    except MemoryError:
        answer = _OUT_OF_MEMORY  # made beforehand: there is no memory now
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _answer() -> bytes:
    """Return the answer to the request on standard input."""
    request = wire.unpack_request(sys.stdin.buffer)
    _restrain(request.limits, ocr=request.ocr)
    try:
        return wire.pack_manuscript(
            parse(
                request.data,
                name=request.name,
                password=request.password,
                limits=request.limits,
                ocr=request.ocr,
                on_progress=_Progress(),
            )
        )
    except ManuscriptError as error:
        return wire.pack_error(error)
    except RecursionError:
        return wire.pack_error(DamagedFile("This file is nested too deeply to be read."))


class _Progress:
    """Tells the app how many pages are done, not more often than a person can see.

    With a long silence in between, as text recognition has them, every page is told.
    """

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` pages are."""
        now = time.monotonic()
        if now - self._told < _BETWEEN and done < total:
            return
        self._told = now
        sys.stdout.buffer.write(wire.pack_progress(done, total))
        sys.stdout.buffer.flush()


def _restrain(limits: Limits, *, ocr: bool) -> None:
    """Limit what this process may use, where the system can.

    Text recognition takes as long as it takes, page by page: the app's clock watches that.
    """
    if sys.platform == "win32":
        return
    import resource  # here: Windows has none

    seconds = math.ceil(limits.seconds + (limits.pages * limits.ocr_page_seconds if ocr else 0))
    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        # Two numbers: at the first the system says what was used up, at the second it only kills.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    )
    for what, soft, hard in wanted:
        with suppress(ValueError, OSError):  # a system may refuse; the app's clock still runs
            resource.setrlimit(what, (soft, hard))


if __name__ == "__main__":
    sys.exit(main())
