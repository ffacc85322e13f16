"""Bytes to Manuscript, in this process.

Only the sandbox calls this on uploaded bytes (`answer`): a harmful file may take all memory or
never end, and then there must be a process to kill that is not the app (`read_in_sandbox`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from components.errors import DamagedFile, EmptyFile
from components.manuscripts.chapters.detection import DetectedChapters, find_chapters
from components.manuscripts.chapters.title_page import title_page
from components.manuscripts.document import Document
from components.manuscripts.file_names import title_from_name
from components.manuscripts.formats import read_document, sniffing
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Footnote, Manuscript
from components.manuscripts.text import language
from components.manuscripts.text.assembly import Canonical, lay_out


def answer(
    header: dict[str, Any], data: bytes, on_progress: Callable[[int, int], None]
) -> tuple[dict[str, Any], bytes]:
    """Return the fields of the manuscript that `read_in_sandbox.read` asks for."""
    header["limits"] = Limits(**header["limits"])
    try:
        return asdict(parse(data, **header, on_progress=on_progress)), b""
    except RecursionError:
        raise DamagedFile("This file is nested too deeply to be read.") from None


def parse(
    data: bytes,
    *,
    name: str,
    password: str | None,
    limits: Limits,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Manuscript:
    """Return the manuscript in `data`; see `read_in_sandbox.read`. Raises: ManuscriptError."""
    document = read_document(
        data,
        source=sniffing.sniff(data, name=name),
        password=password,
        limits=limits,
        ocr=ocr,
        on_progress=on_progress,
    )
    if disagreement := sniffing.mismatch(document.source, name=name):
        document = replace(document, warnings=(disagreement, *document.warnings))
    digest = hashlib.sha256(data).hexdigest()
    return to_manuscript(document, name=name, sha256=digest, limits=limits)


def to_manuscript(document: Document, *, name: str, sha256: str, limits: Limits) -> Manuscript:
    """Return what a document is as a manuscript. Raises: EmptyFile."""
    canonical = lay_out(document.blocks)
    if not canonical.text:
        raise EmptyFile("The file holds no words.")
    page = title_page(document)
    found = find_chapters(canonical, title=document.title)
    warnings = [*document.warnings, *canonical.warnings]
    if len(found.chapters) > limits.chapters:
        warnings.append(
            f"Found {len(found.chapters):,} headings, more than the {limits.chapters:,} that a book"
            " may have here: the text was taken without chapters."
        )
        found = DetectedChapters((), "none", 0.0)
    return Manuscript(
        title=document.title or page.title or title_from_name(name),
        text=canonical.text,
        chapters=found.chapters,
        source=document.source,
        sha256=sha256,
        encoding=document.encoding,
        page_count=document.page_count,
        warnings=tuple(warnings),
        author=document.author or page.author,
        language=document.language or language.detect(canonical.text),
        notes=tuple(_located(note, canonical) for note in document.notes),
        basis=found.basis,
        confidence=found.confidence,
    )


def _located(note: Footnote, canonical: Canonical) -> Footnote:
    """Return `note`, which counts blocks, with its mark at the end of its block in the text."""
    blocks = canonical.placed
    index = canonical.places[note.at] if note.at < len(canonical.places) else len(blocks)
    return Footnote(note.text, blocks[index].end if index < len(blocks) else len(canonical.text))
