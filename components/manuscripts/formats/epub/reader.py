"""The blocks of an EPUB book: its package says which pages there are and in which order.

Pages outside of the reading order (`linear="no"`) are left out and the editor is told: covers,
mostly, and notes, which are found through their marks. A book under DRM is refused.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import takewhile
from urllib.parse import unquote

from components.errors import DamagedFile, ImageOnly, UnsupportedType
from components.manuscripts.document import Block, Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive, resolve
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.epub.pages import NavigationEntry, PageReader
from components.manuscripts.formats.safe_xml import (
    Element,
    attribute,
    child,
    children,
    local,
    parse_page,
    parse_xml,
    text_of,
)
from components.manuscripts.limits import Limits
from components.manuscripts.text.decoding import counted

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PACKAGE_TYPE = "application/oebps-package+xml"
_NCX_TYPE = "application/x-dtbncx+xml"
#: Scrambled fonts are no hindrance: no font is ever read.
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_NO_PAGES = ("image/", "text/css")
_MOST_AUTHORS = 4
#: Entries. The King James Bible's have 1,189; beyond, it is no table of contents.
_MAX_ENTRIES = 20_000
#: Characters of a name.
_MAX_LABEL = 400


@dataclass(slots=True)
class _Package:
    """What the package file says. Pages are names of parts; `guide` is what it calls them."""

    title: str = ""
    author: str = ""
    language: str = ""
    pages: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    navigation: str = ""
    ncx: str = ""
    guide: dict[str, str] = field(default_factory=dict)
    unreadable: int = 0


def read_epub(data: bytes, *, limits: Limits) -> Document:
    """Return the blocks of an EPUB book. Raises: ManuscriptError."""
    archive = Archive(data, limits=limits)
    _refuse_protected(archive)
    package = _package(archive)
    entries, kinds = _navigation(archive, package)
    trees: dict[str, Element] = {}
    broken = package.unreadable
    for name in [*package.pages, *package.outside]:
        try:
            trees[name] = parse_page(archive.read(name), what="a page of the book")
        except DamagedFile:
            broken += name in package.pages
    readable = [name for name in package.pages if name in trees]
    if not readable:
        raise DamagedFile("None of the pages of this EPUB book can be read.")
    blocks = BlockBuilder(limits=limits)
    pages = PageReader(
        blocks, trees, entries, kinds={**package.guide, **kinds}, title=package.title
    )
    for name in readable:
        pages.read(name, is_navigation=name == package.navigation)
    pages.end()
    warnings = []
    if pages.pictured and not pages.worded:
        raise ImageOnly("The pages of this EPUB book are pictures, without a word of text.")
    if pages.pictured > pages.worded:
        count = f"{pages.pictured:,} of {len(readable):,}"
        warnings.append(f"{count} pages are pictures without words: what they show was not read.")
    if broken:
        missing = "One page of the book could not be read and is missing."
        several = f"{broken:,} pages of the book could not be read and are missing."
        warnings.append(missing if broken == 1 else several)
    if words := sum(pages.words(name) for name in package.outside):
        warnings.append(
            f"Left out {counted(words, 'word')} on pages that the book sets"
            " outside of its reading order."
        )
    document = blocks.document(
        "epub",
        title=package.title,
        language=package.language,
        warnings=warnings + blocks.left_out(),
    )
    leveled = _with_levels(document.blocks, pages.depths)
    return replace(document, blocks=leveled, author=package.author)


def _refuse_protected(archive: Archive) -> None:
    """Refuse a book under DRM. Raises: UnsupportedType, DamagedFile."""
    root = archive.xml(_ENCRYPTION, what="the list of what is encrypted")
    for data in () if root is None else root.iter("{*}EncryptedData"):
        if attribute(child(data, "EncryptionMethod"), "Algorithm") not in _FONTS_ONLY:
            raise UnsupportedType(
                "This EPUB book is protected against copying (DRM): its pages cannot be read.",
                advice="Ask the author or publisher for a copy without protection.",
            )


def _package(archive: Archive) -> _Package:
    """Return what the package file of the book says. Raises: DamagedFile."""
    container = archive.xml(_CONTAINER, what="the container of the book")
    if container is None:
        raise DamagedFile("This EPUB book is not complete: it does not say where its pages are.")
    roots = sorted(
        container.iter("{*}rootfile"),
        key=lambda file: attribute(file, "media-type") != _PACKAGE_TYPE,
    )
    base = resolve("", attribute(roots[0], "full-path")) if roots else ""
    if base not in archive:
        raise DamagedFile("This EPUB book is not complete: the list of its pages is missing.")
    root = parse_xml(archive.read(base), what="the list of the book's pages")
    package = _Package()
    _read_metadata(package, child(root, "metadata"))
    items: dict[str, tuple[str, str]] = {}
    for item in children(root, "manifest"):
        name, kind = resolve(base, attribute(item, "href")), attribute(item, "media-type")
        items[attribute(item, "id")] = (name, kind)
        if "nav" in attribute(item, "properties").split():
            package.navigation = name
        elif kind == _NCX_TYPE:
            package.ncx = package.ncx or name
    if (ncx := attribute(child(root, "spine"), "toc")) in items:
        package.ncx = items[ncx][0]
    for reference in children(root, "spine"):
        name, kind = items.get(attribute(reference, "idref"), ("", ""))
        if name not in archive or kind.startswith(_NO_PAGES):
            package.unreadable += not kind.startswith("image/")
        elif name not in package.pages:
            outside = attribute(reference, "linear").lower() == "no"
            (package.outside if outside else package.pages).append(name)
    if not package.pages:
        package.pages, package.outside = package.outside, []
    for reference in children(root, "guide"):
        address = attribute(reference, "href")
        if "#" not in address:
            package.guide.setdefault(resolve(base, address), attribute(reference, "type"))
    return package


def _read_metadata(package: _Package, element: Element | None) -> None:
    authors: list[str] = []
    for entry in () if element is None else element.iter():
        name, text = local(entry), text_of(entry)
        if name == "title":
            package.title = package.title or metadata.title(text)
        elif name == "language":
            package.language = package.language or metadata.language(text)
        elif name == "creator" and attribute(entry, "role") in ("", "aut"):
            authors.append(metadata.author(text))
    different = list(dict.fromkeys(filter(None, authors)))
    package.author = ", ".join(different[:_MOST_AUTHORS])


def _navigation(
    archive: Archive, package: _Package
) -> tuple[list[NavigationEntry], dict[str, str]]:
    """Return the entries of the book's navigation, and what it calls pages; EPUB 3's before 2's."""
    kinds: dict[str, str] = {}
    for name, listed in ((package.navigation, _from_page), (package.ncx, _from_ncx)):
        with suppress(DamagedFile):  # or missing
            root = parse_page(archive.read(name), what="the navigation of the book")
            kinds |= _landmarks(root, name)
            entries = [
                NavigationEntry(
                    label[:_MAX_LABEL], max(1, depth), page, unquote(reference.partition("#")[2])
                )
                for label, depth, reference in listed(root)
                if label and (page := resolve(name, reference))
            ]
            if entries:
                return entries, kinds
    return [], kinds


def _from_page(root: Element) -> Iterator[tuple[str, int, str]]:
    """Yield label, depth and reference of the entries of EPUB 3's navigation page."""
    nav = _nav(root, "toc")
    for link in _named(nav, "a")[:_MAX_ENTRIES]:
        above = takewhile(lambda element: element is not nav, link.iterancestors())
        depth = sum(local(element).lower() in ("ol", "ul") for element in above)
        yield text_of(link), depth, attribute(link, "href")


def _from_ncx(root: Element) -> Iterator[tuple[str, int, str]]:
    """Yield label, depth and reference of the entries of EPUB 2's navigation."""
    for point in _named(root, "navpoint")[:_MAX_ENTRIES]:
        inner = {local(part).lower(): part for part in point}
        depth = 1 + sum(local(above).lower() == "navpoint" for above in point.iterancestors())
        label = text_of(child(inner.get("navlabel"), "text"))
        yield label, depth, attribute(inner.get("content"), "src")


def _landmarks(root: Element, name: str) -> dict[str, str]:
    """Return what the navigation page calls the book's pages ("titlepage", "bodymatter")."""
    kinds: dict[str, str] = {}
    for link in _named(_nav(root, "landmarks"), "a"):
        reference = attribute(link, "href")
        if "#" not in reference:
            kinds.setdefault(resolve(name, reference), attribute(link, "type"))
    return kinds


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


def _with_levels(blocks: Sequence[Block], depths: Sequence[int]) -> tuple[Block, ...]:
    """Return `blocks` with the levels of headings on the scale of the navigation.

    What the navigation lists has its depth as level; other headings are moved by the same.
    """
    following = iter(depths)
    listed = [next(following, 1) if block.label else 0 for block in blocks]
    apart = Counter(
        block.level - depth
        for block, depth in zip(blocks, listed, strict=True)
        if depth and block.role == "heading"
    )
    shift = apart.most_common(1)[0][0] if apart else 0
    leveled = []
    for block, depth in zip(blocks, listed, strict=True):
        level = depth or (max(1, block.level - shift) if block.level else 0)
        leveled.append(block if level == block.level else replace(block, level=level))
    return tuple(leveled)
