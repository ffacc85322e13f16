"""Preparing an uploaded picture in a process of its own (`components.sandbox`).

Decoders of pictures are written in C, and new holes in them are found every year. What comes back
is the JPEG that the process encoded, never the file.
"""

import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from components import sandbox
from components.errors import (
    DamagedPicture,
    NotAPicture,
    PictureError,
    PictureTooLarge,
    TooManyPictures,
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

#: First bytes of the kinds that are taken, with the only decoder that then sees the file. Few kinds
#: and one decoder: Pillow knows forty, and each is a way in for a hostile file.
_TAKEN = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
)

#: What editors also have, by the name under which they know it.
_REFUSED = (
    (re.compile(rb"....ftyp(heic|heix|hevc|heim|mif1|msf1)", re.DOTALL), "an HEIC photo"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "an AVIF picture"),
    (re.compile(rb"II\*\0|MM\0\*"), "a TIFF or a camera’s raw file"),
    (re.compile(rb"BM"), "a BMP picture"),
    (re.compile(rb"8BPS"), "a Photoshop file"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\s*(<\?xml|<svg|<!DOCTYPE svg)"), "a drawing (SVG or other XML)"),
    (re.compile(rb"PK\x03\x04"), "a document or an archive"),
)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The most that one picture may take, and the size that it is given."""

    #: Bytes. A phone's photo has 3 to 12 MB, an uncompressed scan of a page some 40.
    file_bytes: int = 64 * 1024 * 1024

    #: Pixels, by the header and before anything is decoded. A page of A3 scanned at 600 dots an
    #: inch has 70 million, a phone's photo 12 to 50; a made-up file of 100 KB can say 4 billion.
    pixels: int = 80_000_000

    #: Pixels on the longest side that the model gets. Models look at 336 to some 1,500 and make
    #: anything larger smaller themselves; a page of typescript can still be read at 1,600.
    longest_side: int = 1_600

    #: Pixels on the shortest side that the model gets. Some models fail below 28, their grid.
    shortest_side: int = 32

    #: Pictures with one question. Each takes 250 to 2,500 tokens of the model's room.
    pictures: int = 8

    #: Seconds, of waiting and of processor time. A PNG of `pixels` took 5, with transparency 15,
    #: on two cores that others used too.
    seconds: float = 30.0

    #: Bytes of address space for the decoding process. `pixels` with transparency take three
    #: copies of 320 MB at the same time: as decoded, and twice while they are made smaller.
    memory_bytes: int = 1536 * 1024 * 1024


DEFAULT_LIMITS = PictureLimits()


class PictureChange(StrEnum):
    """What was done to a picture, beside that it was encoded anew."""

    FIRST_FRAME = "first frame"  # it moved, and only its first picture is taken
    TURNED = "turned"  # as its camera noted which way is up
    SMALLER = "smaller"
    FLATTENED = "flattened"  # what was transparent is white
    FROM_PRINT = "from print"  # from CMYK, without the press's own profile
    CLEANED = "cleaned"  # what cameras and programs note in a file is gone
    LOCATION = "location"  # the place where it was taken was among that


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that is safe to send: `data` is a JPEG that this app encoded, without any notes.

    `name` is its file's; sizes are pixels, those of the file as it is seen upright.
    """

    name: str
    data: bytes = field(repr=False)
    width: int
    height: int
    original_width: int
    original_height: int
    changes: tuple[PictureChange, ...] = ()


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


def sniff(data: bytes) -> str:
    """Return Pillow's name of the kind of picture that `data` begins as; a file's name is nothing.

    Raises: NotAPicture.
    """
    if not data:
        raise NotAPicture("The file is empty.")
    for beginning, kind in _TAKEN:
        if beginning.match(data):
            return kind
    for beginning, kind in _REFUSED:
        if beginning.match(data[:256]):
            raise NotAPicture(f"This is {kind}; only JPEG, PNG, WebP and GIF can be looked at.")
    raise NotAPicture("This is no picture that can be looked at: no JPEG, PNG, WebP or GIF.")
