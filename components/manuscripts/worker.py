"""The process that reads one file and ends: `python -m components.manuscripts.worker`.

It limits itself, and the processes that it starts in turn (to read a long PDF, to recognise text),
before it looks at the file (`components.guarded`). It says how far it is; whatever happens it
writes one answer (`wire`) or dies; the app judges by that.
"""

from __future__ import annotations

import sys
import time

from components.errors import DamagedFile, LimitReached, ManuscriptError
from components.guarded import answering, restrain
from components.manuscripts import wire
from components.manuscripts.parse import parse

#: Seconds between two words about progress.
_BETWEEN = 0.1

_OUT_OF_MEMORY = wire.pack_error(
    LimitReached("Reading this file takes more memory than a manuscript would.")
)


def main() -> int:
    """Read a request from standard input, write the answer to standard output; return 0."""
    return answering(_answer, out_of_memory=_OUT_OF_MEMORY)


def _answer() -> bytes:
    """Return the answer to the request on standard input."""
    request = wire.unpack_request(sys.stdin.buffer)
    limits = request.limits
    # Text recognition takes as long as it takes, page by page: the app's clock watches that.
    more = limits.pages * limits.ocr_page_seconds if request.ocr else 0
    restrain(memory_bytes=limits.memory_bytes, seconds=limits.seconds + more)
    try:
        return wire.pack_manuscript(
            parse(
                request.data,
                name=request.name,
                password=request.password,
                limits=limits,
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


if __name__ == "__main__":
    sys.exit(main())
