"""Which reader reads what: one function for Word, EPUB, OpenDocument and RTF files.

Each reader is imported when it is needed: the others' libraries would only cost time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.errors import EmptyFile

if TYPE_CHECKING:
    from components.manuscripts.document import Document
    from components.manuscripts.limits import Limits
    from components.manuscripts.manuscript import Source

#: Formats of word processors and of books: not text, not pages.
REFLOWABLE: frozenset[Source] = frozenset({"docx", "epub", "odt", "rtf"})


def read_document(data: bytes, *, source: Source, password: str | None, limits: Limits) -> Document:
    """Return what a file of a format in `REFLOWABLE` holds; only Word's can have a `password`.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, DamagedFile, LimitReached;
    ValueError for any other format.
    """
    document = _read(data, source=source, password=password, limits=limits)
    if not any(block.text.strip() for block in document.blocks):
        raise EmptyFile("The file holds no words.")
    return document


def _read(data: bytes, *, source: Source, password: str | None, limits: Limits) -> Document:
    if source == "docx":
        from components.manuscripts.formats.docx.reader import read_docx

        return read_docx(data, password=password, limits=limits)
    if source == "epub":
        from components.manuscripts.formats.epub.reader import read_epub

        return read_epub(data, limits=limits)
    if source == "odt":
        from components.manuscripts.formats.odt.reader import read_odt

        return read_odt(data, limits=limits)
    if source == "rtf":
        from components.manuscripts.formats.rtf.reader import read_rtf

        return read_rtf(data, limits=limits)
    raise ValueError(source)
