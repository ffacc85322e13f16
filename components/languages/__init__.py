"""What books are written with in each language: a table a language, and one reader of them."""

from components.languages.direction import LTR_RUN, RTL, isolated, pieces, runs_left
from components.languages.language import Language, NumberSeries, Unit, languages
from components.languages.stops import SPACED_STOPS, WIDE_STOPS
from components.languages.words import count_words, length, length_of, unit_of

__all__ = [
    "LTR_RUN",
    "RTL",
    "SPACED_STOPS",
    "WIDE_STOPS",
    "Language",
    "NumberSeries",
    "Unit",
    "count_words",
    "isolated",
    "languages",
    "length",
    "length_of",
    "pieces",
    "runs_left",
    "unit_of",
]
