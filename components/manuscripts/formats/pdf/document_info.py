"""What a PDF says of itself: title, author, language, where a person may have written them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdf import PdfReader

#: Characters. Longer metadata is no title.
_LONGEST = 150
_NO_NAMES = (
    "untitled", "unknown", "(unspecified)", "document", "microsoft word", "title", "anonymous",
    "(anonymous)", "author", "user", "admin", "administrator", "owner",
)  # fmt: skip
_FILE_ENDINGS = (".doc", ".docx", ".odt", ".rtf", ".indd", ".pdf", ".txt", ".pages", ".dvi", ".tex")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class DocumentInfo(NamedTuple):
    """A file's own title, author and language (BCP 47), each empty where it has none."""

    title: str = ""
    author: str = ""
    language: str = ""


def facts_of(reader: PdfReader) -> DocumentInfo:
    """Return what the metadata says; broken metadata is no reason to refuse a book."""
    title = author = language = ""
    try:
        metadata = reader.metadata
        if metadata:
            title, author = _shown(metadata.title), _shown(metadata.author)
        said = reader.root_object.get("/Lang")
        if isinstance(said, str) and _LANGUAGE.fullmatch(said.strip()):
            language = said.strip()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything
        return DocumentInfo(title, author, language)
    return DocumentInfo(title, author, language)


def _shown(said: object) -> str:
    """Return a title or a name as it may be shown, empty where a program wrote it."""
    if not isinstance(said, str):
        return ""
    shown = " ".join(said.split())
    folded = shown.casefold()
    if not shown or len(shown) > _LONGEST:
        return ""
    if folded in _NO_NAMES or folded.endswith(_FILE_ENDINGS) or folded.startswith("microsoft "):
        return ""
    return shown
