"""Reading an uploaded file in a process of its own (`components.sandbox`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from components import sandbox
from components.errors import DamagedFile, EmptyFile, LimitReached, ManuscriptError
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import Manuscript

_TASK = "components.manuscripts.parse"

#: What a worker without a result is for an editor, by `sandbox.WorkerFailed.reason`.
_FAILURES: dict[str, tuple[type[ManuscriptError], str]] = {
    "start": (LimitReached, "This computer has no room to start reading the file."),
    "time": (LimitReached, "Reading this file took longer than {seconds:g} seconds."),
    "memory": (LimitReached, "The computer ran out of memory while reading this file."),
    "limit": (LimitReached, "Reading this file takes more memory than a manuscript would."),
    "crash": (DamagedFile, "Reading this file failed: something in it breaks the reader."),
    "answer": (DamagedFile, "Reading this file broke off without a result."),
}


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
    with guarded(data, limits=limits):
        return sandbox.run(
            _TASK,
            {"name": name, "password": password, "limits": asdict(limits), "ocr": ocr},
            data,
            into=lambda fields, _: Manuscript.from_fields(fields),
            errors=ManuscriptError,
            memory_bytes=limits.memory_bytes,
            seconds=limits.seconds + (limits.pages * limits.ocr_page_seconds if ocr else 0),
            between=limits.seconds + limits.ocr_page_seconds if ocr else None,
            on_progress=on_progress,
        )


@contextmanager
def guarded(data: bytes, *, limits: Limits) -> Iterator[None]:
    """Refuse a file by its size, then say what a worker without a result is for an editor.

    Raises: EmptyFile, LimitReached, DamagedFile.
    """
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > limits.file_bytes:
        raise LimitReached(
            f"The file has {len(data) / 1e6:,.0f} MB, more than the"
            f" {limits.file_bytes / 1e6:,.0f} MB that can be read."
        )
    try:
        yield
    except sandbox.WorkerFailed as failure:
        kind, message = _FAILURES[failure.reason]
        raise kind(message.format(seconds=limits.seconds)) from failure
