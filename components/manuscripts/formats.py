"""Which reader reads what: one function for Word, EPUB, OpenDocument and RTF files.

Each reader is imported when it is needed: the others' libraries would only cost time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from components.errors import EmptyFile

if TYPE_CHECKING:
    from components.manuscripts.document import Document
    from components.manuscripts.limits import Limits
    from components.manuscripts.manuscript import Source

#: Formats of word processors and of books: not text, not pages.
REFLOWABLE: frozenset[Source] = frozenset({"docx", "epub", "odt", "rtf"})


def read_document(data: bytes, *, source: Source, password: str | None, limits: Limits) -> Document:
    """Return what a file of a format in `REFLOWABLE` holds.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, DamagedFile, LimitReached;
    ValueError for any other format.
    """
    if source not in REFLOWABLE:
        raise ValueError(source)
    reader = import_module(f"components.manuscripts.{source}")
    document: Document = getattr(reader, f"read_{source}")(data, password=password, limits=limits)
    if not any(block.text.strip() for block in document.blocks):
        raise EmptyFile("The file holds no words.")
    return document
