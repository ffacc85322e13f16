"""The process that reads one file and ends: `python -m components.manuscripts.worker`.

It limits itself before it looks at the file: address space, processor time, no core dump (which
would leave the manuscript on the disk), no file of its own to write. Whatever happens it writes
one answer (`wire`) or dies; the app judges by that.
"""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from components.errors import DamagedFile, LimitReached, ManuscriptError
from components.manuscripts import wire
from components.manuscripts.parsing import parse

if TYPE_CHECKING:
    from components.manuscripts.limits import Limits

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
    name, password, limits, data = wire.unpack_request(sys.stdin.buffer)
    _restrain(limits)
    try:
        return wire.pack_manuscript(parse(data, name=name, password=password, limits=limits))
    except ManuscriptError as error:
        return wire.pack_error(error)
    except RecursionError:
        return wire.pack_error(DamagedFile("This file is nested too deeply to be read."))


def _restrain(limits: Limits) -> None:
    """Limit what this process may use, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # here: Windows has none

    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        # Two numbers: at the first the system says what was used up, at the second it only kills.
        (resource.RLIMIT_CPU, math.ceil(limits.seconds), math.ceil(limits.seconds) + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    )
    for what, soft, hard in wanted:
        with suppress(ValueError, OSError):  # a system may refuse; the app's clock still runs
            resource.setrlimit(what, (soft, hard))


if __name__ == "__main__":
    sys.exit(main())
