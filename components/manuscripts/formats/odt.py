"""The blocks of an OpenDocument text (.odt, .ott), by lxml.

Deleted text stands in a list before the text and is skipped, so all tracked changes are accepted.
A locked file is refused: nothing that opens one is maintained.
"""

import re
from dataclasses import replace

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.archive import Archive
from components.manuscripts.formats.block_builder import BlockBuilder, GatheredParagraph
from components.manuscripts.formats.numbered_lists import ListLevel, NumberedList
from components.manuscripts.formats.safe_xml import (
    Element,
    attribute,
    child,
    children,
    local,
    text_of,
    whole_number,
)
from components.manuscripts.formats.styles import Style, StyleSheet
from components.manuscripts.limits import Limits

_CONTENT = "content.xml"
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
_BOXES = frozenset({"frame", "custom-shape", "rect", "g", "text-box"})
_NUMBERED = frozenset({"list-level-style-number", "outline-level-style"})
_HIDEABLE = frozenset({"section", "hidden-paragraph"})
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
#: Formats of numbers, as Word calls them.
_FORMS = {
    "": "none", "i": "lowerRoman", "I": "upperRoman", "a": "lowerLetter", "A": "upperLetter",
}  # fmt: skip
#: A character that a style's name cannot hold, in hexadecimal digits.
_ESCAPED = re.compile(r"_([0-9a-f]{2,4})_")


def read_odt(data: bytes, *, limits: Limits) -> Document:
    """Return the blocks of an OpenDocument text. Raises: as `read_epub` does."""
    archive = Archive(data, limits=limits)
    manifest = _part(archive, "META-INF/manifest.xml")
    locked = manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None
    if locked or "encrypted-package" in archive:
        raise UnsupportedType(
            "This OpenDocument file is locked with a password.",
            advice="Open it in the program that made it and save it without a password.",
        )
    root = _part(archive, _CONTENT)
    if root is None:
        raise DamagedFile("This OpenDocument file is not complete: its text is missing.")
    text = child(root, "body", "text")
    if text is None:
        raise UnsupportedType("This is an OpenDocument file, but not a text.")
    roots = (child(root, "automatic-styles"), _part(archive, "styles.xml"))
    reader = _Reader(BlockBuilder(limits=limits), roots)
    reader.read(text, contents=False)
    meta = child(_part(archive, "meta.xml"), "meta")
    by = child(meta, "initial-creator")
    return reader.blocks.document(
        "odt",
        title=text_of(child(meta, "title")),
        author=text_of(by if by is not None else child(meta, "creator")),
        language=metadata.language(text_of(child(meta, "language"))) or _language(roots),
        warnings=reader.blocks.left_out(),
    )


def _part(archive: Archive, name: str) -> Element | None:
    return archive.xml(name, what=f"{name} of the OpenDocument file")


def _language(roots: tuple[Element | None, ...]) -> str:
    """Return what the default style says that text is written in."""
    for root in roots:
        for style in () if root is None else root.iter("{*}default-style"):
            if attribute(style, "family") == "paragraph":
                properties = child(style, "text-properties")
                language = attribute(properties, "language")
                country = attribute(properties, "country")
                if language not in ("", "none"):
                    return language if country in ("", "none") else f"{language}-{country}"
    return ""


class _Styles(StyleSheet):
    """Styles of paragraphs, or of letters; those made up for a paragraph go back to named ones."""

    def __init__(self, roots: tuple[Element | None, ...], family: str) -> None:
        super().__init__()
        self._elements: dict[str, Element] = {}
        self._automatic = {attribute(style, "name") for style in children(roots[0])}
        for root in roots:
            for style in () if root is None else root.iter("{*}style"):
                if attribute(style, "family") == family:
                    self._elements.setdefault(attribute(style, "name"), style)

    def own(self, style_id: str) -> tuple[Style, list[str], str]:
        """Return what a style itself says, its names, and the name of the one it is based on."""
        names = [_ESCAPED.sub(lambda match: chr(int(match[1], 16)), style_id)]
        element = self._elements.get(style_id)
        if element is None:
            return Style(), names, ""
        names.append(attribute(element, "display-name"))
        paragraph, text = child(element, "paragraph-properties"), child(element, "text-properties")
        display, weight = attribute(text, "display"), attribute(text, "font-weight")
        alignment = attribute(paragraph, "text-align")
        level = whole_number(attribute(element, "default-outline-level"))
        if level is None and any("default-outline-level" in str(key) for key in element.attrib):
            level = 0
        new_page = attribute(paragraph, "break-before") == "page"
        borders = (attribute(paragraph, f"border{side}") for side in ("", "-top", "-bottom"))
        style = Style(
            level=level,
            hidden=display == "none" if display else None,
            new_page=(new_page or bool(attribute(element, "master-page-name"))) or None,
            rule=any(border not in ("", "none") for border in borders) or None,
            centered=alignment == "center" if alignment else None,
            bold=weight in _BOLD if weight else None,
            size=attribute(text, "font-size"),
            list_id=attribute(element, "list-style-name") or None,
            name="" if style_id in self._automatic else names[0],
        )
        return style, names, attribute(element, "parent-style-name")


def _numbered(style: Element) -> NumberedList:
    """Return the list that a list style, or the style of the outline, defines."""
    levels: dict[int, ListLevel] = {}
    for element in style:
        level = whole_number(attribute(element, "level")) or 1
        form = attribute(element, "num-format")
        shown = whole_number(attribute(element, "display-levels")) or 1
        numbers = ".".join(f"%{at}" for at in range(max(1, level - shown + 1), level + 1))
        levels[level - 1] = ListLevel(
            whole_number(attribute(element, "start-value") or "1") or 0,
            _FORMS.get(form, "decimal") if local(element) in _NUMBERED else "bullet",
            attribute(element, "num-prefix") + numbers + attribute(element, "num-suffix"),
        )
    return NumberedList(levels)


class _Reader:
    def __init__(self, blocks: BlockBuilder, roots: tuple[Element | None, ...]) -> None:
        self.blocks = blocks
        self._styles = _Styles(roots, "paragraph")
        self._letters = _Styles(roots, "text")
        styles = [style for root in roots if root is not None for style in root.iter()]
        self._lists = {
            attribute(style, "name"): _numbered(style)
            for style in reversed(styles)
            if local(style) == "list-style"
        }
        outline = next((style for style in styles if local(style) == "outline-style"), None)
        self._outline = NumberedList({}) if outline is None else _numbered(outline)
        #: The style of the list that is read, and how many lists it is in.
        self._list_style, self._list_depth = "", 0
        #: The item of a list that the next paragraph begins.
        self._item: Element | None = None

    def read(self, element: Element, *, contents: bool) -> None:
        """Read the paragraphs in `element`, whatever holds them: sections, lists, tables."""
        for inner in element:
            name = local(inner)
            if name == "tracked-changes":
                self.blocks.has_changes |= len(inner) > 0
            elif name in ("h", "p"):
                self._paragraph(inner, is_heading=name == "h", contents=contents)
            elif name == "annotation":
                self.blocks.comments += 1
            elif name == "list":
                self._list(inner, contents=contents)
            elif name not in _SKIPPED and not _is_hidden(inner):
                self._item = inner if name == "list-item" else None
                self.read(inner, contents=contents or name in _INDEXES)

    def _list(self, element: Element, *, contents: bool) -> None:
        around = self._list_style
        self._list_style = attribute(element, "style-name") or around
        goes_on = attribute(element, "continue-numbering") == "true"
        goes_on = goes_on or bool(attribute(element, "continue-list"))
        if not self._list_depth and not goes_on and self._list_style in self._lists:
            self._lists[self._list_style].counts.clear()
        self._list_depth += 1
        self.read(element, contents=contents)
        self._list_depth -= 1
        self._list_style, self._item = around, None

    def _number(self, element: Element, level: int | None, style: Style) -> str:
        """Return what is written before a heading of a `level`, or before an item of a list."""
        item, self._item = self._item, None
        start = whole_number(attribute(element if item is None else item, "start-value"))
        if level and attribute(element, "is-list-header") != "true":
            number = self._outline.advance(level - 1, start)
            # LibreOffice keeps the number in an element of its own.
            if number := text_of(child(element, "number")) or number:
                return number
        numbered = self._lists.get(self._list_style or style.list_id or "")
        if item is None or numbered is None:
            return text_of(child(element, "number"))
        return numbered.advance(self._list_depth - 1, start)

    def _paragraph(self, element: Element, *, is_heading: bool, contents: bool) -> None:
        style = self._styles.style(attribute(element, "style-name"))
        level = None
        if is_heading:
            level = whole_number(attribute(element, "outline-level")) or style.level or 1
            style = replace(style, level=level)
        paragraph = GatheredParagraph(number=self._number(element, level, style), contents=contents)
        self._inline(element, paragraph, style)
        if style.hidden:
            self.blocks.hidden_words += len(paragraph.text.split())
            paragraph.parts = []
        if style.new_page:
            self.blocks.new_page()
        self.blocks.add_paragraph(paragraph, style)
        if style.rule and not paragraph.text.strip():
            self.blocks.rule()
        for box in paragraph.boxes:
            self.read(box, contents=contents)

    def _inline(self, element: Element, paragraph: GatheredParagraph, style: Style) -> None:
        self._add(element.text, paragraph, style)
        for inner in element:
            self._element(inner, local(inner), paragraph, style)
            self._add(inner.tail, paragraph, style)

    def _add(self, text: str | None, paragraph: GatheredParagraph, style: Style) -> None:
        if text:
            shown = _SPACES.sub(" ", text)
            paragraph.parts.append(shown)
            paragraph.add_letters(shown, bold=bool(style.bold), size=style.size)

    def _element(
        self, element: Element, name: str, paragraph: GatheredParagraph, style: Style
    ) -> None:
        if name == "s":
            count = whole_number(attribute(element, "c") or "1") or 0
            paragraph.parts.append(" " * min(count, _MAX_SPACES))
        elif name == "tab":
            paragraph.parts.append("\t")
        elif name == "line-break":
            paragraph.parts.append("\n")
        elif name == "note":
            paragraph.notes.append(self._note(element))
        elif name == "annotation":
            self.blocks.comments += 1
        elif name in _BOXES:
            paragraph.boxes.append(element)
        elif name == "hidden-text" or _is_hidden(element):
            self.blocks.hidden_words += len(text_of(element).split())
        elif name == "span":
            letters = self._letters.style(attribute(element, "style-name"))
            if letters.hidden:
                self.blocks.hidden_words += len(text_of(element).split())
                return
            bold = style.bold or letters.bold
            within = replace(style, bold=bold, size=letters.size or style.size)
            self._inline(element, paragraph, within)
        elif name not in _SKIPPED:
            self._inline(element, paragraph, style)

    def _note(self, element: Element) -> str:
        body = child(element, "note-body")
        lines: list[str] = []
        for inner in () if body is None else body.iter("{*}p", "{*}h"):
            note = GatheredParagraph()
            self._inline(inner, note, Style())
            lines.append(" ".join(note.text.split()))
        return "\n".join(filter(None, lines))


def _is_hidden(element: Element) -> bool:
    return attribute(element, "display") == "none" and local(element) in _HIDEABLE
