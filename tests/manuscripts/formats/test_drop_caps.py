"""A drop cap is the first letter of the word after it, whatever a file makes of it."""

from __future__ import annotations

import pytest

from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.parse import read_document
from tests.manuscripts.making_archives import docx, epub, odt, p, page

REST = "he ferry came in late and nobody met it."
FRAME = '<w:framePr w:dropCap="drop" w:lines="3"/>'
FRAMED = docx(p("Text.") + p("T", properties=FRAME) + p(REST))
IN_A_STYLE = docx(
    p("Text.") + p("T", "Cap") + p(REST),
    styles=f'<w:style w:type="paragraph" w:styleId="Cap"><w:pPr>{FRAME}</w:pPr></w:style>',
)
RTF = rb"{\rtf1 Text.\par\pard\dropcapli3\dropcapt1 T\par\pard " + REST.encode() + rb"\par}"
LAST = rb"{\rtf1 Text.\par\pard\dropcapli3 T\par}"
ODT = odt(f"<text:p>Text.</text:p><text:p>T</text:p><text:p>{REST}</text:p>")


def book(text: str) -> bytes:
    return epub({"a.xhtml": page(f"<p>Text.</p>{text}")})


def read(data: bytes, source) -> list[str]:
    blocks = read_document(data, source, limits=DEFAULT_LIMITS).blocks
    return [block.text for block in blocks]


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("docx", FRAMED),
        ("docx", IN_A_STYLE),
        ("rtf", RTF),
        ("odt", ODT),
        ("epub", book(f'<p><img src="t.png" alt="T"/>{REST}</p>')),
        ("epub", book(f'<p><span><img src="t.png" alt="Illuminated letter T"/></span>{REST}</p>')),
        ("epub", book(f'<div><img src="t.png" alt="T"/></div><p>{REST}</p>')),
        ("epub", book(f'<div class="dropcap">T</div><p>{REST}</p>')),
    ],
)
def test_a_drop_cap_begins_the_word(source, data):
    assert read(data, source) == ["Text.", f"T{REST}"]


def test_capitals_and_quotation_marks():
    text = '<p><img src="t.png" alt="“T"/>HE FERRY came in late.</p>'
    assert read(book(text), "epub") == ["Text.", "“THE FERRY came in late."]


@pytest.mark.parametrize(
    ("source", "data", "last"),
    [
        ("rtf", LAST, ["T"]),
        ("epub", book('<p><img src="a.png" alt="Plan A"/>The house.</p>'), ["The house."]),
        ("epub", book("<p>A</p><p>apple</p>"), ["A", "apple"]),
    ],
)
def test_other_letters_stay_as_they_are(source, data, last):
    assert read(data, source) == ["Text.", *last]
