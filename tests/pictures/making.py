"""Pictures made in code: honest ones, and such as somebody made to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def saved(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    """The bytes of `image` as a file of Pillow's `kind`."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def halves(width: int = 80, height: int = 60) -> Image.Image:
    """Red above, blue below: which way is up can be seen."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (0, height // 2, width, height))
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png(width: int, height: int, *chunks: bytes, data: bytes = b"") -> bytes:
    """A PNG of 8 bits gray that says it is so large; `data` is what was deflated of its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes whose pixels, all white, are really there."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * width
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, data=data)
