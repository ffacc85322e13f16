"""A manuscript, and small PDFs made by hand, so that the tests need no other files."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from components.manuscripts import Chapter, Manuscript

#: The developers' material, where it is.
SHARED = Path(__file__).resolve().parents[3] / "shared"


def manuscript(**changes) -> Manuscript:
    fields = {
        "title": "Test",
        "text": "1\n\nOne two three.\n\n2\n\nFour.",
        "chapters": (Chapter(1, "1", "chapter", 0, 19, 4), Chapter(2, "2", "chapter", 19, 27, 2)),
        "source": "txt",
        "sha256": "0" * 64,
        "encoding": "utf-8",
        "page_count": None,
        "warnings": (),
    }
    return Manuscript(**fields | changes)


def pdf(
    pages: list[list[str] | None],
    *,
    title: str | None = None,
    password: str | None = None,
    owner: str | None = None,
) -> bytes:
    """A PDF with the lines of each page; None makes a page that holds only a picture."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(width=420, height=595)
        content = DecodedStreamObject()
        if lines is None:
            content.set_data(b"q 100 0 0 100 10 10 cm /P Do Q")
            resources = DictionaryObject(
                {NameObject("/XObject"): DictionaryObject({NameObject("/P"): _picture(writer)})}
            )
        else:
            moves = "".join(f"({_escaped(line)}) Tj 0 -14 Td " for line in lines)
            content.set_data(f"BT /F 11 Tf 40 560 Td {moves}ET".encode("cp1252"))
            font = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject("/Helvetica"),
                    NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                }
            )
            resources = DictionaryObject(
                {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
            )
        page[NameObject("/Resources")] = resources
        page[NameObject("/Contents")] = writer._add_object(content)
    if title is not None:
        writer.add_metadata({"/Title": title})
    if password is not None or owner is not None:
        writer.encrypt(password or "", owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def broken_page(data: bytes, number: int) -> bytes:
    """`data` with the content of one page (from 1) in a filter that does not exist."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    content = writer.pages[number - 1]["/Contents"].get_object()
    content[NameObject("/Filter")] = NameObject("/NoSuchFilter")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _picture(writer: PdfWriter):
    picture = DecodedStreamObject()
    picture.set_data(b"\x80")
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    return writer._add_object(picture)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
