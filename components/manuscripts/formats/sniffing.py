"""What a file is, from its bytes.

Names lie: a PDF is called .docx, a web page .doc. So the bytes decide what reads a file, and the
name serves only to tell Markdown from plain text and to say so where name and bytes disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.errors import EmptyFile, UnsupportedType
from components.manuscripts.file_names import extension

if TYPE_CHECKING:
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
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_ATX_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)

_MARKDOWN_NAMES = frozenset({"md", "markdown"})
_NAMES_OF: dict[Source, frozenset[str]] = {
    "txt": frozenset({"", "txt", "text"}),
    "md": frozenset({"", "txt", "text"}) | _MARKDOWN_NAMES,
    "pdf": frozenset({"", "pdf"}),
    "docx": frozenset({"", "docx", "docm", "dotx", "dotm"}),
    "epub": frozenset({"", "epub"}),
    "odt": frozenset({"", "odt", "ott"}),
    "rtf": frozenset({"", "rtf"}),
}
_CALLED: dict[Source, str] = {
    "txt": "plain text",
    "md": "Markdown",
    "pdf": "a PDF",
    "docx": "a Word file",
    "epub": "an EPUB book",
    "odt": "an OpenDocument text",
    "rtf": "rich text (RTF)",
}

_SAVE = "Save it as Word (.docx), EPUB, PDF or plain text (.txt) and upload that."
_OPEN = "Open it in Word, Pages or LibreOffice, save it as Word (.docx) and upload that."


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A kind of file that we know and do not read."""

    what: str
    advice: str = _SAVE

    def refuse(self) -> UnsupportedType:
        return UnsupportedType(f"This is {self.what}, which is not read here.", advice=self.advice)


_MAGIC: tuple[tuple[bytes, _Foreign], ...] = (
    (b"\x7fELF", _Foreign("a program", "Choose the manuscript itself.")),
    (b"MZ\x90", _Foreign("a Windows program", "Choose the manuscript itself.")),
    (b"\x89PNG\r\n", _Foreign("a picture (PNG)", "Choose a file that holds the text.")),
    (b"\xff\xd8\xff", _Foreign("a picture (JPEG)", "Choose a file that holds the text.")),
    (b"GIF8", _Foreign("a picture (GIF)", "Choose a file that holds the text.")),
    (b"II*\x00", _Foreign("a picture (TIFF)", "Choose a file that holds the text.")),
    (b"MM\x00*", _Foreign("a picture (TIFF)", "Choose a file that holds the text.")),
    (b"\x1f\x8b", _Foreign("a compressed file (gzip)", "Unpack it and upload what is inside.")),
    (b"7z\xbc\xaf", _Foreign("a compressed file (7z)", "Unpack it and upload what is inside.")),
    (b"Rar!", _Foreign("a compressed file (RAR)", "Unpack it and upload what is inside.")),
    (b"%!PS", _Foreign("a PostScript file", "Turn it into a PDF and upload that.")),
)

#: What is in a zip archive, by names that only one kind has; in this order.
_ZIPPED: tuple[tuple[bytes, Source | _Foreign], ...] = (
    (b"word/document", "docx"),
    (b"xl/workbook", _Foreign("an Excel file", "Choose the manuscript itself.")),
    (b"ppt/presentation", _Foreign("a PowerPoint file", "Choose the manuscript itself.")),
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
    container = _container(data)
    if isinstance(container, _Foreign):
        raise container.refuse()
    if container is not None:
        return container
    if _is_pdf(data):
        return "pdf"
    for magic, foreign in _MAGIC:
        if data.startswith(magic):
            raise foreign.refuse()
    if data[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        raise _Foreign("a Kindle book").refuse()
    if _HTML.match(data):
        raise _Foreign("a web page (HTML)").refuse()
    if _XML.match(data):
        raise _Foreign("an XML file", _OPEN).refuse()
    if not _may_be_text(data):
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
    if ending in _NAMES_OF[source]:
        return None
    if source == "txt" and ending in _MARKDOWN_NAMES:
        return None
    return f"The name ends in .{ending}, but the file is {_CALLED[source]}: it was read as that."


def _is_pdf(data: bytes) -> bool:
    """Return whether a PDF header stands near the start, and is more than a quotation of one."""
    match = _PDF_HEADER.search(data[:_PDF_HEADER_WITHIN])
    if match is None:
        return False
    return match.start() == 0 or any(part in data for part in _PDF_PARTS)


def _container(data: bytes) -> Source | _Foreign | None:
    """Return what a file is that begins as zip, OLE or RTF do, None for all others."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data)
    return "rtf" if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf") else None


def _zip(data: bytes) -> Source | _Foreign:
    """Return what a zip archive is, by the names inside it; nothing is unpacked.

    Names and the first, unpacked entry are searched for as bytes: they stand in any archive as
    they are, also where the rest of it is broken.
    """
    if b"application/epub+zip" in data[:200] or b"META-INF/container.xml" in data:
        return "epub"
    if b"application/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    if b"application/vnd.oasis.opendocument" in data[:200]:
        return _Foreign("an OpenDocument file that is no text")
    for mark, what in _ZIPPED:
        if mark in data:
            return what
    if b"content.xml" in data and b"META-INF/manifest.xml" in data:
        return "odt"
    return _Foreign("a zip archive", "Unpack it and upload the manuscript inside.")


def _ole(data: bytes) -> Source | _Foreign:
    """Return what an OLE container is: a locked new Word file, or an old one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "docx"
    return _Foreign("a file of an old Word (.doc)", _OPEN)


def _may_be_text(data: bytes) -> bool:
    """Return whether `data` has no more control characters than text has.

    NUL bytes count only where they are no part of UTF-16 or UTF-32, where they stand in columns.
    """
    if data.startswith(_BOMS):
        return True
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls <= _CONTROL_SHARE * len(sample):
        return True
    return nul_columns(sample) is not None


def nul_columns(sample: bytes) -> str | None:
    """Return the encoding that the places of the NUL bytes in `sample` speak for, if any."""
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
