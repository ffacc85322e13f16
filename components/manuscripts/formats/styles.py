"""What the styles of a word processor say of paragraphs, in Word, OpenDocument and RTF files.

Programs name their styles in the language of whoever uses them, and templates name the thing
itself ("Chapter Title") without an outline level. So: the level that a style has, then its names.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, Self

_HEADING = re.compile(
    r"(?:heading|berschrift|überschrift|ueberschrift|titre|título|titulo|ttulo|titolo|rubrik"
    r"|overskrift|kop|nagłówek|nagwek|заголовок|nadpis|otsikko|címsor|cmsor|başlık|标题|見出し)"
    r"[ _-]?([1-9])"
)
_CHAPTER = re.compile(
    r"(?:chapter|part|book|kapitel|chapitre|capítulo|capitulo|capitolo|teil|partie|prologue|epilogue)"
    r"(?:[ _-]?(?:title|titel|heading|head|header|number|num|no|name|titre|(?:ü|ue)berschrift))?"
    r"|(?:title|titre|titel)[ _-](?:of )?(?:chapter|chapitre|kapitel)"
)
_CONTENTS = re.compile(
    r"(?:toc|contents|verzeichnis|inhaltsverzeichnis|tm|sommario|índice|spis treści)"
    r"[ _-]?(?:\d{1,2}|heading)|contents|index heading|table of (?:contents|figures|authorities)"
    r"|(?:inhaltsverzeichnis|toc)berschrift|en-tête de table des matières"
)
_TITLES = frozenset({"title", "titel", "book title", "booktitle", "buchtitel", "titre principal"})

#: Styles may be based on one another in a ring.
_MAX_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of paragraphs or letters, or a paragraph of itself; None is nothing.

    `level` is that of a heading, 0 for body text. `rule` is a line over or under the paragraph.
    `list_id` and `list_level` are the numbering that it brings along. `size` is as the file writes
    it, empty where it says nothing. `initial` is a paragraph of its own that holds the first
    letter of the next one: a drop cap. `name` is what the file calls the style, empty for that of
    most text.
    """

    role: Literal["", "title", "contents", "heading"] = ""
    level: int | None = None
    hidden: bool | None = None
    new_page: bool | None = None
    rule: bool | None = None
    list_id: str | None = None
    list_level: int | None = None
    centered: bool | None = None
    bold: bool | None = None
    size: str = ""
    initial: bool | None = None
    name: str = ""

    def over(self, base: Self) -> Self:
        """Return `base` with what this one says put over it."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return replace(base, **{name: value for name, value in values if value not in (None, "")})


class StyleSheet(ABC):
    """The styles of one file, by their ids."""

    def __init__(self) -> None:
        self._known: dict[str, Style] = {}

    @abstractmethod
    def own(self, style_id: str) -> tuple[Style, Sequence[str], str]:
        """Return what a style itself says, its names, and the id of the style it is based on."""

    def style(self, style_id: str) -> Style:
        """Return the style of that id, with what it inherits."""
        if style_id not in self._known:
            chain: list[tuple[Style, Sequence[str]]] = []
            seen: set[str] = set()
            step = style_id
            while step and step not in seen and len(seen) < _MAX_CHAIN:
                seen.add(step)
                own, names, step = self.own(step)
                chain.append((own, names))
            resolved = Style()
            for own, names in reversed(chain):
                resolved = _named(own, names, resolved).over(resolved)
            self._known[style_id] = resolved
        return self._known[style_id]


def _named(own: Style, names: Sequence[str], base: Style) -> Style:
    """Return what a style says itself and by its names, where it is based on `base`."""
    for name in names:
        role, level = meaning(name)
        if role in ("contents", "title"):
            own = replace(own, role=role)
        elif own.level is None and (role == "heading" or (role == "chapter" and not base.level)):
            own = replace(own, role="heading", level=level)
    return own


def meaning(name: str) -> tuple[Literal["", "title", "contents", "heading", "chapter"], int]:
    """Return what a paragraph in the style called `name` is, and the level of a heading (or 0).

    "chapter" is a weaker word for a heading: it holds where nothing says of another level.
    """
    name = name.strip().casefold()
    if match := _HEADING.fullmatch(name):
        return "heading", int(match[1])
    if _CONTENTS.fullmatch(name):
        return "contents", 0
    if name in _TITLES:
        return "title", 0
    if _CHAPTER.fullmatch(name):
        return "chapter", 1
    return "", 0
