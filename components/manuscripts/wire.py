"""What goes between the app and the process that reads files.

There: one line of JSON (name, password, limits), then the bytes of the file until the end. Back:
one JSON object, a manuscript or an error as its class, message and advice. The texts travel, but
never into a message: an error's words are ours.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from components import errors
from components.errors import DamagedFile, ManuscriptError
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Chapter, Manuscript, Note

if TYPE_CHECKING:
    from typing import BinaryIO

_ERRORS: dict[str, type[ManuscriptError]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ManuscriptError)
}


def pack_request(*, name: str, password: str | None, limits: Limits) -> bytes:
    """Return the line that goes before the bytes of a file."""
    header = {"name": name, "password": password, "limits": asdict(limits)}
    return json.dumps(header).encode() + b"\n"


def unpack_request(stream: BinaryIO) -> tuple[str, str | None, Limits, bytes]:
    """Return name, password, limits and the bytes of the file, read to the end of `stream`."""
    header: dict[str, Any] = json.loads(stream.readline())
    return header["name"], header["password"], Limits(**header["limits"]), stream.read()


def pack_manuscript(manuscript: Manuscript) -> bytes:
    """Return `manuscript` as JSON."""
    return json.dumps({"manuscript": asdict(manuscript)}, ensure_ascii=False).encode()


def pack_error(error: ManuscriptError) -> bytes:
    """Return `error` as JSON: its class, message and advice."""
    answer = {"kind": type(error).__name__, "message": str(error), "advice": error.advice}
    return json.dumps({"error": answer}).encode()


def unpack_answer(answer: bytes) -> Manuscript:
    """Return the manuscript in the reading process's `answer`.

    Raises: the error in it, as the class it was; DamagedFile where it is no answer at all.
    """
    try:
        loaded = json.loads(answer)
        error = loaded.get("error")
        if error is None:
            return _manuscript(loaded["manuscript"])
        kind, message, advice = _ERRORS[error["kind"]], error["message"], error["advice"]
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not chained: the answer may hold text of the manuscript.
        raise DamagedFile("Reading this file broke off without a result.") from None
    raise kind(message, advice=advice)


def _manuscript(fields: dict[str, Any]) -> Manuscript:
    chapters = tuple(
        Chapter(**chapter | {"scenes": tuple(chapter["scenes"])}) for chapter in fields["chapters"]
    )
    notes = tuple(Note(**note) for note in fields["notes"])
    warnings = tuple(fields["warnings"])
    return Manuscript(**fields | {"chapters": chapters, "notes": notes, "warnings": warnings})
