"""The blocks of a rich text file (RTF).

striprtf gives one string: styles, outline levels, footnotes and page breaks are lost in it, and
deleted text is not. So the file is read here, with groups on a list and not by recursion.
"""

import codecs
import locale
import re
from collections import defaultdict
from dataclasses import dataclass, replace

from components.errors import DamagedFile
from components.manuscripts.document import Document
from components.manuscripts.formats.block_builder import BlockBuilder, GatheredParagraph
from components.manuscripts.formats.styles import Style, StyleSheet
from components.manuscripts.limits import Limits
from components.manuscripts.text.decoding import counted

#: Groups in groups. A file made to do harm has 300,000.
_MAX_DEPTH = 1_000
#: Bytes that a character may have as a substitute for readers without Unicode.
_MAX_SUBSTITUTE = 16
_OUTLINE_LEVELS = 9

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+)|\\",
    re.DOTALL,
)

#: Control words that stand for a character.
_CHARACTERS = {
    "tab": "\t", "line": "\n", "softline": "\n", "lbr": "\n", "page": "\f", "softpage": "",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "column": "\n",
}  # fmt: skip
#: Control symbols that do; `\-` says where a word may be divided.
_SYMBOLS = {"~": "\xa0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
#: Control words that end a paragraph, or what is one here.
_ENDS = frozenset({"par", "sect", "cell", "nestcell", "row", "nestrow"})
#: Control words that switch something on, or off where their number is 0.
_SWITCHES = {"b": "bold", "v": "hidden", "deleted": "deleted", "pagebb": "new_page"}
_ALIGNMENTS = frozenset({"qc", "ql", "qr", "qj"})

#: Destinations of text that is not of the book, and says nothing of it.
_NOWHERE = frozenset({
    "colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "themedata", "datastore", "listtable", "listoverridetable", "revtbl",
    "rsidtbl", "generator", "xmlnstbl", "filetbl", "nonshppict", "objdata", "objclass",
    "objname", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atnref", "atntime", "atndate",
    "atnparent", "xe", "tc", "tcn", "rxe", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc",
    "aftncn", "shprslt", "pnseclvl", "do", "template", "operator", "company",
    "manager", "category", "keywords", "subject", "doccomm", "comment", "hlinkbase",
    "password", "pgptbl", "latentstyles", "mmathPr", "wgrffmtfilter", "panose", "falt",
    "fontemb", "sp", "sn", "sv",
})  # fmt: skip
#: Destinations of text that says something of the book.
_DESTINATIONS = {
    "fonttbl": "fonts", "stylesheet": "styles", "info": "info", "title": "title",
    "author": "author", "fldinst": "field", "listtext": "number", "pntext": "number",
    "footnote": "note", "annotation": "",
}  # fmt: skip
#: Marked as optional (`\*`), and still of the text.
_OPTIONAL_TEXT = frozenset({"shpinst", "shptxt", "ud", "shppict"})

#: Code pages of fonts, by Windows' number of a character set. 0 is that of the file.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_OLD_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_OTHER_CODE_PAGES = {10000: "mac_roman", 65001: "utf-8"}


def read_rtf(data: bytes, *, limits: Limits) -> Document:
    """Return the blocks of a rich text file. Raises: DamagedFile, LimitReached."""
    reader = _Reader(BlockBuilder(limits=limits))
    reader.read(data)
    return reader.blocks.document(
        "rtf",
        title="".join(reader.info["title"]),
        author="".join(reader.info["author"]),
        language=locale.windows_locale.get(reader.language, ""),
        warnings=reader.warnings(),
    )


@dataclass(slots=True)
class _Group:
    """What a group inherits and gives back. `to` is where text goes: "text", "", "note", ..."""

    to: str = "text"
    optional: bool = False
    font: int | None = None
    substitute: int = 1
    hidden: bool = False
    deleted: bool = False
    contents: bool = False
    style: int = 0
    outline: int | None = None
    new_page: bool = False
    centered: bool = False
    initial: bool = False
    bold: bool = False
    size: int = 0


class _Styles(StyleSheet):
    """Styles by their numbers, filled in as the file defines them; 0 is the normal one."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = defaultdict(str)
        self._levels: dict[str, int] = {}
        self._based_on: dict[str, str] = {}
        self._current = "0"

    def define(self, word: str, number: int) -> None:
        """Take a control word inside the style sheet."""
        if word == "s":
            self._current = str(number)
        elif word == "sbasedon":
            self._based_on[self._current] = str(number)
        elif word == "outlinelevel":
            self._levels[self._current] = number
        self._known.clear()

    def add_name(self, text: str) -> None:
        """Take text inside the style sheet: a style's name, and `;` where it ends."""
        for at, name in enumerate(text.split(";")):
            self._current = "0" if at else self._current
            self._names[self._current] += name

    def own(self, style_id: str) -> tuple[Style, tuple[str], str]:
        """Return what a style itself says, its name, and the number of the one it is based on."""
        name = "" if style_id == "0" else self._names[style_id]
        style = Style(level=self._levels.get(style_id), name=name)
        return style, (self._names[style_id],), self._based_on.get(style_id, "")


class _CodePages:
    """The encodings of the file and of its fonts; `lost` counts characters that are in none."""

    def __init__(self) -> None:
        self.lost = 0
        self._of_file = "cp1252"
        self._of_font: dict[int, str] = {}
        self._default_font = 0
        self._current_font = 0

    def take(self, word: str, number: int | None, *, in_table: bool) -> None:
        """Take a control word, in the table of fonts or before the text."""
        if word == "ansicpg":
            self._of_file = _code_page(number)
        elif word in _OLD_CODE_PAGES:
            self._of_file = _OLD_CODE_PAGES[word]
        elif word == "deff":
            self._default_font = number or 0
        elif in_table and word == "f":
            self._current_font = number or 0
        elif in_table and word == "fcharset" and number in _CHARSETS:
            self._of_font[self._current_font] = _CHARSETS[number]
        elif in_table and word == "cpg":
            self._of_font[self._current_font] = _code_page(number)

    def decode(self, data: bytes, font: int | None) -> str:
        """Return the text of `data` in a font, None for the file's usual one."""
        page = self._of_font.get(self._default_font if font is None else font, self._of_file)
        text = data.decode(page, "replace")
        self.lost += text.count("\ufffd")
        return text


class _Reader:
    def __init__(self, blocks: BlockBuilder) -> None:
        self.blocks = blocks
        self.language = 0
        self.info: dict[str, list[str]] = {"title": [], "author": []}
        self._group = _Group()
        self._outer: list[_Group] = []
        self._code_pages = _CodePages()
        self._styles = _Styles()
        self._bytes = bytearray()
        #: Bytes of a substitute that are still to be skipped.
        self._skip = 0
        self._surrogate = 0
        self._paragraph = GatheredParagraph()
        #: What held where the text of the paragraph began.
        self._begun: _Group | None = None
        self._note: list[str] = []
        self._instruction = ""
        self._new_section = False

    def read(self, data: bytes) -> None:
        r"""Read all of the text; bytes of pictures (`\bin`) are stepped over.

        Raises: DamagedFile, LimitReached.
        """
        at = 0
        while match := _TOKEN.match(data, at):
            at = match.end()
            word, number, escaped, symbol, brace, text = match.groups()
            if escaped is not None:
                text = bytes([int(escaped, 16)])
            if text is not None:
                skipped = min(self._skip, len(text))
                self._skip -= skipped
                if self._group.to:
                    self._bytes += text[skipped:]
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif brace is not None:
                self._decode()
                self._skip = 0
                self._open() if brace == b"{" else self._close()
            elif word is not None or symbol is not None:
                name = (word or symbol).decode("latin-1")
                if self._skip:
                    # A substitute may be written as a control word too; it counts as one.
                    self._skip -= 1
                    if name not in _ENDS and name != "u":
                        continue
                self._decode()
                if word is None:
                    self._symbol(name)
                else:
                    self._word(name, None if number is None else int(number))
        self._decode()
        self._end_paragraph(last=True)

    def warnings(self) -> list[str]:
        """Return what the editor should know."""
        warnings = self.blocks.left_out()
        if lost := self._code_pages.lost:
            warnings.append(f"{counted(lost, 'character')} could not be read and show as \ufffd.")
        if self._outer:
            warnings.append("The file breaks off: its end may be missing.")
        return warnings

    def _open(self) -> None:
        if len(self._outer) >= _MAX_DEPTH:
            raise DamagedFile("This RTF file is nested too deeply to be read.")
        self._outer.append(self._group)
        self._group = replace(self._group, optional=False)

    def _close(self) -> None:
        if not self._outer:
            return  # one brace too many: some programs write it, and go on
        left, self._group = self._group, self._outer.pop()
        if left.to == "note" != self._group.to:
            lines = (" ".join(line.split()) for line in "".join(self._note).split("\n"))
            self._paragraph.notes.append("\n".join(filter(None, lines)))
            self._note = []

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._group.optional = True
        elif symbol in "\r\n":
            self._end("par")
        else:
            self._add(_SYMBOLS.get(symbol, ""))

    def _word(self, word: str, number: int | None) -> None:
        group = self._group
        if word in _NOWHERE or word in _DESTINATIONS or group.optional:
            self._destination(word)
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif word in _ENDS:
            self._end(word)
        elif word in _SWITCHES:
            setattr(group, _SWITCHES[word], number != 0)
        elif word in _ALIGNMENTS:
            group.centered = word == "qc"
        elif word == "dropcapli":
            group.initial = bool(number)
        elif word == "fs":
            group.size = number or 0
        elif word == "f" and group.to != "fonts":
            group.font = number
        elif word == "u":
            self._unicode(number or 0)
        elif word == "uc":
            group.substitute = min(max(0, number or 0), _MAX_SUBSTITUTE)
        elif word == "pard":  # forgets what was said of paragraphs, not what was said of letters
            group.style, group.outline, group.new_page, group.centered = 0, None, False, False
            group.initial = False
        elif word == "plain":
            group.hidden = group.deleted = group.bold = False
            group.font, group.size = None, 0
        elif word in ("s", "outlinelevel", "sbasedon") and number is not None:
            if word == "outlinelevel":  # RTF counts from 0 on, and body text is 9
                number = number + 1 if 0 <= number < _OUTLINE_LEVELS else 0
            if group.to == "styles":
                self._styles.define(word, number)
            elif word == "s":
                group.style = number
            elif word == "outlinelevel":
                group.outline = number
        elif word == "field":
            self._instruction = ""
        elif word == "fldrslt":
            group.contents = group.contents or self._instruction.split()[:1] == ["TOC"]
            self._instruction = ""
        elif word == "upr":
            group.to = ""
        elif word == "deflang":
            self.language = number or 0
        elif word == "revised":
            self.blocks.has_changes = True
        elif word == "sbknone":
            self._new_section = False
        else:
            self._code_pages.take(word, number, in_table=group.to == "fonts")

    def _destination(self, word: str) -> None:
        """Send the text of this group to where `word` says."""
        group = self._group
        optional, group.optional = group.optional, False
        if word == "ud":
            group.to = self._outer[-2].to if len(self._outer) > 1 else "text"
        elif word in _OPTIONAL_TEXT:
            return
        elif word not in _DESTINATIONS or not group.to:
            group.to = ""
        elif word in self.info:
            group.to = word if group.to == "info" else ""
        else:
            self.blocks.comments += word == "annotation"
            group.to = _DESTINATIONS[word] if group.to == "text" or not optional else ""

    def _unicode(self, number: int) -> None:
        self._skip = self._group.substitute
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
            return
        if 0xDC00 <= code < 0xE000 and self._surrogate:
            code = 0x10000 + (self._surrogate - 0xD800) * 0x400 + code - 0xDC00
        self._surrogate = 0
        self._add("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))

    def _decode(self) -> None:
        """Hand on the bytes so far, in the code page that holds now."""
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(self._code_pages.decode(data, self._group.font))

    def _add(self, text: str) -> None:
        group = self._group
        if not text or not group.to:
            return
        if group.deleted:
            self.blocks.has_changes = True
        elif group.to == "text" and group.hidden:
            self.blocks.hidden_words += len(text.split())
        elif group.to == "text":
            paragraph = self._paragraph
            paragraph.parts.append(text)
            paragraph.add_letters(text, bold=group.bold, size=str(group.size or ""))
            paragraph.contents |= group.contents
            if self._begun is None and text.strip():
                self._begun = replace(group)
        elif group.to == "note":
            self._note.append(text)
        elif group.to == "field":
            self._instruction += text
        elif group.to == "number":
            self._paragraph.number += text
        elif group.to == "styles":
            self._styles.add_name(text)
        elif group.to in self.info:
            self.info[group.to].append(text)

    def _end(self, word: str) -> None:
        """End a paragraph of the text or of a note."""
        if self._group.to == "note":
            self._note.append("\n")
        elif self._group.to == "text":
            if word == "par" or self._paragraph.parts:
                self._end_paragraph()
            self._new_section |= word == "sect"

    def _end_paragraph(self, *, last: bool = False) -> None:
        paragraph, begun = self._paragraph, self._begun or self._group
        self._begun = None
        if begun.initial and paragraph.text.strip() and not last:
            paragraph.initial = True  # a drop cap runs on into the next paragraph
            return
        self._paragraph = GatheredParagraph()
        if len(paragraph.number.strip()) == 1 and paragraph.number.islower():
            paragraph.number = ""  # a bullet: Word's "o", or a letter of a font of pictures
        if begun.new_page or (self._new_section and paragraph.text.strip()):
            self.blocks.new_page()
            self._new_section = False
        style = self._style(self._group)
        if not style.level and style.role not in ("title", "contents"):
            # A group that ends before its paragraph does takes the style with it.
            style = self._style(begun)
        self.blocks.add_paragraph(paragraph, replace(style, centered=begun.centered))

    def _style(self, group: _Group) -> Style:
        return Style(level=group.outline).over(self._styles.style(str(group.style)))


def _code_page(number: int | None) -> str:
    """Return the name of Python's codec for a code page, Windows' Western one where it has none."""
    if number in _OTHER_CODE_PAGES:
        return _OTHER_CODE_PAGES[number]
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return "cp1252"
