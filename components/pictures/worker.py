"""The process that decodes one picture and ends: `python -m components.pictures.worker`.

It limits itself before it looks at the file: address space, processor time, no core dump, no file
of its own to write. Whatever happens it writes one answer (`wire`) or dies; the app judges by that.
It stands beside `components.manuscripts.worker`, which does the same for manuscripts.
"""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from components.errors import PictureError, PictureTooLarge
from components.pictures import wire
from components.pictures.encoding import encode

if TYPE_CHECKING:
    from components.pictures.limits import PictureLimits

_OUT_OF_MEMORY = wire.pack_error(
    PictureTooLarge("Decoding this picture takes more memory than a picture would.")
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
    name, limits, data = wire.unpack_request(sys.stdin.buffer)
    _restrain(limits)
    try:
        return wire.pack_picture(encode(data, name=name, limits=limits))
    except PictureError as error:
        return wire.pack_error(error)


def _restrain(limits: PictureLimits) -> None:
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
