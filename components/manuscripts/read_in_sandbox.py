"""Reading an uploaded file in a process of its own (`components.sandbox`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from components import sandbox
from components.errors import DamagedFile, EmptyFile, LimitReached, ManuscriptError
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import Manuscript

if TYPE_CHECKING:
    from collections.abc import Callable

_WORKER = "components.manuscripts.worker"


def read(
    data: bytes,
    *,
    name: str,
    password: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Manuscript:
    """Read a manuscript from the bytes of an uploaded file.

    The type is decided from the bytes; `name` tells Markdown from plain text and serves messages
    and, where there is no better one, the title. `password` is for an encrypted PDF or Word
    file and is ignored otherwise. Offsets in the result count characters of `Manuscript.text`.

    With `ocr`, scanned pages of a PDF are read by Tesseract, where `ocr.available`. `on_progress`
    is called, in the caller's thread, with the pages done and the pages in all; whatever it raises
    ends the reading. Takes at most `limits.seconds`, give or take a second; with `ocr`, so long
    before the first scanned page and `limits.ocr_page_seconds` more from page to page.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, ImageOnly, DamagedFile,
    LimitReached.
    """
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > limits.file_bytes:
        raise LimitReached(
            f"The file has {_megabytes(len(data))} MB, more than the"
            f" {_megabytes(limits.file_bytes)} MB that can be read."
        )
    header = {"name": name, "password": password, "limits": asdict(limits), "ocr": ocr}
    try:
        answer = sandbox.run(
            _WORKER,
            sandbox.pack_request(header, data),
            seconds=limits.seconds,
            between=limits.seconds + limits.ocr_page_seconds if ocr else None,
            on_progress=on_progress,
        )
    except sandbox.WorkerFailed as failure:
        raise _explained(failure, limits) from failure
    return manuscript_in(answer)


def manuscript_in(answer: bytes) -> Manuscript:
    """Return the manuscript in the worker's `answer`.

    Raises: the error in it, as the class it was; DamagedFile where it is no answer at all.
    """
    try:
        fields, _ = sandbox.unpack_answer(answer, errors=ManuscriptError)
        return Manuscript.from_fields(fields)
    except (sandbox.BadAnswer, ValueError, KeyError, TypeError, AttributeError):
        # Not chained: the answer may hold text of the manuscript.
        raise DamagedFile("Reading this file broke off without a result.") from None


def _explained(failure: sandbox.WorkerFailed, limits: Limits) -> ManuscriptError:
    match failure.reason:
        case "start":
            return LimitReached("This computer has no room to start reading the file.")
        case "time":
            return LimitReached(f"Reading this file took longer than {limits.seconds:g} seconds.")
        case "memory":
            return LimitReached("The computer ran out of memory while reading this file.")
        case "crash":
            return DamagedFile("Reading this file failed: something in it breaks the reader.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"
