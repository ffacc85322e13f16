"""Bytes to Manuscript, in this process.

Only the worker calls this on uploaded bytes: a file made to do harm may take all memory or never
end, and then there must be a process to kill that is not the app (`reading`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from components.errors import EmptyFile
from components.manuscripts import formats, sniffing
from components.manuscripts.chapters import find_chapters
from components.manuscripts.headings import parse as parse_heading
from components.manuscripts.manuscript import Manuscript, Source
from components.manuscripts.names import title_from_name
from components.manuscripts.text import clean, decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from components.manuscripts.limits import Limits

#: Characters. A longer first line is a sentence.
_MAX_TITLE = 100


def parse(
    data: bytes,
    *,
    name: str,
    password: str | None,
    limits: Limits,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Manuscript:
    """Return the manuscript in `data`; see `reading.read`.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, ImageOnly, DamagedFile,
    LimitReached.
    """
    source = sniffing.sniff(data, name=name)
    encoding: str | None = None
    page_count: int | None = None
    title: str | None = None
    warnings: list[str] = []
    if source == "pdf":
        from components.manuscripts.pdf import read_pdf  # here: it costs text files 0.15 s

        pdf = read_pdf(
            data, password=password, limits=limits, on_progress=on_progress, recognise=ocr
        )
        page_count = pdf.page_count
        shown = [
            block.text.replace("\n", "\n\n") if block.level else block.text for block in pdf.blocks
        ]
        text, removed = clean("\n\n".join(filter(None, shown)))
        title = clean(pdf.title)[0].strip() if pdf.title else None
        warnings += [*pdf.warnings, *removed]
    elif source in formats.REFLOWABLE:
        document = formats.read_document(data, source=source, password=password, limits=limits)
        text, removed = clean("\n\n".join(one.text for one in document.blocks if one.text))
        title = document.title or None
        warnings += [*document.warnings, *removed]
    else:
        decoded = decode(data, characters=limits.characters)
        text, encoding = decoded.text, decoded.encoding
        warnings += decoded.warnings
        if source == "txt" and sniffing.looks_like_markdown(text):
            source = "md"
    if not text.strip():
        raise EmptyFile("The file holds no words.")
    if disagreement := sniffing.mismatch(source, name=name):
        warnings.insert(0, disagreement)
    chapters = find_chapters(text, markdown=source == "md")
    if len(chapters) > limits.chapters:
        warnings.append(
            f"Found {len(chapters):,} headings, more than the {limits.chapters:,} that a book"
            " may have here: the text was taken without chapters."
        )
        chapters = ()
    return Manuscript(
        title=title or _first_line(text, source) or title_from_name(name),
        text=text,
        chapters=chapters,
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        page_count=page_count,
        warnings=tuple(warnings),
    )


def _first_line(text: str, source: Source) -> str | None:
    """Return the first line of `text` where it stands alone, as a title does."""
    start = len(text) - len(text.lstrip())
    head = text[start : start + 4 * _MAX_TITLE]
    line, _, rest = head.partition("\n")
    line = line.strip()
    marked = source == "md" and line.startswith("#")
    if marked:
        line = line.lstrip("#").rstrip("#")
    title = line.strip(" \t*_")
    if not title or len(title) > _MAX_TITLE or parse_heading(title) is not None:
        return None
    below = rest.partition("\n")[0].strip()
    alone = not below or below.casefold().startswith(("by ", "par ", "von "))
    if marked or (alone and title[-1] not in ".,;:!?”»" and title[0] not in "“«\"'"):
        return title
    return None
