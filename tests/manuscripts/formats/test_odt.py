from __future__ import annotations

import pytest

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Document
from components.manuscripts.formats.odt import read_odt
from tests.manuscripts.making_archives import archive, odt


def read(text: str, **more: str) -> Document:
    return read_odt(odt(text, **more), limits=DEFAULT_LIMITS)


def said(document: Document) -> list[tuple[str, int, str]]:
    return [(block.role, block.level, block.text) for block in document.blocks]


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


STYLES = (
    '<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"'
    ' style:default-outline-level="2"/>'
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Contents_20_1" style:family="paragraph"/>'
)
AUTOMATIC = (
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>'
    '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Title">'
    '<style:paragraph-properties fo:break-before="page"/></style:style>'
    '<style:style style:name="P3" style:family="paragraph"><style:paragraph-properties'
    ' fo:border-bottom="0.5pt solid"/></style:style>'
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties text:display="none"/></style:style>'
)


def test_styles_and_outline_levels():
    text = (
        p("Book", "P2")
        + '<text:h text:outline-level="1">One</text:h>'
        + p("Two", "P1")
        + p("Three", "Heading_20_3")
        + p("Text.")
        + p("", "P3")
        + p("Entry", "Contents_20_1")
    )
    document = read(text, styles=STYLES, automatic=AUTOMATIC)
    assert said(document) == [
        ("title", 0, "Book"),
        ("heading", 1, "One"),
        ("heading", 2, "Two"),
        ("heading", 3, "Three"),
        ("body", 0, "Text."),
        ("break", 0, ""),
        ("contents", 0, "Entry"),
    ]
    assert document.blocks[0].gap > 2


def test_what_stands_in_a_paragraph():
    text = (
        p('a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>\n  d <text:span>e</text:span>')
        + p('<text:a>link</text:a> <text:title>field</text:title><text:bookmark text:name="x"/>')
        + p(
            "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>k</text:ruby-text>"
            "</text:ruby>"
        )
        + p('<text:span text:style-name="T1">hidden words</text:span>shown')
    )
    document = read(text, automatic=AUTOMATIC)
    assert [block.text for block in document.blocks] == [
        "a  b\tc\nd e",
        "link field",
        "漢",
        "shown",
    ]
    assert document.warnings == ("Left out 2 words of hidden text.",)


def test_what_holds_paragraphs():
    text = (
        f"<text:section>{p('In a section.')}</text:section>"
        f"<text:list><text:list-item>{p('Item')}</text:list-item></text:list>"
        f"<table:table><table:table-row><table:table-cell>{p('Cell')}</table:table-cell>"
        "</table:table-row></table:table>"
        + p(f"Anchor.<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>")
        + f"<text:table-of-content><text:table-of-content-source>{p('no')}"
        f"</text:table-of-content-source><text:index-body>{p('One 1')}</text:index-body>"
        "</text:table-of-content>"
    )
    assert said(read(text)) == [
        ("body", 0, "In a section."),
        ("body", 0, "Item"),
        ("body", 0, "Cell"),
        ("body", 0, "Anchor."),
        ("body", 0, "In a box."),
        ("contents", 0, "One 1"),
    ]


def test_deletions_notes_and_comments():
    text = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('gone')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p(
            "One<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            f"{p('The note.')}</text:note-body></text:note><office:annotation>"
            f"<dc:creator>E</dc:creator>{p('a comment')}</office:annotation>."
        )
    )
    document = read(text)
    assert [block.text for block in document.blocks] == ["One."]
    assert [(one.text, one.at) for one in document.notes] == [("The note.", 0)]
    assert len(document.warnings) == 2


def test_numbers_that_are_written_before_headings():
    text = '<text:h text:outline-level="1"><text:number>Chapter 1</text:number>The Lamp</text:h>'
    assert said(read(text)) == [("heading", 1, "Chapter 1 The Lamp")]


def test_properties_of_the_book():
    meta = (
        "<dc:title>The Lamp</dc:title><dc:creator>Editor</dc:creator>"
        "<meta:initial-creator>A. Writer</meta:initial-creator>"
    )
    styles = (
        '<style:default-style style:family="paragraph"><style:text-properties fo:language="fr"'
        ' fo:country="FR"/></style:default-style>'
    )
    document = read(p("Text."), meta=meta, styles=styles)
    assert (document.title, document.author, document.language) == (
        "The Lamp",
        "A. Writer",
        "fr-FR",
    )


def test_locked_broken_or_no_text():
    with pytest.raises(UnsupportedType, match="locked with a password") as caught:
        read(p("x"), manifest="<m:file-entry><m:encryption-data/></m:file-entry>")
    assert "without a password" in caught.value.advice
    sheet = archive({"content.xml": "<a><body><spreadsheet/></body></a>"})
    with pytest.raises(UnsupportedType):
        read_odt(sheet, limits=DEFAULT_LIMITS)
    with pytest.raises(DamagedFile):
        read_odt(archive({"mimetype": "x"}), limits=DEFAULT_LIMITS)


OUTLINE = (
    '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I"'
    ' style:num-prefix="Chapter "/><text:outline-level-style text:level="2" style:num-format="1"'
    ' text:display-levels="2"/></text:outline-style>'
)
LISTS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1"'
    ' style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2"'
    ' style:num-format="a" style:num-suffix=")"/></text:list-style><text:list-style'
    ' style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


CONTINUED = ' text:continue-numbering="true"'


def h(text: str, level: int, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}"{more}>{text}</text:h>'


def listed(*items: str, style: str = "L", more: str = "") -> str:
    inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f'<text:list text:style-name="{style}"{more}>{inside}</text:list>'


def test_the_outline_numbers_headings():
    text = h("Rain", 1) + h("Post", 2) + h("Preface", 1, ' text:is-list-header="true"')
    text += h("Sun", 1) + h("River", 2)
    texts = [block.text for block in read(text, styles=OUTLINE).blocks]
    assert texts == ["Chapter I Rain", "I.1 Post", "Preface", "Chapter II Sun", "II.1 River"]


def test_lists_keep_their_numbers():
    nested = f"{p('Two')}{listed(p('Deep'))}"
    text = listed(p("One") + p("more"), nested) + listed(p("Three"), more=CONTINUED)
    text += listed(p("Again")) + listed(p("Dot"), style="B")
    texts = [block.text for block in read(text, automatic=LISTS).blocks]
    assert texts == ["1. One", "more", "2. Two", "a) Deep", "3. Three", "1. Again", "Dot"]
