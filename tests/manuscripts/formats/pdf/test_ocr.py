from __future__ import annotations

import io
import subprocess

import pytest
from PIL import Image, ImageDraw, ImageFont

from components.errors import ImageOnly
from components.manuscripts import Limits, read
from components.manuscripts.formats.pdf import ocr
from components.manuscripts.formats.pdf.ocr import PageImage
from components.manuscripts.formats.pdf.reader import read_pdf
from tests.manuscripts.making import pdf

real = pytest.mark.skipif(not ocr.available(), reason="Tesseract is not installed")
SENTENCE = "The rain had not stopped since Tuesday."
COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text"
TABLE = f"""{COLUMNS}
4\t1\t1\t1\t1\t0\t100\t100\t400\t30\t-1\t
5\t1\t1\t1\t1\t1\t100\t100\t60\t30\t90\tThe
5\t1\t1\t1\t1\t2\t180\t104\t80\t26\t80\train
5\t1\t1\t1\t2\t1\t100\t150\t90\t30\t70\tstopped.
"""


def scan(*texts: str) -> bytes:
    """A PDF of pictures of text, as a scanner makes it."""
    pages = []
    for text in texts:
        page = Image.new("L", (1240, 600), 255)
        ImageDraw.Draw(page).text((120, 200), text, fill=0, font=ImageFont.load_default(44))
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def scripted(monkeypatch, answer):
    """Play Tesseract."""
    asked = []

    def run(command, **options):
        asked.append(command)
        if command[1:] == ["--list-langs"]:
            said = b"List of available languages (2):\neng\nfra\nosd\n"
        else:
            said = answer(options) if callable(answer) else answer.encode()
        return subprocess.CompletedProcess(command, 0, stdout=said)

    monkeypatch.setattr(ocr.subprocess, "run", run)
    return asked


def picture(page: int = 0) -> PageImage:
    return PageImage(page, b"", (1200, 1600), 600.0)


def test_words_become_lines_with_places(monkeypatch):
    scripted(monkeypatch, TABLE)
    ((_, one),) = ocr.recognize([picture()], language="", seconds=5)
    assert [line.text for line in one.lines] == ["The rain", "stopped."]
    assert one.lines[0].y > one.lines[1].y
    assert one.state == "recognized"


def test_words_that_tesseract_doubts_are_doubtful(monkeypatch):
    scripted(monkeypatch, TABLE.replace("\t90\t", "\t50\t"))
    assert [page.state for _, page in ocr.recognize([picture()], language="", seconds=5)] == [
        "doubtful"
    ]


def test_pages_come_in_order(monkeypatch):
    scripted(monkeypatch, TABLE)
    found = list(ocr.recognize([picture(at) for at in range(9)], language="fr", seconds=5))
    assert [at for at, _ in found] == list(range(9))


@pytest.mark.parametrize(
    ("installed", "language", "chosen"),
    [
        (("eng", "fra", "osd"), "fr-CA", ("fra",)),
        (("deu", "eng", "fra", "osd", "spa"), "", ("eng", "deu", "fra")),
        (("eng",), "fr", ("eng",)),
        (("osd",), "en", ()),
    ],
)
def test_languages(installed, language, chosen):
    assert ocr.choose(installed, language) == chosen


@pytest.mark.parametrize(
    "failure",
    [
        subprocess.TimeoutExpired("tesseract", 1),
        subprocess.CalledProcessError(1, "tesseract"),
        OSError("gone"),
    ],
)
def test_a_page_that_cannot_be_recognised_is_named(monkeypatch, failure):
    def fail(options):
        raise failure

    scripted(monkeypatch, fail)
    ((_, one),) = ocr.recognize([picture()], language="", seconds=5)
    assert one.state == "unrecognized"


def test_without_tesseract_nothing_is_recognised(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not ocr.available()
    assert ocr.languages() == ()
    with pytest.raises(ImageOnly, match="found no text"):
        read_pdf(scan(SENTENCE), password=None, limits=Limits(), recognize=True)


def test_what_was_recognised_is_said(monkeypatch):
    scripted(monkeypatch, TABLE)
    told = []
    document = read_pdf(
        scan(SENTENCE, SENTENCE),
        password=None,
        limits=Limits(),
        recognize=True,
        on_progress=lambda *now: told.append(now),
    )
    assert document.warnings == (
        "Pages 1-2 were read by text recognition (OCR), which makes mistakes.",
    )
    assert told == [(1, 2), (2, 2), (3, 4), (4, 4)]


def test_pages_without_a_picture_that_can_be_had_are_named(monkeypatch):
    scripted(monkeypatch, TABLE)
    data = pdf([["Words stand here."], None])
    monkeypatch.setattr("components.manuscripts.formats.pdf.ocr._image", lambda page: None)
    document = read_pdf(data, password=None, limits=Limits(), recognize=True)
    assert document.warnings == ("Page 2 could not be recognised and nothing was read there.",)


@real
def test_a_scan_is_read():
    one = read(scan(SENTENCE), name="scan.pdf", ocr=True)
    assert one.text == SENTENCE
