"""The table of contents that an EPUB carries beside its pages: EPUB 3's page, EPUB 2's NCX.

Both are lists in lists of names with addresses. What they call a section is often said nowhere
else: in many books a chapter begins with a picture, or with a paragraph of a certain class.
"""

from collections.abc import Iterable
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import unquote

from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.safe_xml import Element, attribute, child, local, text_of

#: Entries. The King James Bible's have 1,189; beyond, it is no table of contents.
_MAX_ENTRIES = 20_000
#: Characters of a name.
_MAX_LABEL = 400


class NavigationEntry(NamedTuple):
    """A section: its name, how deep it is nested (from 1), the page and where on it it begins.

    `fragment` is the id of an element of the page, empty for the page's beginning.
    """

    label: str
    depth: int
    page: str
    fragment: str


def from_page(root: Element, name: str) -> list[NavigationEntry]:
    """Return the entries of EPUB 3's navigation page, the part called `name`."""
    nav = _nav(root, "toc")

    def depth(link: Element) -> int:
        above = takewhile(lambda element: element is not nav, link.iterancestors())
        return sum(local(element).lower() in ("ol", "ul") for element in above)

    links = ((text_of(link), depth(link), attribute(link, "href")) for link in _named(nav, "a"))
    return _entries(name, links)


def from_ncx(root: Element, name: str) -> list[NavigationEntry]:
    """Return the entries of EPUB 2's navigation, the part called `name`."""

    def entry(point: Element) -> tuple[str, int, str]:
        inner = {local(part).lower(): part for part in point}
        depth = 1 + sum(local(above).lower() == "navpoint" for above in point.iterancestors())
        label = text_of(child(inner.get("navlabel"), "text"))
        return label, depth, attribute(inner.get("content"), "src")

    return _entries(name, map(entry, _named(root, "navpoint")))


def landmarks(root: Element, name: str) -> dict[str, str]:
    """Return what the navigation page calls the book's pages ("titlepage", "bodymatter")."""
    found: dict[str, str] = {}
    for link in _named(_nav(root, "landmarks"), "a"):
        reference = attribute(link, "href")
        if "#" not in reference:
            found.setdefault(resolve(name, reference), attribute(link, "type"))
    return found


def _nav(root: Element, kind: str) -> Element | None:
    navs = _named(root, "nav")
    chosen = [nav for nav in navs if kind in attribute(nav, "type").split()]
    if kind == "toc":  # some forget to say which of them it is
        chosen += [nav for nav in navs if not attribute(nav, "type")]
    return chosen[0] if chosen else None


def _named(root: Element | None, name: str) -> list[Element]:
    """Return all elements of a name in `root`, however it is written."""
    elements = () if root is None else root.iter()
    return [element for element in elements if local(element).lower() == name]


def _entries(name: str, listed: Iterable[tuple[str, int, str]]) -> list[NavigationEntry]:
    """Return the entries of the part `name` from labels, depths and references."""
    entries = [
        NavigationEntry(
            label[:_MAX_LABEL],
            max(1, depth),
            resolve(name, reference),
            unquote(reference.partition("#")[2]),
        )
        for label, depth, reference in islice(listed, _MAX_ENTRIES)
    ]
    return [entry for entry in entries if entry.label and entry.page]
