"""Bytes of an uploaded file to a `Manuscript`: text, chapters, and what could not be read.

Public: `read` and its `Limits`, the values it returns, `display_name` for showing a name that
somebody else chose, `called` for a heading in a list, `sample` for a manuscript to try;
`detect_language`, `tag_of` and `LANGUAGES` for which language a text is in. The rest is how:
`reading` starts the `worker`, a process that may be killed; there `parsing` asks `sniffing` what
the bytes are, a reader of that format makes a `document` of them (`plain`, `markup`, `pdf` and
those in `formats`), `canonical` lays its blocks out as one text, and `chapters` finds the headings:
what the file itself says (`structure`, `levels`), else what its lines say (`lines`, `numbering`,
`contents`, `titles`, `unnumbered`), each read by `headings`. `outlining` is public as a module:
what an editor may change about the chapters that were found.
"""

from components.manuscripts.language import NAMES as LANGUAGES
from components.manuscripts.language import detect as detect_language
from components.manuscripts.language import tag_of
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.manuscript import (
    BACK_HEADING,
    FRONT_HEADING,
    WORDS_PER_PAGE,
    Basis,
    Chapter,
    ChapterKind,
    Manuscript,
    Note,
    Source,
    paragraphs_of,
)
from components.manuscripts.names import display_name
from components.manuscripts.numerals import called
from components.manuscripts.reading import read
from components.manuscripts.samples import opening, sample

__all__ = [
    "BACK_HEADING",
    "DEFAULT_LIMITS",
    "FRONT_HEADING",
    "LANGUAGES",
    "WORDS_PER_PAGE",
    "Basis",
    "Chapter",
    "ChapterKind",
    "Limits",
    "Manuscript",
    "Note",
    "Source",
    "called",
    "detect_language",
    "display_name",
    "opening",
    "paragraphs_of",
    "read",
    "sample",
    "tag_of",
]
