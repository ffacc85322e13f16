"""The numbers that a program writes before paragraphs by itself: "Chapter 3", "IV.", "2.1".

They are not in the text of a file. They are counted again as Word and LibreOffice count them: a
numbered paragraph moves its level on and starts the deeper ones afresh.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from components.manuscripts.chapters import numerals

_LEVEL_NUMBER = re.compile(r"%([1-9])")


@dataclass(slots=True)
class ListLevel:
    """How a level of a list is numbered: in `text`, "%2" stands for the number of level 2."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class NumberedList:
    """A list, counting; levels are counted from 0."""

    levels: dict[int, ListLevel]
    counts: dict[int, int] = field(default_factory=dict)

    def advance(self, level: int, restart: int | None) -> str:
        """Count a paragraph of `level`, or begin again; return what Word writes before it."""
        definition = self.levels.get(level, ListLevel())
        following = self.counts[level] + 1 if level in self.counts else definition.start
        self.counts[level] = following if restart is None else restart
        for deeper in [counted for counted in self.counts if counted > level]:
            del self.counts[deeper]
        if definition.form in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = self.levels.get(at, ListLevel())
            count = self.counts.get(at, shown.start)
            return written(count, "decimal" if definition.legal else shown.form)

        return _LEVEL_NUMBER.sub(number, definition.text).strip()


def written(number: int, form: str) -> str:
    """Return `number` as a number format of Word's writes it; digits for those not known here."""
    most = 99 if form.endswith("Text") else 3999
    return _FORMS.get(form, str)(number) if 1 <= number <= most else str(number)


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


_FORMS: dict[str, Callable[[int], str]] = {
    "upperRoman": lambda number: numerals.in_roman(number).upper(),
    "lowerRoman": numerals.in_roman,
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "decimalZero": "{:02d}".format,
    "ordinal": _ordinal,
    "cardinalText": lambda number: numerals.in_english(number).capitalize(),
    "ordinalText": lambda number: numerals.in_english(number, ordinal=True).capitalize(),
}
