"""What a file is, from its bytes.

Names lie: a PDF is called .docx, a web page .doc. So the bytes decide what reads a file, and the
name serves only to tell Markdown from plain text and to say so where name and bytes disagree.
"""

import codecs
import re
from typing import NamedTuple

from components.errors import EmptyFile, UnsupportedType
from components.manuscripts.file_names import extension
from components.manuscripts.manuscript import Source

#: Bytes. Acrobat finds the header of a PDF anywhere in the first 1,024, whatever stands before.
_PDF_HEADER_WITHIN = 1024
#: Bytes looked at for deciding whether the rest is text.
_SAMPLE = 65_536
#: Share of control characters above which bytes are no text; random bytes have 0.1, text none.
_CONTROL_SHARE = 0.02

_PDF_HEADER = re.compile(rb"%PDF-\d")
_PDF_PARTS = (b" obj", b"startxref", b"%%EOF")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s")
#: Escapes, bells and backspaces are left out: an old terminal's text has them, and is text.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\x07\x08") | {127})
#: The marks that a text may begin with, and the encodings that they say.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ATX_HEADING = re.compile(r"^ {0,3}(?:#{1,6}[ \t]+\S|<h[1-6]\b)", re.MULTILINE)

_MARKDOWN_NAMES = frozenset({"md", "markdown"})
#: What a file of each format is called, and the endings that its name may have.
_FORMATS: dict[Source, tuple[str, frozenset[str]]] = {
    "txt": ("plain text", frozenset({"txt", "text"}) | _MARKDOWN_NAMES),
    "md": ("Markdown", frozenset({"txt", "text"}) | _MARKDOWN_NAMES),
    "pdf": ("a PDF", frozenset({"pdf"})),
    "docx": ("a Word file", frozenset({"docx", "docm", "dotx", "dotm"})),
    "epub": ("an EPUB book", frozenset({"epub"})),
    "odt": ("an OpenDocument text", frozenset({"odt", "ott"})),
    "rtf": ("rich text (RTF)", frozenset({"rtf"})),
}

_SAVE = "Save it as Word (.docx), EPUB, PDF or plain text (.txt) and upload that."
_OPEN = "Open it in Word, Pages or LibreOffice, save it as Word (.docx) and upload that."
_CHOOSE = "Choose the manuscript itself."
_CHOOSE_TEXT = "Choose a file that holds the text."
_UNPACK = "Unpack it and upload what is inside."


class _Foreign(NamedTuple):
    """A kind of file that we know and do not read."""

    name: str
    advice: str = _SAVE


_MAGIC = (
    (b"\x7fELF", _Foreign("a program", _CHOOSE)),
    (b"MZ\x90", _Foreign("a Windows program", _CHOOSE)),
    (b"\x89PNG\r\n", _Foreign("a picture (PNG)", _CHOOSE_TEXT)),
    (b"\xff\xd8\xff", _Foreign("a picture (JPEG)", _CHOOSE_TEXT)),
    (b"GIF8", _Foreign("a picture (GIF)", _CHOOSE_TEXT)),
    (b"II*\x00", _Foreign("a picture (TIFF)", _CHOOSE_TEXT)),
    (b"MM\x00*", _Foreign("a picture (TIFF)", _CHOOSE_TEXT)),
    (b"\x1f\x8b", _Foreign("a compressed file (gzip)", _UNPACK)),
    (b"7z\xbc\xaf", _Foreign("a compressed file (7z)", _UNPACK)),
    (b"Rar!", _Foreign("a compressed file (RAR)", _UNPACK)),
    (b"%!PS", _Foreign("a PostScript file", "Turn it into a PDF and upload that.")),
)

#: What is in a zip archive, by names that only one kind has; in this order.
_ZIPPED: tuple[tuple[bytes, Source | _Foreign], ...] = (
    (b"word/document", "docx"),
    (b"xl/workbook", _Foreign("an Excel file", _CHOOSE)),
    (b"ppt/presentation", _Foreign("a PowerPoint file", _CHOOSE)),
    (b"Index/Document.iwa", _Foreign("a Pages document", "Export it as Word (.docx) or EPUB.")),
    (b".scrivx", _Foreign("a Scrivener project", "Compile it as Word (.docx) and upload that.")),
    (b"OEBPS/content.opf", "epub"),
    (b"word/", "docx"),
)


def sniff(data: bytes, *, name: str) -> Source:
    """Return which reader `data` is for; `name` only tells Markdown from plain text.

    Whether bytes that are called text can be decoded is not tried here.

    Raises: EmptyFile, UnsupportedType.
    """
    if not data:
        raise EmptyFile("The file is empty.")
    kind = _kind(data)
    if isinstance(kind, _Foreign):
        message = f"This is {kind.name}, which is not read here."
        raise UnsupportedType(message, advice=kind.advice)
    if kind is not None:
        return kind
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    is_utf = data.startswith(tuple(mark for mark, _ in BOMS)) or nul_columns(sample) is not None
    if controls > _CONTROL_SHARE * len(sample) and not is_utf:
        raise UnsupportedType("This file does not hold text.")
    return "md" if extension(name) in _MARKDOWN_NAMES else "txt"


def looks_like_markdown(text: str) -> bool:
    """Return whether `text` has at least two `#` headings, or begins with one."""
    headings = _ATX_HEADING.finditer(text)
    first = next(headings, None)
    if first is None:
        return False
    return not text[: first.start()].strip() or next(headings, None) is not None


def mismatch(source: Source, *, name: str) -> str | None:
    """Return a sentence where the ending of `name` promises something else than `source`."""
    ending = extension(name)
    called, endings = _FORMATS[source]
    if not ending or ending in endings:
        return None
    return f"The name ends in .{ending}, but the file is {called}: it was read as that."


def _kind(data: bytes) -> Source | _Foreign | None:
    """Return what a file is that is no text, None for all others."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # OLE: a locked new Word file, or old
        locked = "EncryptedPackage".encode("utf-16-le") in data
        return "docx" if locked else _Foreign("an old Word file (.doc)", _OPEN)
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    header = _PDF_HEADER.search(data[:_PDF_HEADER_WITHIN])
    # Further in it may be quoted in a text.
    if header and (header.start() == 0 or any(part in data for part in _PDF_PARTS)):
        return "pdf"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return _Foreign("a Kindle book")
    if _HTML.match(data):
        return _Foreign("a web page (HTML)")
    return _Foreign("an XML file", _OPEN) if _XML.match(data) else None


def _zip(data: bytes) -> Source | _Foreign:
    """Return what a zip archive is, by names in its bytes: they can be read in a broken one too."""
    if b"application/epub+zip" in data[:200] or b"META-INF/container.xml" in data:
        return "epub"
    if b"application/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    if b"application/vnd.oasis.opendocument" in data[:200]:
        return _Foreign("an OpenDocument file that is no text")
    for mark, kind in _ZIPPED:
        if mark in data:
            return kind
    if b"content.xml" in data and b"META-INF/manifest.xml" in data:
        return "odt"
    return _Foreign("a zip archive", "Unpack it and upload the manuscript inside.")


def nul_columns(sample: bytes) -> str | None:
    """Return the encoding that the positions of NUL bytes in `sample` speak for, if any."""
    columns = [sample[at::4].count(0) * 4 / len(sample) for at in range(4)]
    if min(columns[1:]) > 0.9 and columns[0] < 0.1:
        return "utf-32-le"
    if min(columns[:3]) > 0.9 and columns[3] < 0.1:
        return "utf-32-be"
    even, odd = (columns[0] + columns[2]) / 2, (columns[1] + columns[3]) / 2
    # One in twenty: spaces and line ends alone give more, in whatever script.
    if odd > 0.05 and even < odd / 20:
        return "utf-16-le"
    if even > 0.05 and odd < even / 20:
        return "utf-16-be"
    return None
