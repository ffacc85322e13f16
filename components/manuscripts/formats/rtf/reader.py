"""The blocks of a rich text file (RTF).

striprtf reads the words as well (no word differs in three novels), but what it gives is one
string: styles, outline levels, footnotes and page breaks are lost in it, and deleted text is not.
So the file is read here, as its specification says, with groups on a list and not by recursion.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from components.errors import DamagedFile
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.omissions import counted, left_out
from components.manuscripts.formats.rtf.code_pages import CodePages
from components.manuscripts.formats.rtf.state import LOOKS, GroupState, RtfParagraph
from components.manuscripts.formats.rtf.styles import StyleSheet, outline_level
from components.manuscripts.formats.rtf.tokenizer import (
    CHARACTERS,
    LANGUAGES,
    NOWHERE,
    OPTIONAL_TEXT,
    SYMBOLS,
    TAKEN,
    tokens,
)

if TYPE_CHECKING:
    from components.manuscripts.formats.rtf.tokenizer import RtfToken
    from components.manuscripts.limits import Limits

#: Groups in groups. A file made to do harm has 300,000.
_MAX_DEPTH = 1_000
#: Bytes that a character may have as a substitute for readers without Unicode.
_MAX_SUBSTITUTE = 16

_ENDS = frozenset({"par", "sect", "cell", "nestcell", "row", "nestrow"})


def read_rtf(data: bytes, *, limits: Limits) -> Document:
    """Return the blocks of a rich text file.

    Raises: DamagedFile where it is nested beyond reason; LimitReached.
    """
    reader = _Reader(BlockBuilder(limits=limits))
    for token in tokens(data):
        reader.take(token)
    reader.end()
    blocks, notes = reader.blocks.finish()
    return Document(
        blocks,
        "rtf",
        title=metadata.title("".join(reader.said["title"])),
        author=metadata.author("".join(reader.said["author"])),
        language=LANGUAGES.get(reader.language, ""),
        notes=notes,
        warnings=tuple(reader.warnings()),
    )


class _Reader:
    def __init__(self, blocks: BlockBuilder) -> None:
        self.blocks = blocks
        self.language = 0
        self.said: dict[str, list[str]] = {"title": [], "author": []}
        self._state = GroupState()
        self._stack: list[GroupState] = []
        self._pages = CodePages()
        self._sheet = StyleSheet()
        self._bytes = bytearray()
        self._skip = 0
        self._surrogate = 0
        self._line = RtfParagraph()
        self._note: list[str] = []
        self._instruction = ""
        self._comments = 0
        self._hidden_words = 0
        self._changes = False
        self._new_section = False

    def take(self, token: RtfToken) -> None:
        """Go one step on.

        Raises: DamagedFile, LimitReached.
        """
        kind = token.kind
        if kind == "bytes":
            data = token.data
            if self._skip:
                skipped = min(self._skip, len(data))
                self._skip -= skipped
                data = data[skipped:]
            if data and self._state.to:
                self._bytes += data
            return
        if self._skip and kind in ("word", "symbol"):
            # A substitute may be written as a control word too; it counts as one.
            self._skip -= 1
            if token.word not in _ENDS and token.word != "u":
                return
        self._decode()
        if kind == "open":
            self._skip = 0
            self._open()
        elif kind == "close":
            self._close()
        elif kind == "symbol":
            self._symbol(token.word)
        else:
            self._word(token.word, token.number)

    def end(self) -> None:
        """Give what the file broke off in."""
        self._decode()
        self._paragraph()

    def warnings(self) -> list[str]:
        """Return what the editor should know."""
        said = left_out(
            changes=self._changes, comments=self._comments, hidden_words=self._hidden_words
        )
        if lost := self._pages.lost:
            said.append(f"{counted(lost, 'character')} could not be read and show as \ufffd.")
        if self._stack:
            said.append("The file breaks off: its end may be missing.")
        return said

    def _open(self) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise DamagedFile("This RTF file is nested too deeply to be read.")
        self._stack.append(self._state)
        self._state = copy.copy(self._state)
        self._state.optional = False

    def _close(self) -> None:
        self._skip = 0
        if not self._stack:
            return  # one brace too many: some programs write it, and go on
        left, self._state = self._state, self._stack.pop()
        if left.to == "note" != self._state.to:
            text = "\n".join(filter(None, (" ".join(one.split()) for one in
                             "".join(self._note).split("\n"))))  # fmt: skip
            self._line.notes += [text] if text else []
            self._note = []

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state.optional = True
        elif symbol in "\r\n":
            self._end_paragraph("par")
        else:
            self._say(SYMBOLS.get(symbol, ""))

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if word in NOWHERE or word in TAKEN or state.optional:
            self._destination(word)
        elif word in CHARACTERS:
            self._say(CHARACTERS[word])
        elif word == "u":
            self._unicode(number or 0)
        elif word in _ENDS:
            self._end_paragraph(word)
        elif word == "pard":
            state.new_paragraph()
        elif word == "plain":
            state.hidden = state.deleted = state.bold = False
            state.font, state.size = None, 0
        elif word in ("s", "outlinelevel", "sbasedon") and number is not None:
            self._styled(word, number)
        elif word == "pagebb":
            state.new_page = number != 0
        elif word == "v":
            state.hidden = number != 0
        elif word in LOOKS:
            state.look(word, number)
        elif word == "deleted":
            state.deleted = number != 0
        elif word == "field":
            self._instruction = ""
        elif word == "uc":
            state.substitute = min(max(0, number or 0), _MAX_SUBSTITUTE)
        elif word == "fldrslt":
            state.contents = state.contents or self._instruction.split()[:1] == ["TOC"]
            self._instruction = ""
        elif word == "upr":
            state.to = ""
        elif word == "f" and state.to != "fonts":
            state.font = number
        elif word == "deflang":
            self.language = number or 0
        elif word == "revised":
            self._changes = True
        elif word == "sbknone":
            self._new_section = False
        else:
            self._pages.take(word, number, in_table=state.to == "fonts")

    def _destination(self, word: str) -> None:
        """Send the text of this group to where `word` says."""
        state = self._state
        optional, state.optional = state.optional, False
        if word == "ud":
            state.to = self._stack[-2].to if len(self._stack) > 1 else "text"
        elif word in OPTIONAL_TEXT:
            return
        elif word not in TAKEN or not state.to:
            state.to = ""
        elif word in ("title", "author"):
            state.to = word if state.to == "info" else ""
        elif word == "annotation":
            self._comments += 1
            state.to = ""
        else:
            state.to = TAKEN[word] if state.to == "text" or not optional else ""

    def _styled(self, word: str, number: int) -> None:
        if self._state.to == "styles":
            self._sheet.define(word, number)
        elif word == "s":
            self._state.style = number
        elif word == "outlinelevel":
            self._state.outline = outline_level(number)

    def _unicode(self, number: int) -> None:
        self._skip = self._state.substitute
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
            return
        if 0xDC00 <= code < 0xE000 and self._surrogate:
            code = 0x10000 + (self._surrogate - 0xD800) * 0x400 + code - 0xDC00
        self._surrogate = 0
        self._say("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))

    def _decode(self) -> None:
        """Hand on the bytes so far, in the code page that holds now."""
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._say(self._pages.decode(data, self._state.font))

    def _say(self, text: str) -> None:
        state = self._state
        if not text or not state.to:
            return
        if state.deleted:
            self._changes = True
            return
        if state.to == "text":
            if state.hidden:
                self._hidden_words += len(text.split())
                return
            self._line.parts.append(text)
            self._line.letters.add(text, bold=state.bold, size=str(state.size or ""))
            self._line.contents = self._line.contents or state.contents
            if self._line.marks is None and text.strip():
                self._line.marks = copy.copy(state)
        elif state.to == "note":
            self._note.append(text)
        elif state.to == "field":
            self._instruction += text
        elif state.to == "number":
            self._line.number += text
        elif state.to == "styles":
            self._sheet.name(text)
        elif state.to in self.said:
            self.said[state.to].append(text)

    def _end_paragraph(self, word: str) -> None:
        if self._state.to == "note":
            self._note.append("\n")
        elif self._state.to == "text":
            if word == "par" or self._line.parts:
                self._paragraph()
            self._new_section = self._new_section or word == "sect"

    def _paragraph(self) -> None:
        line, self._line = self._line, RtfParagraph()
        text = "".join(line.parts)
        marks = line.marks or self._state
        if marks.new_page or (self._new_section and text.strip()):
            self.blocks.new_page()
            self._new_section = False
        role, level = self._sheet.role(self._state.style, self._state.outline)
        if role == "body":  # a group that ends before its paragraph does takes the style with it
            role, level = self._sheet.role(marks.style, marks.outline)
        if line.contents:
            role, level = "contents", 0
        if role == "heading" and line.number.strip():
            text = f"{line.number.strip()} {text.lstrip()}"
        look = line.letters.look(centred=marks.centred) if role == "body" else ""
        self.blocks.add(text, role, level=level, notes=tuple(line.notes), look=look)
