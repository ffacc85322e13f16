"""The text inside Word's paragraphs, as it reads with all tracked changes accepted.

Everything is walked but what is known not to be text of the book: deletions, instructions of
fields, hidden text, empty placeholders. Deletions are walked for the ends of fields in them, else
the rest of the book would be taken for an instruction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.manuscripts.formats.block_builder import GatheredParagraph
from components.manuscripts.formats.docx.style_sheet import WordStyles, flag, value_of
from components.manuscripts.formats.safe_xml import Element, attribute, child, local
from components.manuscripts.formats.styles import Style

_DELETED = frozenset({"del", "moveFrom"})
#: Properties, and what stands in a text without being of it.
_SKIPPED = frozenset({
    "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr", "rt", "instrText",
    "delText", "delInstrText", "footnoteRef", "endnoteRef", "annotationRef",
})  # fmt: skip
#: Fields in fields that are followed; a file made to do harm has 300,000.
_MAX_FIELDS = 50
_PLAIN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_NOTE_MARKS = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
#: Fonts of pictures: whatever stands in them is an ornament.
_PICTURE_FONTS = ("wingdings", "webdings", "zapf", "dingbats", "ornament")


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows: bool = False


@dataclass(slots=True)
class RunReader:
    """Reads paragraphs one after the other; fields go on from one to the next.

    `notes` are footnotes and endnotes by kind and id. It counts the ids of comments, the words of
    hidden text, and tracked changes.
    """

    styles: WordStyles
    notes: Mapping[tuple[str, str], Element]
    comments: set[str] = field(default_factory=set)
    hidden_words: int = 0
    changes: int = 0
    _fields: list[_Field] = field(default_factory=list)
    _style: Style = field(default_factory=Style)

    def read(self, element: Element, style: Style | None = None) -> GatheredParagraph:
        """Return what a paragraph holds; `style` is its own."""
        self._style = style or Style()
        paragraph = GatheredParagraph(contents=self._in_contents)
        self._walk(element, paragraph, deleted=False)
        # An instruction ends with its paragraph, whatever the file forgot to say.
        self._fields = [begun for begun in self._fields if begun.shows]
        return paragraph

    @property
    def _in_contents(self) -> bool:
        shown = (begun.instruction.split() for begun in self._fields if begun.shows)
        return any(instruction[:1] == ["TOC"] for instruction in shown)

    def _walk(self, element: Element, paragraph: GatheredParagraph, *, deleted: bool) -> None:
        for inner in element:
            name = local(inner)
            if name == "r":
                self._run(inner, paragraph, deleted=deleted)
            elif name == "instrText" and self._fields and not self._fields[-1].shows:
                self._fields[-1].instruction += inner.text or ""
            elif name in _SKIPPED:
                continue
            elif name == "fldChar":
                self._field(attribute(inner, "fldCharType"), paragraph)
            elif name == "AlternateContent":
                self._walk(chosen(inner), paragraph, deleted=deleted)
            elif name in _DELETED:
                self.changes += 1
                self._walk(inner, paragraph, deleted=True)
            elif deleted:
                self._walk(inner, paragraph, deleted=True)
            else:
                self._text(inner, name, paragraph)

    def _run(self, element: Element, paragraph: GatheredParagraph, *, deleted: bool) -> None:
        properties = child(element, "rPr")
        letters = self.styles.style(value_of(properties, "rStyle"))
        hidden, bold = flag(properties, "vanish"), flag(properties, "b")
        if not deleted and (letters.hidden if hidden is None else hidden):
            aside = GatheredParagraph()
            self._walk(element, aside, deleted=False)
            self.hidden_words += len(aside.text.split())
            return
        before = len(paragraph.parts)
        self._walk(element, paragraph, deleted=deleted)
        if text := "".join(paragraph.parts[before:]):
            if bold is None:
                bold = self._style.bold if letters.bold is None else letters.bold
            size = value_of(properties, "sz") or letters.size or self._style.size
            paragraph.add_letters(text, bold=bool(bold), size=size)

    def _text(self, element: Element, name: str, paragraph: GatheredParagraph) -> None:
        """Take an element that is not deleted."""
        if name == "t":
            self._add(element.text or "", element, paragraph)
        elif name in _PLAIN:
            self._add(_PLAIN[name], element, paragraph)
        elif name == "br":
            text = "\f" if attribute(element, "type") == "page" else "\n"
            self._add(text, element, paragraph)
        elif name == "sym":
            self._add(_symbol(element), element, paragraph)
        elif name in _NOTE_MARKS:
            note = self.notes.get((_NOTE_MARKS[name], attribute(element, "id")))
            paragraph.notes.append(self._note(note) if note is not None else "")
        elif name == "commentReference":
            self.comments.add(attribute(element, "id"))
        elif name == "txbxContent":
            paragraph.boxes.append(element)
        elif name != "sdt" or child(element, "sdtPr", "showingPlcHdr") is None:
            self.changes += name in ("ins", "moveTo")
            paragraph.rule |= name == "rect" and attribute(element, "hr") in ("t", "true")
            self._walk(element, paragraph, deleted=False)

    def _note(self, element: Element) -> str:
        """Return the text of a footnote or endnote, its paragraphs on lines of their own."""
        reader = RunReader(self.styles, {}, self.comments)
        lines = [reader.read(inner).text for inner in element.iter() if local(inner) == "p"]
        return "\n".join(filter(None, (line.replace("\f", "\n").strip() for line in lines)))

    def _add(self, text: str, element: Element, paragraph: GatheredParagraph) -> None:
        if all(begun.shows for begun in self._fields):
            paragraph.parts.append(text)
            paragraph.sources.append(element)
            paragraph.contents |= self._in_contents

    def _field(self, kind: str, paragraph: GatheredParagraph) -> None:
        if kind == "begin" and len(self._fields) < _MAX_FIELDS:
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
            paragraph.contents |= self._in_contents
        elif kind == "end" and self._fields:
            self._fields.pop()


def chosen(alternatives: Element) -> Element:
    """Return the one of several forms of the same thing to read: the newest that holds text."""
    forms = [form for form in alternatives if local(form) in ("Choice", "Fallback")]
    for form in forms:
        if any(local(inner) in ("t", "txbxContent") for inner in form.iter()):
            return form
    return forms[0] if forms else alternatives


def _symbol(element: Element) -> str:
    """Return the character of a symbol; fonts of pictures give an ornament."""
    font = attribute(element, "font").lower()
    if any(name in font for name in _PICTURE_FONTS):
        return "❦"
    try:
        code = int(attribute(element, "char")[:6], 16)
    except ValueError:
        return ""
    if 0xF020 <= code <= 0xF07E:  # how Word writes a font that has no Unicode
        code -= 0xF000
    return chr(code) if 0x20 <= code < 0xD800 or 0xDFFF < code < 0x110000 else ""
