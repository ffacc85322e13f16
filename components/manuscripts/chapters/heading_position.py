"""A heading where it stands among the blocks of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.manuscripts.chapters.headings import Heading
from components.manuscripts.manuscript import Basis, ChapterKind


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """A heading, the blocks that it takes, and what is known of it.

    `at` is its first block and `until` the first block of what it heads, the same where the
    heading is not in the text. `title` is from the lines below the heading's own. `level` is the
    file's, 0 where it has none; `part` what the chapter stands in, where the finder knows.
    """

    at: int
    until: int
    heading: Heading
    words_before: int
    title: str = ""
    level: int = 0

    @property
    def number(self) -> int:
        """Return what the heading counts, 0 where it counts nothing."""
        return self.heading.number

    @property
    def kind(self) -> ChapterKind:
        """Return what the heading heads."""
        return self.heading.kind

    @property
    def label(self) -> str:
        """Return the heading as the editor reads it, with the title from the lines below."""
        return f"{self.heading.label} — {self.title}" if self.title else self.heading.label

    @property
    def full_title(self) -> str:
        """Return what the heading says beside its number."""
        return self.heading.title or self.title


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """The headings found in a text, in order, what says so, and how sure that is (0 to 1)."""

    marks: Sequence[HeadingMark]
    basis: Basis
    confidence: float


NOTHING = FoundHeadings((), "none", 0.0)
