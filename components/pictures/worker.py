"""The process that decodes one picture and ends: `python -m components.pictures.worker`.

It limits itself before it looks at the file (`components.guarded`). Whatever happens it writes one
answer (`wire`) or dies; the app judges by that.
"""

from __future__ import annotations

import sys

from components.errors import PictureError, PictureTooLarge
from components.guarded import answering, restrain
from components.pictures import wire
from components.pictures.encoding import encode

_OUT_OF_MEMORY = wire.pack_error(
    PictureTooLarge("Decoding this picture takes more memory than a picture would.")
)


def main() -> int:
    """Read a request from standard input, write the answer to standard output; return 0."""
    return answering(_answer, out_of_memory=_OUT_OF_MEMORY)


def _answer() -> bytes:
    """Return the answer to the request on standard input."""
    name, limits, data = wire.unpack_request(sys.stdin.buffer)
    restrain(memory_bytes=limits.memory_bytes, seconds=limits.seconds)
    try:
        return wire.pack_picture(encode(data, name=name, limits=limits))
    except PictureError as error:
        return wire.pack_error(error)


if __name__ == "__main__":
    sys.exit(main())
