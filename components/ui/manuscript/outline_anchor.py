"""Which place of a manuscript an address names: "12345" or "12345-12400", characters of its text.

A chapter's own start opens the chapter. Any other start alone means the paragraph around it; a
stretch is marked; an empty stretch opens the page that it is on and marks nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.manuscripts import Chapter, Manuscript
from components.manuscripts.outline_edits import outline

_AT = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A chapter, and what of it is meant: (start, end) in the text, None for its beginning.

    `is_missing` says that the address named a place that the text has not.
    """

    chapter: Chapter
    stretch: tuple[int, int] | None = None
    is_missing: bool = False

    @property
    def scroll(self) -> str:
        """Return a word for what the page should show, empty for the chapter's beginning."""
        return f"{self.stretch[0]}-{self.stretch[1]}" if self.stretch else ""


def place_at(manuscript: Manuscript, at: str) -> Anchor:
    """Return the place that `at` names, the first chapter where it names none."""
    chapters = outline(manuscript)
    match = _AT.fullmatch(at)
    if match is None:
        return Anchor(chapters[0], is_missing=bool(at))
    start = int(match[1])
    end = int(match[2]) if match[2] else None
    chapter = next((chapter for chapter in chapters if chapter.start <= start < chapter.end), None)
    if chapter is None or (end is not None and end < start):
        return Anchor(chapters[0], is_missing=True)
    if end is None:
        return Anchor(chapter, _paragraph(manuscript, chapter, start))
    return Anchor(chapter, (start, min(end, len(manuscript.text))))


def _paragraph(manuscript: Manuscript, chapter: Chapter, at: int) -> tuple[int, int] | None:
    """Return the paragraph at `at` or after it, None for the chapter's beginning."""
    if at == chapter.start:
        return None
    pairs = manuscript.paragraphs(chapter.start, chapter.end)
    return next((pair for pair in pairs if at < pair[1]), pairs[-1] if pairs else None)
