"""The style sheet of an RTF file, and what it makes of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.manuscripts.formats.style_names import meaning

if TYPE_CHECKING:
    from components.manuscripts.document import Role

_OUTLINE_LEVELS = 9


@dataclass(slots=True)
class _Style:
    name: str = ""
    level: int | None = None
    based_on: int | None = None


class StyleSheet:
    """Styles by their numbers, filled in as the file defines them; 0 is the normal one."""

    def __init__(self) -> None:
        self._styles: dict[int, _Style] = {0: _Style()}
        self._now = 0

    def define(self, word: str, number: int) -> None:
        """Take a control word inside the style sheet."""
        if word == "s":
            self._now = number
        style = self._styles.setdefault(self._now, _Style())
        if word == "sbasedon":
            style.based_on = number
        elif word == "outlinelevel":
            style.level = outline_level(number)

    def name(self, text: str) -> None:
        """Take text inside the style sheet: a style's name, and `;` where it ends."""
        for letter in text:
            style = self._styles.setdefault(self._now, _Style())
            if letter == ";":
                self._now = 0
            else:
                style.name += letter

    def role(self, number: int, outline: int | None) -> tuple[Role, int]:
        """Return what style and outline level make of a paragraph; None is a level not said."""
        said, depth = "", 0
        seen: set[int] = set()
        step: int | None = number
        while step is not None and step not in seen and step in self._styles:
            seen.add(step)
            style = self._styles[step]
            if not said:
                said, depth = meaning(style.name)
            outline = style.level if outline is None else outline
            step = style.based_on
        if said == "contents":
            return "contents", 0
        if said == "title":
            return "title", 0
        level = depth if outline is None else outline
        return ("heading", level) if level else ("body", 0)


def outline_level(number: int) -> int:
    """Return the level from 1 on for RTF's from 0 on, 0 for RTF's "body text"."""
    return number + 1 if 0 <= number < _OUTLINE_LEVELS else 0
