"""The numbers that Word writes before paragraphs by itself: "Chapter 3", "IV.", "2.1".

They are not in the text of the file. A heading whose whole text is such a number would be lost,
so they are counted again as Word counts them: every numbered paragraph moves its level on and
starts the deeper ones afresh.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.manuscripts.formats.docx.styles import attribute_of, is_on
from components.manuscripts.formats.safe_xml import attribute, child, local, whole_number

if TYPE_CHECKING:
    from components.manuscripts.formats.safe_xml import Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_ONES = (
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen",
    "Nineteen",
)  # fmt: skip
_TENS = (
    "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety",
)  # fmt: skip
_ORDINALS = {
    "One": "First", "Two": "Second", "Three": "Third", "Five": "Fifth", "Eight": "Eighth",
    "Nine": "Ninth", "Twelve": "Twelfth",
}  # fmt: skip


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class ListNumbering:
    """The lists of one file, counting as its paragraphs come by."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._of: dict[str, _List] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for element in root:
            if local(element) == "abstractNum":
                self._lists[attribute(element, "abstractNumId")] = _List(_levels(element))
        for element in root:
            if local(element) == "num":
                self._add(element)

    def number(self, list_id: str | None, level: int | None, *, style: str) -> str:
        """Count a paragraph of a list; return what Word writes before it, "" for nothing.

        `style` is the id of the paragraph's style, which tells the level where `level` is None.
        """
        one = self._of.get(list_id or "")
        if one is None:
            return ""
        if level is None:
            level = next((at for at, each in one.levels.items() if each.style == style), 0)
        restart = self._restarts.get(list_id or "", {}).pop(level, None)
        definition = one.levels.get(level, _Level())
        if restart is not None:
            one.counts[level] = restart
        elif level in one.counts:
            one.counts[level] += 1
        else:
            one.counts[level] = definition.start
        for deeper in [at for at in one.counts if at > level]:
            del one.counts[deeper]
        if definition.form in ("bullet", "none"):
            return ""

        def place(match: re.Match[str]) -> str:
            each = one.levels.get(int(match[1]) - 1, _Level())
            count = one.counts.get(int(match[1]) - 1, each.start)
            return written(count, "decimal" if definition.legal else each.form)

        return _PLACE.sub(place, definition.text).strip()

    def _add(self, element: Element) -> None:
        found = self._lists.get(attribute_of(element, "abstractNumId"))
        if found is None:
            return
        list_id = attribute(element, "numId")
        self._of[list_id] = found
        restarts: dict[int, int] = {}
        for override in element:
            at = whole_number(attribute(override, "ilvl"))
            start = whole_number(attribute_of(override, "startOverride"))
            if local(override) == "lvlOverride" and at is not None and start is not None:
                restarts[at] = start
        if restarts:
            self._restarts[list_id] = restarts


def written(number: int, form: str) -> str:
    """Return `number` as a number format of Word's writes it; digits for those not known here."""
    if number < 1 or number > 3999:
        return str(number)
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter if form == "upperLetter" else letter.lower()
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "ordinal":
        teen = number % 100 in (11, 12, 13)
        return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    if form in ("cardinalText", "ordinalText") and number < 100:
        return _words(number, ordinal=form == "ordinalText")
    return str(number)


def _levels(element: Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for one in element:
        at = whole_number(attribute(one, "ilvl"))
        if local(one) != "lvl" or at is None or at >= _LEVELS:
            continue
        start = whole_number(attribute_of(one, "start"))
        legal = child(one, "isLgl")
        levels[at] = _Level(
            start=1 if start is None else start,
            form=attribute_of(one, "numFmt") or "decimal",
            text=attribute_of(one, "lvlText"),
            legal=legal is not None and is_on(legal, "val", absent=True),
            style=attribute_of(one, "pStyle"),
        )
    return levels


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _words(number: int, *, ordinal: bool) -> str:
    if number < 20:
        parts = [_ONES[number]]
    else:
        parts = [_TENS[number // 10 - 2]] + ([_ONES[number % 10]] if number % 10 else [])
    if ordinal:
        last = parts[-1]
        regular = last[:-1] + "ieth" if last.endswith("y") else f"{last}th"
        parts[-1] = _ORDINALS.get(last, regular)
    return "-".join([parts[0], *(part.lower() for part in parts[1:])])
