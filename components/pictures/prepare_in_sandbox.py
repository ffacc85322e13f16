"""Preparing an uploaded picture in a process of its own (`components.sandbox`).

Decoders of pictures are written in C, and new holes in them are found every year. What comes back
is the JPEG that the process encoded, never the file.
"""

from __future__ import annotations

from dataclasses import asdict

from components import sandbox
from components.errors import DamagedPicture, PictureError, PictureTooLarge, TooManyPictures
from components.pictures.limits import DEFAULT_LIMITS, PictureLimits
from components.pictures.prepared import PictureChange, Prepared
from components.pictures.sniffing import sniff

_WORKER = "components.pictures.worker"

#: How every JPEG begins; what comes back is looked at before it is believed.
_JPEG = b"\xff\xd8\xff"

#: Each thread of numpy's would take address space, and none is needed.
_SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


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
            f"The file has {_megabytes(len(data))} MB, more than the"
            f" {_megabytes(limits.file_bytes)} MB that a picture may have."
        )
    sniff(data)  # What is no picture at all starts no process.
    header = {"name": name, "limits": asdict(limits)}
    try:
        answer = sandbox.run(
            _WORKER,
            sandbox.pack_request(header, data),
            seconds=limits.seconds,
            environment=_SINGLE,
        )
    except sandbox.WorkerFailed as failure:
        raise _explained(failure, limits) from failure
    return picture_in(answer)


def picture_in(answer: bytes) -> Prepared:
    """Return the picture in the worker's `answer`.

    Raises: the error in it, as the class it was; DamagedPicture where it is no answer at all.
    """
    try:
        fields, data = sandbox.unpack_answer(answer, errors=PictureError)
        changes = tuple(PictureChange(value) for value in fields.pop("changes"))
        picture = Prepared(data=data, changes=changes, **fields)
    except (sandbox.BadAnswer, ValueError, KeyError, TypeError, AttributeError):
        picture = None
    if picture is None or not picture.data.startswith(_JPEG):
        raise DamagedPicture("Decoding this picture broke off without a result.")
    return picture


def check_count(count: int, *, limits: PictureLimits = DEFAULT_LIMITS) -> None:
    """Raise TooManyPictures where `count` are more than go with one question."""
    if count > limits.pictures:
        raise TooManyPictures(
            f"These are {count:,} pictures, and at most {limits.pictures} go with one question."
        )


def _explained(failure: sandbox.WorkerFailed, limits: PictureLimits) -> PictureError:
    match failure.reason:
        case "start":
            return PictureTooLarge("This computer has no room to start decoding the picture.")
        case "time":
            return PictureTooLarge(
                f"Decoding this picture took longer than {limits.seconds:g} seconds."
            )
        case "memory":
            return PictureTooLarge("The computer ran out of memory while decoding this picture.")
        case "crash":
            return DamagedPicture(
                "Decoding this picture failed: something in it breaks the decoder."
            )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"
