"""The pages of an EPUB as blocks.

What divides a page is HTML's own list of elements that stand on lines of their own; classes and
styles are not believed, except for one thing: a class that says "ornament" or "scene-break" on an
element without text. Notes leave the text where a link says that it marks one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.epub.footnotes import Notes
from components.manuscripts.formats.epub.semantics import (
    CONTENTS,
    PageContext,
    inner,
    is_hidden,
    matter,
)
from components.manuscripts.formats.safe_xml import attribute, child, local, text_of

if TYPE_CHECKING:
    from components.manuscripts.document import Role
    from components.manuscripts.formats.block_builder import BlockBuilder
    from components.manuscripts.formats.epub.navigation import NavigationEntry
    from components.manuscripts.formats.epub.semantics import Matter
    from components.manuscripts.formats.safe_xml import Element

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
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DOUBLE = re.compile(r" {2,}")
_ORNAMENT = re.compile(
    r"scene-?_?break|section-?_?break|thought-?_?break|space-?_?break|ornament|asterism|dinkus"
    r"|fleuron|separator|divider|\btb\b",
    re.IGNORECASE,
)
_NO_HEADINGS = frozenset({"cover", "cover page", "cover image", "couverture", "umschlag"})
#: Characters of a paragraph before an anchor in it that is meant for all of it: an initial.
_FIRST_LETTERS = 3
#: Links, one paragraph after the other, from which on they are a table of contents.
_RUN_OF_LINKS = 4


@dataclass(slots=True)
class _Paragraph:
    text: str
    role: Role
    level: int
    label: str
    matter: Matter
    notes: tuple[str, ...]
    linked: bool
    look: str = ""


@dataclass(slots=True)
class _Line:
    """The paragraph being read."""

    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    linked: int = 0
    characters: int = 0


class PageReader:
    """Reads the pages of one book, in order, into `blocks`.

    `depths` are the navigation's, of the blocks that have a label, in order.
    """

    def __init__(
        self,
        blocks: BlockBuilder,
        trees: dict[str, Element],
        entries: list[NavigationEntry],
        *,
        kinds: dict[str, str],
        title: str,
    ) -> None:
        self.depths: list[int] = []
        self.hidden_words = 0
        self._blocks = blocks
        self._trees = trees
        self._kinds = kinds
        self._title = title.casefold()
        self._notes = Notes(trees)
        self._entries: dict[str, dict[str, list[NavigationEntry]]] = {}
        for entry in entries:
            self._entries.setdefault(entry.page, {}).setdefault(entry.fragment, []).append(entry)
        self._page = ""
        self._here: dict[str, list[NavigationEntry]] = {}
        self._pending: NavigationEntry | None = None
        self._later: list[NavigationEntry] = []
        self._is_first = True
        self._line = _Line()
        self._paragraphs: list[_Paragraph] = []

    def read(self, name: str, *, is_navigation: bool) -> None:
        """Read one page."""
        tree = self._trees[name]
        self._page = name
        self._here = dict(self._entries.get(name, {}))
        ids = {one.get(key) for one in tree.iter() for key in ("id", "name")}
        for fragment in [one for one in self._here if one not in ids or not one]:
            for entry in self._here.pop(fragment):
                self._begin(entry)
        kinds = self._kinds.get(name, "").split()
        listing = is_navigation or not CONTENTS.isdisjoint(kinds)
        place = PageContext(role="contents" if listing else "body", matter=matter(kinds, ""))
        body = child(tree, "body")
        self._walk(tree if body is None else body, place)
        self._flush(place)
        self._emit()

    def end(self) -> None:
        """Give the name of a section that came last and has no text."""
        if self._pending is not None:
            self._name(self._pending)
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
            self._name(self._pending)
        self._pending = entry

    def _name(self, entry: NavigationEntry) -> None:
        """Add a heading that is said in the navigation alone: its page has a picture of it."""
        self._pending = None
        if entry.label.casefold() not in _NO_HEADINGS:
            self.depths.append(entry.depth)
            self._paragraphs.append(
                _Paragraph(entry.label, "heading", entry.depth, entry.label, "", (), linked=False)
            )

    def _walk(self, element: Element, place: PageContext) -> None:
        name = local(element).lower()
        if name in _SILENT:
            return
        if is_hidden(element):
            self.hidden_words += 0 if name == "nav" else len(text_of(element).split())
            return
        for key in ("id", "name") if self._here else ():
            for entry in self._here.pop(element.get(key, ""), ()):
                self._begin(entry)
        types = attribute(element, "type").split() + attribute(element, "role").split()
        if "pagebreak" in types or "doc-pagebreak" in types:
            return
        if (note := self._notes.marked(element)) is not None:
            self._line.notes.append(note)
            return
        if self._notes.is_note(element):
            return
        if name == "br":
            self._line.parts.append("\n")
        elif name == "hr":
            self._flush(place)
            self._rule()
        elif name in _BLOCKS and not place.whole:
            self._block(element, name, types, place)
        else:
            if name in _BLOCKS and self._line.characters:
                self._line.parts.append("\n")
            if name == "a" and (reference := attribute(element, "href")):
                place = replace(place, linked=resolve(self._page, reference) in self._trees)
            self._inside(element, place)

    def _block(self, element: Element, name: str, types: list[str], place: PageContext) -> None:
        self._flush(place)
        inside = inner(element, name, types, place)
        count = len(self._paragraphs)
        self._inside(element, inside)
        self._flush(inside)
        if len(self._paragraphs) > count:
            return
        if _ORNAMENT.search(f"{attribute(element, 'class')} {' '.join(types)}"):
            self._rule()
        elif name == "p":
            self._paragraphs.append(_Paragraph("", "body", 0, "", "", (), linked=False))

    def _inside(self, element: Element, place: PageContext) -> None:
        self._say(element.text, place)
        for one in element:
            self._walk(one, place)
            self._say(one.tail, place)

    def _say(self, text: str | None, place: PageContext) -> None:
        if not text:
            return
        self._line.parts.append(text if place.kept else _SPACES.sub(" ", text))
        characters = len(text.strip())
        self._line.characters += characters
        self._line.linked += characters if place.linked else 0

    def _flush(self, place: PageContext) -> None:
        line, self._line = self._line, _Line()
        text = "".join(line.parts)
        text = text if place.kept else _DOUBLE.sub(" ", text)
        if not text.strip():
            self._line.notes = line.notes
            return
        label = ""
        if self._pending is not None:
            label = self._pending.label
            self.depths.append(self._pending.depth)
            self._pending = None
        role = place.role
        flat = " ".join(text.split()).casefold()
        if role == "heading":
            # A story of the same name may come later; the first heading is the book's own.
            role = "title" if self._is_first and flat == self._title else role
            self._is_first = False
        self._paragraphs.append(
            _Paragraph(
                text,
                role,
                place.level if role == "heading" else 0,
                label,
                place.matter,
                tuple(line.notes),
                linked=role == "body" and line.linked == line.characters,
                look=place.look if role == "body" else "",
            )
        )
        later, self._later = self._later, []
        for entry in later:
            self._begin(entry)

    def _rule(self) -> None:
        self._paragraphs.append(_Paragraph("", "break", 0, "", "", (), linked=False))

    def _emit(self) -> None:
        """Hand the page's paragraphs on; a run of links is a table of contents."""
        paragraphs, self._paragraphs = self._paragraphs, []
        start = 0
        for at in range(len(paragraphs) + 1):
            if at < len(paragraphs) and (paragraphs[at].linked or not paragraphs[at].text):
                continue
            run = [paragraph for paragraph in paragraphs[start:at] if paragraph.linked]
            for one in run if len(run) >= _RUN_OF_LINKS else ():
                one.role = "contents"
            start = at + 1
        for paragraph in paragraphs:
            if paragraph.role == "break":
                self._blocks.rule()
            else:
                self._blocks.add(
                    paragraph.text,
                    paragraph.role,
                    level=paragraph.level,
                    label=paragraph.label,
                    matter=paragraph.matter,
                    notes=paragraph.notes,
                    look=paragraph.look,
                )
