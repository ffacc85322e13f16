"""What goes between the app and a process that reads a file.

There: one line of JSON, the header, then the bytes of the file until the end. Back: lines that say
how much is done, then one line of JSON, a result or an error as its class, message and advice, and
after a result the bytes that belong to it. Texts travel, but never into a message: an error's words
are ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components.errors import FirstReaderError, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

_PROGRESS = b"progress "


class BadAnswer(Exception):
    """What a worker wrote is no answer. Never chained: the answer may hold manuscript text."""


def pack_request(header: Mapping[str, Any], data: bytes) -> bytes:
    """Return the request to read `data`; `header` is anything that JSON can hold."""
    return json.dumps(header).encode() + b"\n" + data


def unpack_request(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Return header and data of the request on `stream`, which is read to its end."""
    header: dict[str, Any] = json.loads(stream.readline())
    return header, stream.read()


def pack_progress(done: int, total: int) -> bytes:
    """Return the line that says how much of how much is done."""
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


def pack_result(fields: Mapping[str, Any], data: bytes = b"") -> bytes:
    """Return the answer that holds a result: `fields` as JSON, and `data`."""
    return json.dumps({"result": fields}, ensure_ascii=False).encode() + b"\n" + data


def pack_error(error: FirstReaderError) -> bytes:
    """Return the answer that holds an error: its class, message and advice."""
    answer = {"kind": type(error).__name__, "message": str(error), "advice": error.advice}
    return json.dumps({"error": answer}).encode() + b"\n"


def unpack_answer(answer: bytes, *, errors: type[FirstReaderError]) -> tuple[dict[str, Any], bytes]:
    """Return the fields and the data of the result in `answer`.

    Raises: the error in it, as the class below `errors` that it was; BadAnswer where it is none.
    """
    line, _, data = answer.partition(b"\n")
    try:
        loaded = json.loads(line)
        error = loaded.get("error")
        if error is None:
            return dict(loaded["result"]), data
        kind, message, advice = kinds(errors)[error["kind"]], error["message"], error["advice"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadAnswer from None
    raise kind(message, advice=advice)
