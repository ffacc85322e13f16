"""Words and lines from the places of letters, whatever operators put them there."""

from __future__ import annotations

import io
import logging

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from components.manuscripts import Limits
from components.manuscripts.formats.pdf.columns import flows
from components.manuscripts.formats.pdf.content import Piece
from components.manuscripts.formats.pdf.lines import lines_of
from components.manuscripts.formats.pdf.printed_page import noted
from components.manuscripts.formats.pdf.reader import read_pdf
from components.manuscripts.text import paragraphs
from components.manuscripts.text.paragraphs import LineMark


def one_page(content: str, *, encoding: object = None) -> bytes:
    """A PDF of one page with these operators, and a font of letters half as wide as high."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Made"),
            NameObject("/FirstChar"): NumberObject(0),
            NameObject("/Widths"): ArrayObject([NumberObject(500)] * 256),
            NameObject("/Encoding"): encoding or NameObject("/WinAnsiEncoding"),
        }
    )
    page = writer.add_blank_page(width=612, height=792)
    fonts = DictionaryObject({NameObject("/F"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(content.encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(content: str, **how: object) -> list[str]:
    return [block.text for block in read_pdf(one_page(content, **how), limits=Limits()).blocks]


LETTERS = "".join(
    f"BT /F 10 Tf 1 0 0 1 {72 + 5 * at} 700 Tm ({letter}) Tj ET\n"
    for at, letter in enumerate("It was a dark night.")
    if letter != " "
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("BT /F 10 Tf 72 700 Td (It was a dark night.) Tj ET", id="whole"),
        pytest.param(LETTERS, id="each letter in an object of its own"),
        pytest.param("".join(reversed(LETTERS.splitlines(keepends=True))), id="backwards"),
        pytest.param(
            "BT /F 10 Tf 72 700 Td [(It)-225(was)-225(a)-225(dark)-225(night.)] TJ ET", id="tight"
        ),
        pytest.param(
            "1 0 0 -1 0 792 cm q 2 0 0 2 0 0 cm BT /F 5 Tf 1 0 0 -1 36 46 Tm <4974> Tj 7.5 0 Td"
            " (was a dark) Tj 27.5 0 Td (night.) Tj ET Q",
            id="turned twice",
        ),
        pytest.param(
            "BT /F 10 Tf 72 700 Td (It was a d\\141rk \\\nnight.) ' ET % (no text)", id="escapes"
        ),
        pytest.param("BT /F 10 Tf 2 Tr 72 700 Td (It was a dark night.) Tj 0.3 0 Td"
                     " (It was a dark night.) Tj ET", id="twice"),
    ],
)  # fmt: skip
def test_the_same_line_however_it_is_drawn(content):
    assert texts(content) == ["It was a dark night."]


def test_names_of_glyphs_say_their_letters():
    names = ["one.oldstyle", "f_f_i", "uni00E9", "nobody.knows"]
    differences = ArrayObject([NumberObject(65), *(NameObject(f"/{name}") for name in names)])
    encoding = DictionaryObject({NameObject("/Differences"): differences})
    data = one_page("BT /F 10 Tf 72 700 Td (xABCD) Tj ET", encoding=encoding)
    read = read_pdf(data, limits=Limits())
    assert read.blocks[0].text == "x1ffié\ufffd"
    assert any("\ufffd" in warning for warning in read.warnings)


def put(text: str, x: float, *, y: float = 700, size: float = 10, wide: float = 0.5) -> Piece:
    return Piece(text, x, x + wide * size * len(text), y, size)


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        pytest.param([put("caf", 0), put("´", 15), put("e", 15)], "café", id="over the letter"),
        pytest.param([put("´", 1, y=702), put("E", 0), put("t", 5)], "Ét", id="raised"),
        pytest.param([put("a", 0), put("´", 5), put("b", 10)], "a´b", id="by itself"),
        pytest.param([put("¨", 1), put("ı", 0)], "ï", id="without its dot"),
        pytest.param([put("s p a c e d"[at], 8 * at / 2) for at in range(0, 11, 2)], "spaced",
                     id="spaced out"),
        pytest.param([put("Stones", 0), put("in", 31), put("it", 42)], "Stones in it", id="tight"),
        pytest.param([put("To", 0), put("me", 13), *(put(".", at) for at in range(30, 90, 9))],
                     "To me . . . . . . .", id="leaders"),
        pytest.param([put("sold.", 0), put("1", 25, y=704, size=6)], "sold.1", id="raised number"),
        pytest.param([put("漢", 0, wide=1), put("字", 12, wide=1)], "漢字", id="Chinese"),
        pytest.param([put("םולש", 0), put("לכל", 25)], "לכל שלום", id="Hebrew"),
        pytest.param([put("ב 1948 תנשב", 0)], "בשנת 1948 ב", id="a number in Hebrew"),
        pytest.param([put("He said םולש to me", 0)], "He said שלום to me", id="Hebrew in English"),
    ],
)  # fmt: skip
def test_a_line_from_its_pieces(pieces, wanted):
    (line,) = lines_of(pieces)
    assert line.text == wanted


def test_an_accent_is_over_a_letter_of_the_next_operator():
    content = "BT /F 10 Tf 72 700 Td (ca) Tj 11 2 Td (\xb4) Tj -1 -2 Td (esium) Tj ET"
    assert texts(content) == ["caésium"]


def test_what_is_drawn_twice_is_bold():
    (line,) = lines_of([put("Chapter", 0), put("Chapter", 0.3)])
    assert (line.text, line.bold) == ("Chapter", True)


@pytest.mark.parametrize("line", [")םולש( םולש", "(םולש) םולש"])
def test_brackets_open_before_they_close_in_a_page_from_right_to_left(line):
    lines = lines_of([put(line, 400), put("םולש", 480, y=686)])
    assert [line.text for line in lines] == ["שלום (שלום)", "שלום"]


def test_a_page_from_right_to_left_is_measured_from_the_right():
    first, second = lines_of([put("םולש", 480), put("םולש םולש", 455, y=686)])
    assert first.x == second.x < 0


def test_a_chapter_whose_heading_is_a_picture_may_begin_with_large_letters():
    lines = lines_of([put("Rain", 0, size=30), *(put("It fell.", 0, y=y) for y in (640, 628, 616))])
    first, *_ = paragraphs.blocks(flows([lines]), {(0, 0): LineMark(1, "The Storm", 0)})
    assert (first.block.text, first.block.label) == ("Rain", "The Storm")


def test_what_a_library_logs_comes_without_the_words_of_the_file():
    with noted() as notes:
        logging.getLogger("pypdf._cmap").warning("Skipping %(line)r.", {"line": "secret"})
    assert notes == ["Skipping …"]
