from __future__ import annotations

import random

import pytest

from components.errors import EmptyFile, UnsupportedType
from components.manuscripts.formats.sniffing import (
    looks_like_markdown,
    mismatch,
    nul_columns,
    sniff,
)


@pytest.mark.parametrize(
    ("data", "name", "source"),
    [
        (b"%PDF-1.7\n...", "book.txt", "pdf"),
        (b"junk\n" * 100 + b"%PDF-1.4\n1 0 obj", "book.pdf", "pdf"),
        (b"Plain words.", "book.txt", "txt"),
        (b"Plain words.", "book.exe", "txt"),
        (b"Plain words.", "book.MD", "md"),
        (b"He wrote %PDF-1.4 on the wall.", "book.txt", "txt"),
        ("Где она?".encode("utf-16-le"), "book.txt", "txt"),
        ("No mark here. ".encode("utf-32-be"), "book.txt", "txt"),
        (b"\x1b[31mred\x1b[0m text \x08\x08 bell\x07", "book.txt", "txt"),
    ],
)
def test_source_comes_from_the_bytes(data, name, source):
    assert sniff(data, name=name) == source


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.sheet", "no text"),
        (b"PK\x03\x04....xl/workbook.xml", "Excel"),
        (b"PK\x03\x04....ppt/presentation.xml", "PowerPoint"),
        (b"PK\x03\x04....Index/Document.iwa", "Pages"),
        (b"PK\x03\x04....Book.scriv/Book.scrivx", "Scrivener"),
        (b"PK\x03\x04....notes.txt", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), ".doc"),
        (b"\x7fELF\x02\x01", "program"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"<!DOCTYPE html><p>x", "web page"),
        (b"\xef\xbb\xbf \n<html><body>", "web page"),
        (b'<?xml version="1.0"?><html>', "web page"),
        (b'<?xml version="1.0"?>\n<office:document office:version="1.3">', "XML"),
    ],
)
def test_what_is_not_read_is_named(data, word):
    with pytest.raises(UnsupportedType, match=word) as caught:
        sniff(data, name="book.txt")
    assert caught.value.advice


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (b"PK\x03\x04....word/document.xml", "docx"),
        (b"PK\x03\x04....word/document2.xml", "docx"),
        (b"PK\x03\x04....mimetypeapplication/epub+zip", "epub"),
        (b"PK\x03\x04....META-INF/container.xml", "epub"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
        (b"PK\x03\x04....META-INF/manifest.xml....content.xml", "odt"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "docx",
        ),
        (b"{\\rtf1\\ansi Hello}", "rtf"),
        (b"\xef\xbb\xbf\n{\\rtf1\\ansi Hello}", "rtf"),
    ],
)
def test_files_of_word_processors(data, source):
    assert sniff(data, name="book.txt") == source
    assert mismatch(source, name="book.txt") is not None
    assert mismatch(source, name=f"book.{source}") is None


def test_an_old_word_file_is_told_what_to_do():
    with pytest.raises(UnsupportedType) as caught:
        sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), name="book.docx")
    assert "save it as Word (.docx)" in caught.value.advice


def test_random_bytes_are_no_text():
    data = random.Random(1).randbytes(50_000)
    with pytest.raises(UnsupportedType, match="does not hold text"):
        sniff(data, name="book.txt")


def test_nothing_is_empty():
    with pytest.raises(EmptyFile):
        sniff(b"", name="book.txt")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["It was a dark night.\n", "Все счастливые семьи.\n"])
def test_nul_columns(encoding, text):
    data = (text * 20).encode(encoding)
    if text.isascii() or "16" in encoding:
        assert nul_columns(data) == encoding


def test_nul_columns_of_noise():
    assert nul_columns(bytes(400)) is None
    assert nul_columns(b"words and words") is None


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# Title\n\nText", True),
        ("Text\n\n## One\n\nText\n\n## Two\n", True),
        ("Text\n\n# One\n\nText", False),
        ("Scene.\n\n#\n\nScene.\n\n#\n\nEnd.", False),
        ("#hashtag\n#hashtag", False),
        ("", False),
    ],
)
def test_looks_like_markdown(text, markdown):
    assert looks_like_markdown(text) is markdown


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        ("pdf", "book.docx", True),
        ("pdf", "book.pdf", False),
        ("docx", "book.pdf", True),
        ("docx", "book.docm", False),
        ("pdf", "book", False),
        ("txt", "book.pdf", True),
        ("txt", "book.txt.exe", True),
        ("txt", "book.md", False),
        ("md", "book.txt", False),
        ("md", "book.pdf", True),
    ],
)
def test_mismatch(source, name, said):
    assert (mismatch(source, name=name) is not None) is said
