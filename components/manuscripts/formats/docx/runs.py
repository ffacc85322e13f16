"""The text inside Word's paragraphs, as it reads with all tracked changes accepted.

Word wraps runs of text in a dozen things: insertions, links, content controls, smart tags, old
fields. Everything is walked but what is known not to be text of the book: deletions, the place
that text was moved from, the instructions of fields, hidden text, placeholders nobody filled in.
Deletions are walked too, for the ends of fields in them, else the rest of the book would be taken
for an instruction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.manuscripts.chapters.appearance import Letters
from components.manuscripts.formats.docx.styles import Style, attribute_of, flag
from components.manuscripts.formats.safe_xml import attribute, child, local

if TYPE_CHECKING:
    from components.manuscripts.formats.docx.styles import Styles
    from components.manuscripts.formats.safe_xml import Element

_DELETED = frozenset({"del", "moveFrom"})
#: Properties, and what stands in a text without being of it.
_SKIPPED = frozenset({
    "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr", "rt", "instrText",
    "delText", "delInstrText", "footnoteRef", "endnoteRef", "annotationRef",
})  # fmt: skip
#: Fields in fields that are followed; a file made to do harm has 300,000.
_MAX_FIELDS = 50
_PLAIN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
#: Fonts of pictures: whatever stands in them is an ornament.
_PICTURE_FONTS = ("wingdings", "webdings", "zapf", "dingbats", "ornament")


@dataclass(slots=True)
class ParagraphContent:
    """What one paragraph holds. `notes` are kinds and ids of footnotes, `boxes` text boxes."""

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    contents: bool = False
    rule: bool = False
    letters: Letters = field(default_factory=Letters)

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(self.parts)


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows: bool = False


@dataclass(slots=True)
class Texts:
    """Reads paragraphs one after the other; fields go on from one to the next."""

    styles: Styles
    comments: set[str] = field(default_factory=set)
    hidden_words: int = 0
    changes: int = 0
    _fields: list[_Field] = field(default_factory=list)
    _style: Style = field(default_factory=Style)

    def paragraph(self, element: Element, style: Style | None = None) -> ParagraphContent:
        """Return what a paragraph holds; `style` is its own."""
        self._style = style or Style()
        run = ParagraphContent(contents=self._in_contents)
        self._walk(element, run, dead=False)
        # An instruction ends with its paragraph, whatever the file forgot to say.
        self._fields = [one for one in self._fields if one.shows]
        return run

    @property
    def _in_contents(self) -> bool:
        return any(one.shows and one.instruction.split()[:1] == ["TOC"] for one in self._fields)

    def _walk(self, element: Element, run: ParagraphContent, *, dead: bool) -> None:
        for one in element:
            name = local(one)
            if name == "r":
                self._run(one, run, dead=dead)
            elif name == "instrText" and self._fields and not self._fields[-1].shows:
                self._fields[-1].instruction += one.text or ""
            elif name in _SKIPPED:
                continue
            elif name in _DELETED:
                self.changes += 1
                self._walk(one, run, dead=True)
            elif name == "fldChar":
                self._field(attribute(one, "fldCharType"), run)
            elif name == "AlternateContent":
                self._walk(chosen(one), run, dead=dead)
            elif not dead:
                self._living(one, name, run)
            else:
                self._walk(one, run, dead=True)

    def _run(self, element: Element, run: ParagraphContent, *, dead: bool) -> None:
        properties = child(element, "rPr")
        hidden = flag(properties, "vanish")
        if hidden is None and (style := attribute_of(properties, "rStyle")):
            hidden = self.styles.style(style).hidden
        if not hidden or dead:
            count = len(run.parts)
            self._walk(element, run, dead=dead)
            if len(run.parts) > count:
                self._look(properties, run, "".join(run.parts[count:]))
            return
        aside = ParagraphContent()
        self._walk(element, aside, dead=False)
        self.hidden_words += len(aside.text.split())

    def _look(self, properties: Element | None, run: ParagraphContent, text: str) -> None:
        bold = flag(properties, "b")
        of_letters = self.styles.style(attribute_of(properties, "rStyle") or " ")
        if bold is None:
            bold = of_letters.bold if of_letters.bold is not None else self._style.bold
        size = attribute_of(properties, "sz") or of_letters.size or self._style.size
        run.letters.add(text, bold=bool(bold), size=size)

    def _living(self, element: Element, name: str, run: ParagraphContent) -> None:
        if name == "t":
            self._say(element.text or "", run)
        elif name in _PLAIN:
            self._say(_PLAIN[name], run)
        elif name == "br":
            self._say("\f" if attribute(element, "type") == "page" else "\n", run)
        elif name == "sym":
            self._say(_symbol(element), run)
        elif name in ("footnoteReference", "endnoteReference"):
            run.notes.append((name.removesuffix("Reference"), attribute(element, "id")))
        elif name == "commentReference":
            self.comments.add(attribute(element, "id"))
        elif name == "txbxContent":
            run.boxes.append(element)
        elif name == "sdt" and child(element, "sdtPr", "showingPlcHdr") is not None:
            return
        else:
            self.changes += name in ("ins", "moveTo")
            run.rule |= name == "rect" and attribute(element, "hr") in ("t", "true")
            self._walk(element, run, dead=False)

    def _say(self, text: str, run: ParagraphContent) -> None:
        if all(one.shows for one in self._fields):
            run.parts.append(text)
            run.contents = run.contents or self._in_contents

    def _field(self, kind: str, run: ParagraphContent) -> None:
        if kind == "begin" and len(self._fields) < _MAX_FIELDS:
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
            run.contents = run.contents or self._in_contents
        elif kind == "end" and self._fields:
            self._fields.pop()


def chosen(alternatives: Element) -> Element:
    """Return the one of several forms of the same thing to read: the newest that holds text."""
    forms = [
        alternative for alternative in alternatives if local(alternative) in ("Choice", "Fallback")
    ]
    for form in forms:
        if any(local(one) in ("t", "txbxContent") for one in form.iter()):
            return form
    return forms[0] if forms else alternatives


def _symbol(element: Element) -> str:
    """Return the character of a symbol; fonts of pictures give an ornament."""
    font = attribute(element, "font").lower()
    if any(one in font for one in _PICTURE_FONTS):
        return "❦"
    try:
        code = int(attribute(element, "char")[:6], 16)
    except ValueError:
        return ""
    if 0xF020 <= code <= 0xF07E:  # how Word writes a font that has no Unicode
        code -= 0xF000
    return chr(code) if 0x20 <= code < 0xD800 or 0xDFFF < code < 0x110000 else ""
