from __future__ import annotations

import pytest

from components.errors import DamagedFile
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Document
from components.manuscripts.formats.rtf import read_rtf

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times;}"
    r"{\f2\fcharset128 Mincho;}}{\colortbl;\red0;}{\stylesheet{\ql\snext0 Normal;}"
    r"{\s1\outlinelevel0\sbasedon0 heading 1;}{\s2\sbasedon1 Kapitel;}{\s3 Title;}{\s4 toc 1;}"
    r"{\*\cs10\additive Default;}}"
)


def read(text: str | bytes, head: str = HEAD) -> Document:
    data = text.encode("latin-1") if isinstance(text, str) else text
    return read_rtf(head.encode() + data + b"}", limits=DEFAULT_LIMITS)


def said(document: Document) -> list[tuple[str, int, str]]:
    return [(block.role, block.level, block.text) for block in document.blocks]


def texts(text: str | bytes) -> list[str]:
    return [block.text for block in read(text).blocks]


def test_styles_and_outline_levels():
    text = (
        r"\pard\s3 Book\par\pard\s1 One\par\pard\s2 Two\par{\pard\s1\b Three\par}"
        r"{\pard\s1 Four}\par\pard\outlinelevel1 Five\par\pard\s1\outlinelevel9 Six\par"
        r"\pard\s4 One 1\par\pard Text.\par"
    )
    assert said(read(text)) == [
        ("title", 0, "Book"),
        ("heading", 1, "One"),
        ("heading", 1, "Two"),
        ("heading", 1, "Three"),
        ("heading", 1, "Four"),
        ("heading", 2, "Five"),
        ("body", 0, "Six"),
        ("contents", 0, "One 1"),
        ("body", 0, "Text."),
    ]


def test_characters():
    text = (
        r"a\'e9\u8217?b\emdash c\~d\_e\-f\{g\}\\\line h\tab i\par"
        "\r\n"
        r"{\f1 \'c4\'e0}\f0\'c4\par{\f2 \'83A\'83\'42}\par"
        r"\u-10179?\u-8704?{\uc2\u233\'3f\'3f}{\uc0\u233 x}\par"
    )
    assert texts(text) == ["aé’bc\xa0d-ef{g}\\\nh\ti".replace("bc", "b—c"), "ДаÄ", "アィ", "😀ééx"]


def test_what_is_no_text():
    text = (
        r"{\info{\title The Lamp}{\author A. Writer}{\*\company no}}{\header no\par}{\*\unknown no}"
        r"{\pict\bin3 }{}}Text{\v hidden words}{\deleted gone}."
        r"{\*\bkmkstart no}{\*\annotation no}{\shp{\*\shpinst{\sp{\sn a}{\sv no}}}}\par"
    )
    document = read(text)
    assert [block.text for block in document.blocks] == ["Text."]
    assert (document.title, document.author) == ("The Lamp", "A. Writer")
    assert len(document.warnings) == 3


def test_fields_and_notes():
    text = (
        r'See {\field{\*\fldinst HYPERLINK "x"}{\fldrslt the link}}{\super\chftn}'
        r"{\footnote\pard\plain {\super\chftn} The note.\par More.}.\par"
        r"{\field{\*\fldinst { TOC \\o }}{\fldrslt One 1\par Two 2\par}}\pard Text.\par"
    )
    document = read(text)
    assert said(document) == [
        ("body", 0, "See the link."),
        ("contents", 0, "One 1"),
        ("contents", 0, "Two 2"),
        ("body", 0, "Text."),
    ]
    assert [(one.text, one.at) for one in document.notes] == [("The note.\nMore.", 0)]


def test_numbers_of_headings_are_kept_and_bullets_not():
    text = (
        r"{\listtext Chapter 1\tab}\pard\s1 The Lamp\par{\listtext\'b7\tab}\pard An item\par"
        r"\trowd\intbl a\cell b\cell\row\pard After.\par"
    )
    assert said(read(text)) == [
        ("heading", 1, "Chapter 1 The Lamp"),
        ("body", 0, "An item"),
        ("body", 0, "a"),
        ("body", 0, "b"),
        ("body", 0, "After."),
    ]


def test_pages_begin():
    text = (
        r"One.\par\page Two.\par\pard\pagebb Three.\sect\sectd\pard Four.\sect\sectd\sbknone Five"
    )
    assert [block.text for block in read(text).blocks if block.gap > 2] == [
        "Two.",
        "Three.",
        "Four.",
    ]


def test_text_edit():
    """Apple's TextEdit ends paragraphs with a backslash before the line's end."""
    text = b"\\f0\\fs24 \\cf0 Chapter 1\\\n\\\nIt\\'92s \\uc0\\u8220 dark\\u8221 .\\\n#\\\nMore."
    document = read(text)
    assert said(document) == [
        ("body", 0, "Chapter 1"),
        ("body", 0, "It’s “dark”."),
        ("break", 0, "#"),
        ("body", 0, "More."),
    ]


def test_broken_off():
    whole = read(r"One.\par Two.\par")
    assert whole.warnings == ()
    data = HEAD.encode() + rb"One.\par Two"
    cut = read_rtf(data, limits=DEFAULT_LIMITS)
    assert [block.text for block in cut.blocks] == ["One.", "Two"]
    assert "breaks off" in cut.warnings[0]


@pytest.mark.parametrize(
    "text", [b"}}}} One.", rb"\bin99999999 x", b"\\", rb"\u99999999999 x", b"\\'"]
)
def test_nonsense_ends(text):
    assert isinstance(read(text), Document)


def test_nested_beyond_reason():
    with pytest.raises(DamagedFile, match="nested"):
        read("{" * 300_000)


def test_characters_that_cannot_be_read_are_counted():
    document = read(rb"{\f2 \'83 }\par Text.\par")
    assert "could not be read" in document.warnings[0]


def test_lists_keep_their_numbers():
    text = (
        r"{\listtext 1.\tab}Buy rope.\par{\*\pn}{\pntext 2.\tab}Mend it.\par"
        r"{\listtext o\tab}An item\par"
    )
    assert [block.text for block in read(text).blocks] == ["1. Buy rope.", "2. Mend it.", "An item"]
