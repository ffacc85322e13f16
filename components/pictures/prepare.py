"""Preparing an uploaded picture in a process of its own (`components.sandbox`).

Decoders of pictures are written in C, and new holes in them are found every year. What comes back
is the JPEG that the process encoded, never the file.
"""

from dataclasses import asdict
from typing import Any

from components import sandbox
from components.errors import DamagedPicture, PictureError, PictureTooLarge, TooManyPictures
from components.pictures.picture import (
    DEFAULT_LIMITS,
    PictureChange,
    PictureLimits,
    Prepared,
    sniff,
)

_TASK = "components.pictures.encoding"

#: How every JPEG begins; what comes back is looked at before it is believed.
_JPEG = b"\xff\xd8\xff"

#: What a worker without a result is for an editor, by `sandbox.WorkerFailed.reason`.
_FAILURES: dict[str, tuple[type[PictureError], str]] = {
    "start": (PictureTooLarge, "This computer has no room to start decoding the picture."),
    "time": (PictureTooLarge, "Decoding this picture took longer than {seconds:g} seconds."),
    "memory": (PictureTooLarge, "The computer ran out of memory while decoding this picture."),
    "limit": (PictureTooLarge, "Decoding this picture takes more memory than a picture would."),
    "crash": (DamagedPicture, "Decoding this picture failed: something in it breaks the decoder."),
    "answer": (DamagedPicture, "Decoding this picture broke off without a result."),
}


def prepare(data: bytes, *, name: str, limits: PictureLimits = DEFAULT_LIMITS) -> Prepared:
    """Return an uploaded picture as a model may get it.

    The kind is decided from the bytes. Of a picture that moves the first frame is taken; it is
    turned upright as its camera noted, made smaller where it is larger than `limits.longest_side`
    pixels, laid on white where it is transparent, and encoded anew, so that nothing but its pixels
    is left. Takes at most `limits.seconds`, give or take a second.

    Raises: NotAPicture, DamagedPicture, PictureTooLarge, PictureTooSmall.
    """
    if len(data) > limits.file_bytes:
        raise PictureTooLarge(
            f"The file has {len(data) / 1e6:,.0f} MB, more than the"
            f" {limits.file_bytes / 1e6:,.0f} MB that a picture may have."
        )
    sniff(data)  # What is no picture at all starts no process.
    try:
        return sandbox.run(
            _TASK,
            {"name": name, "limits": asdict(limits)},
            data,
            into=_prepared,
            errors=PictureError,
            memory_bytes=limits.memory_bytes,
            seconds=limits.seconds,
        )
    except sandbox.WorkerFailed as failure:
        kind, message = _FAILURES[failure.reason]
        raise kind(message.format(seconds=limits.seconds)) from failure


def _prepared(fields: dict[str, Any], data: bytes) -> Prepared:
    """Return the picture that a worker answered. Raises: ValueError where it is no JPEG."""
    if not data.startswith(_JPEG):
        raise ValueError
    changes = tuple(PictureChange(value) for value in fields.pop("changes"))
    return Prepared(data=data, changes=changes, **fields)


def check_count(count: int, *, limits: PictureLimits = DEFAULT_LIMITS) -> None:
    """Raise TooManyPictures where `count` are more than go with one question."""
    if count > limits.pictures:
        raise TooManyPictures(
            f"These are {count:,} pictures, and at most {limits.pictures} go with one question."
        )
