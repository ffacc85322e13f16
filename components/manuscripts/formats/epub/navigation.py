"""The table of contents that an EPUB carries beside its pages: EPUB 3's page, EPUB 2's NCX.

Both are lists in lists of names with addresses. What they call a section is often said nowhere
else: in many books a chapter begins with a picture, or with a paragraph of a certain class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.safe_xml import attribute, child, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.manuscripts.formats.safe_xml import Element

#: Entries. The King James Bible's have 1,189; beyond, it is no table of contents.
_MAX_ENTRIES = 20_000
#: Characters of a name.
_MAX_LABEL = 400


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A section: its name, how deep it is nested (from 1), the page and the place where it begins.

    `fragment` is the id of an element of the page, empty for the page's beginning.
    """

    label: str
    depth: int
    page: str
    fragment: str


def from_page(root: Element, name: str) -> list[NavigationEntry]:
    """Return the entries of EPUB 3's navigation page, the part called `name`."""
    nav = _nav(root, "toc")
    if nav is None:
        return []
    found: list[NavigationEntry] = []
    for one in nav.iter():
        if local(one).lower() != "a" or len(found) >= _MAX_ENTRIES:
            continue
        depth = sum(local(above).lower() in ("ol", "ul") for above in _up_to(one, nav))
        found.append(_entry(text_of(one), depth, name, attribute(one, "href")))
    return [entry for entry in found if entry.label and entry.page]


def landmarks(root: Element, name: str) -> dict[str, str]:
    """Return what the navigation page calls the book's pages ("titlepage", "bodymatter")."""
    nav = _nav(root, "landmarks")
    found: dict[str, str] = {}
    for one in () if nav is None else nav.iter():
        reference = attribute(one, "href")
        if local(one).lower() == "a" and "#" not in reference:
            found.setdefault(resolve(name, reference), attribute(one, "type"))
    return found


def from_ncx(root: Element, name: str) -> list[NavigationEntry]:
    """Return the entries of EPUB 2's navigation, the part called `name`."""
    found: list[NavigationEntry] = []
    for one in root.iter():
        if local(one).lower() != "navpoint" or len(found) >= _MAX_ENTRIES:
            continue
        depth = 1 + sum(local(above).lower() == "navpoint" for above in one.iterancestors())
        names = {local(part).lower(): part for part in one}
        content = names.get("content")
        label = text_of(child(names.get("navlabel"), "text"))
        reference = "" if content is None else attribute(content, "src")
        found.append(_entry(label, depth, name, reference))
    return [entry for entry in found if entry.label and entry.page]


def _nav(root: Element, kind: str) -> Element | None:
    navs = [one for one in root.iter() if local(one).lower() == "nav"]
    found = [nav for nav in navs if kind in attribute(nav, "type").split()]
    if kind == "toc":  # some forget to say which of them it is
        found += [nav for nav in navs if not attribute(nav, "type")]
    return found[0] if found else None


def _up_to(element: Element, top: Element) -> Iterator[Element]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _entry(label: str, depth: int, base: str, reference: str) -> NavigationEntry:
    fragment = unquote(reference.partition("#")[2])
    return NavigationEntry(label[:_MAX_LABEL], max(1, depth), resolve(base, reference), fragment)
