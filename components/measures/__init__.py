"""What can be said of a book without a model, at once and the same each time.

`glance` measures a `Manuscript` and returns a `Glance`, `DEFINITIONS` says what each figure is,
`excerpt` shows the text around an occurrence, `as_json` and `as_csv` are for files. `word_tokens`
makes one row of words; each measure is made over that row, in time proportional to the text.
"""

from components.measures.definitions import DEFINITIONS, Measure
from components.measures.glance import Glance, by_chapter, excerpt, glance, names_of, stretch_at
from components.measures.glance_files import as_csv, as_json, csv_text
from components.measures.names import Name, joined_names
from components.measures.occurrences import Listed, Occurrence
from components.measures.text_language import language_of
from components.measures.word_frequency import Favourite

__all__ = [
    "DEFINITIONS",
    "Favourite",
    "Glance",
    "Listed",
    "Measure",
    "Name",
    "Occurrence",
    "as_csv",
    "as_json",
    "by_chapter",
    "csv_text",
    "excerpt",
    "glance",
    "joined_names",
    "language_of",
    "names_of",
    "stretch_at",
]
