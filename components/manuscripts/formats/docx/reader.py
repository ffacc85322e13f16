"""The blocks of a Word file (.docx, and templates and files with macros alike), by lxml.

python-docx reads too little for this (inserted and moved text, content controls and tables are
missing from its paragraphs), mammoth makes HTML of it; walking the file's own XML
decides itself what counts as text of the book. Tracked changes are read as accepted;
comments, hidden text, headers and footers are left out; footnotes are kept apart.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive, resolve
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.docx.list_numbers import ListNumbering
from components.manuscripts.formats.docx.runs import ParagraphContent, Texts, chosen
from components.manuscripts.formats.docx.styles import Styles, attribute_of, paragraph_properties
from components.manuscripts.formats.omissions import left_out
from components.manuscripts.formats.safe_xml import attribute, child, local, parse_xml, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.manuscripts.formats.docx.styles import Style
    from components.manuscripts.formats.safe_xml import Element
    from components.manuscripts.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "word/document.xml"
#: What only holds other paragraphs and tables.
_HOLDERS = frozenset({"customXml", "ins", "moveTo", "smartTag", "sdtContent", "Choice", "Fallback"})
#: Sections that go on on the same page.
_SAME_PAGE = ("continuous", "nextColumn")


def read_docx(data: bytes, *, password: str | None, limits: Limits) -> Document:
    """Return the blocks of a Word file; `password` is for a locked one.

    Raises: PasswordRequired, WrongPassword, DamagedFile, LimitReached, UnsupportedType.
    """
    if data.startswith(_OLE):
        from components.manuscripts.formats.docx.decryption import (
            decrypt,  # here: most files need none
        )

        data = decrypt(data, password=password)
    package = _Package(Archive(data, limits=limits))
    body = child(package.main, "body")
    if body is None:
        raise DamagedFile("This Word file holds no text part that can be read.")
    styles = Styles(package.part("styles"))
    reader = _Reader(
        BlockBuilder(limits=limits),
        styles,
        ListNumbering(package.part("numbering")),
        Texts(styles),
        {kind: _by_id(package.part(f"{kind}s"), kind) for kind in ("footnote", "endnote")},
    )
    reader.read(body)
    blocks, notes = reader.blocks.finish()
    core = package.properties
    written = metadata.language(text_of(child(core, "language")))
    if not written and "python-docx" not in text_of(child(core, "description")):
        # python-docx' template says en-US of every book; Word's says what its user writes in.
        written = metadata.language(styles.language)
    return Document(
        blocks,
        "docx",
        title=metadata.title(text_of(child(core, "title"))),
        author=metadata.author(text_of(child(core, "creator"))),
        language=written,
        notes=notes,
        warnings=tuple(reader.warnings(macros=package.has_macros)),
    )


class _Package:
    """The parts of a Word file, found as the file itself says, not by their names."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        top = self._relations("")
        name = top.get("officeDocument", _MAIN)
        if name not in archive:
            raise DamagedFile("This Word file is not complete: its text is missing.")
        self.main = parse_xml(archive.read(name), what="the text of the Word file")
        if local(self.main) != "document":
            raise UnsupportedType("This is a file of Word's family, but not a text.")
        self._parts = self._relations(name)
        self.has_macros = any(name.endswith("vbaProject.bin") for name in archive.names)
        core = top.get("core-properties", "")
        self.properties = self._optional(core, "the properties of the Word file")

    def part(self, kind: str) -> Element | None:
        """Return the root of the part with the styles, the numbering, the notes; None without."""
        return self._optional(self._parts.get(kind, ""), f"the {kind} of the Word file")

    def _optional(self, name: str, what: str) -> Element | None:
        return parse_xml(self._archive.read(name), what=what) if name in self._archive else None

    def _relations(self, name: str) -> dict[str, str]:
        """Return the names of the parts that a part relates to, by kind; addresses are not."""
        folder, file = posixpath.split(name)
        part = posixpath.join(folder, "_rels", f"{file}.rels")
        root = self._optional(part, "the list of parts of the Word file")
        found: dict[str, str] = {}
        for one in () if root is None else root:
            if attribute(one, "TargetMode") != "External":
                kind = attribute(one, "Type").rpartition("/")[2]
                found.setdefault(kind, resolve(name, attribute(one, "Target")))
        return found


@dataclass(slots=True)
class _Reader:
    blocks: BlockBuilder
    styles: Styles
    numbering: ListNumbering
    texts: Texts
    notes: dict[str, dict[str, Element]]
    elsewhere: int = 0
    #: Paragraphs whose end was deleted run on into the next.
    carried: ParagraphContent = field(default_factory=ParagraphContent)
    #: How the section after one begins: that is said at its own end.
    next_sections: dict[Element, Element] = field(default_factory=dict)

    def read(self, body: Element) -> None:
        """Read all of the text."""
        self.next_sections = dict(pairwise(body.iter("{*}sectPr")))
        self.body(body)
        if self.carried.text:
            self.blocks.add(self.carried.text)

    def body(self, element: Element, *, contents: bool = False) -> None:
        """Read the paragraphs in `element`; `contents` is whether they are a table of contents."""
        for one in element:
            name = local(one)
            if name == "p":
                self._paragraph(one, contents=contents)
            elif name == "tbl":
                self._table(one, contents=contents)
            elif name == "sdt":
                gallery = attribute_of(child(one, "sdtPr", "docPartObj"), "docPartGallery")
                inside = child(one, "sdtContent")
                if inside is not None:
                    self.body(inside, contents=contents or gallery == "Table of Contents")
            elif name == "AlternateContent":
                self.body(chosen(one), contents=contents)
            elif name in ("altChunk", "subDoc"):
                self.elsewhere += 1
            elif name in _HOLDERS:
                self.body(one, contents=contents)

    def warnings(self, *, macros: bool) -> list[str]:
        """Return what the editor should know."""
        texts = self.texts
        said = left_out(
            changes=texts.changes > 0,
            comments=len(texts.comments),
            hidden_words=texts.hidden_words,
        )
        if self.elsewhere:
            said.append("The file takes in other files, whose text was not read.")
        if macros:
            said.append("The file holds macros; they were neither read nor run.")
        return said

    def _table(self, element: Element, *, contents: bool) -> None:
        for row in _inside(element, "tr"):
            if child(row, "trPr", "del") is not None:
                self.texts.changes += 1
                continue
            for cell in _inside(row, "tc"):
                if child(cell, "tcPr", "cellDel") is None:
                    self.body(cell, contents=contents)

    def _paragraph(self, element: Element, *, contents: bool) -> None:
        properties = child(element, "pPr")
        style_id = attribute_of(properties, "pStyle")
        style = self.styles.style(style_id)
        own = paragraph_properties(properties)
        run = self.texts.paragraph(element, style)
        number = self.numbering.number(
            own.list_id if own.list_id is not None else style.list_id,
            own.list_level if own.list_level is not None else style.list_level,
            style=style_id,
        )
        if style.hidden and run.text.strip():
            self.texts.hidden_words += len(run.text.split())
            run = ParagraphContent(boxes=run.boxes)
        run = self._joined(run)
        mark = child(properties, "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self.carried = run
            return
        if own.new_page or (own.new_page is None and style.new_page):
            self.blocks.new_page()
        self._block(run, own, style, number, contents=contents or run.contents)
        if run.rule or (not run.text.strip() and _has_border(properties)):
            self.blocks.rule()
        for box in run.boxes:
            self.body(box)
        section = child(properties, "sectPr")
        if section is not None:
            after = self.next_sections.get(section, section)
            if attribute_of(after, "type") not in _SAME_PAGE:
                self.blocks.new_page()

    def _block(
        self, run: ParagraphContent, own: Style, style: Style, number: str, *, contents: bool
    ) -> None:
        level = own.level if own.level is not None else style.level or 0
        notes = tuple(filter(None, (self._note(kind, one) for kind, one in run.notes)))
        text = run.text
        if contents or style.role == "contents":
            self.blocks.add(text, "contents", notes=notes)
        elif style.role == "title" and not own.level:
            self.blocks.add(text, "title", notes=notes)
        elif level:
            head = text.lstrip("\f \t\n")
            pages = "\f" * text[: len(text) - len(head)].count("\f")
            both = f"{pages}{number} {head}" if number else text
            self.blocks.add(both, "heading", level=level, notes=notes)
        else:
            centred = own.centred if own.centred is not None else style.centred
            look = run.letters.look(centred=bool(centred))
            self.blocks.add(text, notes=notes, look=look)

    def _joined(self, run: ParagraphContent) -> ParagraphContent:
        before, self.carried = self.carried, ParagraphContent()
        return ParagraphContent(
            before.parts + run.parts,
            before.notes + run.notes,
            before.boxes + run.boxes,
            run.contents or before.contents,
            run.rule or before.rule,
            run.letters,
        )

    def _note(self, kind: str, note_id: str) -> str:
        """Return the text of a footnote or endnote, its paragraphs on lines of their own."""
        element = self.notes[kind].get(note_id)
        if element is None:
            return ""
        inside = Texts(self.styles, self.texts.comments)
        lines = [inside.paragraph(one).text for one in element.iter() if local(one) == "p"]
        return "\n".join(filter(None, (line.replace("\f", "\n").strip() for line in lines)))


def _by_id(root: Element | None, kind: str) -> dict[str, Element]:
    """Return the notes in a part by their ids, but for the lines that part them from the text."""
    if root is None:
        return {}
    return {
        attribute(one, "id"): one
        for one in root
        if local(one) == kind and attribute(one, "type") in ("", "normal")
    }


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, whatever they are wrapped in."""
    for one in element:
        if local(one) == name:
            yield one
        elif local(one) in _HOLDERS or local(one) in ("sdt", "AlternateContent"):
            yield from _inside(one, name)


def _has_border(properties: Element | None) -> bool:
    """Return whether a line is drawn above or below: what Word makes of three hyphens."""
    borders = child(properties, "pBdr")
    return borders is not None and any(
        local(border) in ("top", "bottom", "between") for border in borders
    )
