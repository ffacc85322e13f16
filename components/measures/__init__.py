"""What can be said of a book without a model, at once and the same each time.

Public: `glance` measures a `Manuscript` and returns a `Glance`, `DEFINITIONS` says what each figure
is, `passage` shows the text around any place of it, `as_json` and `as_csv` are for files. Behind
them `word_tokens` makes one row of words with `sentences` and `dialogue`, and each other file is
one measure over that row. All of them take time in proportion to the text.
"""

from components.measures.chapter_figures import ChapterFigures
from components.measures.definitions import DEFINITIONS, Definition, Measure
from components.measures.echoes import Echo
from components.measures.excerpts import Excerpt, excerpt, sentence_at, stretch_at
from components.measures.favourites import Favourite
from components.measures.glance import LONGEST, Glance, glance
from components.measures.glance_files import Listed, as_csv, as_json, by_chapter
from components.measures.language import Language, language_of
from components.measures.measured_text import MeasuredText
from components.measures.names import Name
from components.measures.occurrences import Occurrence, Use
from components.measures.phrases import Phrase

__all__ = [
    "DEFINITIONS",
    "LONGEST",
    "ChapterFigures",
    "Definition",
    "Echo",
    "Excerpt",
    "Favourite",
    "Glance",
    "Language",
    "Listed",
    "Measure",
    "MeasuredText",
    "Name",
    "Occurrence",
    "Phrase",
    "Use",
    "as_csv",
    "as_json",
    "by_chapter",
    "excerpt",
    "glance",
    "language_of",
    "sentence_at",
    "stretch_at",
]
