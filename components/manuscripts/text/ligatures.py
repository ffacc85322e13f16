"""Letters that a typesetter joined, as the letters they are.

A reader, a search and a model want "first", where a font may hold one sign for its first two
letters. Quotation marks, dashes and spellings are the author's and stay as they are; only what a
font or an old way of writing a PDF did to them is undone.
"""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    "\u0132": "IJ",
    "\u0133": "ij",
}
#: Spaces of set widths, as a typesetter places them, are one space each; those that keep words
#: together (U+00A0, U+202F) are the author's, or the custom of French, but no two lines.
_SPACES = dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " ")
#: cp1252 bytes that came through as control characters: quotation marks, dashes, ellipsis.
_CP1252 = {
    chr(byte): bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_SIGNS = str.maketrans({**_LIGATURES, **_SPACES, **_CP1252, "\0": ""})
_ANY = re.compile("[" + "".join(map(chr, _SIGNS)) + "]")
#: An accent set as a sign of its own, before its letter, as TeX's old fonts do, is not touched;
#: behind its letter, as Unicode has it, the two become one.
_COMBINING = re.compile("[\u0300-\u036f]")


def as_letters(text: str) -> str:
    """Return `text` with ligatures as letters, accents on them, and quotation marks repaired."""
    if text.isascii() and "\0" not in text:
        return text
    if _ANY.search(text):
        text = text.translate(_SIGNS)
    return unicodedata.normalize("NFC", text) if _COMBINING.search(text) else text
