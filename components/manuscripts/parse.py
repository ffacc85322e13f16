"""Bytes to Manuscript, in this process.

Only the worker calls this on uploaded bytes: a file made to do harm may take all memory or never
end, and then there must be a process to kill that is not the app (`read_in_sandbox`).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from components.errors import EmptyFile
from components.manuscripts import formats
from components.manuscripts.chapters.detection import DetectedChapters, find_chapters
from components.manuscripts.chapters.title_page import title_page
from components.manuscripts.document import Document
from components.manuscripts.file_names import title_from_name
from components.manuscripts.formats import markdown as markup
from components.manuscripts.formats import plain, sniffing
from components.manuscripts.manuscript import Footnote, Manuscript
from components.manuscripts.text import language
from components.manuscripts.text.assembly import Canonical, lay_out
from components.manuscripts.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from components.manuscripts.limits import Limits


def parse(
    data: bytes,
    *,
    name: str,
    password: str | None,
    limits: Limits,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Manuscript:
    """Return the manuscript in `data`; see `read_in_sandbox.read`.

    Raises: EmptyFile, UnsupportedType, PasswordRequired, WrongPassword, ImageOnly, DamagedFile,
    LimitReached.
    """
    source = sniffing.sniff(data, name=name)
    if source == "pdf":
        from components.manuscripts.formats.pdf.reader import (
            read_pdf,  # here: it costs text files 0.15 s
        )

        document = read_pdf(
            data, password=password, limits=limits, on_progress=on_progress, recognise=ocr
        )
    elif source in formats.REFLOWABLE:
        document = formats.read_document(data, source=source, password=password, limits=limits)
    else:
        document = read_text(data, markdown=source == "md", limits=limits)
    if disagreement := sniffing.mismatch(document.source, name=name):
        document = replace(document, warnings=(disagreement, *document.warnings))
    digest = hashlib.sha256(data).hexdigest()
    return to_manuscript(document, name=name, sha256=digest, limits=limits)


def read_text(data: bytes, *, markdown: bool, limits: Limits) -> Document:
    """Return a text file as a document; Markdown is also known by its headings.

    Raises: LimitReached, UnsupportedType.
    """
    decoded = decode(data, characters=limits.characters)
    markdown = markdown or sniffing.looks_like_markdown(decoded.text)
    reader = markup.blocks if markdown else plain.blocks
    return Document(
        tuple(reader(decoded.text)),
        "md" if markdown else "txt",
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def to_manuscript(document: Document, *, name: str, sha256: str, limits: Limits) -> Manuscript:
    """Return what a document is as a manuscript.

    Raises: EmptyFile.
    """
    canonical = lay_out(document.blocks)
    if not canonical.text:
        raise EmptyFile("The file holds no words.")
    page = title_page(document)
    title = document.title or page.title
    found = find_chapters(canonical, title=document.title)
    warnings = [*document.warnings, *canonical.warnings]
    if len(found.chapters) > limits.chapters:
        warnings.append(
            f"Found {len(found.chapters):,} headings, more than the {limits.chapters:,} that a book"
            " may have here: the text was taken without chapters."
        )
        found = DetectedChapters((), "none", 0.0)
    return Manuscript(
        title=title or title_from_name(name),
        text=canonical.text,
        chapters=found.chapters,
        source=document.source,
        sha256=sha256,
        encoding=document.encoding,
        page_count=document.page_count,
        warnings=tuple(warnings),
        author=document.author or page.author,
        language=document.language or language.detect(canonical.text),
        notes=tuple(_placed_note(note, canonical) for note in document.notes),
        basis=found.basis,
        confidence=found.confidence,
    )


def _placed_note(note: Footnote, canonical: Canonical) -> Footnote:
    """Return `note`, which counts blocks, with its mark at the end of its block in the text."""
    place = canonical.places[note.at] if note.at < len(canonical.places) else len(canonical.placed)
    at = canonical.placed[place].end if place < len(canonical.placed) else len(canonical.text)
    return Footnote(note.text, at)
