"""The Word file, opened again: headings, tables, quotations, what a model may not do to it."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree
from PIL import Image

from components.analysis import lens
from components.evidence import Index
from components.export import report_docx, report_sections
from components.export.contents import Answer, Contents, FileSection, Quotation, Table
from components.export.report_docx import write_markdown
from components.plots.static_plots import PlotImage
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.export.hostile import hostile
from tests.reports.desk import Desk, book
from tests.reports.earlier import begun_earlier
from tests.reports.reading import INVENTED, reader


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> ScriptedOllama:
    return hostile() if "hostile" in request.node.name else reader()


def picture() -> PlotImage:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(file, "PNG")
    return PlotImage("Tension", file.getvalue(), "<svg/>", "It rises & falls.")


def opened(data: bytes) -> WordDocument:
    return Document(io.BytesIO(data))


def test_headings_tables_quotations_and_pictures(desk: Desk) -> None:
    report = desk.finished(desk.begin(book()))
    drawn = [picture(), PlotImage("Pace", b"", "<svg/>", "It falls.")]
    found = report_sections(report, Index(report.manuscript), pictures=drawn)
    document = opened(report_docx(found))
    properties = document.core_properties
    assert (properties.title, properties.author) == ("book", "First Reader")
    headed = [
        (one.style.name, one.text)
        for one in document.paragraphs
        if one.style.name.startswith(("Heading", "Title"))
    ]
    assert headed[0] == ("Title", "book")
    tops = [said for style, said in headed if style == "Heading 1"]
    assert tops == [one.title for one in found.sections]
    assert ("Heading 2", "Chapter 3") in headed
    assert ("Heading 2", lens().kinds[0].name) in headed
    for table in document.tables:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(one._tr.trPr.find(qn("w:tblHeader")) is None for one in rest)
    quotes = [one for one in document.paragraphs if one.style.name == "Quote"]
    words = "On day 1 of the journey Marlow carried the lamp number 0 up the stair."
    assert quotes[0].text == f"{words} (Chapter 1)"  # Of a finding, as it stands in the manuscript.
    quoted = [one for one in quotes if one.text.startswith("“")]
    assert quoted[0].text.startswith(f"“{INVENTED}” (not found in the manuscript)")
    assert quoted[1].text.startswith("“On day 1 of")
    assert "(Chapter 1)" in quoted[1].text
    said = next(one.text for one in document.paragraphs if "It also says" in one.text)
    assert said.endswith("(not found in the manuscript)")
    foot = document.sections[0].footer.paragraphs[0]._p
    fields = [one.get(qn("w:instr")) for one in foot.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "Pace: It falls." in [one.text for one in document.paragraphs]
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "It rises & falls."


@pytest.mark.parametrize("is_earlier", [False, True], ids=["findings", "earlier"])
def test_a_hostile_answer_stays_below_its_heading(desk: Desk, is_earlier: bool) -> None:
    begun = begun_earlier(desk.app, book(2)) if is_earlier else desk.begin(book(2))
    report = desk.finished(begun)
    found = report_sections(report, Index(report.manuscript))
    data = report_docx(found)
    document = opened(data)
    tops = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert tops == [one.title for one in found.sections]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)


def test_numbered_lists_begin_where_they_should() -> None:
    document = Document()
    source = "1. one\n\n   goes on\n2. two\n\ntext\n\n5. five\n6. six\n   1. inner\n"
    write_markdown(document, Answer(source))
    numbers = {}
    for one in document.paragraphs:
        properties = one._p.pPr.numPr if one._p.pPr is not None else None
        numbers[one.text] = None if properties is None else properties.numId.val
    assert numbers["one"] == numbers["two"] is not None
    assert numbers["five"] == numbers["six"] not in (None, numbers["one"])
    assert numbers["inner"] not in (None, numbers["five"], numbers["one"])
    assert numbers["goes on"] is None
    styles = {one.text: one.style.name for one in document.paragraphs}
    assert styles["goes on"] == "List Continue"
    assert styles["inner"] == "List Number 2"
    numbering = document.part.numbering_part.element
    number = numbering.num_having_numId(numbers["five"])
    assert number.lvlOverride_lst[0].startOverride.val == 5


def test_what_runs_from_right_to_left_is_marked_so() -> None:
    quotation = Quotation("قال: لا!", True, "الفصل 1", ("Structure",))
    table = Table(("Chapter", "Words"), (("פרק א׳", "12"),), frozenset({1}))
    blocks = (Answer("**שלום**, Anna."), quotation, table, Answer("He left."))
    contents = Contents("نجمة", sections=(FileSection("Structure", blocks),), language="ar")
    document = opened(report_docx(contents))
    paragraphs = [*document.paragraphs, *document.tables[0].rows[1].cells[0].paragraphs]
    directed = {
        one.text: (one._p.pPr.find(qn("w:bidi")) is not None, [run.text for run in rtl(one)])
        for one in paragraphs
        if one.text and rtl(one)
    }
    assert directed == {
        "نجمة": (True, ["نجمة"]),
        "שלום, Anna.": (True, ["שלום", ", ", "."]),
        "“قال: لا!” (الفصل 1) Quoted in Structure.": (
            True,
            ["“قال: لا!” ", "(الفصل 1)", " ", "."],
        ),
        "פרק א׳": (True, ["פרק א׳"]),
    }
    bold = rtl(next(one for one in paragraphs if one.text.startswith("שלום")))[0]
    assert bold.font.cs_bold
    small = rtl(paragraphs[-1])[0]._r.rPr
    assert small.find(qn("w:szCs")).get(qn("w:val")) == small.find(qn("w:sz")).get(qn("w:val"))
    spoken = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert spoken.get(qn("w:bidi")) == "ar"


def rtl(paragraph: Paragraph) -> list[Run]:
    return [run for run in paragraph.runs if run.font.rtl]
