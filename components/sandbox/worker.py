"""What a worker does: it limits itself before it looks at a file, and answers once."""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from components.errors import FirstReaderError
from components.sandbox.protocol import pack_error

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


def answer_request(answer: Callable[[], bytes], *, out_of_memory: FirstReaderError) -> int:
    """Write what `answer` returns, or the error it raises, to standard output; return 0.

    `out_of_memory` is the answer where there is no memory left: it is packed beforehand.
    """
    exhausted = pack_error(out_of_memory)
    try:
        packed = answer()
    except FirstReaderError as error:
        packed = pack_error(error)
    except MemoryError:
        packed = exhausted
    sys.stdout.buffer.write(packed)
    sys.stdout.buffer.flush()
    return 0
