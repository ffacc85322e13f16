"""RTF as tokens: groups, control words, bytes of text; and the tables of what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+)|\\",
    re.DOTALL,
)

#: Control words that stand for a character.
CHARACTERS = {
    "tab": "\t", "line": "\n", "softline": "\n", "lbr": "\n", "page": "\f", "softpage": "",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "column": "\n",
}  # fmt: skip
#: Control symbols that do; `\-` says where a word may be divided.
SYMBOLS = {"~": "\xa0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}

#: Windows' numbers of languages, as BCP 47 has them.
LANGUAGES = {
    1033: "en-US", 2057: "en-GB", 3081: "en-AU", 4105: "en-CA", 6153: "en-IE", 5129: "en-NZ",
    1036: "fr-FR", 3084: "fr-CA", 2060: "fr-BE", 4108: "fr-CH", 1031: "de-DE", 3079: "de-AT",
    2055: "de-CH", 1034: "es-ES", 3082: "es-ES", 2058: "es-MX", 1040: "it-IT", 1046: "pt-BR",
    2070: "pt-PT", 1043: "nl-NL", 2067: "nl-BE", 1053: "sv-SE", 1030: "da-DK", 1044: "nb-NO",
    1035: "fi-FI", 1045: "pl-PL", 1029: "cs-CZ", 1038: "hu-HU", 1049: "ru-RU", 1032: "el-GR",
    1055: "tr-TR", 1041: "ja-JP",
}  # fmt: skip

#: Where text goes that is not of the book: nowhere, or where it says something of it.
NOWHERE = frozenset({
    "colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "themedata", "datastore", "listtable", "listoverridetable", "revtbl",
    "rsidtbl", "generator", "xmlnstbl", "filetbl", "nonshppict", "objdata", "objclass",
    "objname", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atnref", "atntime", "atndate",
    "atnparent", "xe", "tc", "tcn", "rxe", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc",
    "aftncn", "shprslt", "pntext", "pnseclvl", "do", "template", "operator", "company",
    "manager", "category", "keywords", "subject", "doccomm", "comment", "hlinkbase",
    "password", "pgptbl", "latentstyles", "mmathPr", "wgrffmtfilter", "panose", "falt",
    "fontemb", "sp", "sn", "sv",
})  # fmt: skip
TAKEN = {
    "fonttbl": "fonts", "stylesheet": "styles", "info": "info", "title": "title",
    "author": "author", "fldinst": "field", "listtext": "number", "footnote": "note",
    "annotation": "comment",
}  # fmt: skip
#: Marked as optional (`\*`), and still of the text.
OPTIONAL_TEXT = frozenset({"shpinst", "shptxt", "ud", "shppict"})


@dataclass(frozen=True, slots=True)
class RtfToken:
    """One step of an RTF file. `word` is a control word with its `number`, or a symbol."""

    kind: Literal["open", "close", "word", "symbol", "bytes"]
    word: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[RtfToken]:
    r"""Yield the tokens of `data`; bytes of pictures (`\bin`) are stepped over."""
    at = 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        word, number, escaped, symbol, brace, text = match.groups()
        if text is not None:
            yield RtfToken("bytes", data=text)
        elif word is not None:
            value = None if number is None else int(number)
            if word == b"bin":
                at += max(0, value or 0)
            else:
                yield RtfToken("word", word.decode(), value)
        elif escaped is not None:
            yield RtfToken("bytes", "'", data=bytes([int(escaped, 16)]))
        elif brace is not None:
            yield RtfToken("open" if brace == b"{" else "close")
        elif symbol is not None:
            yield RtfToken("symbol", symbol.decode("latin-1"))
