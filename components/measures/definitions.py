"""What each figure of a glance means, how it is made, whose it is, and where it holds.

The texts are in `definitions.md`, in the order of `Measure`: under each name a sentence for
editors, the exact rule, and the source.
"""

from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

from components.manuscripts import LANGUAGES
from components.measures import names, word_frequency
from components.measures.text_language import TextLanguage

Measure = Literal[
    "words",
    "dialogue",
    "rhythm",
    "reading_ease",
    "lix",
    "names",
    "phrases",
    "echoes",
    "adverbs",
    "filter_words",
    "favourites",
]

#: The languages for which a measure holds; others hold for any whose words are set apart by spaces.
_LANGUAGES = {
    "reading_ease": ("en",),
    "names": names.LANGUAGES,
    "echoes": word_frequency.LANGUAGES,
    "adverbs": ("en",),
    "filter_words": ("en",),
    "favourites": word_frequency.LANGUAGES,
}

#: Measures that hold for any language in Latin script.
_LATIN = frozenset({"lix"})


#: Measures that hold where characters are counted for want of words between spaces.
_UNSPACED = frozenset({"words", "dialogue", "rhythm"})


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure; `languages` is empty where it holds for all, or for all in `latin` script."""

    name: str
    meaning: str
    rule: str
    source: str
    languages: tuple[str, ...]
    latin: bool
    unspaced: bool = False

    def holds_for(self, language: TextLanguage) -> bool:
        """Whether the measure means anything in `language`."""
        if not language.spaced and not (self.unspaced and language.unit == "characters"):
            return False
        if self.latin and not language.latin:
            return False
        return not self.languages or language.code in self.languages

    def why_not(self, language: TextLanguage) -> str:
        """Say why it does not hold for `language`, where it does not."""
        if not language.spaced:
            return "words of this script are not set apart by spaces."
        if not language.latin:
            return f"it holds for {self.where}, and not this script."
        book = f"this book is {language.name}" if language.code else "the language is not known"
        return f"it holds for {self.where}, and {book}."

    def name_in(self, language: TextLanguage) -> str:
        """Return the name for a book in `language`: what is counted may be its characters."""
        return self.name if self.name != "Words" else language.unit.capitalize()

    @property
    def where(self) -> str:
        """The languages for which the measure holds, in words."""
        if self.languages:
            *others, last = [LANGUAGES[code] for code in self.languages]
            return f"{', '.join(others)} and {last}" if others else f"{last} only"
        if self.unspaced:
            return "any language with spaces, and for Chinese, Japanese and Thai by characters"
        return "any language in Latin script" if self.latin else "any language with spaces"


def _definitions() -> dict[Measure, Definition]:
    text = (resources.files("components.measures") / "definitions.md").read_text("utf-8")
    definitions = {}
    sections = text.removeprefix("# ").split("\n# ")
    for measure, section in zip(get_args(Measure), sections, strict=True):
        name, meaning, rule, source = section.strip().split("\n\n")
        languages = _LANGUAGES.get(measure, ())
        definitions[measure] = Definition(
            name,
            meaning,
            rule,
            source,
            languages,
            latin=measure in _LATIN,
            unspaced=measure in _UNSPACED,
        )
    return definitions


DEFINITIONS = _definitions()
