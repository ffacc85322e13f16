"""The blocks of a Word file (.docx, and templates and files with macros), by lxml.

python-docx leaves inserted and moved text, content controls and tables out of its paragraphs, and
mammoth makes HTML. Tracked changes are read as accepted; comments, hidden text, headers and
footers are left out; footnotes are kept apart.
"""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

from components.errors import (
    DamagedFile,
    LimitReached,
    ManuscriptError,
    PasswordRequired,
    WrongPassword,
)
from components.manuscripts.document import Block, Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive
from components.manuscripts.formats.block_builder import BlockBuilder, GatheredParagraph
from components.manuscripts.formats.docx.alt_chunks import read_chunk
from components.manuscripts.formats.docx.list_numbers import ListNumbering
from components.manuscripts.formats.docx.package import WordPackage
from components.manuscripts.formats.docx.runs import RunReader, chosen
from components.manuscripts.formats.docx.style_sheet import (
    WordStyles,
    paragraph_properties,
    value_of,
)
from components.manuscripts.formats.safe_xml import (
    Element,
    attribute,
    child,
    children,
    local,
    text_of,
)
from components.manuscripts.limits import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What only holds other paragraphs and tables.
_HOLDERS = frozenset({"customXml", "ins", "moveTo", "smartTag", "sdtContent", "Choice", "Fallback"})
_RULES = {"top", "bottom", "between"}
#: Sections that go on on the same page.
_SAME_PAGE = ("continuous", "nextColumn")

#: The text of all blocks in its order, in pieces, each with the element that it comes from; None
#: for the numbers of headings, which Word counts and the file does not hold. White space and what
#: does not show are in it too.
Trace: TypeAlias = list[tuple[Element | None, str]]


def read_docx(data: bytes, *, password: str | None, limits: Limits) -> Document:
    """Return the blocks of a Word file; `password` is for a locked one. Raises: ManuscriptError."""
    if data.startswith(OLE):
        data = _decrypted(data, password)
    return read_package(WordPackage(Archive(data, limits=limits)), limits=limits)


def read_package(
    package: WordPackage, *, limits: Limits, trace: Trace | None = None, inside: bool = False
) -> Document:
    """Return the blocks of a Word file; `trace` is filled with what they come from.

    A file that stands `inside` another one takes in no others.

    Raises: ManuscriptError.
    """
    body = child(package.main, "body")
    if body is None:
        raise DamagedFile("This Word file holds no text part that can be read.")
    styles = WordStyles(package.part("styles"))
    notes: dict[tuple[str, str], Element] = {
        (kind, attribute(note, "id")): note
        for kind in ("footnote", "endnote")
        for note in children(package.part(f"{kind}s"))
        # Others are the lines that part notes from the text.
        if local(note) == kind and attribute(note, "type") in ("", "normal")
    }
    numbering = ListNumbering(package.part("numbering"))
    runs = RunReader(styles, notes)
    reader = _Reader(BlockBuilder(limits=limits), styles, numbering, runs, trace)
    if not inside:
        reader.chunks = lambda relation: _chunk(package.related(relation), limits)
    reader.read(body)
    reader.blocks.pictures = sum(1 for _ in body.iter("{*}blip", "{*}imagedata"))
    core = package.properties
    language = metadata.language(text_of(child(core, "language")))
    if not language and "python-docx" not in text_of(child(core, "description")):
        # python-docx' template says en-US of every book; Word's says what its user writes in.
        language = styles.language
    return reader.blocks.document(
        "docx",
        title=text_of(child(core, "title")),
        author=text_of(child(core, "creator")),
        language=language,
        warnings=reader.warnings(macros=package.has_macros),
    )


def _chunk(data: bytes, limits: Limits) -> Document | None:
    """Return what a part in another format holds, None where it cannot be read."""
    try:
        if (document := read_chunk(data, limits=limits)) is not None:
            return document
        return read_package(WordPackage(Archive(data, limits=limits)), limits=limits, inside=True)
    except LimitReached:
        raise
    except ManuscriptError:
        return None


def _decrypted(data: bytes, password: str | None) -> bytes:
    """Return the Word file inside a locked container. Raises: WrongPassword, DamagedFile, ..."""
    import msoffcrypto  # here: most files need none
    from msoffcrypto.exceptions import FileFormatError, InvalidKeyError

    # olefile tells of broken containers here, through a handler that would print.
    logging.getLogger("olefile").addHandler(logging.NullHandler())
    damaged = DamagedFile("This locked Word file is damaged and cannot be opened.")
    try:
        container = msoffcrypto.OfficeFile(io.BytesIO(data))
    except FileFormatError as error:
        raise damaged from error
    except MemoryError:
        raise
    except Exception as error:
        raise DamagedFile(
            "This Word file is locked in a way that cannot be opened here.",
            advice="Open it in Word, remove the password and upload the new copy.",
        ) from error
    if not password:
        raise PasswordRequired("This Word file is locked with a password.")
    out = io.BytesIO()
    try:
        container.load_key(password=password, verify_password=True)
        container.decrypt(out)
    except InvalidKeyError:
        raise WrongPassword("That password does not open this Word file.") from None
    except MemoryError:
        raise
    except Exception as error:
        raise damaged from error
    return out.getvalue()


@dataclass(slots=True)
class _Reader:
    blocks: BlockBuilder
    styles: WordStyles
    numbering: ListNumbering
    runs: RunReader
    trace: Trace | None
    elsewhere: int = 0
    #: Returns what a part in another format holds, by its relation.
    chunks: Callable[[str], Document | None] | None = None
    taken_in: list[str] = field(default_factory=list)
    #: Paragraphs whose end was deleted, and first letters in a frame, run on into the next.
    carried: GatheredParagraph = field(default_factory=GatheredParagraph)
    #: How the section after one begins: that is said at its own end.
    next_sections: dict[Element, Element] = field(default_factory=dict)

    def read(self, body: Element) -> None:
        """Read all of the text."""
        self.next_sections = dict(pairwise(body.iter("{*}sectPr")))
        self._body(body)
        if self.carried.text:
            self._follow(self.carried)
            self.blocks.add(Block(self.carried.text))

    def warnings(self, *, macros: bool) -> list[str]:
        """Return what the editor should know."""
        blocks, runs = self.blocks, self.runs
        blocks.comments, blocks.hidden_words = len(runs.comments), runs.hidden_words
        blocks.has_changes = runs.changes > 0
        warnings = blocks.left_out()
        if self.elsewhere:
            warnings.append("The file takes in other files, whose text was not read.")
        warnings += self.taken_in
        if macros:
            warnings.append("The file holds macros; they were neither read nor run.")
        return warnings

    def _body(self, element: Element, *, contents: bool = False) -> None:
        """Read the paragraphs in `element`; `contents` is whether they are a table of contents."""
        for inner in element:
            name = local(inner)
            if name == "p":
                self._paragraph(inner, contents=contents)
            elif name == "tbl":
                self._table(inner, contents=contents)
            elif name == "sdt":
                gallery = value_of(child(inner, "sdtPr", "docPartObj"), "docPartGallery")
                content = child(inner, "sdtContent")
                if content is not None:
                    self._body(content, contents=contents or gallery == "Table of Contents")
            elif name == "AlternateContent":
                self._body(chosen(inner), contents=contents)
            elif name == "altChunk":
                self._take_in(self.chunks(attribute(inner, "id")) if self.chunks else None)
            elif name == "subDoc":
                self.elsewhere += 1
            elif name in _HOLDERS:
                self._body(inner, contents=contents)

    def _take_in(self, document: Document | None) -> None:
        """Add the text of a part in another format, None for one that cannot be read."""
        if document is None:
            self.elsewhere += 1
            return
        self.taken_in += document.warnings
        notes: dict[int, list[str]] = {}
        for note in document.notes:
            notes.setdefault(note.at, []).append(note.text)
        for at, block in enumerate(document.blocks):
            self._follow(GatheredParagraph(parts=[block.text]))
            if block.role == "break" and not block.text:
                self.blocks.rule()
            else:
                self.blocks.add(block, notes.get(at, ()))

    def _table(self, element: Element, *, contents: bool) -> None:
        for row in _inside(element, "tr"):
            if child(row, "trPr", "del") is not None:
                self.runs.changes += 1
                continue
            for cell in _inside(row, "tc"):
                if child(cell, "tcPr", "cellDel") is None:
                    self._body(cell, contents=contents)

    def _paragraph(self, element: Element, *, contents: bool) -> None:
        properties = child(element, "pPr")
        style_id = value_of(properties, "pStyle")
        named = self.styles.of_paragraph(style_id)
        own = paragraph_properties(properties)
        style = own.over(named)
        if style.role == "title" and own.level:
            style = replace(style, role="")
        paragraph = self.runs.read(element, named)
        number = self.numbering.number(style.list_id, style.list_level, style=style_id)
        if style.hidden and paragraph.text.strip():
            self.runs.hidden_words += len(paragraph.text.split())
            paragraph = GatheredParagraph(boxes=paragraph.boxes)
        paragraph = self._joined(paragraph)
        mark = child(properties, "rPr")
        if style.initial or child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self.carried = paragraph
            paragraph.initial |= bool(style.initial)
            return
        if style.new_page:
            self.blocks.new_page()
        paragraph.number = number
        paragraph.contents |= contents
        self._follow(paragraph, paragraph.shown_number(style))
        self.blocks.add_paragraph(paragraph, style)
        borders = {local(border) for border in children(properties, "pBdr")}
        # A line above or below an empty paragraph is what Word makes of three hyphens.
        if paragraph.rule or (not paragraph.text.strip() and borders & _RULES):
            self.blocks.rule()
        for box in paragraph.boxes:
            self._body(box)
        section = child(properties, "sectPr")
        if section is not None:
            after = self.next_sections.get(section, section)
            if value_of(after, "type") not in _SAME_PAGE:
                self.blocks.new_page()

    def _follow(self, paragraph: GatheredParagraph, number: str = "") -> None:
        """Add a paragraph to the trace."""
        if self.trace is not None:
            self.trace += [(None, number)] if number else []
            sources = paragraph.sources or [None] * len(paragraph.parts)
            self.trace += zip(sources, paragraph.parts, strict=True)

    def _joined(self, paragraph: GatheredParagraph) -> GatheredParagraph:
        """Return `paragraph` with what was carried before it."""
        before, self.carried = self.carried, GatheredParagraph()
        paragraph.parts[:0] = before.parts
        paragraph.sources[:0] = before.sources
        paragraph.notes[:0] = before.notes
        paragraph.boxes[:0] = before.boxes
        paragraph.contents |= before.contents
        paragraph.rule |= before.rule
        paragraph.initial |= before.initial
        return paragraph


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, whatever they are wrapped in."""
    for inner in element:
        if local(inner) == name:
            yield inner
        elif local(inner) in _HOLDERS or local(inner) in ("sdt", "AlternateContent"):
            yield from _inside(inner, name)
