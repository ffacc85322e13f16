"""What a worker does before it looks at a file, and how it answers."""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def restrain(*, memory_bytes: int, seconds: float) -> None:
    """Limit what this process may use, where the system can.

    Address space, processor time, no core dump (which would leave the file on the disk), no file
    of its own to write. Processes that it starts in turn have the same limits.
    """
    if sys.platform == "win32":
        return
    import resource  # here: Windows has none

    whole = math.ceil(seconds)
    wanted = (
        (resource.RLIMIT_AS, memory_bytes, memory_bytes),
        # Two numbers: at the first the system says what was used up, at the second it only kills.
        (resource.RLIMIT_CPU, whole, whole + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    )
    for what, soft, hard in wanted:
        with suppress(ValueError, OSError):  # a system may refuse; the app's clock still runs
            resource.setrlimit(what, (soft, hard))


def answering(answer: Callable[[], bytes], *, out_of_memory: bytes) -> int:
    """Write what `answer` returns to standard output; return the worker's exit status.

    `out_of_memory` is written where there is no memory left: it is made beforehand.
    """
    try:
        said = answer()
    except MemoryError:
        said = out_of_memory
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    return 0
