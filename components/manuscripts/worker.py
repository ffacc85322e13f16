"""The process that reads one file and ends: `python -m components.manuscripts.worker`.

It limits itself, and the processes that it starts in turn (to read a long PDF, to recognise text),
before it looks at the file. It says how far it is; whatever happens it writes one answer or dies;
the app judges by that (`components.sandbox`).
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict

from components.errors import DamagedFile, LimitReached
from components.manuscripts.limits import Limits
from components.manuscripts.parse import parse
from components.sandbox import (
    answer_request,
    pack_progress,
    pack_result,
    restrain,
    unpack_request,
)

#: Seconds between two lines of progress.
_BETWEEN = 0.1


def main() -> int:
    """Read a request from standard input, write the answer to standard output; return 0."""
    return answer_request(
        _answer,
        out_of_memory=LimitReached("Reading this file takes more memory than a manuscript would."),
    )


def _answer() -> bytes:
    """Return the answer to the request on standard input.

    Raises: ManuscriptError, MemoryError.
    """
    header, data = unpack_request(sys.stdin.buffer)
    limits = Limits(**header["limits"])
    # Text recognition takes as long as it takes, page by page: the app's clock watches that.
    more = limits.pages * limits.ocr_page_seconds if header["ocr"] else 0
    restrain(memory_bytes=limits.memory_bytes, seconds=limits.seconds + more)
    try:
        manuscript = parse(
            data,
            name=header["name"],
            password=header["password"],
            limits=limits,
            ocr=header["ocr"],
            on_progress=_Progress(),
        )
    except RecursionError:
        raise DamagedFile("This file is nested too deeply to be read.") from None
    return pack_result(asdict(manuscript))


class _Progress:
    """Tells the app how many pages are done, not more often than a person can see.

    With a long silence in between, as text recognition has them, every page is told.
    """

    def __init__(self) -> None:
        self._written_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` pages are."""
        now = time.monotonic()
        if now - self._written_at < _BETWEEN and done < total:
            return
        self._written_at = now
        sys.stdout.buffer.write(pack_progress(done, total))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
