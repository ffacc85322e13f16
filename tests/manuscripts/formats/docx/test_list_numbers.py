from __future__ import annotations

import pytest

from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.formats.docx.reader import read_docx
from components.manuscripts.formats.numbered_lists import written
from tests.manuscripts.making_archives import docx, p, style


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "upperRoman", "Part %1", '<w:pStyle w:val="Heading1"/>')
    + level(1, "decimal", "Chapter %2", '<w:pStyle w:val="Heading2"/>')
    + level(2, "decimal", "%2.%3")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "•")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1">'
    '<w:startOverride w:val="9"/></w:lvlOverride></w:num>'
)
LISTED = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
STYLES = style("Heading1", "heading 1", LISTED) + style("Heading2", "heading 2", LISTED)


def number(list_id: int, at: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr>'


def test_headings_get_the_numbers_that_word_shows():
    body = (
        p("Beginnings", "Heading1")
        + p("The lamp", "Heading2")
        + p("A detail", "Heading3", properties=number(1, 2))
        + p("", "Heading2")
        + p("An item", properties=number(2, 0))
        + p("Endings", "Heading1")
        + p("Afresh", "Heading2")
        + p("Further on", "Heading2", properties=number(3, 1))
        + p("Not numbered", "Heading2", properties=number(0, 0))
    )
    data = docx(body, styles=STYLES, numbering=NUMBERING)
    document = read_docx(data, password=None, limits=DEFAULT_LIMITS)
    assert [block.text for block in document.blocks] == [
        "Part I Beginnings",
        "Chapter 1 The lamp",
        "1.1 A detail",
        "Chapter 2",
        "An item",
        "Part II Endings",
        "Chapter 1 Afresh",
        "Chapter 9 Further on",
        "Not numbered",
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (4, "upperRoman", "IV"),
        (1999, "lowerRoman", "mcmxcix"),
        (3, "upperLetter", "C"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"),
        (12, "ordinal", "12th"),
        (21, "cardinalText", "Twenty-one"),
        (30, "ordinalText", "Thirtieth"),
        (42, "ordinalText", "Forty-second"),
        (5, "decimal", "5"),
        (5, "unheardOf", "5"),
        (0, "upperRoman", "0"),
    ],
)
def test_formats(value, form, text):
    assert written(value, form) == text


LIST = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "decimal", "Chapter %1:")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def test_lists_keep_their_numbers_which_run_on():
    listed = number(1, 0)
    body = p("Buy rope.", properties=listed) + p("Text.") + p("Mend the boat.", properties=listed)
    document = read_docx(docx(body, numbering=LIST), password=None, limits=DEFAULT_LIMITS)
    texts = [block.text for block in document.blocks]
    assert texts == ["1. Buy rope.", "Text.", "2. Mend the boat."]


def test_a_paragraph_may_be_nothing_but_its_number():
    body = p(properties=number(2, 0)) + p("Text.") + p("The Storm", properties=number(2, 0))
    document = read_docx(docx(body, numbering=LIST), password=None, limits=DEFAULT_LIMITS)
    texts = [block.text for block in document.blocks]
    assert texts == ["Chapter 1:", "Text.", "Chapter 2: The Storm"]
