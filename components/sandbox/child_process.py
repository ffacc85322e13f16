"""The process that reads one file and ends: `python -m components.sandbox.child_process`.

Its arguments are a module, bytes of memory and seconds of processor time; it calls the module's
function `answer` on the request from standard input, and writes one answer or dies.
"""

import gc
import importlib
import json
import math
import signal
import sys
import time
from contextlib import suppress

from components.errors import FirstReaderError
from components.sandbox.protocol import IDLE_SECONDS, OUT_OF_MEMORY, pack, pack_error

#: Seconds between two lines of progress: more often nobody can see.
_BETWEEN = 0.1

#: New objects between two searches for what only refers to itself; the 700 of Python make reading
#: an e-book a fifth slower, and the process ends soon.
_GARBAGE = 50_000


def main(task: str, memory_bytes: str, seconds: str) -> None:
    """Read a request from standard input and write the answer to standard output."""
    answer = importlib.import_module(task).answer
    gc.set_threshold(_GARBAGE)
    if hasattr(signal, "alarm"):  # Windows has none.
        signal.alarm(IDLE_SECONDS)
    header = json.loads(sys.stdin.buffer.readline())
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    data = sys.stdin.buffer.read()
    _restrain(memory_bytes=int(memory_bytes), seconds=math.ceil(float(seconds)))
    try:
        fields, made = answer(header, data, _Progress())
        packed = pack({"result": fields}, made)
    except FirstReaderError as error:
        packed = pack_error(error)
    except MemoryError:
        packed = OUT_OF_MEMORY
    _write(packed)


def _restrain(*, memory_bytes: int, seconds: int) -> None:
    """Limit address space, processor time, core dumps and files to write, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # here: Windows has none

    limits = (
        (resource.RLIMIT_AS, memory_bytes, memory_bytes),
        # Two numbers: at the first the system says what was used up, at the second it only kills.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    )
    for what, soft, hard in limits:
        with suppress(ValueError, OSError):  # a system may refuse; the app's clock still runs
            resource.setrlimit(what, (soft, hard))


class _Progress:
    """Writes how many of how many are done, not more often than a person can see."""

    _written_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._written_at >= _BETWEEN or done >= total:
            self._written_at = now
            _write(b"progress %d %d\n" % (done, total))


def _write(answer: bytes) -> None:
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
