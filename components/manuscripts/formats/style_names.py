"""What the name of a paragraph style says, in any word processor or publisher's template.

Programs name their styles in the language of whoever uses them, and templates of publishers and
typescripts name the thing itself ("Chapter Title") and give it no outline level.
"""

from __future__ import annotations

import re
from typing import Literal

_HEADING = re.compile(
    r"(?:heading|berschrift|überschrift|ueberschrift|titre|título|titulo|ttulo|titolo|rubrik"
    r"|overskrift|kop|nagłówek|nagwek|заголовок|nadpis|otsikko|címsor|cmsor|başlık|标题|見出し)"
    r"[ _-]?([1-9])"
)
_CHAPTER = re.compile(
    r"(?:chapter|part|book|kapitel|chapitre|capítulo|capitulo|capitolo|teil|partie|prologue|epilogue)"
    r"(?:[ _-]?(?:title|titel|heading|head|header|number|num|no|name|überschrift|titre))?"
    r"|(?:title|titre|titel)[ _-](?:of )?(?:chapter|chapitre|kapitel)"
)
_CONTENTS = re.compile(
    r"(?:toc|contents|verzeichnis|inhaltsverzeichnis|tm|sommario|índice|spis treści)"
    r"[ _-]?(?:\d{1,2}|heading)|contents|index heading|table of (?:contents|figures|authorities)"
    r"|(?:inhaltsverzeichnis|toc)berschrift|en-tête de table des matières"
)
_TITLES = frozenset({"title", "titel", "book title", "booktitle", "buchtitel", "titre principal"})

Said = Literal["", "title", "contents", "heading", "chapter"]


def meaning(name: str) -> tuple[Said, int]:
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
