"""What goes between the app and a worker.

There: one line of JSON, the header, then the bytes of the file. Back: lines of progress, then one
line of JSON, a result or an error as its class, message and advice, and after a result the bytes
that belong to it. Text of a manuscript is never in a message.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from components.errors import FirstReaderError, kinds

Result = TypeVar("Result")

#: Why there is no result: no room for a process; it took too long; the system killed it for its
#: memory; it reached the memory that it may use; it crashed; what it wrote is no answer.
Reason = Literal["start", "time", "memory", "limit", "crash", "answer"]

#: Seconds after which a worker that no file came for ends by itself.
IDLE_SECONDS = 300
#: Packed beforehand: where memory has run out there is none to pack an error in.
OUT_OF_MEMORY = b'{"failed": "limit"}\n'
#: A line that says how much of how much is done.
PROGRESS = re.compile(rb"progress (\d{1,18}) (\d{1,18})\n")


class WorkerFailed(Exception):
    """A worker gave no result; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def pack(fields: Mapping[str, Any], data: bytes = b"") -> bytes:
    """Return `fields`, which are anything that JSON can hold, as a line, and `data`."""
    line = json.dumps(fields, ensure_ascii=False).encode(errors="surrogatepass")
    return line + b"\n" + data


def pack_error(error: FirstReaderError) -> bytes:
    """Return the answer that holds an error."""
    kind = type(error).__name__
    return pack({"error": {"kind": kind, "message": str(error), "advice": error.advice}})


def unpack(
    answer: bytes,
    *,
    into: Callable[[dict[str, Any], bytes], Result],
    errors: type[FirstReaderError],
) -> Result:
    """Return what `into` makes of the fields and the data in `answer`.

    Raises: the error in it, as the class below `errors` that it was; WorkerFailed. Neither is
    chained to what Python raises, which may quote the manuscript.
    """
    line, _, data = answer.partition(b"\n")
    failure: Exception
    try:
        loaded = json.loads(line)
        if "result" in loaded:
            return into(dict(loaded["result"]), data)
        if loaded.get("failed") == "limit":
            failure = WorkerFailed("limit")
        else:
            error = loaded["error"]
            failure = kinds(errors)[error["kind"]](error["message"], advice=error["advice"])
    except (ValueError, KeyError, TypeError, AttributeError):
        failure = WorkerFailed("answer")
    raise failure
