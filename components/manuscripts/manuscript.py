"""The values that reading a file gives: a manuscript and its chapters.

Both hold nothing but what was in the file. Offsets count characters of `Manuscript.text`, so that a
chapter is a slice and a quotation is found by position.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Self

from components.languages import Unit, count_words, languages, unit_of
from components.manuscripts.chapters.numerals import called

#: `passage` is for those who cut a text without chapters into stretches; reading never makes one.
#: `front` is title page, contents, dedication and the like, `back` what follows the story;
#: `introduction` is headed text before it (introduction, preface, foreword).
ChapterKind = Literal[
    "front", "introduction", "prologue", "part", "letter", "chapter", "interlude", "epilogue",
    "back", "passage",
]  # fmt: skip

#: What says where the chapters are: nothing found any; the file's own structure; the numbers in
#: their headings, which count up; lines that look like headings and nothing more; the editor.
Basis = Literal["none", "structure", "numbering", "lines", "editor"]

#: What one kind of evidence looks at: what the file marks, numbers that count up, a list of
#: contents, how lines are set, dates, words such as "Prologue".
Signal = Literal["marks", "numbers", "contents", "look", "dates", "names"]

Source = Literal["txt", "md", "pdf", "docx", "epub", "odt", "rtf"]

#: Publishing's convention for a typescript page, double-spaced in 12 point: about 250 words.
WORDS_PER_PAGE = 250

#: What sets paragraphs apart.
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n")

#: Heading of the text before the first chapter, where that text has no heading of its own.
FRONT_HEADING = "Front matter"
#: Heading of what follows the story, where it has no heading of its own.
BACK_HEADING = "Back matter"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a manuscript under one heading.

    `index` counts from 1 in the order of the text, whatever the numbers in the headings are.
    Offsets are characters of `Manuscript.text`: `start` and `end` (excluded), `heading_start`
    (after `start` where a title or a part's page comes first), `body_start`, and `scenes`, where
    scenes begin after a break. `words` counts the body alone (`count_words`).

    `number` is what the heading counts, None where it counts nothing; `title` is what it says
    beside the number; `part` is the heading of the part that the chapter stands in, empty where
    there is none.
    """

    index: int
    heading: str
    kind: ChapterKind
    start: int
    end: int
    words: int
    number: int | None = None
    title: str = ""
    part: str = ""
    heading_start: int = 0
    body_start: int = 0
    scenes: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a list, and to a model."""
        return called(self.heading or self.kind.capitalize())

    @property
    def is_headless(self) -> bool:
        """Whether this is front or back matter whose heading is not in the text."""
        return self.kind in ("front", "back") and self.heading in (FRONT_HEADING, BACK_HEADING)

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Return the chapter that `asdict` and JSON made `fields` of; older ones had fewer."""
        return cls(**{**fields, "scenes": tuple(fields.get("scenes", ()))})


@dataclass(frozen=True, slots=True)
class SignalVote:
    """How many of the chapters a signal names, and what its vote weighed (0 to 1)."""

    signal: Signal
    chapters: int
    weight: float


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote or endnote, kept apart from the text. `at` is where its mark stands in it."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The text of one file, and what is known of it.

    `chapters` is empty where none were found. Otherwise they tile the text: the first starts at 0,
    each starts where the one before ends, the last ends with the text. A few title lines before the
    first heading belong to the first chapter; anything longer is a chapter of kind `front`.

    `text` is canonical: paragraphs are set apart by one blank line, and a lone newline inside one
    is a line that breaks on purpose. `sha256` is of the bytes that were read, in hexadecimal;
    `encoding` is None for a PDF, `page_count` None for text. `warnings` are sentences for the
    editor. `author` and `language` (BCP 47) are empty where unknown. `notes` are not in `text`.
    `basis` and `confidence` (0 to 1) say where the chapters come from and how sure that is, and
    `evidence` which signals voted for them.
    """

    title: str
    text: str
    chapters: tuple[Chapter, ...]
    source: Source
    sha256: str
    encoding: str | None
    page_count: int | None
    warnings: tuple[str, ...]
    author: str = ""
    language: str = ""
    notes: tuple[Footnote, ...] = ()
    basis: Basis = "none"
    confidence: float = 0.0
    evidence: tuple[SignalVote, ...] = ()

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Return the manuscript that `asdict` and JSON made `fields` of; older ones had fewer."""
        return cls(
            **{
                **fields,
                "chapters": tuple(Chapter.from_fields(chapter) for chapter in fields["chapters"]),
                "warnings": tuple(fields["warnings"]),
                "notes": tuple(Footnote(**note) for note in fields.get("notes", ())),
                "evidence": tuple(SignalVote(**vote) for vote in fields.get("evidence", ())),
            }
        )

    @property
    def words(self) -> int:
        """The number of words, or of characters where the trade counts these (`count_words`)."""
        return _words(self.text)

    @property
    def unit(self) -> Unit:
        """What `words` and those of its chapters count."""
        return unit_of(self.text)

    @property
    def pages(self) -> int:
        """The PDF's number of pages, else typescript pages, as long as the language has them."""
        if self.page_count is not None:
            return self.page_count
        language = languages().get(self.language.split("-")[0].lower())
        return math.ceil(self.words / (language.page if language else WORDS_PER_PAGE))

    def words_in(self, ranges: Iterable[tuple[int, int]]) -> int:
        """Return the words of `ranges` (start, end), chapters by their bodies as `Chapter.words`.

        Of the whole text it is `words`, which counts headings too, as a word processor does.
        """
        wanted = list(ranges)
        if not self.chapters or wanted == [(0, len(self.text))]:
            return sum(count_words(self.text[start:end]) for start, end in wanted)
        return sum(
            chapter.words
            if start <= chapter.start and chapter.end <= end
            else count_words(self.text[max(start, chapter.body_start) : min(end, chapter.end)])
            for start, end in wanted
            for chapter in self.chapters
            if start < chapter.end and chapter.start < end
        )

    def paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the paragraphs between two offsets, each as its (start, end) in `text`."""
        return paragraphs_of(self.text, start, end)

    def paragraph_at(self, offset: int) -> tuple[int, int]:
        """Return the (start, end) in `text` of the paragraph in which a character stands."""
        start, end = self.text.rfind("\n\n", 0, offset), self.text.find("\n\n", offset)
        return (start + 2 if start >= 0 else 0), (len(self.text) if end < 0 else end)

    def body_end(self, chapter: Chapter) -> int:
        """Return where the text of `chapter` ends, without the white space after it."""
        body = self.text[chapter.body_start : chapter.end]
        return chapter.body_start + len(body.rstrip())

    def chapter_text(self, chapter: Chapter) -> str:
        """Return the text of `chapter`, its heading included."""
        return self.text[chapter.start : chapter.end]


#: A page says it of the open manuscript several times in a run: 20 ms each for a long novel.
_words = lru_cache(maxsize=8)(count_words)


def paragraphs_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the paragraphs between two offsets of `text`, set apart by blank lines."""
    paragraphs, begun = [], start
    gaps = [match.span() for match in _BLANK_LINE.finditer(text, start, end)]
    for stop, following in [*gaps, (end, end)]:
        piece = text[begun:stop]
        if inner := piece.strip():
            first = begun + len(piece) - len(piece.lstrip())
            paragraphs.append((first, first + len(inner)))
        begun = following
    return paragraphs
