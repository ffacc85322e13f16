"""What goes between the app and the process that decodes pictures.

There: one line of JSON (name, limits), then the bytes of the file until the end. Back: one line of
JSON, what is known of the picture or an error as its class, message and advice; after the picture's
its bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from components.errors import DamagedPicture, PictureError, kinds
from components.pictures.limits import PictureLimits
from components.pictures.prepared import Change, Prepared

if TYPE_CHECKING:
    from typing import BinaryIO

_ERRORS = kinds(PictureError)

#: How every JPEG begins; what comes back is looked at before it is believed.
_JPEG = b"\xff\xd8\xff"


def pack_request(*, name: str, limits: PictureLimits) -> bytes:
    """Return the line that goes before the bytes of a file."""
    return json.dumps({"name": name, "limits": asdict(limits)}).encode() + b"\n"


def unpack_request(stream: BinaryIO) -> tuple[str, PictureLimits, bytes]:
    """Return name, limits and the bytes of the file, read to the end of `stream`."""
    header: dict[str, Any] = json.loads(stream.readline())
    return header["name"], PictureLimits(**header["limits"]), stream.read()


def pack_picture(picture: Prepared) -> bytes:
    """Return `picture` as a line of JSON and its bytes."""
    known = {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "original_width": picture.original_width,
        "original_height": picture.original_height,
        "changes": [change.value for change in picture.changes],
    }
    return json.dumps({"picture": known}).encode() + b"\n" + picture.data


def pack_error(error: PictureError) -> bytes:
    """Return `error` as a line of JSON: its class, message and advice."""
    answer = {"kind": type(error).__name__, "message": str(error), "advice": error.advice}
    return json.dumps({"error": answer}).encode() + b"\n"


def unpack_answer(answer: bytes) -> Prepared:
    """Return the picture in the decoding process's `answer`.

    Raises: the error in it, as the class it was; DamagedPicture where it is no answer at all.
    """
    line, _, data = answer.partition(b"\n")
    try:
        loaded = json.loads(line)
        error = loaded.get("error")
        if error is None:
            return _picture(loaded["picture"], data)
        kind, message, advice = _ERRORS[error["kind"]], error["message"], error["advice"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedPicture("Decoding this picture broke off without a result.") from None
    raise kind(message, advice=advice)


def _picture(known: dict[str, Any], data: bytes) -> Prepared:
    if not data.startswith(_JPEG):
        raise ValueError("no JPEG")
    changes = tuple(Change(value) for value in known.pop("changes"))
    return Prepared(data=data, changes=changes, **known)
