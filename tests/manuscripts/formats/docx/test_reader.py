from __future__ import annotations

import pytest

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Document
from components.manuscripts.formats.docx.reader import read_docx
from tests.manuscripts.making_archives import archive, docx, p, r, style

STYLES = (
    style("berschrift1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("berschrift2", "heading 2", '<w:basedOn w:val="Standard"/>')
    + style("Titel", "Title")
    + style("Mein", "Mein Kapitel", '<w:basedOn w:val="berschrift1"/>')
    + style("CT", "Chapter Title")
    + style("Verzeichnis1", "toc 1")
    + style("Ring", "Ring", '<w:basedOn w:val="Ring"/>')
    + style("Unsichtbar", "Secret", "<w:rPr><w:vanish/></w:rPr>", kind="character")
)


def read(body: str, **parts: str) -> Document:
    return read_docx(docx(body, **parts), password=None, limits=DEFAULT_LIMITS)


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts).blocks]


def said(document: Document) -> list[tuple[str, int, str]]:
    return [(block.role, block.level, block.text) for block in document.blocks]


def test_styles_say_what_is_a_heading():
    body = (
        p("Book", "Titel")
        + p("One", "berschrift1")
        + p("Two", "berschrift2")
        + p("Three", "Mein")
        + p("Four", "CT")
        + p("Contents 3", "Verzeichnis1")
        + p("Text.", "Ring")
        + p("Five", properties='<w:outlineLvl w:val="2"/>')
        + p("No heading.", "berschrift1", properties='<w:outlineLvl w:val="9"/>')
    )
    assert said(read(body, styles=STYLES)) == [
        ("title", 0, "Book"),
        ("heading", 1, "One"),
        ("heading", 2, "Two"),
        ("heading", 1, "Three"),
        ("heading", 1, "Four"),
        ("contents", 0, "Contents 3"),
        ("body", 0, "Text."),
        ("heading", 3, "Five"),
        ("body", 0, "No heading."),
    ]


def test_ids_of_styles_do_where_there_are_no_styles():
    body = p("One", "Heading1") + p("Un", "Titre2") + p("Text.", "BodyText")
    assert [block.level for block in read(body).blocks] == [1, 2, 0]


def test_chapters_in_the_style_of_the_title_are_headings():
    body = "".join(p(f"{number}", "Title") + p("Text.") for number in range(5))
    assert [block.role for block in read(body).blocks] == ["heading", "body"] * 5


def test_a_paragraph_in_a_headings_style_is_none():
    document = read(p("A long sentence. " * 40, "Heading1"))
    assert said(document)[0][:2] == ("body", 0)


def test_tracked_changes_are_accepted():
    body = (
        p(
            r("Kept ")
            + f"<w:ins>{r('inserted ')}</w:ins>"
            + "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
            + f"<w:moveFrom>{r('moved')}</w:moveFrom><w:moveTo>{r('moved.')}</w:moveTo>"
        )
        + p(r("First half "), properties="<w:rPr><w:del/></w:rPr>")
        + p(r("and second."))
    )
    document = read(body)
    assert [one.text for one in document.blocks] == [
        "Kept inserted moved.",
        "First half and second.",
    ]
    assert any("tracked changes" in one for one in document.warnings)


def test_a_deleted_last_paragraph_end_loses_nothing():
    assert texts(p("One.") + p("Two.", properties="<w:rPr><w:del/></w:rPr>")) == ["One.", "Two."]


def test_wrapped_text_is_read():
    body = (
        p(
            f"<w:hyperlink>{r('link ')}</w:hyperlink><w:smartTag>{r('tag ')}</w:smartTag>"
            f"<w:sdt><w:sdtContent>{r('control ')}</w:sdtContent></w:sdt>"
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here')}"
            f"</w:sdtContent></w:sdt><w:fldSimple>{r('field')}</w:fldSimple>"
        )
        + f"<w:sdt><w:sdtContent>{p('In a control.')}</w:sdtContent></w:sdt>"
        + f"<w:customXml>{p('In XML.')}</w:customXml>"
    )
    assert texts(body) == ["link tag control field", "In a control.", "In XML."]


def test_tables_read_cell_by_cell():
    inner = f"<w:tbl><w:tr><w:tc>{p('inner')}</w:tc></w:tr></w:tbl>"
    row = f"<w:tr><w:tc>{p('a')}{inner}</w:tc><w:tc>{p('b')}</w:tc></w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('gone')}</w:tc></w:tr>"
    wrapped = f"<w:sdt><w:sdtContent><w:tr><w:tc>{p('c')}</w:tc></w:tr></w:sdtContent></w:sdt>"
    assert texts(f"<w:tbl>{row}{gone}{wrapped}</w:tbl>") == ["a", "inner", "b", "c"]


def test_a_text_box_is_read_once():
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    shape = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(p(r("Anchor.") + shape)) == ["Anchor.", "In the box."]


def character(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_fields_show_their_results():
    instruction = "<w:r><w:instrText>PAGEREF x</w:instrText><w:t>never</w:t></w:r>"
    begun = character("begin") + instruction
    assert texts(p(r("Page ") + begun + character("separate") + r("7") + character("end"))) == [
        "Page 7"
    ]
    # One that never ends takes no more than its paragraph; nor does one whose end was deleted.
    assert texts(p(r("Before. ") + begun) + p("After.")) == ["Before.", "After."]
    deleted = f"<w:del>{character('end')}</w:del>"
    assert texts(p(begun + character("separate") + r("7 ") + deleted + r("after."))) == ["7 after."]


def test_a_table_of_contents_is_one():
    toc = "<w:r><w:instrText> TOC \\o </w:instrText></w:r>"
    body = (
        p(character("begin") + toc + character("separate") + r("One 1"))
        + p("Two 2")
        + p(character("end"))
        + p("One", "Heading1")
        + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        + f"</w:docPartObj></w:sdtPr><w:sdtContent>{p('Contents')}</w:sdtContent></w:sdt>"
    )
    roles = [block.role for block in read(body).blocks]
    assert roles == ["contents", "contents", "heading", "contents"]


def test_notes_stand_apart():
    def note(number: int, text: str, kind: str = "") -> str:
        return f'<w:footnote w:id="{number}"{kind}>{p("<w:r><w:footnoteRef/></w:r>" + r(text))}'

    notes = note(-1, "line", ' w:type="separator"') + "</w:footnote>"
    notes += note(1, " A note.") + p("Second paragraph.") + "</w:footnote>"
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    document = read(p("One.") + p(r("Two") + mark + r(".")), footnotes=notes)
    assert [one.text for one in document.blocks] == ["One.", "Two."]
    assert [(one.text, one.at) for one in document.notes] == [("A note.\nSecond paragraph.", 1)]


def test_comments_and_hidden_text_are_left_out_and_said():
    mark = '<w:r><w:commentReference w:id="0"/></w:r>'
    hidden = r("not this", "<w:vanish/>") + r(" nor this", '<w:rStyle w:val="Unsichtbar"/>')
    shown = r("This", '<w:vanish w:val="0"/>')
    document = read(p(shown + hidden + mark), styles=STYLES)
    assert [one.text for one in document.blocks] == ["This"]
    assert document.warnings == ("Left out 1 comment.", "Left out 4 words of hidden text.")


def test_characters():
    run = (
        "<w:r><w:t>so</w:t><w:softHyphen/><w:t>ft,</w:t><w:tab/><w:t>self</w:t>"
        "<w:noBreakHyphen/><w:t>made\xad</w:t><w:br/><w:t>line</w:t></w:r>"
    )
    assert texts(p(run)) == ["soft,\tself-made\nline"]


@pytest.mark.parametrize("ornament", ["* * *", "#", "***", "~", "—", "⁂", "❦", "-oOo-", "x x x"])
def test_ornaments_are_breaks(ornament):
    assert [block.role for block in read(p("A.") + p(ornament) + p("B.")).blocks] == [
        "body",
        "break",
        "body",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        p(properties="<w:pBdr><w:bottom/></w:pBdr>"),
        p('<w:r><w:pict><v:rect o:hr="t"/></w:pict></w:r>'),
        p('<w:r><w:sym w:font="Wingdings" w:char="F09A"/></w:r>'),
    ],
)
def test_rules_are_breaks(rule):
    assert [block.role for block in read(p("A.") + rule + p("B.")).blocks] == [
        "body",
        "break",
        "body",
    ]


def test_a_rare_gap_is_a_break():
    sparse = (p("Words and words.") * 20 + p()) * 3
    assert sum(block.role == "break" for block in read(sparse).blocks) == 2
    common = (p("Words and words.") + p()) * 20
    assert all(block.role == "body" for block in read(common).blocks)


def test_pages_begin():
    broken = '<w:r><w:t>Two.</w:t><w:br w:type="page"/><w:t>Three.</w:t></w:r>'
    body = (
        p("One.", properties="<w:sectPr/>")
        + p(broken)
        + p("Four.", properties="<w:pageBreakBefore/>")
        + p('<w:r><w:br w:type="page"/></w:r>')
        + p("Five.")
        + p("Six.", properties="<w:sectPr/>")
        + p("Seven.")
        + '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'
    )
    blocks = read(body).blocks
    assert [block.text for block in blocks if block.gap > 2] == ["Two.", "Three.", "Four.", "Five."]
    assert len(blocks) == 7


def test_properties_of_the_book():
    core = "<dc:title>The Lamp</dc:title><dc:creator>A. Writer</dc:creator>"
    language = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>"
    )
    document = read(p("Text."), core=core, styles=language)
    assert (document.title, document.author, document.language) == (
        "The Lamp",
        "A. Writer",
        "fr-FR",
    )
    rubbish = "<dc:title>Document1</dc:title><dc:creator>Microsoft Office User</dc:creator>"
    document = read(p("Text."), core=rubbish)
    assert (document.title, document.author, document.language) == ("", "", "")


def test_google_docs_and_scrivener():
    """Google Docs names styles as Word does; Scrivener centres and has none."""
    google = style("Heading1", "heading 1") + style("Title", "Title")
    assert [
        block.role
        for block in read(p("Book", "Title") + p("Chapter 1", "Heading1"), styles=google).blocks
    ] == ["title", "heading"]
    centred = '<w:jc w:val="center"/>'
    scrivener = (
        p(r("Chapter One", "<w:b/>"), properties=centred) + p("Text.") + p("#", properties=centred)
    )
    assert said(read(scrivener + p("More."))) == [
        ("body", 0, "Chapter One"),
        ("body", 0, "Text."),
        ("break", 0, "#"),
        ("body", 0, "More."),
    ]


def test_macros_are_said_and_templates_read():
    parts = {
        "word/document.xml": '<w:document xmlns:w="w"><w:body>'
        + p("T.")
        + "</w:body></w:document>",
        "word/vbaProject.bin": b"x",
    }
    document = read_docx(archive(parts), password=None, limits=DEFAULT_LIMITS)
    assert [block.text for block in document.blocks] == ["T."]
    assert "macros" in document.warnings[0]


def test_strict_names_read_the_same():
    names = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    parts = {
        "word/document.xml": f'<w:document xmlns:w="{names}"><w:body>{p("One", "Heading1")}'
        "</w:body></w:document>"
    }
    one = read_docx(archive(parts), password=None, limits=DEFAULT_LIMITS)
    assert one.blocks == read(p("One", "Heading1")).blocks


def test_not_a_text_or_not_whole():
    with pytest.raises(DamagedFile):
        read_docx(archive({"word/styles.xml": "<a/>"}), password=None, limits=DEFAULT_LIMITS)
    with pytest.raises(UnsupportedType):
        read_docx(archive({"word/document.xml": "<a/>"}), password=None, limits=DEFAULT_LIMITS)
    cut = docx(p("Words. " * 500))
    with pytest.raises(DamagedFile):
        read_docx(cut[: len(cut) // 2], password=None, limits=DEFAULT_LIMITS)
