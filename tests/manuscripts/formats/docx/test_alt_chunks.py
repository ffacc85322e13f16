"""Parts in other formats that a Word file takes in: Word shows them as its text."""

from __future__ import annotations

import io
import zipfile

import pytest

from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.formats.docx.reader import read_docx
from tests.manuscripts.making_archives import KIND, archive, docx, p

HTML = "<html><head><title>no</title></head><body><h1>Rain</h1><p>It rained.</p></body></html>"
MIME = f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{HTML}\n"
CHUNK = '<w:altChunk xmlns:r="r" r:id="chunk"/>'


def with_part(part: bytes) -> bytes:
    """A Word file with a part of another format between two paragraphs."""
    with zipfile.ZipFile(io.BytesIO(docx(p("Above.") + CHUNK + p("Below.")))) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    relations = parts["word/_rels/document.xml.rels"].decode()
    relation = f'<Relationship Id="chunk" Type="{KIND}/aFChunk" Target="chunk.bin"/>'
    parts["word/_rels/document.xml.rels"] = relations.replace(
        "</Relationships>", f"{relation}</Relationships>"
    ).encode()
    return archive({**parts, "word/chunk.bin": part})


def read(part: bytes):
    return read_docx(with_part(part), password=None, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("part", "texts"),
    [
        (HTML.encode(), ["Rain", "It rained."]),
        (MIME.encode(), ["Rain", "It rained."]),
        (rb"{\rtf1 It rained.\par}", ["It rained."]),
        (b"It rained.", ["It rained."]),
        (docx(p("It rained.")), ["It rained."]),
    ],
)
def test_text_is_taken_in(part, texts):
    document = read(part)
    assert [block.text for block in document.blocks] == ["Above.", *texts, "Below."]
    assert document.warnings == ()


@pytest.mark.parametrize("part", [b"", b"\x89PNG\r\n\x1a\n", with_part(HTML.encode())])
def test_what_cannot_be_taken_in_is_said(part):
    document = read(part)
    texts = [block.text for block in document.blocks]
    assert (texts[0], texts[-1]) == ("Above.", "Below.")
    assert "Rain" not in texts
    assert len(document.warnings) == 1
