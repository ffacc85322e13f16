from __future__ import annotations

import os

import pytest
from pypdf.errors import (
    DependencyError,
    DeprecationError,
    FileNotDecryptedError,
    LimitReachedError,
    PdfReadError,
    PdfStreamError,
)

from components.errors import DamagedFile, ImageOnly, LimitReached, PasswordRequired, WrongPassword
from components.manuscripts import Limits
from components.manuscripts.formats.pdf import ocr, page_text
from components.manuscripts.formats.pdf.reader import _mapped, page_ranges, read_pdf
from tests.manuscripts.making import broken_page, pdf

LIMITS = Limits()
PAGE = ["The rain had not stopped since Tuesday.", "Nobody spoke."]


def reading(data: bytes, *, password: str | None = None, limits: Limits = LIMITS):
    return read_pdf(data, password=password, limits=limits)


def test_text_pages_and_title():
    read = reading(pdf([["Chapter 1", *PAGE], PAGE], title="A Novel"))
    assert read.page_count == 2
    assert read.title == "A Novel"
    assert [block.text for block in read.blocks][:2] == ["Chapter 1", " ".join(PAGE)]
    assert read.warnings == ()


@pytest.mark.parametrize(
    "title", ["", "untitled", "Microsoft Word - draft", "draft3.docx", "x" * 500]
)
def test_titles_that_no_person_wrote(title):
    assert reading(pdf([PAGE], title=title)).title == ""


def test_passwords():
    locked = pdf([PAGE], password="foo", owner="bar")
    with pytest.raises(PasswordRequired) as caught:
        reading(locked)
    assert type(caught.value) is PasswordRequired
    with pytest.raises(WrongPassword):
        reading(locked, password="no")
    assert "rain" in reading(locked, password="foo").blocks[0].text
    assert "rain" in reading(locked, password="bar").blocks[0].text


def test_an_owner_password_needs_no_asking():
    assert "rain" in reading(pdf([PAGE], owner="bar")).blocks[0].text


def test_pictures_of_pages():
    with pytest.raises(ImageOnly, match=r"pages 1-2 hold pictures of text.*OCR"):
        reading(pdf([None, None]))


@pytest.mark.parametrize(
    ("found", "advice"), [(None, ocr.HOW_WITHOUT), ("/bin/tesseract", ocr.HOW_TO_USE)]
)
def test_some_pictures_are_named_and_how_to_read_them(monkeypatch, found, advice):
    monkeypatch.setattr(ocr.shutil, "which", lambda name: found)
    (said,) = reading(pdf([PAGE, None, None, PAGE, None])).warnings
    assert said.startswith("Pages 2-3 and 5 hold pictures and no text")
    assert said.endswith(advice)
    with pytest.raises(ImageOnly) as caught:
        reading(pdf([None]))
    assert caught.value.advice == advice


def test_progress_is_told_page_by_page():
    told = []
    read_pdf(
        pdf([PAGE] * 3), password=None, limits=LIMITS, on_progress=lambda *now: told.append(now)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.fixture
def processes(monkeypatch):
    """Let so many processes read a PDF, however short it is."""
    return lambda many: monkeypatch.setattr(page_text, "processes_for", lambda pages: many)


def test_several_processes_read_the_same(processes):
    data = broken_page(pdf([[f"Page of the {at}th lantern.", *PAGE] for at in range(50)]), 40)
    told = []
    processes(1)
    alone = read_pdf(data, limits=LIMITS)
    processes(3)
    several = read_pdf(data, limits=LIMITS, on_progress=lambda *now: told.append(now))
    assert several == alone
    assert several.warnings[0] == "Page 40 could not be read."
    assert sorted(told) == [(done, 50) for done in range(1, 51)]


def test_a_process_that_cannot_be_had_leaves_one(processes, monkeypatch):
    def refuse(*_, **__):
        raise OSError(11, "no room")

    monkeypatch.setattr(page_text, "read_pages", refuse)
    processes(2)
    assert read_pdf(pdf([PAGE] * 5), limits=LIMITS).page_count == 5


def test_limits_hold_for_several_processes(processes):
    processes(2)
    with pytest.raises(LimitReached, match="characters"):
        read_pdf(pdf([PAGE] * 40), limits=Limits(characters=500))


def test_a_process_that_dies_leaves_its_pages_to_this_one(processes, monkeypatch):
    def dies(reader, numbers, sending):
        os._exit(9)

    monkeypatch.setattr(page_text, "_serve", dies)
    processes(3)
    told = []
    document = read_pdf(pdf([PAGE] * 9), limits=LIMITS, on_progress=lambda *now: told.append(now))
    assert document.page_count == 9
    assert told[-9:] == [(done, 9) for done in range(1, 10)]


def test_a_broken_page_costs_only_itself():
    read = reading(broken_page(pdf([PAGE, PAGE, PAGE]), 2))
    assert read.warnings == ("Page 2 could not be read.",)
    assert read.page_count == 3
    assert sum("Tuesday" in block.text for block in read.blocks) == 2


def test_only_broken_pages():
    with pytest.raises(DamagedFile, match="None of the pages"):
        reading(broken_page(pdf([PAGE]), 1))


def test_page_limit():
    with pytest.raises(LimitReached, match="more than 3 pages"):
        reading(pdf([PAGE] * 4), limits=Limits(pages=3))
    assert reading(pdf([PAGE] * 3), limits=Limits(pages=3)).page_count == 3


def test_a_count_that_lies_low_does_not_open_the_limit():
    data = pdf([PAGE] * 4).replace(b"/Count 4", b"/Count 1")
    with pytest.raises(LimitReached):
        reading(data, limits=Limits(pages=3))


def test_character_limit():
    with pytest.raises(LimitReached, match="characters"):
        reading(pdf([PAGE] * 4), limits=Limits(characters=100))


def test_garbage_in_front():
    assert "rain" in reading(b"junk\n" * 50 + pdf([PAGE])).blocks[0].text


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n1 0 obj\n<<>>", pdf([PAGE])[:200]])
def test_remains_of_a_file(data):
    with pytest.raises(DamagedFile):
        reading(data)


@pytest.mark.parametrize(
    ("raised", "mapped"),
    [
        (PdfReadError("x"), DamagedFile),
        (PdfStreamError("x"), DamagedFile),
        (DependencyError("x"), DamagedFile),
        (DeprecationError("x"), DamagedFile),
        (FileNotDecryptedError("x"), PasswordRequired),
        (LimitReachedError("x"), LimitReached),
        (RecursionError(), DamagedFile),
        (ValueError("x"), DamagedFile),
        (KeyError("x"), DamagedFile),
        (WrongPassword("x"), WrongPassword),
        (MemoryError(), MemoryError),
    ],
)
def test_every_exception_is_mapped(raised, mapped):
    with pytest.raises(mapped) as caught, _mapped():
        raise raised
    assert type(caught.value) is mapped


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([3], "page 3"),
        ([3, 4, 5, 9], "pages 3-5 and 9"),
        ([1, 3, 5], "pages 1, 3 and 5"),
        (list(range(1, 41, 2)), "pages 1, 3, 5, 7, 9, 11, 13, 15 and 12 more"),
    ],
)
def test_page_ranges(numbers, words):
    assert page_ranges(numbers) == words
