"""Bytes of a text file to text that can be shown, searched and sent to a model.

The guesses, in the order that was measured best: a byte order mark, the places of NUL bytes, UTF-8,
chardet (right for seven of seven novels in cp1252, where charset-normalizer was for three). Only
what cannot be shown, or is not what a search or a model would read, is removed, and counted.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

from components.errors import LimitReached, UnsupportedType
from components.manuscripts.formats.sniffing import BOMS, nul_columns
from components.manuscripts.limits import DEFAULT_LIMITS

#: Bytes. chardet reads no more than this.
_GUESS_SAMPLE = 200_000
#: Two encodings in one file: so many lines that are not ASCII, and this share, are good UTF-8.
_MIXED_LINES, _MIXED_SHARE = 2, 0.05
#: chardet's answers where a wider relative reads the same letters and more of them.
_WIDER = {"iso-8859-1": "cp1252", "cp437": "cp850", "ascii": "cp1252"}
_FALLBACK = "cp1252"
#: chardet's least confidence, of 1: French came as Russian at 0.10, Chinese as itself at 0.19.
_SURE = 0.15
#: Share of characters that no encoding could read above which it is no text.
_LOST_SHARE = 0.05

_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_ANSI = re.compile(
    "\x1b\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)?"  # window titles and links
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours and cursor movements
    "|\x1b[@-Z\\\\^_]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
#: They say where a line may break and where not: e-books and web pages have thousands, and nobody
#: needs to know.
_LINE_BREAKS = re.compile("[\u00ad\u200b\u2060\ufeff]")
#: Joiners are left where they follow a letter of a script that is written with them.
_INVISIBLE = re.compile(
    "[\u180e\u2061-\u2064\U000e0000-\U000e007f]|(?<![\u0600-\u1fff\u2600-\U0010ffff])[\u200c\u200d]"
)
#: Strokes that only stretch a word to fill its line. Where nothing follows they are of an
#: abbreviation, and a hamza may stand on one.
_ARABIC = "[\u0620-\u063f\u0641-\u0653\u0656-\u065f\u066e-\u06d3\u06fa-\u06ff]"
_KASHIDAS = re.compile(f"(?<={_ARABIC})\u0640+(?={_ARABIC})")
_SURROGATES = re.compile("[\ud800-\udfff]")
#: Whether there is anything at all to do, which in most texts there is not.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u0640\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
#: What is removed, as the editor is told of it.
_REMOVED = {
    "terminal code": _ANSI,
    "control character": _CONTROLS,
    "mark{} that turns the direction of the text": _DIRECTIONS,
    "invisible character": _INVISIBLE,
    "kashida{} that stretched a word": _KASHIDAS,
}

#: Ligatures, and spaces of set widths. Spaces that keep words together (U+00A0, U+202F) are the
#: author's, or the custom of French.
_LIGATURES = (0x0132, 0x0133, *range(0xFB00, 0xFB07), *range(0x2000, 0x200B))
#: cp1252 bytes that came through as control characters: quotation marks, dashes, ellipsis.
_CP1252 = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
_SIGNS = {
    0: "",
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _LIGATURES},
    **{byte: char for byte, char in _CP1252.items() if char},
}
_ANY_SIGN = re.compile("[" + "".join(map(chr, _SIGNS)) + "]")
#: An accent behind its letter becomes one with it; one before its letter, as TeX's old fonts set
#: it, is not touched.
_COMBINING = re.compile("[\u0300-\u036f]")


class Decoded(NamedTuple):
    r"""Text, the name of the encoding it was in, and what the editor should know.

    Pages of the text end with `\f`, the one control character that is left in it.
    """

    text: str
    encoding: str
    warnings: tuple[str, ...]


def decode(data: bytes, *, characters: int = DEFAULT_LIMITS.characters) -> Decoded:
    """Return the text of `data`, cleaned as by `Cleaner`.

    Raises: LimitReached where it has more than `characters`; UnsupportedType where too much of
    it is no text in any encoding.
    """
    text, encoding, warnings = _decode(data)
    if len(text) > characters:
        raise LimitReached(f"The text has more than {characters:,} characters.")
    if lost := text.count("\ufffd"):
        if lost > _LOST_SHARE * len(text):
            raise UnsupportedType("This file does not hold text in any encoding that we know.")
        warnings.append(f"{counted(lost, 'character')} could not be read and show as \ufffd.")
    cleaner = Cleaner()
    text = "\f".join(map(cleaner.clean, text.split("\f")))
    return Decoded(text, encoding, (*warnings, *cleaner.warnings()))


class Cleaner:
    """Removes from texts what cannot be shown, and counts for the editor what may do harm."""

    def __init__(self) -> None:
        self._removed = dict.fromkeys(_REMOVED, 0)

    def clean(self, text: str) -> str:
        r"""Return `text` with `\n` as the only line end, and nothing invisible."""
        if not _SUSPECT.search(text):
            return text
        text = _SURROGATES.sub("\ufffd", _NEWLINES.sub("\n", _LINE_BREAKS.sub("", text)))
        for what, pattern in _REMOVED.items():
            text, removed = pattern.subn("", text)
            self._removed[what] += removed
        return text

    def warnings(self) -> list[str]:
        """Return a sentence for each kind of thing that was removed so far."""
        return [f"Removed {counted(n, what)}." for what, n in self._removed.items() if n]


def _decode(data: bytes) -> tuple[str, str, list[str]]:
    """Return text, encoding and warnings; what could not be read stands as U+FFFD."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding, []
    by_columns = nul_columns(data[:_GUESS_SAMPLE]) if b"\0" in data[:_GUESS_SAMPLE] else None
    for encoding in filter(None, (by_columns, "utf-8")):
        try:
            return data.decode(encoding), encoding, []
        except UnicodeDecodeError:
            continue
    return _decode_legacy(data)


def _decode_legacy(data: bytes) -> tuple[str, str, list[str]]:
    """Return text, encoding and warnings for bytes that are no UTF."""
    lines = data.splitlines(keepends=True)
    accented = [line for line in lines if not line.isascii()]
    foreign = [line for line in accented if not _is_utf8(line)]
    good = len(accented) - len(foreign)
    if good < max(_MIXED_LINES, _MIXED_SHARE * len(accented)):
        encoding = _guess(accented)
        return data.decode(encoding, "replace"), encoding, []
    encoding = _guess(foreign)
    text = "".join(
        line.decode("utf-8" if _is_utf8(line) else encoding, "replace") for line in lines
    )
    warning = f"The file mixes two encodings, UTF-8 and {encoding}: each line was read as its own."
    return text, f"utf-8 and {encoding}", [warning]


def _guess(lines: list[bytes]) -> str:
    """Return the name of the encoding that `lines`, none of them plain ASCII, are in."""
    import chardet  # a quarter of the start, and most files do not need it

    result = chardet.detect(b"".join(lines)[:_GUESS_SAMPLE])
    guess = (result["encoding"] if result["confidence"] >= _SURE else None) or _FALLBACK
    try:
        return codecs.lookup(_WIDER.get(guess.lower(), guess)).name
    except LookupError:
        return _FALLBACK


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def counted(number: int, noun: str) -> str:
    """Return "1 word" or "2,000 words"; `{}` in a longer `noun` says where the s stands."""
    pattern = noun if "{}" in noun else f"{noun}{{}}"
    return f"{number:,} {pattern.format('' if number == 1 else 's')}"


def as_letters(text: str) -> str:
    """Return `text` without what a font or an old way of writing a PDF did to its letters."""
    if text.isascii() and "\0" not in text:
        return text
    if _ANY_SIGN.search(text):
        text = text.translate(_SIGNS)
    return unicodedata.normalize("NFC", text) if _COMBINING.search(text) else text
