"""Word's styles, and what its paragraphs say of themselves.

Programs other than Word name headings as they show them ("Titre 1"), and a file without its styles
has only their ids: so an id is a name too.
"""

from dataclasses import replace

from components.manuscripts.formats.safe_xml import (
    Element,
    attribute,
    child,
    children,
    whole_number,
)
from components.manuscripts.formats.styles import Style, StyleSheet

#: Word's level for "body text", which takes a heading's level away.
_BODY_LEVEL = 9


class WordStyles(StyleSheet):
    """The styles of one Word file."""

    def __init__(self, root: Element | None) -> None:
        super().__init__()
        self._elements: dict[str, Element] = {}
        self._default = ""
        #: What the file says its text is written in, unless told otherwise.
        self.language = value_of(child(root, "docDefaults", "rPrDefault", "rPr"), "lang")
        for element in children(root, kind="style"):
            style_id = attribute(element, "styleId")
            self._elements.setdefault(style_id, element)
            if attribute(element, "type") == "paragraph" and is_on(element, "default"):
                self._default = style_id

    def own(self, style_id: str) -> tuple[Style, tuple[str, str], str]:
        """Return what a style itself says, its names, and the id of the style it is based on."""
        element = self._elements.get(style_id)
        run = child(element, "rPr")
        style = replace(
            paragraph_properties(child(element, "pPr")),
            hidden=flag(run, "vanish"),
            bold=flag(run, "b"),
            size=value_of(run, "sz"),
            name="" if style_id == self._default else value_of(element, "name"),
        )
        return style, (value_of(element, "name"), style_id), value_of(element, "basedOn")

    def of_paragraph(self, style_id: str) -> Style:
        """Return the style of a paragraph; one that names none has the file's default."""
        return self.style(style_id or self._default)


def paragraph_properties(properties: Element | None) -> Style:
    """Return what a `pPr` itself says."""
    outline = whole_number(value_of(properties, "outlineLvl"))
    numbering = child(properties, "numPr")
    alignment = value_of(properties, "jc")
    return Style(
        level=None if outline is None else outline + 1 if outline < _BODY_LEVEL else 0,
        new_page=flag(properties, "pageBreakBefore"),
        list_id=value_of(numbering, "numId") or None,
        list_level=whole_number(value_of(numbering, "ilvl")),
        centered=alignment == "center" if alignment else None,
        initial=attribute(child(properties, "framePr"), "dropCap") in ("drop", "margin") or None,
    )


def flag(properties: Element | None, name: str) -> bool | None:
    """Return what a switch in `properties` is set to, None where it is not there."""
    element = child(properties, name)
    return None if element is None else is_on(element, "val", absent=True)


def is_on(element: Element, name: str, *, absent: bool = False) -> bool:
    """Return whether an attribute is set to one of Word's words for yes."""
    value = attribute(element, name)
    return value.lower() in ("1", "true", "on") if value else absent


def value_of(element: Element | None, name: str) -> str:
    """Return the `val` of the child `name` of `element`, "" where there is none."""
    return attribute(child(element, name), "val")
