"""The process that decodes one picture and ends: `python -m components.pictures.worker`.

It limits itself before it looks at the file. Whatever happens it writes one answer or dies; the app
judges by that (`components.sandbox`).
"""

from __future__ import annotations

import sys
from dataclasses import asdict

from components.errors import PictureTooLarge
from components.pictures.encoding import encode
from components.pictures.limits import PictureLimits
from components.pictures.prepared import Prepared
from components.sandbox import answer_request, pack_result, restrain, unpack_request


def main() -> int:
    """Read a request from standard input, write the answer to standard output; return 0."""
    return answer_request(
        _answer,
        out_of_memory=PictureTooLarge(
            "Decoding this picture takes more memory than a picture would."
        ),
    )


def _answer() -> bytes:
    """Return the answer to the request on standard input.

    Raises: PictureError, MemoryError.
    """
    header, data = unpack_request(sys.stdin.buffer)
    limits = PictureLimits(**header["limits"])
    restrain(memory_bytes=limits.memory_bytes, seconds=limits.seconds)
    return pack_picture(encode(data, name=header["name"], limits=limits))


def pack_picture(picture: Prepared) -> bytes:
    """Return the answer that holds `picture`: what is known of it, then its bytes."""
    fields = asdict(picture)
    return pack_result(fields, fields.pop("data"))


if __name__ == "__main__":
    sys.exit(main())
