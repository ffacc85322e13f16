"""Title and author as the first lines of a text give them, where the file has no metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from components.manuscripts.chapters.headings import parse
from components.manuscripts.document import Block, Document

#: Characters. A longer first line is a sentence.
_MAX_TITLE = 100
#: Blocks of a title page, and of Project Gutenberg's header.
_TITLE_BLOCKS, _HEADER_BLOCKS = 4, 16
_BY = ("by ", "par ", "von ", "por ", "di ", "door ", "de ", "af ", "av ")
#: Words of a name; what is longer is no author.
_NAME_WORDS = 6
_MARKS = " \t*_"


class TitlePage(NamedTuple):
    """Title and author, empty where the first lines do not say."""

    title: str
    author: str


def title_page(document: Document) -> TitlePage:
    """Return the title and the author that the first lines of a document give."""
    blocks = document.blocks
    header = _header(blocks)
    if header is not None:
        return header
    lines = _lines(blocks)
    titled = [block.text for block in blocks if block.role == "title"]
    title = " ".join(titled[0].split())[: 2 * _MAX_TITLE] if titled else ""
    if not title and lines and _stands_alone(document, lines):
        title = lines[0].strip(_MARKS)
    if not title:
        return TitlePage("", "")
    return TitlePage(title, _author(lines[1:4]) or _name_below(blocks))


def _header(blocks: Sequence[Block]) -> TitlePage | None:
    """Return what Project Gutenberg's header says, or None without one."""
    if not blocks or "gutenberg" not in blocks[0].text[: 2 * _MAX_TITLE].casefold():
        return None
    found = {"title": "", "author": ""}
    for block in blocks[:_HEADER_BLOCKS]:
        for line in block.text[: 4 * _MAX_TITLE].split("\n"):
            name, colon, value = line.partition(":")
            if colon and not found.get(name.strip().casefold(), "-"):
                found[name.strip().casefold()] = value.strip()
    return TitlePage(found["title"], found["author"]) if found["title"] else None


def _lines(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks[:_TITLE_BLOCKS]:
        if len(block.text) > 4 * _MAX_TITLE:
            break
        lines += [line.strip() for line in block.text.split("\n") if line.strip()]
    return lines


def _stands_alone(document: Document, lines: Sequence[str]) -> bool:
    """Return whether the first line is a title: short, no sentence, nothing right below it."""
    blocks = document.blocks
    first = lines[0].strip(_MARKS)
    if not first or len(first) > _MAX_TITLE or parse(first) is not None:
        return False
    if blocks[0].level:
        return all(block.level != blocks[0].level for block in blocks[1:])
    below = lines[1] if len(lines) > 1 else ""
    apart = document.source != "txt" or len(blocks) < 2 or blocks[1].gap > 0
    alone = "\n" not in blocks[0].text and apart
    if below and not alone and not _author([below]):
        return False
    return first[-1] not in ".,;:!?”»" and first[0] not in "“«\"'"


def _author(lines: Sequence[str]) -> str:
    """Return the name in the first of `lines` that says "by" somebody."""
    for at, line in enumerate(lines):
        shown = line.strip(_MARKS)
        folded = shown.casefold()
        if folded in ("by", "par", "von", "por") and at + 1 < len(lines):
            return lines[at + 1].strip(_MARKS)
        for word in _BY:
            name = shown[len(word) :].strip()
            if folded.startswith(word) and name[:1].isupper() and len(name.split()) <= _NAME_WORDS:
                return name
    return ""


def _name_below(blocks: Sequence[Block]) -> str:
    """Return the name alone between a marked title and the next marked heading."""
    if len(blocks) < 3 or not blocks[2].level:
        return ""
    first, name = blocks[0], blocks[1].text.strip(_MARKS)
    marked = first.level > 0 or first.role == "title"
    words = name.split()
    named = 1 < len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words)
    return name if marked and named and not blocks[1].level and "\n" not in name else ""
