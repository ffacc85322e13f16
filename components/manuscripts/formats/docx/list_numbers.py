"""The numbers that Word writes before paragraphs by itself: "Chapter 3", "IV.", "2.1".

They are not in the text of the file. They are counted again as Word counts them: a numbered
paragraph moves its level on and starts the deeper ones afresh.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from components.manuscripts.chapters import numerals
from components.manuscripts.formats.docx.style_sheet import flag, value_of
from components.manuscripts.formats.safe_xml import Element, attribute, children, whole_number

_LEVELS = 9
_LEVEL_NUMBER = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def advance(self, level: int, restart: int | None) -> str:
        """Count a paragraph of `level`, or begin again; return what Word writes before it."""
        definition = self.levels.get(level, _Level())
        following = self.counts[level] + 1 if level in self.counts else definition.start
        self.counts[level] = following if restart is None else restart
        for deeper in [counted for counted in self.counts if counted > level]:
            del self.counts[deeper]
        if definition.form in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = self.levels.get(at, _Level())
            count = self.counts.get(at, shown.start)
            return written(count, "decimal" if definition.legal else shown.form)

        return _LEVEL_NUMBER.sub(number, definition.text).strip()


class ListNumbering:
    """The lists of one file, counting as its paragraphs come by."""

    def __init__(self, root: Element | None) -> None:
        #: By the id that paragraphs name; several ids may share one list.
        self._lists: dict[str, _List] = {}
        #: Where a list begins anew at its next paragraph, by id and level.
        self._restarts: dict[tuple[str, int], int] = {}
        shared = {
            attribute(element, "abstractNumId"): _List(_levels(element))
            for element in children(root, kind="abstractNum")
        }
        for element in children(root, kind="num"):
            definition = shared.get(value_of(element, "abstractNumId"))
            if definition is None:
                continue
            list_id = attribute(element, "numId")
            self._lists[list_id] = definition
            for override in children(element, kind="lvlOverride"):
                level = whole_number(attribute(override, "ilvl"))
                start = whole_number(value_of(override, "startOverride"))
                if level is not None and start is not None:
                    self._restarts[list_id, level] = start

    def number(self, list_id: str | None, level: int | None, *, style: str) -> str:
        """Count a paragraph of a list; return its number. Without a `level` the style's holds."""
        if list_id is None or list_id not in self._lists:
            return ""
        numbered = self._lists[list_id]
        if level is None:
            styled = (at for at, each in numbered.levels.items() if each.style == style)
            level = next(styled, 0)
        return numbered.advance(level, self._restarts.pop((list_id, level), None))


def _levels(element: Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for level in children(element, kind="lvl"):
        at = whole_number(attribute(level, "ilvl"))
        start = whole_number(value_of(level, "start"))
        if at is not None and at < _LEVELS:
            levels[at] = _Level(
                1 if start is None else start,
                value_of(level, "numFmt") or "decimal",
                value_of(level, "lvlText"),
                legal=bool(flag(level, "isLgl")),
                style=value_of(level, "pStyle"),
            )
    return levels


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
