"""The letters and widths behind the codes of a PDF's font.

pypdf reads encodings, ToUnicode tables and widths. Where a font has no ToUnicode table, the names
of its glyphs say what they are, by the rules of the Adobe Glyph List: "f_f_i", "one.oldstyle",
"uni0151". A code of which nothing says which letter it is becomes U+FFFD.
"""

import io
import re
import unicodedata
from typing import Any

from pypdf.errors import LimitReachedError
from pypdf.generic import NameObject
from pypdf.generic._font import Font  # the one door to widths and ToUnicode tables

from components.languages import RTL
from components.manuscripts.formats.pdf.printed_page import DamageForgiven
from components.manuscripts.text.decoding import as_letters

#: What stands for a letter of which nothing says which one it is.
UNKNOWN = "\ufffd"

_FORMS = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
#: The clear text of a Type 1 font puts a name at each code that it uses.
_PUT = re.compile(rb"dup\s+(\d+)\s*/([^\s/]+)\s+put")
#: A name that is only the number of a code: "a65", "g65".
_NUMBER_NAME = re.compile(r"\D{0,2}0*(\d{1,3})")


#: A sign, and the marks over and under it.
_CLUSTER = re.compile(r".[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]*", re.DOTALL)
#: What each bracket is in a text from right to left.
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def turned(text: str) -> str:
    """Return `text` from its end to its start, marks behind their letters, brackets mirrored."""
    return "".join(reversed(_CLUSTER.findall(text))).translate(MIRRORED)


class PrintedFont:
    """A font of a PDF: what its codes say, and how wide each is, in thousandths of its size."""

    def __init__(self, resource: Any) -> None:
        """Read a font resource. Raises: LimitReachedError."""
        try:
            font = Font.from_font_resource(resource)
        except (MemoryError, LimitReachedError):
            raise
        except Exception:  # noqa: BLE001 - a broken font: its letters are unknown, not left out
            font = Font("Unknown", dict.fromkeys(range(256), UNKNOWN))
        self.bold = any(word in font.name.casefold() for word in _BOLD_NAMES)
        #: Whether each code is one byte.
        self.simple = isinstance(font.encoding, dict)
        self._font = font
        self._scale = 1.0
        if font.sub_type == "Type3":
            self._scale = 1000 * abs(float(resource["/FontMatrix"].get_object()[0])) or 1.0
        #: Whether codes are numbers of glyphs, which say nothing by themselves.
        self._numbers = False
        self._letters: dict[str, str] = font.character_map
        if "/ToUnicode" not in resource:
            self._numbers = str(resource.get("/Encoding")).startswith("/Identity")
            self._letters = _letters_of_glyphs(resource) if self._numbers else {}
        self._names = _glyph_names(resource) if self.simple else {}
        self._known: dict[str, tuple[str, float]] = {}

    def cells(self, data: bytes) -> list[tuple[str, float]]:
        """Return what each code in `data` says, and its width.

        Where a code says several letters that are written from right to left, they stand as they
        are seen, from left to right.
        """
        encoding = self._font.encoding
        codes = data.decode(encoding if isinstance(encoding, str) else "latin-1", "replace")
        known = self._known
        return [known.get(code) or self._cell(code) for code in codes]

    def _cell(self, code: str) -> tuple[str, float]:
        font = self._font
        width = font.character_widths.get(code, font.character_widths.get("default", 500.0))
        if code == font.space_char:
            width = font.space_width
        text = as_letters(self._text(code))
        if _FORMS.search(text):
            text = unicodedata.normalize("NFKC", text).strip()
        if len(text) > 1 and RTL.search(text):
            text = turned(text)
        cell = self._known[code] = text, float(width) * self._scale
        return cell

    def _text(self, code: str) -> str:
        letters = self._letters.get(code, "")
        if letters:
            return letters
        if not self.simple:
            return UNKNOWN if self._numbers else code
        number = ord(code)
        if name := self._names.get(number):
            return _named(name, number)
        encoding = self._font.encoding
        text = encoding.get(number, code) if isinstance(encoding, dict) else code
        if text.startswith("/") and len(text) > 1:
            return _named(text[1:], number)
        return UNKNOWN if text < " " else text


def _named(name: str, code: int) -> str:
    """Return the letters that the name of a glyph says, or U+FFFD."""
    from fontTools import agl  # most PDFs do without it

    if text := agl.toUnicode(name):
        return str(text)
    number = _NUMBER_NAME.fullmatch(name)
    return chr(code) if number and int(number[1]) == code and " " <= chr(code) <= "~" else UNKNOWN


def _glyph_names(resource: Any) -> dict[int, str]:
    """Return the names that a font file, and the PDF's own list of differences, put at codes."""
    names: dict[int, str] = {}
    encoding = resource.get("/Encoding")
    encoding = None if encoding is None else encoding.get_object()
    if "/ToUnicode" not in resource and not isinstance(encoding, str):
        with DamageForgiven():
            names = _built_in(resource["/FontDescriptor"].get_object())
    if isinstance(encoding, dict):
        code = 0
        for entry in encoding.get("/Differences", ()):
            if isinstance(entry, NameObject):
                names[code] = entry[1:]
                code += 1
            elif isinstance(entry, int):
                code = int(entry)
    return names


def _built_in(descriptor: Any) -> dict[int, str]:
    """Return the names at the codes of an embedded Type 1 font. Raises: what fontTools raises."""
    if "/FontFile" in descriptor:
        clear = descriptor["/FontFile"].get_object().get_data().split(b"eexec", 1)[0]
        return {int(code): name.decode("latin-1") for code, name in _PUT.findall(clear)}
    file = descriptor["/FontFile3"].get_object()
    if file.get("/Subtype") != "/Type1C":
        return {}
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(file.get_data()), None)
    encoding = fonts.topDictIndex[0].Encoding
    if isinstance(encoding, str):  # the standard encoding, which pypdf has
        return {}
    return {code: name for code, name in enumerate(encoding) if name != ".notdef"}


def _letters_of_glyphs(resource: Any) -> dict[str, str]:
    """Return the letters of the glyphs of an embedded TrueType font, by the number of the glyph."""
    letters: dict[str, str] = {}
    with DamageForgiven():
        from fontTools import agl
        from fontTools.ttLib import TTFont

        descendant = resource["/DescendantFonts"].get_object()[0].get_object()
        file = descendant["/FontDescriptor"].get_object()["/FontFile2"].get_object()
        font = TTFont(io.BytesIO(file.get_data()), lazy=True)
        names = font.getGlyphOrder()
        codes = {name: chr(code) for code, name in (font.getBestCmap() or {}).items()}
        for number, name in enumerate(names):
            if text := codes.get(name) or agl.toUnicode(name):
                letters[chr(number)] = text
    return letters
