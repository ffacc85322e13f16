"""What can be said of a book without a model, at once and the same each time.

Public: `glance` measures a `Manuscript` and returns a `Glance`, `DEFINITIONS` says what each figure
is, `passage` shows the text around any place of it, `as_json` and `as_csv` are for files. Behind
them `tokens` makes one row of words with `sentences` and `speech`, and each other file is one
measure over that row. All of them take time in proportion to the text.
"""

from components.measures.definitions import DEFINITIONS, Definition, Measure
from components.measures.echoes import Echo
from components.measures.favourites import Favourite
from components.measures.figures import Figures
from components.measures.files import Listed, as_csv, as_json, by_chapter
from components.measures.glance import LONGEST, Glance, glance
from components.measures.language import Language, language_of
from components.measures.names import Name
from components.measures.passages import Passage, passage, sentence_at, stretch_at
from components.measures.phrases import Phrase
from components.measures.stretches import Stretch
from components.measures.uses import Place, Use

__all__ = [
    "DEFINITIONS",
    "LONGEST",
    "Definition",
    "Echo",
    "Favourite",
    "Figures",
    "Glance",
    "Language",
    "Listed",
    "Measure",
    "Name",
    "Passage",
    "Phrase",
    "Place",
    "Stretch",
    "Use",
    "as_csv",
    "as_json",
    "by_chapter",
    "glance",
    "language_of",
    "passage",
    "sentence_at",
    "stretch_at",
]
