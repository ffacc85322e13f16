"""The values that reading a file gives: a manuscript and its chapters.

Both are frozen and hold nothing but what was in the file; who owns them, and under which number
they are kept, is for the store to know. Offsets count characters of `Manuscript.text`, so that a
chapter is a slice and a quotation is found by position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

#: `passage` is for those who cut a text without chapters into stretches; reading never makes one.
ChapterKind = Literal[
    "front", "prologue", "part", "letter", "chapter", "epilogue", "back", "passage"
]

Source = Literal["txt", "md", "pdf"]

#: Publishing's convention for a typescript page, double-spaced in 12 point: about 250 words.
WORDS_PER_PAGE = 250

#: Heading of the text before the first chapter, where that text has no heading of its own.
FRONT_HEADING = "Front matter"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a manuscript under one heading.

    `index` counts from 1 in the order of the text, whatever the numbers in the headings are.
    `start` and `end` are characters of `Manuscript.text`, `end` excluded; `start` is where the
    heading begins. `words` counts whitespace tokens, the heading's included.
    """

    index: int
    heading: str
    kind: ChapterKind
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The text of one file, and what is known of it.

    `chapters` is empty where none were found. Otherwise they tile the text: the first starts at
    0, each starts where the one before ends, the last ends with the text. A few title lines
    before the first heading are counted to the first chapter; anything longer is a chapter of
    kind `front`.

    `sha256` is of the bytes that were read, as 64 hexadecimal digits; `encoding` is the name of
    the text encoding, None for a PDF; `page_count` is the PDF's own, None for text. `warnings`
    are sentences for the editor about what could not be read or was left out.
    """

    title: str
    text: str
    chapters: tuple[Chapter, ...]
    source: Source
    sha256: str
    encoding: str | None
    page_count: int | None
    warnings: tuple[str, ...]

    @property
    def words(self) -> int:
        """Return the number of words: runs of characters between white space."""
        return len(self.text.split())

    @property
    def pages(self) -> int:
        """Return the PDF's number of pages, else typescript pages of `WORDS_PER_PAGE` words."""
        if self.page_count is not None:
            return self.page_count
        return math.ceil(self.words / WORDS_PER_PAGE)

    def chapter_text(self, chapter: Chapter) -> str:
        """Return the text of `chapter`, its heading included."""
        return self.text[chapter.start : chapter.end]
