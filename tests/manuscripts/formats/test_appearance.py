"""What the readers say of how a paragraph is set: two set alike have the same look."""

from __future__ import annotations

import pytest

from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.formats.block_builder import GatheredParagraph
from components.manuscripts.formats.markdown import blocks as markdown
from components.manuscripts.parse import read_document
from tests.manuscripts.making_archives import docx, epub, odt, p, page, r, style

CENTRED = '<w:jc w:val="center"/>'
DOCX = docx(
    p(r("One", "<w:b/>"), properties=CENTRED)
    + p(r("Text.") + r("More.", "<w:b/>"))
    + p(r("T", "<w:b/>") + r("wo", "<w:b/>"), properties=CENTRED)
)
ODT = odt(
    '<text:p text:style-name="P1">One</text:p><text:p>Text. <text:span text:style-name="T1">More.'
    '</text:span></text:p><text:p text:style-name="P2"><text:span text:style-name="T1">Two'
    "</text:span></text:p>",
    automatic='<style:style style:name="P1" style:family="paragraph"><style:paragraph-properties'
    ' fo:text-align="center"/><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="P2" style:family="paragraph"><style:paragraph-properties'
    ' fo:text-align="center"/></style:style>'
    '<style:style style:name="T1" style:family="text"><style:text-properties'
    ' fo:font-weight="bold"/></style:style>',
)
RTF = rb"{\rtf1\pard\qc\b One\par\pard\plain Text. {\b More.}\par\pard\qc{\b Two}\par}"
EPUB = epub(
    {
        "a.xhtml": page(
            '<p class="h"><b>One</b></p><p class="t">Text. <b>More.</b></p>'
            '<p class="h"><b>Two</b></p>'
        )
    }
)


@pytest.mark.parametrize(
    ("source", "data"), [("docx", DOCX), ("odt", ODT), ("rtf", RTF), ("epub", EPUB)]
)
def test_headings_look_alike_and_unlike_the_text(source, data):
    got = read_document(data, source=source, password=None, limits=DEFAULT_LIMITS)
    first, text, second = got.blocks
    assert (first.text, second.text) == ("One", "Two")
    assert first.look == second.look
    assert first.look not in ("", text.look)


def test_a_style_sets_a_paragraph_in_word():
    centred = '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr>'
    styles = f'<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/>{centred}</w:style>'
    data = docx(p("One", "A") + p("Text."), styles=styles)
    one, text = read_document(data, source="docx", password=None, limits=DEFAULT_LIMITS).blocks
    assert (one.look, text.look) == ("centred bold 32", "")


def test_bold_lines_in_markdown():
    assert [one.look for one in markdown("**One**\n\nText **more**.\n")] == ["bold", ""]


def test_letters_are_bold_where_all_of_them_are():
    paragraph = GatheredParagraph()
    assert paragraph.look(centred=True) == ""
    paragraph.add_letters("One ", bold=True, size="24")
    paragraph.add_letters("  ", bold=False, size="10")
    assert paragraph.look(centred=False) == "bold 24"
    paragraph.add_letters("two and three", bold=False, size="28")
    assert paragraph.look(centred=True) == "centred 28"


def test_an_own_style_is_a_look():
    data = docx(p("One", "A") + p("Text."), styles=style("A", "Moje"))
    one, text = read_document(data, source="docx", password=None, limits=DEFAULT_LIMITS).blocks
    assert (one.look, text.look) == ("Moje", "")
    rtf = rb"{\rtf1{\stylesheet{\s0 Normal;}{\s7 Moje;}}\pard\s7 One\par\pard Text.\par}"
    one, text = read_document(rtf, source="rtf", password=None, limits=DEFAULT_LIMITS).blocks
    assert (one.look, text.look) == ("Moje", "")
