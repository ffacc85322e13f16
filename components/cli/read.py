"""The command that reads a manuscript and says what was found; no model is asked.

Offsets in what it prints count characters of the canonical text, which `--text` prints: paragraphs
set apart by one blank line. A newline is added at the end of that text, after the last offset.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from components.manuscripts import Chapter, Manuscript, read

#: How many words of a chapter show what it begins with.
_FIRST_WORDS = 12


def show(given: argparse.Namespace) -> int:
    """Read a file; print its text, what was found as JSON, or a table of it."""
    path = Path(given.file)
    manuscript = read(path.read_bytes(), name=path.name, password=given.password, ocr=given.ocr)
    if given.text:
        _out(manuscript.text)
    elif given.json:
        _out(json.dumps(described(manuscript), ensure_ascii=False, indent=2))
    else:
        _out(_table(manuscript))
    return 0


def described(manuscript: Manuscript) -> dict[str, Any]:
    """Return what was found in a manuscript, as the JSON of the command."""
    headed = [chapter for chapter in manuscript.chapters if not chapter.is_headless]
    return {
        "title": manuscript.title,
        "author": manuscript.author,
        "language": manuscript.language,
        "words": manuscript.words,
        "pages": manuscript.pages,
        "source": manuscript.source,
        "encoding": manuscript.encoding,
        "sha256": manuscript.sha256,
        "basis": manuscript.basis,
        "confidence": manuscript.confidence,
        "warnings": list(manuscript.warnings),
        "notes": len(manuscript.notes),
        "parts": list(dict.fromkeys(one.part for one in headed if one.part)),
        "chapters": [_chapter(manuscript, one) for one in headed],
        "front_matter": _headless(manuscript, "front"),
        "back_matter": _headless(manuscript, "back"),
    }


def _chapter(manuscript: Manuscript, one: Chapter) -> dict[str, Any]:
    end = manuscript.body_end(one)
    body = manuscript.text[one.body_start : end]
    return {
        "heading": one.heading,
        "kind": one.kind,
        "number": one.number,
        "part": one.part or None,
        "title": one.title or None,
        "start": one.heading_start,
        "body_start": one.body_start,
        "end": end,
        "words": one.words,
        "first_words": " ".join(body.split(None, _FIRST_WORDS)[:_FIRST_WORDS]),
        "scenes": list(one.scenes),
    }


def _headless(manuscript: Manuscript, kind: str) -> list[dict[str, int]]:
    return [
        {"start": chapter.start, "end": manuscript.body_end(chapter), "words": chapter.words}
        for chapter in manuscript.chapters
        if chapter.is_headless and chapter.kind == kind
    ]


def _table(manuscript: Manuscript) -> str:
    named = " — ".join(part for part in (manuscript.title, manuscript.author) if part)
    count = sum(not chapter.is_headless for chapter in manuscript.chapters)
    lines = [named, f"{manuscript.words:,} words, {count:,} headings"]
    if manuscript.chapters:
        sure = f"{manuscript.confidence:.0%}"
        lines.append(f"headings found by {manuscript.basis}, {sure} sure")
    lines += [f"[{warning}]" for warning in manuscript.warnings]
    part = ""
    for chapter in manuscript.chapters:
        if chapter.part and chapter.part != part:
            lines.append(chapter.part)
        part = chapter.part
        lines.append(f"{chapter.words:>9,}  {chapter.kind:<12}  {chapter.heading}")
    return "\n".join(lines)


def _out(text: str) -> None:
    """Write UTF-8, whatever the terminal's encoding is, lest a character be lost."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
