"""What books are written with in each language: a table a language, and one reader of them."""

from components.languages.language import Language, NumberSeries, Unit, languages
from components.languages.words import count_words

__all__ = ["Language", "NumberSeries", "Unit", "count_words", "languages"]
