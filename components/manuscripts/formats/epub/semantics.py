"""What an EPUB says of a stretch of a page: headings, where in the book it belongs, contents.

EPUB 3 says it by `epub:type` and `role`, EPUB 2 by the guide in the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.manuscripts.formats.safe_xml import attribute, local, whole_number

if TYPE_CHECKING:
    from components.manuscripts.document import Role
    from components.manuscripts.formats.safe_xml import Element

    Matter = Literal["", "front", "body", "back"]

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FRONT = frozenset({
    "frontmatter", "titlepage", "title-page", "halftitlepage", "halftitle", "copyright-page",
    "copyright", "imprint", "imprimatur", "dedication", "epigraph", "cover", "seriespage",
    "toc", "loi", "lot",
})  # fmt: skip
_BODY = frozenset({
    "bodymatter", "chapter", "part", "volume", "prologue", "epilogue", "conclusion", "text",
})  # fmt: skip
_BACK = frozenset({
    "backmatter", "appendix", "colophon", "bibliography", "index", "glossary", "endnotes",
    "rearnotes", "footnotes", "acknowledgments", "acknowledgements", "contributors",
    "other-credits", "errata", "uncopyright",
})  # fmt: skip
CONTENTS = frozenset({"toc", "loi", "lot", "toc-brief"})


@dataclass(frozen=True, slots=True)
class PageContext:
    """Where in a page the walk is: what the elements around say."""

    role: Role = "body"
    level: int = 0
    matter: Matter = ""
    kept: bool = False
    linked: bool = False
    whole: bool = False
    look: str = ""


def inner(element: Element, name: str, types: list[str], place: PageContext) -> PageContext:
    """Return the place inside a block, from the place that it is in."""
    role, level = place.role, place.level
    if not CONTENTS.isdisjoint(types):
        role = "contents"
    if role != "contents":
        if name[0] == "h" and name[1:].isdigit():
            role, level = "heading", int(name[1:])
        elif name == "hgroup":
            inside = [int(local(one)[1]) for one in element if local(one)[1:].isdigit()]
            role, level = "heading", min(inside, default=1)
        elif attribute(element, "role") == "heading":
            role, level = "heading", whole_number(attribute(element, "aria-level")) or 2
    return PageContext(
        role,
        level,
        matter(types, place.matter),
        kept=place.kept or name == "pre",
        linked=place.linked,
        whole=role == "heading",
        look=_look(element, name) or place.look,
    )


def _look(element: Element, name: str) -> str:
    """Return the classes of a paragraph, and of what its text begins in: two alike look alike."""
    if name not in ("p", "div", "center"):
        return ""
    own = element.get("class", "")
    first = element[0] if len(element) and not (element.text or "").strip() else None
    inside = "" if first is None else f"{local(first)} {attribute(first, 'class')}"
    return f"{name} {own} {inside}".strip()


def matter(types: list[str], around: Matter) -> Matter:
    """Return where in the book a stretch of these types belongs, `around` where they do not say."""
    for one in types:
        word = one.removeprefix("doc-").rpartition(":")[2].rpartition(".")[2]
        if word in _FRONT:
            return "front"
        if word in _BODY:
            return "body"
        if word in _BACK:
            return "back"
    return around


def is_hidden(element: Element) -> bool:
    """Return whether a reader of the book would not see `element`."""
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))
