"""Bytes to Manuscript, in this process.

Only the sandbox calls this on uploaded bytes (`answer`): a harmful file may take all memory or
never end, and then there must be a process to kill that is not the app (`read_in_sandbox`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from components.errors import DamagedFile, EmptyFile
from components.manuscripts.chapters import numerals
from components.manuscripts.chapters.detection import DetectedChapters, find_chapters
from components.manuscripts.chapters.title_page import title_page
from components.manuscripts.document import Document
from components.manuscripts.file_names import title_from_name
from components.manuscripts.formats import sniffing
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Footnote, Manuscript, Source
from components.manuscripts.text import language_detection
from components.manuscripts.text.assembly import Canonical, lay_out

#: Made before there is a file: a process that waits for one has it then.
numerals.first_words()


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
    source = sniffing.sniff(data, name=name)
    document = read_document(data, source, password, limits=limits, ocr=ocr, report=on_progress)
    if disagreement := sniffing.mismatch(document.source, name=name):
        document = replace(document, warnings=(disagreement, *document.warnings))
    digest = hashlib.sha256(data).hexdigest()
    return to_manuscript(document, name=name, sha256=digest, limits=limits)


def read_document(
    data: bytes,
    source: Source,
    password: str | None = None,
    *,
    limits: Limits,
    ocr: bool = False,
    report: Callable[[int, int], None] | None = None,
) -> Document:
    """Return what a file of the format `source` holds; `ocr` and `report` are for PDFs.

    Each reader is imported when it is needed: the others' libraries would only cost time.
    Raises: ManuscriptError, as one of its classes.
    """
    match source:
        case "txt" | "md":
            from components.manuscripts.formats.markdown import read_text

            return read_text(data, markdown=source == "md", limits=limits)
        case "pdf":
            from components.manuscripts.formats.pdf.reader import read_pdf

            return read_pdf(data, password, limits=limits, on_progress=report, recognize=ocr)
        case "docx":
            from components.manuscripts.formats.docx.reader import read_docx

            return read_docx(data, password=password, limits=limits)
        case "epub":
            from components.manuscripts.formats.epub.reader import read_epub

            return read_epub(data, limits=limits)
        case "odt":
            from components.manuscripts.formats.odt import read_odt

            return read_odt(data, limits=limits)
        case "rtf":
            from components.manuscripts.formats.rtf import read_rtf

            return read_rtf(data, limits=limits)


def to_manuscript(document: Document, *, name: str, sha256: str, limits: Limits) -> Manuscript:
    """Return what a document is as a manuscript. Raises: EmptyFile."""
    canonical = lay_out(document.blocks)
    if not canonical.text:
        raise EmptyFile("The file holds no words.")
    title, author = title_page(document)
    found = find_chapters(canonical, title=document.title, author=document.author or author)
    warnings = [*document.warnings, *canonical.warnings]
    headed = [chapter for chapter in found.chapters if not chapter.is_headless]
    if len(headed) > 1 and headed[0].heading == title:
        title = ""  # the first line heads the first of several
    said, shown = document.language, language_detection.detect(canonical.text)
    if language_detection.contradicts(shown, said):
        warnings.append(
            f"The file says that it is in {language_detection.name_of(said)}, but its text is in"
            f" {language_detection.name_of(shown)}: it was taken as that."
        )
        said = shown
    if len(found.chapters) > limits.chapters:
        warnings.append(
            f"Found {len(found.chapters):,} headings, more than the {limits.chapters:,} that a book"
            " may have here: the text was taken without chapters."
        )
        found = DetectedChapters((), "none", 0.0)
    return Manuscript(
        title=document.title or title or title_from_name(name),
        text=canonical.text,
        chapters=found.chapters,
        source=document.source,
        sha256=sha256,
        encoding=document.encoding,
        page_count=document.page_count,
        warnings=tuple(warnings),
        author=document.author or author,
        language=said or shown,
        notes=tuple(_located(note, canonical) for note in document.notes),
        basis=found.basis,
        confidence=found.confidence,
        evidence=found.evidence,
    )


def _located(note: Footnote, canonical: Canonical) -> Footnote:
    """Return `note`, which counts blocks, with its mark at the end of its block in the text."""
    blocks = canonical.placed
    index = canonical.places[note.at] if note.at < len(canonical.places) else len(blocks)
    return Footnote(note.text, blocks[index].end if index < len(blocks) else len(canonical.text))
