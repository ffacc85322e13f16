"""The blocks of an OpenDocument text (.odt, .ott), by lxml.

Deleted text stands in a list of its own before the text and is never looked at: what remains is
the text with all tracked changes accepted. Notes are kept apart, comments are counted. A file
locked with a password is refused with a sentence: nothing that opens one is kept up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts.chapters.appearance import Letters
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.odt.styles import Style, Styles
from components.manuscripts.formats.omissions import left_out
from components.manuscripts.formats.safe_xml import (
    attribute,
    child,
    local,
    parse_xml,
    text_of,
    whole_number,
)

if TYPE_CHECKING:
    from components.manuscripts.formats.safe_xml import Element
    from components.manuscripts.limits import Limits

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MAX_SPACES = 1_000
_SPACES = re.compile(r"[ \t\r\n]+")
_SKIPPED = frozenset({
    "tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms",
    "annotation-end", "bookmark-start", "bookmark-end", "ruby-text", "note-citation",
    "event-listeners", "table-of-content-source", "glue-point", "scripts", "index-source",
    "alphabetical-index-source", "illustration-index-source", "binary-data", "script", "metadata",
    "toc-mark-start", "alphabetical-index-mark", "page-number", "page-count", "number",
})  # fmt: skip
_INDEXES = frozenset({"table-of-content", "illustration-index", "table-index", "object-index"})


@dataclass(slots=True)
class _Line:
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    letters: Letters = field(default_factory=Letters)


def read_odt(data: bytes, *, limits: Limits) -> Document:
    """Return the blocks of an OpenDocument text.

    Raises: UnsupportedType where it is locked or no text; DamagedFile, LimitReached.
    """
    archive = Archive(data, limits=limits)
    _refuse_locked(archive)
    root = _part(archive, _CONTENT)
    text = child(root, "body", "text")
    if root is None or text is None:
        raise UnsupportedType("This is an OpenDocument file, but not a text.")
    common = _part(archive, "styles.xml")
    styles = Styles(child(root, "automatic-styles"), common)
    reader = _Reader(BlockBuilder(limits=limits), styles)
    reader.blocks_in(text, contents=False)
    blocks, notes = reader.blocks.finish()
    meta = child(_part(archive, "meta.xml"), "meta")
    written = metadata.language(text_of(child(meta, "language")))
    by = child(meta, "initial-creator")
    return Document(
        blocks,
        "odt",
        title=metadata.title(text_of(child(meta, "title"))),
        author=metadata.author(text_of(by if by is not None else child(meta, "creator"))),
        language=written or metadata.language(styles.language),
        notes=notes,
        warnings=tuple(reader.warnings()),
    )


def _part(archive: Archive, name: str) -> Element | None:
    if name not in archive:
        return None
    return parse_xml(archive.read(name), what=f"{name} of the OpenDocument file")


def _refuse_locked(archive: Archive) -> None:
    """Refuse a file that is locked with a password, or has no text part.

    Raises: UnsupportedType, DamagedFile.
    """
    manifest = _part(archive, _MANIFEST)
    locked = manifest is not None and any(
        local(one) == "encryption-data" for one in manifest.iter()
    )
    if locked or "encrypted-package" in archive:
        raise UnsupportedType(
            "This OpenDocument file is locked with a password.",
            advice="Open it in the program that made it and save it without a password.",
        )
    if _CONTENT not in archive:
        raise DamagedFile("This OpenDocument file is not complete: its text is missing.")


@dataclass(slots=True)
class _Reader:
    blocks: BlockBuilder
    styles: Styles
    comments: int = 0
    changes: bool = False
    hidden_words: int = 0

    def blocks_in(self, element: Element, *, contents: bool) -> None:
        """Read the paragraphs in `element`, whatever holds them: sections, lists, tables."""
        for one in element:
            name = local(one)
            if name == "tracked-changes":
                self.changes |= len(one) > 0
            elif name in ("h", "p"):
                self._paragraph(one, is_heading=name == "h", contents=contents)
            elif name == "annotation":
                self.comments += 1
            elif name not in _SKIPPED and not _is_hidden(one):
                self.blocks_in(one, contents=contents or name in _INDEXES)

    def warnings(self) -> list[str]:
        """Return what the editor should know."""
        return left_out(
            changes=self.changes, comments=self.comments, hidden_words=self.hidden_words
        )

    def _paragraph(self, element: Element, *, is_heading: bool, contents: bool) -> None:
        style = self.styles.style(attribute(element, "style-name"))
        line = _Line()
        self._inline(element, line, style)
        text = "".join(line.parts)
        if style.hidden:
            self.hidden_words += len(text.split())
            text = ""
        if style.new_page:
            self.blocks.new_page()
        self._block(text, element, style, line, is_heading=is_heading, contents=contents)
        if style.rule and not text.strip():
            self.blocks.rule()
        for box in line.boxes:
            self.blocks_in(box, contents=contents)

    def _block(
        self,
        text: str,
        element: Element,
        style: Style,
        line: _Line,
        *,
        is_heading: bool,
        contents: bool,
    ) -> None:
        level = style.level
        if is_heading:
            level = whole_number(attribute(element, "outline-level")) or level or 1
        notes = tuple(filter(None, line.notes))
        if contents or style.role == "contents":
            self.blocks.add(text, "contents", notes=notes)
        elif style.role == "title":
            self.blocks.add(text, "title", notes=notes)
        elif level:
            # LibreOffice keeps the number that it writes before a heading in an element of its own.
            number = text_of(child(element, "number"))
            head = f"{number} {text.strip()}" if number else text
            self.blocks.add(head, "heading", level=level, notes=notes)
        else:
            self.blocks.add(text, notes=notes, look=line.letters.look(centred=style.centred))

    def _inline(self, element: Element, line: _Line, style: Style) -> None:
        self._say(element.text, line, style)
        for one in element:
            self._one(one, local(one), line, style)
            self._say(one.tail, line, style)

    def _say(self, text: str | None, line: _Line, style: Style) -> None:
        if text:
            shown = _SPACES.sub(" ", text)
            line.parts.append(shown)
            line.letters.add(shown, bold=style.bold, size=style.size)

    def _one(self, one: Element, name: str, line: _Line, style: Style) -> None:
        if name == "s":
            line.parts.append(" " * min(whole_number(attribute(one, "c") or "1") or 0, _MAX_SPACES))
        elif name == "tab":
            line.parts.append("\t")
        elif name == "line-break":
            line.parts.append("\n")
        elif name == "note":
            line.notes.append(self._note(one))
        elif name == "annotation":
            self.comments += 1
        elif name in ("frame", "custom-shape", "rect", "g", "text-box"):
            line.boxes.append(one)
        elif name == "hidden-text" or _is_hidden(one):
            self.hidden_words += len(text_of(one).split())
        elif name == "span":
            self._span(one, line, style)
        elif name not in _SKIPPED:
            self._inline(one, line, style)

    def _span(self, one: Element, line: _Line, style: Style) -> None:
        own = self.styles.style(attribute(one, "style-name"), family="text")
        if own.hidden:
            self.hidden_words += len(text_of(one).split())
            return
        within = replace(style, bold=style.bold or own.bold, size=own.size or style.size)
        self._inline(one, line, within)

    def _note(self, element: Element) -> str:
        body = child(element, "note-body")
        lines: list[str] = []
        for one in () if body is None else body.iter():
            if local(one) in ("p", "h"):
                line = _Line()
                self._inline(one, line, Style())
                lines.append(" ".join("".join(line.parts).split()))
        return "\n".join(filter(None, lines))


def _is_hidden(element: Element) -> bool:
    return attribute(element, "display") == "none" and local(element) in (
        "section",
        "hidden-paragraph",
    )
