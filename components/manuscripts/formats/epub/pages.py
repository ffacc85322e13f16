"""The pages of an EPUB as blocks.

HTML's list of block elements divides a page; classes and styles are not believed, except a class
such as "ornament" on an element without text. Where in the book a stretch belongs EPUB 3 says by
`epub:type` and `role`, EPUB 2 by the guide in the package.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from components.manuscripts.document import Block, Matter, Role
from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.epub.footnotes import Notes
from components.manuscripts.formats.safe_xml import (
    Element,
    attribute,
    child,
    local,
    text_of,
    whole_number,
)

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "level1", "level2", "level3", "li",
    "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset({
    "head", "script", "style", "svg", "template", "noscript", "object", "iframe", "audio",
    "video", "canvas", "map", "rt", "rp", "title", "metadata", "button", "select", "textarea",
})  # fmt: skip
_PICTURES = frozenset({"img", "image", "object", "picture"})
_CONTENTS = frozenset({"toc", "loi", "lot", "toc-brief"})
_PAGE_BREAKS = frozenset({"pagebreak", "doc-pagebreak"})
#: Where in the book a stretch of a type belongs.
_MATTERS: dict[str, Matter] = {
    **dict.fromkeys((
        "frontmatter", "titlepage", "title-page", "halftitlepage", "halftitle", "copyright-page",
        "copyright", "imprint", "imprimatur", "dedication", "epigraph", "cover", "seriespage",
        "toc", "loi", "lot",
    ), "front"),
    **dict.fromkeys((
        "bodymatter", "chapter", "part", "volume", "prologue", "epilogue", "conclusion", "text",
    ), "body"),
    **dict.fromkeys((
        "backmatter", "appendix", "colophon", "bibliography", "index", "glossary", "endnotes",
        "rearnotes", "footnotes", "acknowledgments", "acknowledgements", "contributors",
        "other-credits", "errata", "uncopyright",
    ), "back"),
}  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DOUBLE = re.compile(r" {2,}")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"scene-?_?break|section-?_?break|thought-?_?break|space-?_?break|ornament|asterism|dinkus"
    r"|fleuron|separator|divider|\btb\b",
    re.IGNORECASE,
)
_NO_HEADINGS = frozenset({"cover", "cover page", "cover image", "couverture", "umschlag"})
#: What stands for a picture of a drop cap: its letter, after a word or two.
_INITIAL = re.compile(r"(?:[^\W\d]+\W+){0,2}([“‘\"'«„]?[^\W\d_])", re.IGNORECASE)
#: Characters of a paragraph before an anchor in it that is meant for all of it: an initial.
_FIRST_LETTERS = 3
#: Links, one paragraph after the other, from which on they are a table of contents.
_RUN_OF_LINKS = 4


class NavigationEntry(NamedTuple):
    """A section: its name, how deep it is nested (from 1), the page and where on it it begins.

    `fragment` is the id of an element of the page, empty for the page's beginning.
    """

    label: str
    depth: int
    page: str
    fragment: str


@dataclass(frozen=True, slots=True)
class _Context:
    """What the elements around a place on a page say of it.

    `keeps_spaces` is whether white space counts, as in a `<pre>`; `linked` whether it is a link to
    another page; `whole` whether blocks in it are lines of one paragraph.
    """

    role: Role = "body"
    level: int = 0
    matter: Matter = ""
    keeps_spaces: bool = False
    linked: bool = False
    whole: bool = False
    look: str = ""


@dataclass(slots=True)
class _Paragraph:
    """A paragraph of the page, its notes, and whether all of it is links."""

    block: Block
    notes: tuple[str, ...] = ()
    linked: bool = False


@dataclass(slots=True)
class _Line:
    """The paragraph being read, and how many of its characters are links."""

    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    linked: int = 0
    characters: int = 0


def _is_rest_of_word(text: str) -> bool:
    """Return whether `text` goes on after a drop cap: "he ferry", "HE FERRY"."""
    return text[:1].islower() or (text[:2].isalpha() and text[:2].isupper())


class PageReader:
    """Reads the pages of one book, in order, into `blocks`.

    `depths` are the navigation's, of the blocks that have a label, in order.
    """

    def __init__(
        self,
        blocks: BlockBuilder,
        trees: dict[str, Element],
        entries: Iterable[NavigationEntry],
        *,
        kinds: dict[str, str],
        title: str,
    ) -> None:
        self.depths: list[int] = []
        #: Pages with words on them, and pages of nothing but pictures.
        self.worded = self.pictured = 0
        self._blocks = blocks
        self._trees = trees
        self._kinds = kinds
        self._title = title.casefold()
        self._notes = Notes(trees)
        #: Entries of the navigation by page and fragment, and those of the page that are left.
        self._entries: dict[str, dict[str, list[NavigationEntry]]] = defaultdict(dict)
        for entry in entries:
            self._entries[entry.page].setdefault(entry.fragment, []).append(entry)
        self._here: dict[str, list[NavigationEntry]] = {}
        self._page = ""
        #: The entry whose section the next paragraph begins, and those that come after it.
        self._pending: NavigationEntry | None = None
        self._later: list[NavigationEntry] = []
        self._is_first = True
        self._line = _Line()
        #: The drop cap that the picture before the next text shows.
        self._initial = ""
        self._paragraphs: list[_Paragraph] = []

    def read(self, name: str, *, is_navigation: bool) -> None:
        """Read one page."""
        tree = self._trees[name]
        self._page = name
        self._here = dict(self._entries.get(name, {}))
        ids = {element.get(key) for element in tree.iter() for key in ("id", "name")}
        for fragment in [key for key in self._here if key not in ids or not key]:
            for entry in self._here.pop(fragment):
                self._begin(entry)
        types = self._kinds.get(name, "").split()
        is_listing = is_navigation or not _CONTENTS.isdisjoint(types)
        context = _Context("contents" if is_listing else "body", matter=_matter(types, ""))
        body = child(tree, "body")
        worded = bool(text_of(tree if body is None else body))
        self.worded += worded
        self.pictured += not worded and any(local(inner) in _PICTURES for inner in tree.iter())
        self._walk(tree if body is None else body, context)
        self._flush(context)
        self._emit()

    def end(self) -> None:
        """Give the name of a section that came last and has no text."""
        if self._pending is not None:
            self._add_name(self._pending)
            self._emit()

    def words(self, name: str) -> int:
        """Return how many words a page has, but for the notes that were found through marks."""
        tree = self._trees.get(name)
        return 0 if tree is None else self._notes.words_beside(tree)

    def _begin(self, entry: NavigationEntry) -> None:
        """Let the next paragraph be the first of a section; one that had none gives its name."""
        if self._line.characters > _FIRST_LETTERS:
            self._later.append(entry)
            return
        if self._pending is not None:
            self._add_name(self._pending)
        self._pending = entry

    def _add_name(self, entry: NavigationEntry) -> None:
        """Add a heading that is said in the navigation alone: its page has a picture of it."""
        self._pending = None
        if entry.label.casefold() not in _NO_HEADINGS:
            self.depths.append(entry.depth)
            heading = Block(entry.label, "heading", entry.depth, entry.label)
            self._paragraphs.append(_Paragraph(heading))

    def _walk(self, element: Element, context: _Context) -> None:
        name = local(element).lower()
        if name in _SILENT:
            return
        if "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
            if name != "nav":
                self._blocks.hidden_words += len(text_of(element).split())
            return
        for key in ("id", "name") if self._here else ():
            for entry in self._here.pop(element.get(key, ""), ()):
                self._begin(entry)
        types = attribute(element, "type").split() + attribute(element, "role").split()
        if not _PAGE_BREAKS.isdisjoint(types) or self._notes.is_note(element):
            return
        if (note := self._notes.marked(element)) is not None:
            self._line.notes.append(note)
        elif name == "img":
            initial = _INITIAL.fullmatch(attribute(element, "alt").strip())
            self._initial = initial[1] if initial and not self._line.characters else ""
        elif name == "br":
            self._line.parts.append("\n")
        elif name == "hr":
            self._flush(context)
            self._paragraphs.append(_Paragraph(Block("", "break")))
        elif name in _BLOCKS and not context.whole:
            self._block(element, name, types, context)
        else:
            if name in _BLOCKS and self._line.characters:
                self._line.parts.append("\n")
            if name == "a" and (reference := attribute(element, "href")):
                context = replace(context, linked=resolve(self._page, reference) in self._trees)
            self._inside(element, context)

    def _block(self, element: Element, name: str, types: list[str], context: _Context) -> None:
        self._flush(context)
        inner = _inner(element, name, types, context)
        before = len(self._paragraphs)
        self._inside(element, inner)
        self._flush(inner)
        if len(self._paragraphs) > before:
            return
        if _ORNAMENT.search(f"{attribute(element, 'class')} {' '.join(types)}"):
            self._paragraphs.append(_Paragraph(Block("", "break")))
        elif name == "p":
            self._paragraphs.append(_Paragraph(Block("")))

    def _inside(self, element: Element, context: _Context) -> None:
        self._add(element.text, context)
        for inner in element:
            self._walk(inner, context)
            self._add(inner.tail, context)

    def _add(self, text: str | None, context: _Context) -> None:
        if text:
            self._line.parts.append(text if context.keeps_spaces else _SPACES.sub(" ", text))
            characters = len(text.strip())
            self._line.characters += characters
            self._line.linked += characters if context.linked else 0

    def _flush(self, context: _Context) -> None:
        """End the paragraph being read."""
        line, self._line = self._line, _Line()
        text = "".join(line.parts)
        text = text if context.keeps_spaces else _DOUBLE.sub(" ", text)
        if not text.strip():
            self._line.notes = line.notes
            return
        label = ""
        if self._pending is not None:
            label = self._pending.label
            self.depths.append(self._pending.depth)
            self._pending = None
        role = context.role
        initial, self._initial = self._initial, ""
        if role == "body" and initial and _is_rest_of_word(text.lstrip()):
            text, role = initial + text.lstrip("\n"), "prose"
        if role == "heading":
            # A story of the same name may come later; the first heading is the book's own.
            if self._is_first and " ".join(text.split()).casefold() == self._title:
                role = "title"
            self._is_first = False
        block = Block(
            text,
            role,
            context.level if role == "heading" else 0,
            label,
            context.matter,
            look=context.look if role in ("body", "prose") else "",
        )
        linked = role == "body" and line.linked == line.characters
        self._paragraphs.append(_Paragraph(block, tuple(line.notes), linked))
        later, self._later = self._later, []
        for entry in later:
            self._begin(entry)

    def _emit(self) -> None:
        """Hand the page's paragraphs on; a run of links is a table of contents."""
        paragraphs, self._paragraphs = self._paragraphs, []
        for _, run in groupby(paragraphs, lambda each: each.linked or not each.block.text):
            links = [paragraph for paragraph in run if paragraph.linked]
            for paragraph in links if len(links) >= _RUN_OF_LINKS else ():
                paragraph.block = replace(paragraph.block, role="contents")
        for paragraph in paragraphs:
            if paragraph.block.role == "break":
                self._blocks.rule()
            else:
                self._blocks.add(paragraph.block, paragraph.notes)


def _inner(element: Element, name: str, types: list[str], context: _Context) -> _Context:
    """Return the context inside a block, from the context that it is in."""
    role, level = context.role, context.level
    if not _CONTENTS.isdisjoint(types):
        role = "contents"
    if role != "contents":
        if name[0] == "h" and name[1:].isdigit():
            role, level = "heading", int(name[1:])
        elif name == "hgroup":
            levels = [int(local(head)[1]) for head in element if local(head)[1:].isdigit()]
            role, level = "heading", min(levels, default=1)
        elif attribute(element, "role") == "heading":
            role, level = "heading", whole_number(attribute(element, "aria-level")) or 2
    return replace(
        context,
        role=role,
        level=level,
        matter=_matter(types, context.matter),
        keeps_spaces=context.keeps_spaces or name == "pre",
        whole=role == "heading",
        look=_look(element, name) or context.look,
    )


def _look(element: Element, name: str) -> str:
    """Return the classes and style of a paragraph, and what its text begins in.

    Two that have the same look alike.
    """
    if name not in ("p", "div", "center"):
        return ""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    inside = "" if first is None else f"{local(first)} {attribute(first, 'class')}"
    return f"{name} {element.get('class', '')} {element.get('style', '')} {inside}".strip()


def _matter(types: list[str], around: Matter) -> Matter:
    """Return where in the book a stretch of these types belongs, `around` where they do not say."""
    words = (kind.removeprefix("doc-").rpartition(":")[2].rpartition(".")[2] for kind in types)
    return next((_MATTERS[word] for word in words if word in _MATTERS), around)
