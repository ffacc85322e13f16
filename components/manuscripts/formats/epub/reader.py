"""The blocks of an EPUB book: its package says which pages there are and in which order.

Pages that the book sets outside of its reading order (`linear="no"`) are left out and said so:
covers, mostly, and notes, which are found through their marks. What protects a book against
copying makes its pages unreadable; that is said, instead of showing bytes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive, resolve
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.epub import navigation as epub_navigation
from components.manuscripts.formats.epub.pages import PageReader
from components.manuscripts.formats.omissions import counted, left_out
from components.manuscripts.formats.safe_xml import (
    attribute,
    child,
    local,
    parse_page,
    parse_xml,
    text_of,
)

if TYPE_CHECKING:
    from components.manuscripts.document import Block
    from components.manuscripts.formats.safe_xml import Element
    from components.manuscripts.limits import Limits

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PACKAGE_TYPE = "application/oebps-package+xml"
#: Scrambled fonts are no hindrance: no font is ever read.
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGE_TYPES = (
    "application/xhtml+xml",
    "text/html",
    "application/x-dtbook+xml",
    "text/x-oeb1-document",
)
_MOST_AUTHORS = 4


@dataclass(slots=True)
class _Package:
    """What the package file says. Pages are names of parts; `kinds` are of media, by name."""

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
    """Return the blocks of an EPUB book.

    Raises: UnsupportedType where it is protected against copying; DamagedFile, LimitReached.
    """
    archive = Archive(data, limits=limits)
    _refuse_protected(archive)
    package = _package(archive)
    entries, landmarks = _navigation(archive, package)
    trees: dict[str, Element] = {}
    broken = 0
    for name in [*package.pages, *package.outside]:
        try:
            trees[name] = parse_page(archive.read(name), what="a page of the book")
        except DamagedFile:
            broken += name in package.pages
    if not any(name in trees for name in package.pages):
        raise DamagedFile("None of the pages of this EPUB book can be read.")
    blocks = BlockBuilder(limits=limits)
    pages = PageReader(
        blocks, trees, entries, kinds={**package.guide, **landmarks}, title=package.title
    )
    for name in package.pages:
        if name in trees:
            pages.read(name, is_navigation=name == package.navigation)
    pages.end()
    found, notes = blocks.finish()
    return Document(
        tuple(_with_levels(found, pages.depths)),
        "epub",
        title=package.title,
        author=package.author,
        language=package.language,
        notes=notes,
        warnings=tuple(_warnings(package, pages, broken=broken + package.unreadable)),
    )


def _refuse_protected(archive: Archive) -> None:
    """Refuse a book under DRM.

    Raises: UnsupportedType, DamagedFile.
    """
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(archive.read(_ENCRYPTION), what="the list of what is encrypted")
    for one in root.iter():
        if local(one) != "EncryptedData":
            continue
        method = child(one, "EncryptionMethod")
        if method is None or attribute(method, "Algorithm") not in _FONTS_ONLY:
            raise UnsupportedType(
                "This EPUB book is protected against copying (DRM): its pages cannot be read.",
                advice="Ask the author or publisher for a copy without protection.",
            )


def _package(archive: Archive) -> _Package:
    """Return what the package file of the book says.

    Raises: DamagedFile.
    """
    if _CONTAINER not in archive:
        raise DamagedFile("This EPUB book is not complete: it does not say where its pages are.")
    container = parse_xml(archive.read(_CONTAINER), what="the container of the book")
    roots = [one for one in container.iter() if local(one) == "rootfile"]
    roots.sort(key=lambda one: attribute(one, "media-type") != _PACKAGE_TYPE)
    base = resolve("", attribute(roots[0], "full-path")) if roots else ""
    if base not in archive:
        raise DamagedFile("This EPUB book is not complete: the list of its pages is missing.")
    root = parse_xml(archive.read(base), what="the list of the book's pages")
    package = _Package()
    _read_metadata(package, child(root, "metadata"))
    items: dict[str, tuple[str, str]] = {}
    for item in _children(root, "manifest"):
        name = resolve(base, attribute(item, "href"))
        items[attribute(item, "id")] = (name, attribute(item, "media-type"))
        if "nav" in attribute(item, "properties").split():
            package.navigation = name
        elif attribute(item, "media-type") == "application/x-dtbncx+xml":
            package.ncx = package.ncx or name
    spine = child(root, "spine")
    if spine is not None and attribute(spine, "toc") in items:
        package.ncx = items[attribute(spine, "toc")][0]
    for one in _children(root, "spine"):
        name, kind = items.get(attribute(one, "idref"), ("", ""))
        if name not in archive or (
            kind not in _PAGE_TYPES and kind.startswith(("image/", "text/css"))
        ):
            package.unreadable += not kind.startswith("image/")
        elif name not in package.pages:
            outside = attribute(one, "linear").lower() == "no"
            (package.outside if outside else package.pages).append(name)
    if not package.pages:
        package.pages, package.outside = package.outside, []
    for one in _children(root, "guide"):
        if "#" not in attribute(one, "href"):
            package.guide.setdefault(resolve(base, attribute(one, "href")), attribute(one, "type"))
    return package


def _read_metadata(package: _Package, element: Element | None) -> None:
    authors: list[str] = []
    others = 0
    for one in () if element is None else element.iter():
        name, text = local(one), text_of(one)
        if name == "title" and not package.title:
            package.title = metadata.title(text)
        elif name == "language" and not package.language:
            package.language = metadata.language(text)
        elif name == "creator" and attribute(one, "role") in ("", "aut"):
            author = metadata.author(text)
            if author and author not in authors and len(authors) < _MOST_AUTHORS:
                authors.append(author)
            else:
                others += 1
    package.author = ", ".join(authors)


def _navigation(
    archive: Archive, package: _Package
) -> tuple[list[epub_navigation.NavigationEntry], dict[str, str]]:
    """Return what the book's own navigation lists, and what it calls its pages.

    The EPUB 3 document is preferred, and an EPUB 2 one taken where there is none that can be read.
    """
    entries: list[epub_navigation.NavigationEntry] = []
    landmarks: dict[str, str] = {}
    if package.navigation in archive:
        try:
            page = parse_page(archive.read(package.navigation), what="the navigation of the book")
            entries = epub_navigation.from_page(page, package.navigation)
            landmarks = epub_navigation.landmarks(page, package.navigation)
        except DamagedFile:
            entries = []
    if not entries and package.ncx in archive:
        try:
            root = parse_page(archive.read(package.ncx), what="the navigation of the book")
            entries = epub_navigation.from_ncx(root, package.ncx)
        except DamagedFile:
            entries = []
    return entries, landmarks


def _with_levels(blocks: tuple[Block, ...], depths: list[int]) -> list[Block]:
    """Return `blocks` with the levels of headings on the scale of the navigation.

    The navigation nests sections from 1 on; pages may begin with h2, or use h1 for parts and
    chapters alike. What it lists has its depth as level, other headings are moved by the same.
    """
    depth_of = iter(depths)
    labelled = [next(depth_of, 1) if block.label else 0 for block in blocks]
    apart = Counter(
        block.level - depth
        for block, depth in zip(blocks, labelled, strict=True)
        if depth and block.role == "heading"
    )
    shift = apart.most_common(1)[0][0] if apart else 0
    return [
        replace(block, level=depth)
        if depth
        else replace(block, level=max(1, block.level - shift))
        if block.level
        else block
        for block, depth in zip(blocks, labelled, strict=True)
    ]


def _warnings(package: _Package, pages: PageReader, *, broken: int) -> list[str]:
    said = []
    if broken:
        what = "One page of the book" if broken == 1 else f"{broken:,} pages of the book"
        said.append(f"{what} could not be read and {'is' if broken == 1 else 'are'} missing.")
    if words := sum(pages.words(name) for name in package.outside):
        said.append(
            f"Left out {counted(words, 'word')} on pages that the book sets"
            " outside of its reading order."
        )
    return said + left_out(hidden_words=pages.hidden_words)


def _children(root: Element, name: str) -> list[Element]:
    found = child(root, name)
    return [] if found is None else list(found)
