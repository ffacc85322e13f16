"""Bytes of an uploaded file to a `Manuscript`: text, chapters, and what could not be read.

`read_in_sandbox` starts a process that may be killed. There `parse` asks `formats` for a
`document`, `text.assembly` lays its blocks out as one text, `chapters.detection` finds the
headings. `outline_edits` is public as a module: what an editor may change about the chapters.
"""

from components.manuscripts.chapters.numerals import called
from components.manuscripts.comment_in_sandbox import MarginComment, add_comments
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import (
    FRONT_HEADING,
    WORDS_PER_PAGE,
    Chapter,
    ChapterKind,
    Footnote,
    Manuscript,
    Signal,
    Source,
    paragraphs_of,
)
from components.manuscripts.read_in_sandbox import read
from components.manuscripts.samples import opening, sample
from components.manuscripts.text.language_detection import NAMES as LANGUAGES
from components.manuscripts.text.language_detection import detect as detect_language
from components.manuscripts.text.language_detection import is_tested, tag_of
from components.manuscripts.text.language_detection import name_of as language_name

__all__ = [
    "DEFAULT_LIMITS",
    "FRONT_HEADING",
    "LANGUAGES",
    "WORDS_PER_PAGE",
    "Chapter",
    "ChapterKind",
    "Footnote",
    "Limits",
    "Manuscript",
    "MarginComment",
    "Signal",
    "Source",
    "add_comments",
    "called",
    "detect_language",
    "is_tested",
    "language_name",
    "opening",
    "paragraphs_of",
    "read",
    "sample",
    "tag_of",
]
