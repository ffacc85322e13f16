"""The command that reads a manuscript and says what was found; no model is asked.

Offsets in what it prints count characters of the canonical text, which `--text` prints: paragraphs
set apart by one blank line. A newline is added at the end of that text, after the last offset.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from components.languages import length
from components.manuscripts import Chapter, Manuscript, read

#: How many words of a chapter show what it begins with.
_FIRST_WORDS = 12


def show(arguments: argparse.Namespace) -> int:
    """Read a file; print its text, what was found as JSON, or a table of it."""
    path = Path(arguments.file)
    manuscript = read(
        path.read_bytes(), name=path.name, password=arguments.password, ocr=arguments.ocr
    )
    if arguments.text:
        _out(manuscript.text)
    elif arguments.json:
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
        "unit": manuscript.unit,
        "pages": manuscript.pages,
        "source": manuscript.source,
        "encoding": manuscript.encoding,
        "sha256": manuscript.sha256,
        "basis": manuscript.basis,
        "confidence": manuscript.confidence,
        "evidence": [asdict(vote) for vote in manuscript.evidence],
        "warnings": list(manuscript.warnings),
        "notes": len(manuscript.notes),
        "parts": list(dict.fromkeys(chapter.part for chapter in headed if chapter.part)),
        "chapters": [_chapter(manuscript, chapter) for chapter in headed],
        "front_matter": _headless(manuscript, "front"),
        "back_matter": _headless(manuscript, "back"),
    }


def _chapter(manuscript: Manuscript, chapter: Chapter) -> dict[str, Any]:
    end = manuscript.body_end(chapter)
    body = manuscript.text[chapter.body_start : end]
    return {
        "heading": chapter.heading,
        "kind": chapter.kind,
        "number": chapter.number,
        "part": chapter.part or None,
        "title": chapter.title or None,
        "start": chapter.heading_start,
        "body_start": chapter.body_start,
        "end": end,
        "words": chapter.words,
        "first_words": " ".join(body.split(None, _FIRST_WORDS)[:_FIRST_WORDS]),
        "scenes": list(chapter.scenes),
    }


def _headless(manuscript: Manuscript, kind: str) -> list[dict[str, int]]:
    return [
        {"start": chapter.start, "end": manuscript.body_end(chapter), "words": chapter.words}
        for chapter in manuscript.chapters
        if chapter.is_headless and chapter.kind == kind
    ]


def _table(manuscript: Manuscript) -> str:
    title = " — ".join(filter(None, (manuscript.title, manuscript.author)))
    count = sum(not chapter.is_headless for chapter in manuscript.chapters)
    lines = [title, f"{length(manuscript.words, manuscript.unit)}, {count:,} headings"]
    if manuscript.chapters:
        lines.append(f"headings found by {manuscript.basis}, {manuscript.confidence:.0%} sure")
    lines += [f"[{warning}]" for warning in manuscript.warnings]
    part = ""
    for chapter in manuscript.chapters:
        if chapter.part and chapter.part != part:
            lines.append(chapter.part)
        part = chapter.part
        lines.append(f"{chapter.words:>9,}  {chapter.kind:<12}  {chapter.heading}")
    return "\n".join(lines)


def _out(text: str) -> None:
    """Write UTF-8, whatever the terminal's encoding is, so that no character is lost."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
