"""Preparing an uploaded picture, in a process of its own.

Decoders of pictures are written in C and old holes in them are found every year. So one process
decodes one picture and can be killed without harm; what comes back is the JPEG that it encoded,
never the file. A start costs about a fifth of a second.
"""

from __future__ import annotations

import subprocess

from components import guarded
from components.errors import DamagedPicture, PictureTooLarge, TooManyPictures
from components.pictures import wire
from components.pictures.limits import DEFAULT_LIMITS, PictureLimits
from components.pictures.prepared import Prepared
from components.pictures.sniffing import sniff

_WORKER = "components.pictures.worker"
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
    request = wire.pack_request(name=name, limits=limits) + data
    answer, status = _run(request, seconds=limits.seconds)
    if status == 0:
        return wire.unpack_answer(answer)
    if guarded.ran_out_of_time(status):
        raise _too_long(limits.seconds)
    if guarded.ran_out_of_memory(status):
        raise PictureTooLarge("The computer ran out of memory while decoding this picture.")
    raise DamagedPicture("Decoding this picture failed: something in it breaks the decoder.")


def check_count(count: int, *, limits: PictureLimits = DEFAULT_LIMITS) -> None:
    """Raise TooManyPictures where `count` are more than go with one question."""
    if count > limits.pictures:
        raise TooManyPictures(
            f"These are {count:,} pictures, and at most {limits.pictures} go with one question."
        )


def _run(request: bytes, *, seconds: float) -> tuple[bytes, int]:
    """Return what a worker answers to `request`, and its exit status (negative: a signal).

    Raises: PictureTooLarge where it does not answer in `seconds`; it is killed, and nothing else.
    """
    with _start() as worker:
        try:
            answer, _ = worker.communicate(request, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _too_long(seconds) from None
        finally:
            worker.kill()  # nothing where it has ended
        return answer, worker.returncode


def _start() -> subprocess.Popen[bytes]:
    """Start a worker.

    Raises: PictureTooLarge where the system has no room for another process.
    """
    try:
        return guarded.start(_WORKER, more=_SINGLE)
    except OSError as error:
        raise PictureTooLarge("This computer has no room to start decoding the picture.") from error


def _too_long(seconds: float) -> PictureTooLarge:
    return PictureTooLarge(f"Decoding this picture took longer than {seconds:g} seconds.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"
