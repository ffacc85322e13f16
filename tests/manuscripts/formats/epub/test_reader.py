from __future__ import annotations

import pytest

from components.errors import DamagedFile, ImageOnly, UnsupportedType
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Document
from components.manuscripts.formats.epub.reader import read_epub
from tests.manuscripts.making_archives import archive, epub, page


def read(pages: dict[str, str] | str, **more) -> Document:
    if isinstance(pages, str):
        pages = {"a.xhtml": page(pages)}
    return read_epub(epub(pages, **more), limits=DEFAULT_LIMITS)


def said(document: Document) -> list[tuple[str, int, str, str]]:
    return [(block.role, block.level, block.label, block.text) for block in document.blocks]


def texts(pages: dict[str, str] | str, **more) -> list[str]:
    return [block.text for block in read(pages, **more).blocks]


def li(label: str, reference: str, inside: str = "") -> str:
    return f'<li><a href="{reference}">{label}</a>{inside}</li>'


def point(label: str, reference: str, inside: str = "") -> str:
    return (
        f"<navPoint><navLabel><text>{label}</text></navLabel>"
        f'<content src="{reference}"/>{inside}</navPoint>'
    )


BIG = page(
    '<p id="p1">Part One</p><div id="c1"><p class="calibre1">First</p><p>Text.</p></div>'
    '<p>Its end.<a id="c2"></a></p><p>Second words.</p><h3>Below</h3>'
)
ENTRIES = [
    ("body", 1, "Part One", "Part One"),
    ("body", 2, "One", "First"),
    ("body", 0, "", "Text."),
    ("body", 0, "", "Its end."),
    ("body", 2, "Two", "Second words."),
    ("heading", 3, "", "Below"),
]


def test_navigation_into_one_big_page():
    inner = "<ol>" + li("One", "big.xhtml#c1") + li("Two", "big.xhtml#c2") + "</ol>"
    nav = "<ol>" + li("Part One", "big.xhtml#p1", inner) + "</ol>"
    assert said(read({"big.xhtml": BIG}, nav=nav)) == ENTRIES


def test_the_older_navigation():
    ncx = point(
        "Part One", "big.xhtml#p1", point("One", "big.xhtml#c1") + point("Two", "big.xhtml#c2")
    )
    assert said(read({"big.xhtml": BIG}, ncx=ncx)) == ENTRIES


def test_levels_are_those_of_the_navigation():
    pages = {
        "t.xhtml": page("<h1>The Lamp</h1><p>A. Writer</p>"),
        "1.xhtml": page("<h2>One</h2><p>Text.</p><h3>Morning</h3><p>Text.</p>"),
        "2.xhtml": page("<h2>Two</h2><p>Text.</p>"),
    }
    nav = "<ol>" + li("One", "1.xhtml") + li("Two", "2.xhtml") + "</ol>"
    document = read(pages, nav=nav, metadata="<dc:title>The Lamp</dc:title>")
    assert [one for one in said(document) if one[0] != "body"] == [
        ("title", 0, "", "The Lamp"),
        ("heading", 1, "One", "One"),
        ("heading", 2, "", "Morning"),
        ("heading", 1, "Two", "Two"),
    ]


def test_calibre_without_headings():
    """Chapters split over pages, all paragraphs, classes that say nothing."""
    pages = {
        f"index_split_{number}.html": page(
            f'<div class="calibre"><p class="calibre1">{number}</p>'
            '<p class="calibre2">Text.</p></div>'
        )
        for number in range(3)
    }
    ncx = "".join(point(f"Chapter {at}", f"index_split_{at}.html") for at in range(3))
    labels = [(block.label, block.text) for block in read(pages, ncx=ncx).blocks if block.label]
    assert labels == [("Chapter 0", "0"), ("Chapter 1", "1"), ("Chapter 2", "2")]


def test_a_heading_that_is_a_picture_gets_its_name_from_the_navigation():
    pages = {
        "cover.xhtml": page('<img src="cover.jpg" alt="Cover"/>'),
        "part.xhtml": page('<img src="part1.png" alt="x"/>'),
        "1.xhtml": page("<h2>One</h2><p>Text.</p>"),
    }
    nav = "<ol>" + li("Cover", "cover.xhtml") + li("Part One", "part.xhtml")
    document = read(pages, nav=nav + li("One", "1.xhtml") + "</ol>")
    assert said(document) == [
        ("heading", 1, "Part One", "Part One"),
        ("heading", 1, "One", "One"),
        ("body", 0, "", "Text."),
    ]


def test_what_stands_in_a_page():
    body = (
        "<p>One<br/>two&nbsp;three &mdash; <b>bold</b>,\n  wrapped.</p><hr/>"
        "<blockquote><p>Quoted.</p></blockquote><ul><li>Item</li></ul>"
        "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p><pre>a\n b</pre>"
        '<p>x<span epub:type="pagebreak" title="3">3</span>y</p>'
        '<p hidden="">no</p><p style="display:none">no</p><svg><text>no</text></svg>'
        "<script>no</script><style>no</style><img alt='no'/>"
        "Loose text.<div>In a div<p>and in it.</p>after</div>"
    )
    document = read(body)
    assert document.warnings == ("Left out 2 words of hidden text.",)
    assert [block.text for block in document.blocks] == [
        "One\ntwo\xa0three — bold, wrapped.",
        "",
        "Quoted.",
        "Item",
        "漢",
        "a\nb",
        "xy",
        "Loose text.",
        "In a div",
        "and in it.",
        "after",
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "<hr/>",
        '<div class="ornamental-break"><img src="x.png" alt="ornament"/></div>',
        '<p class="scene-break">&nbsp;</p>',
        "<p>* * *</p>",
        '<div class="ornament"><hr/></div>',
    ],
)
def test_breaks(mark):
    roles = [block.role for block in read(f"<p>A.</p>{mark}<p>B.</p>").blocks]
    assert roles == ["body", "break", "body"]


def test_empty_elements_written_short_do_not_swallow_the_page():
    head = '<title/><script src="a.js"/>'
    assert texts({"a.xhtml": page('<p>Text <a id="x"/>here.</p>', head=head)}) == ["Text here."]


def test_a_page_that_is_no_xml_is_read_all_the_same():
    broken = "<html><head><title>x</title></head><body><p>One<br>two<p>Three &amp; four</body>"
    assert texts({"a.xhtml": broken}) == ["One\ntwo", "Three & four"]


def test_headings_over_two_lines():
    body = (
        "<header><hgroup><h2>I</h2><p>The Lamp</p></hgroup></header>"
        "<h3>One<br/>and more</h3><p>Text.</p>"
    )
    assert said(read(body))[:2] == [
        ("heading", 2, "", "I\nThe Lamp"),
        ("heading", 3, "", "One\nand more"),
    ]


def test_notes_of_epub_3():
    body = (
        '<p>Words<a epub:type="noteref" href="#n1">1</a> on.</p>'
        '<p>More<a role="doc-noteref" href="notes.xhtml#n2">2</a>.</p>'
        '<aside epub:type="footnote" id="n1"><p><a href="#r">1</a> First note.</p></aside>'
    )
    notes = (
        '<ol><li id="n2"><p>Second note. <a role="doc-backlink" href="a.xhtml">↩</a></p></li></ol>'
    )
    document = read({"a.xhtml": page(body), "notes.xhtml": page(notes)}, apart=("notes.xhtml",))
    assert [block.text for block in document.blocks] == ["Words on.", "More."]
    assert [(one.text, one.at) for one in document.notes] == [
        ("First note.", 0),
        ("Second note.", 1),
    ]
    assert document.warnings == ()


def test_notes_of_older_books():
    body = (
        '<h2 id="h"><a href="#toc">One</a></h2>'
        '<p>Words<a id="r1" href="#n1"><sup>1</sup></a> on; <a href="#h">see above</a>.</p>'
        '<p id="n1"><a href="#r1">1</a>. The note.</p><p>Text.</p>'
    )
    document = read(body)
    assert [block.text for block in document.blocks] == ["One", "Words on; see above.", "Text."]
    assert [one.text for one in document.notes] == ["The note."]


def test_a_number_that_links_to_a_chapter_takes_nothing_away():
    toc = "".join(f'<p><a id="t{n}" href="#c{n}">[{n}]</a></p>' for n in range(1, 6))
    chapters = "".join(
        f'<div id="c{n}"><h2><a href="#t{n}">{n}</a></h2><p>Text {n}.</p></div>'
        for n in range(1, 6)
    )
    found = texts(toc + chapters)
    assert [f"Text {n}." in found for n in range(1, 6)] == [True] * 5


def test_a_contents_page_is_one():
    links = "".join(f'<p><a href="a.xhtml#c{n}">Chapter {n}</a></p>' for n in range(5))
    body = "<p>Contents</p>" + links + '<h2><a href="#top">Chapter 0</a></h2><p>Text.</p>'
    roles = [block.role for block in read(body).blocks]
    assert roles == ["body", *["contents"] * 5, "heading", "body"]
    section = '<section epub:type="toc"><h2>Contents</h2><p>One</p></section><p>Text.</p>'
    assert [block.role for block in read(section).blocks] == ["contents", "contents", "body"]


def test_where_in_the_book():
    body = (
        '<section epub:type="frontmatter dedication"><p>For you.</p></section>'
        '<section epub:type="bodymatter chapter"><p>Text.</p></section>'
        '<section epub:type="colophon"><p>Set in type.</p></section><p>?</p>'
    )
    assert [block.matter for block in read(body).blocks] == ["front", "body", "back", ""]
    guide = '<reference type="copyright-page" href="a.xhtml"/>'
    assert read("<p>©</p>", guide=guide).blocks[0].matter == "front"


def test_out_of_the_reading_order():
    pages = {"a.xhtml": page("<p>Text.</p>"), "b.xhtml": page("<p>Three more words.</p>")}
    document = read(pages, apart=("b.xhtml",))
    assert [block.text for block in document.blocks] == ["Text."]
    assert "3 words" in document.warnings[0]
    assert len(read(pages, apart=("a.xhtml", "b.xhtml")).blocks) == 2


def test_pages_that_are_missing_are_counted():
    pages = {"a.xhtml": page("<p>Text.</p>"), "b.xhtml": "", "../../../etc/passwd": "root"}
    document = read(pages)
    assert [block.text for block in document.blocks] == ["Text."]
    assert "2 pages" in document.warnings[0]


def test_properties_of_the_book():
    metadata = (
        "<dc:title>The Lamp</dc:title><dc:creator>A. Writer</dc:creator>"
        '<dc:creator opf:role="ill">Painter</dc:creator><dc:creator>B. Writer</dc:creator>'
        "<dc:language>en_gb</dc:language>"
    )
    document = read("<p>Text.</p>", metadata=metadata)
    assert (document.title, document.author, document.language) == (
        "The Lamp",
        "A. Writer, B. Writer",
        "en-GB",
    )


def encryption(algorithm: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        f'<e:EncryptedData><e:EncryptionMethod Algorithm="{algorithm}"/></e:EncryptedData>'
        "</encryption>"
    }


def test_protected_books_are_refused():
    more = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(UnsupportedType, match="protected against copying"):
        read("<p>Text.</p>", more=more)
    fonts = encryption("http://www.idpf.org/2008/embedding")
    assert read("<p>Text.</p>", more=fonts).blocks


def test_entities_of_a_page_are_never_expanded():
    declared = (
        '<!DOCTYPE html [<!ENTITY a "secret"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        "<html><body><p>x&a;&b;&eacute;&#233;&amp;y</p></body></html>"
    )
    assert texts({"a.xhtml": declared}) == ["xéé&y"]


def test_not_whole():
    with pytest.raises(DamagedFile):
        read_epub(archive({"mimetype": "application/epub+zip"}), limits=DEFAULT_LIMITS)
    container = "<container><rootfile full-path='gone.opf'/></container>"
    with pytest.raises(DamagedFile):
        read_epub(archive({"META-INF/container.xml": container}), limits=DEFAULT_LIMITS)
    with pytest.raises(DamagedFile):
        read({"a.xhtml": ""})


PICTURE = '<div><img src="p.jpg" alt=""/></div>'


def test_a_book_of_pictures_is_said_to_be_one():
    pages = {f"{at}.xhtml": page(PICTURE) for at in range(4)}
    named = '<ol><li><a href="0.xhtml">Begin reading</a></li></ol>'
    with pytest.raises(ImageOnly):
        read_epub(epub(pages, nav=named), limits=DEFAULT_LIMITS)
    some = read_epub(epub({"t.xhtml": page("<p>Rain</p>"), **pages}), limits=DEFAULT_LIMITS)
    assert len(some.warnings) == 1
    prose = {f"t{at}.xhtml": page("<p>It rained.</p>") for at in range(4)}
    assert read_epub(epub({**pages, **prose}), limits=DEFAULT_LIMITS).warnings == ()
