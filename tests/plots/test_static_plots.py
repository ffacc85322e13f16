"""Pictures of a report for files: real PNGs, SVGs with nothing from elsewhere, and their words."""

from __future__ import annotations

import io
import socket
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from components.measures import glance
from components.plots import svg_and_png
from components.plots.static_plots import PlotImage, pictures
from components.plots.svg_and_png import DPI, Canvas, fitted, mixed, width_of
from tests.reports.desk import ReadReport


@pytest.fixture
def images(read_report: ReadReport, monkeypatch: pytest.MonkeyPatch) -> list[PlotImage]:
    report = read_report()
    measured = glance(report.manuscript)

    def refuse(*_: object) -> None:
        raise AssertionError("a picture asked for something")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return pictures(report, measured)


def test_they_are_pictures_and_say_what_they_show(images: list[PlotImage]) -> None:
    assert [image.title for image in images] == [
        "Tension and emotional arc",
        "Pace and conflict",
        "Characters by chapter",
        "What is counted",
    ]
    for image in images:
        with Image.open(io.BytesIO(image.png)) as opened:
            opened.load()
            assert opened.format == "PNG"
            assert opened.width == 1800
            assert opened.height > 300
            assert opened.info["dpi"][0] == pytest.approx(DPI, rel=0.01)
            assert len(opened.getcolors(opened.width * opened.height) or ()) > 20
        assert len(image.png) < 400_000
    assert "Tension (0 calm to 10 tense) is 8 throughout." in images[0].text
    assert "Length (words of each chapter)" in images[3].text
    assert "opinion of the model scripted:1b" in images[0].text
    assert "without a model" in images[3].text


def test_an_svg_has_nothing_from_elsewhere(images: list[PlotImage]) -> None:
    for image in images:
        root = ET.fromstring(image.svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "rect", "polygon", "polyline", "circle", "text"}
        names = {name for element in root.iter() for name in element.attrib}
        assert not names & {"href", "{http://www.w3.org/1999/xlink}href", "style", "src"}
        assert "url(" not in image.svg


def test_a_report_without_scores_has_what_is_counted_only(read_report: ReadReport) -> None:
    report = read_report(has_scores=False)
    assert not report.scores
    assert [one.title for one in pictures(report, glance(report.manuscript))] == ["What is counted"]


def test_words_of_others_are_text_in_the_svg() -> None:
    canvas = Canvas(100, 40, "#ffffff", "<b>")
    canvas.text(0, 20, "<script>&\x00", 10, "#000000")
    assert ET.fromstring(canvas.svg()).findtext("{http://www.w3.org/2000/svg}text") == "<script>&"


def test_a_letter_that_no_font_has_is_told() -> None:
    canvas = Canvas(100, 40, "#ffffff", "")
    canvas.text(0, 20, "Anna", 10, "#000000")
    assert not canvas.missing
    canvas.text(0, 20, "\U0010fff0", 10, "#000000")
    assert canvas.missing


def test_a_line_is_set_in_the_first_font_that_has_its_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(svg_and_png, "_faces", lambda _: ("latin", "han"))
    monkeypatch.setattr(svg_and_png, "_lacks", lambda font, x: font == "latin" and x == "海")
    set_in = [svg_and_png._font(text, 9) for text in ("sea", "海", "the sea: 海", "")]
    assert set_in == ["latin", "han", "han", "latin"]


def test_a_long_name_is_shortened_to_what_fits() -> None:
    assert fitted("Anna", 11, 100) == "Anna"
    short = fitted("Anna Maria Theresia of the Upper Valley", 11, 100)
    assert short.endswith("…")
    assert width_of(short, 11) <= 100


def test_a_colour_over_another() -> None:
    assert mixed("#000000", "#ffffff", 0) == "#ffffff"
    assert mixed("#ff0000", "#ffffff", 1) == "#ff0000"
