"""In which encoding the bytes of an RTF file are: that of the file, or of the font they are in."""

from __future__ import annotations

import codecs

#: Code pages of fonts, by Windows' number of a character set. 0 is that of the file.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_OLD = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_OTHERS = {10000: "mac_roman", 65001: "utf-8"}


class CodePages:
    """The encodings of one file, filled in as the file defines them.

    `lost` counts the characters that were none in their encoding, and are U+FFFD now.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._of_file = "cp1252"
        self._of_font: dict[int, str] = {}
        self._default_font = 0
        self._now = 0

    def take(self, word: str, number: int | None, *, in_table: bool) -> None:
        """Take a control word, in the table of fonts or before the text."""
        if word == "ansicpg":
            self._of_file = _code_page(number)
        elif word in _OLD:
            self._of_file = _OLD[word]
        elif word == "deff":
            self._default_font = number or 0
        elif in_table and word == "f":
            self._now = number or 0
        elif in_table and word == "fcharset" and number in _CHARSETS:
            self._of_font[self._now] = _CHARSETS[number]
        elif in_table and word == "cpg":
            self._of_font[self._now] = _code_page(number)

    def decode(self, data: bytes, font: int | None) -> str:
        """Return the text of `data` in a font, None for the file's usual one."""
        page = self._of_font.get(self._default_font if font is None else font, self._of_file)
        text = data.decode(page, "replace")
        self.lost += text.count("\ufffd")
        return text


def _code_page(number: int | None) -> str:
    """Return the name of Python's codec for a code page, Windows' Western one where it has none."""
    if number in _OTHERS:
        return _OTHERS[number]
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return "cp1252"
