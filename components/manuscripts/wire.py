"""What goes between the app and the process that reads files.

There: one line of JSON (name, password, limits, whether to recognise text), then the bytes of the
file until the end. Back: lines that say how many pages are done, and at the end one JSON object, a
manuscript or an error as its class, message and advice. The texts travel, but never into a
message: an error's words are ours.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from components.errors import DamagedFile, ManuscriptError, kinds
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Manuscript

if TYPE_CHECKING:
    from typing import BinaryIO

_PROGRESS = b"pages "

_ERRORS = kinds(ManuscriptError)


@dataclass(frozen=True, slots=True)
class Request:
    """What the reading process is asked: see `read_in_sandbox.read`."""

    data: bytes
    name: str
    password: str | None
    limits: Limits
    ocr: bool


def pack_request(*, name: str, password: str | None, limits: Limits, ocr: bool = False) -> bytes:
    """Return the line that goes before the bytes of a file."""
    header = {"name": name, "password": password, "limits": asdict(limits), "ocr": ocr}
    return json.dumps(header).encode() + b"\n"


def unpack_request(stream: BinaryIO) -> Request:
    """Return the request on `stream`, which is read to its end."""
    header: dict[str, Any] = json.loads(stream.readline())
    limits = Limits(**header["limits"])
    return Request(stream.read(), header["name"], header["password"], limits, header["ocr"])


def pack_progress(done: int, total: int) -> bytes:
    """Return the line that says how many pages of how many are done."""
    return b"%s%d %d\n" % (_PROGRESS, done, total)


def unpack_progress(line: bytes) -> tuple[int, int] | None:
    """Return done and total where `line` says them; None where it is the answer, or part of it."""
    if not line.startswith(_PROGRESS):
        return None
    try:
        done, total = map(int, line.removeprefix(_PROGRESS).split())
    except ValueError:
        return None
    return done, total


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
            return Manuscript.from_fields(loaded["manuscript"])
        kind, message, advice = _ERRORS[error["kind"]], error["message"], error["advice"]
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not chained: the answer may hold text of the manuscript.
        raise DamagedFile("Reading this file broke off without a result.") from None
    raise kind(message, advice=advice)
