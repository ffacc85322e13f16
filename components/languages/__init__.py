"""What books are written with in each language: a table a language, and one reader of them."""

from components.languages.language import Language, NumberSeries, Unit, languages

__all__ = ["Language", "NumberSeries", "Unit", "languages"]
