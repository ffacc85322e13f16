"""The numbers that Word writes before paragraphs by itself: "Chapter 3", "IV.", "2.1".

A paragraph names its list and level; lists are defined in a part of their own, and several ids may
share one (`numbered_lists` counts).
"""

from components.manuscripts.formats.docx.style_sheet import flag, value_of
from components.manuscripts.formats.numbered_lists import ListLevel, NumberedList
from components.manuscripts.formats.safe_xml import Element, attribute, children, whole_number

_LEVELS = 9


class ListNumbering:
    """The lists of one file, counting as its paragraphs come by."""

    def __init__(self, root: Element | None) -> None:
        #: By the id that paragraphs name; several ids may share one list.
        self._lists: dict[str, NumberedList] = {}
        #: Where a list begins anew at its next paragraph, by id and level.
        self._restarts: dict[tuple[str, int], int] = {}
        shared = {
            attribute(element, "abstractNumId"): NumberedList(_levels(element))
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


def _levels(element: Element) -> dict[int, ListLevel]:
    levels: dict[int, ListLevel] = {}
    for level in children(element, kind="lvl"):
        at = whole_number(attribute(level, "ilvl"))
        start = whole_number(value_of(level, "start"))
        if at is not None and at < _LEVELS:
            levels[at] = ListLevel(
                1 if start is None else start,
                value_of(level, "numFmt") or "decimal",
                value_of(level, "lvlText"),
                legal=bool(flag(level, "isLgl")),
                style=value_of(level, "pStyle"),
            )
    return levels
