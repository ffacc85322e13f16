"""What the styles of a Word file say of its paragraphs: heading, title, contents, hidden.

Word's own styles are called "heading 1" inside the file in every language, but other programs
write what they show ("Überschrift 1", "Titre 1"), and a file without its styles has only their
ids. So: the outline level, the style's own or inherited, then its names, then its id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from components.manuscripts.formats.safe_xml import attribute, child, local, whole_number
from components.manuscripts.formats.style_names import meaning

if TYPE_CHECKING:
    from components.manuscripts.formats.safe_xml import Element

#: Word's level for "body text", which takes a heading's level away.
_BODY_LEVEL = 9
#: Styles may be based on one another in a ring.
_MAX_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Style:
    """A style as far as it matters here. `level` is None where it says nothing of it, 0 for body.

    `list_id` and `list_level` are the numbering it brings along, None where it brings none.
    `centred`, `bold` and `size` (half-points, as written) are how it sets a paragraph.
    """

    level: int | None = None
    role: Literal["", "title", "contents"] = ""
    hidden: bool | None = None
    new_page: bool | None = None
    list_id: str | None = None
    list_level: int | None = None
    centred: bool | None = None
    bold: bool | None = None
    size: str = ""


_NONE = Style()


class Styles:
    """The styles of one file, by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._known: dict[str, Style] = {}
        self._default = ""
        #: What the file says its text is written in, unless told otherwise.
        self.language = ""
        if root is None:
            return
        for element in root:
            if local(element) == "style":
                style_id = attribute(element, "styleId")
                self._elements.setdefault(style_id, element)
                if attribute(element, "type") == "paragraph" and is_on(element, "default"):
                    self._default = style_id
        defaults = child(root, "docDefaults", "rPrDefault", "rPr", "lang")
        if defaults is not None:
            self.language = attribute(defaults, "val")

    def style(self, style_id: str) -> Style:
        """Return the style of that id, with what it inherits; "" asks for a paragraph's default."""
        style_id = style_id or self._default
        known = self._known.get(style_id)
        if known is None:
            known = self._known[style_id] = self._resolved(style_id)
        return known

    def _resolved(self, style_id: str) -> Style:
        chain: list[str] = []
        step = style_id
        while step and step not in chain and len(chain) < _MAX_CHAIN:
            chain.append(step)
            element = self._elements.get(step)
            step = attribute_of(element, "basedOn")
        resolved = _NONE
        for one in reversed(chain):
            resolved = self._over(resolved, one)
        return resolved

    def _over(self, base: Style, style_id: str) -> Style:
        """Return `base` with what one style itself says put over it."""
        element = self._elements.get(style_id)
        names = (attribute_of(element, "name"), style_id)
        own = paragraph_properties(child(element, "pPr"))
        run = child(element, "rPr")
        hidden, bold = flag(run, "vanish"), flag(run, "b")
        level, role = own.level, base.role
        for name in names:
            said, depth = meaning(name)
            if said in ("contents", "title"):
                role = said
            elif level is None and (said == "heading" or (said == "chapter" and not base.level)):
                level, role = depth, ""
        if level is None:
            level = base.level
        return replace(
            base,
            level=level,
            role=role,
            hidden=base.hidden if hidden is None else hidden,
            new_page=base.new_page if own.new_page is None else own.new_page,
            list_id=base.list_id if own.list_id is None else own.list_id,
            list_level=base.list_level if own.list_level is None else own.list_level,
            centred=base.centred if own.centred is None else own.centred,
            bold=base.bold if bold is None else bold,
            size=attribute_of(run, "sz") or base.size,
        )


def paragraph_properties(properties: Element | None) -> Style:
    """Return what a `pPr` itself says."""
    if properties is None:
        return _NONE
    outline = whole_number(attribute_of(properties, "outlineLvl"))
    numbering = child(properties, "numPr")
    return Style(
        level=None if outline is None else outline + 1 if outline < _BODY_LEVEL else 0,
        new_page=flag(properties, "pageBreakBefore"),
        list_id=attribute_of(numbering, "numId") or None,
        list_level=whole_number(attribute_of(numbering, "ilvl")),
        centred=_is_centred(properties),
    )


def _is_centred(properties: Element) -> bool | None:
    """Return whether paragraphs stand in the middle, None where nothing is said."""
    said = attribute_of(properties, "jc")
    return said == "center" if said else None


def flag(properties: Element | None, name: str) -> bool | None:
    """Return what a switch in `properties` is set to, None where it is not there."""
    element = child(properties, name)
    return None if element is None else is_on(element, "val", absent=True)


def is_on(element: Element, name: str, *, absent: bool = False) -> bool:
    """Return whether an attribute is set to one of Word's words for yes."""
    value = attribute(element, name)
    return value.lower() in ("1", "true", "on") if value else absent


def attribute_of(element: Element | None, name: str) -> str:
    """Return the `val` of the child `name` of `element`, "" where there is none."""
    found = child(element, name)
    return "" if found is None else attribute(found, "val")
