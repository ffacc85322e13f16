"""Bytes to Manuscript, in this process.

Only the worker calls this on uploaded bytes: a file made to do harm may take all memory or never
end, and then there must be a process to kill that is not the app (`reading`).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from components.errors import EmptyFile
from components.manuscripts import formats, language, markup, plain, sniffing
from components.manuscripts.canonical import Canonical, lay_out
from components.manuscripts.chapters import Found, find_chapters
from components.manuscripts.document import Block, Document
from components.manuscripts.headings import parse as parse_heading
from components.manuscripts.manuscript import Manuscript, Note
from components.manuscripts.names import title_from_name
from components.manuscripts.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from components.manuscripts.limits import Limits

#: Characters. A longer first line is a sentence.
_MAX_TITLE = 100
#: Blocks of a title page: title, author and between.
_TITLE_BLOCKS = 4
_HEADER_BLOCKS = 16
_BY = ("by ", "par ", "von ", "por ", "di ", "door ", "de ", "af ", "av ")
#: Words of a name; what is longer is no author.
_NAME_WORDS = 6


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
    if source == "pdf":
        from components.manuscripts.pdf import read_pdf  # here: it costs text files 0.15 s

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
    title, author = _header(document.blocks) or _title_page(document.blocks)
    title = document.title or title
    found = find_chapters(canonical, title=title)
    warnings = [*document.warnings, *canonical.warnings]
    if len(found.chapters) > limits.chapters:
        warnings.append(
            f"Found {len(found.chapters):,} headings, more than the {limits.chapters:,} that a book"
            " may have here: the text was taken without chapters."
        )
        found = Found((), "none", 0.0)
    return Manuscript(
        title=title or title_from_name(name),
        text=canonical.text,
        chapters=found.chapters,
        source=document.source,
        sha256=sha256,
        encoding=document.encoding,
        page_count=document.page_count,
        warnings=tuple(warnings),
        author=document.author or author,
        language=document.language or language.detect(canonical.text),
        notes=tuple(_placed_note(note, canonical) for note in document.notes),
        basis=found.basis,
        confidence=found.confidence,
    )


def _placed_note(note: Note, canonical: Canonical) -> Note:
    """Return `note`, which counts blocks, with its mark at the end of its block in the text."""
    place = canonical.places[note.at] if note.at < len(canonical.places) else len(canonical.placed)
    at = canonical.placed[place].end if place < len(canonical.placed) else len(canonical.text)
    return Note(note.text, at)


def _header(blocks: tuple[Block, ...]) -> tuple[str, str] | None:
    """Return the title and the author in Project Gutenberg's header, or None without one."""
    if not blocks or "gutenberg" not in blocks[0].text[: 2 * _MAX_TITLE].casefold():
        return None
    found = {"title": "", "author": ""}
    for block in blocks[:_HEADER_BLOCKS]:
        for line in block.text[: 4 * _MAX_TITLE].split("\n"):
            name, colon, value = line.partition(":")
            if colon and not found.get(name.strip().casefold(), "-"):
                found[name.strip().casefold()] = value.strip()
    return (found["title"], found["author"]) if found["title"] else None


def _title_page(blocks: tuple[Block, ...]) -> tuple[str, str]:
    """Return the title and the author that the first lines give, "" where they do not."""
    titled = [block.text for block in blocks if block.role == "title"]
    lines: list[str] = []
    for block in blocks[:_TITLE_BLOCKS]:
        if len(block.text) > 4 * _MAX_TITLE:
            break
        lines += [line.strip() for line in block.text.split("\n") if line.strip()]
    title = " ".join(titled[0].split())[: 2 * _MAX_TITLE] if titled else ""
    first = lines[0].strip(" \t*_") if lines else ""
    marked = bool(blocks) and blocks[0].level > 0
    if not title and _is_title(first) and parse_heading(first) is None:
        below = lines[1] if len(lines) > 1 else ""
        short = not below or len(below) <= _MAX_TITLE or parse_heading(below) is not None
        alone = "\n" not in blocks[0].text or _author(lines[1:2])
        if marked or (alone and short and first[-1] not in ".,;:!?”»"):
            title = first
        elif alone and len(blocks) > 1 and len(blocks[0].text) <= _MAX_TITLE and blocks[1].level:
            title = first
    return title, _author(lines[1:4]) if title else ""


def _is_title(line: str) -> bool:
    return bool(line) and len(line) <= _MAX_TITLE and line[0] not in "“«\"'" and line[-1] not in ",;:"


def _author(lines: list[str]) -> str:
    """Return the name in the first of `lines` that says "by" somebody."""
    for at, line in enumerate(lines):
        shown = line.strip(" \t*_")
        folded = shown.casefold()
        if folded in ("by", "par", "von", "por") and at + 1 < len(lines):
            return lines[at + 1].strip(" \t*_")
        for word in _BY:
            if folded.startswith(word) and 0 < len(shown[len(word) :].split()) <= _NAME_WORDS:
                return shown[len(word) :].strip()
    return ""
