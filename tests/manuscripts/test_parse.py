from __future__ import annotations

import hashlib

import pytest

from components.errors import EmptyFile, LimitReached
from components.manuscripts import Limits
from components.manuscripts.document import Block, Document
from components.manuscripts.parse import parse, to_manuscript
from tests.manuscripts.making import pdf


def parsing(data: bytes | str, name: str = "my_book.txt", **limits):
    data = data.encode() if isinstance(data, str) else data
    return parse(data, name=name, password=None, limits=Limits(**limits))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("THE TIME MACHINE\n\nby H. G. Wells\n\n\n1\n\nText.", "THE TIME MACHINE"),
        ("The Storm\nby Somebody\n\nText.", "The Storm"),
        ("Chapter 1\n\nText.", "my book"),
        ("It was a dark night.\n\nText.", "my book"),
        ("It was a dark night\nand so on", "my book"),
        ("# *The Storm*\n\n## 1\n\nText.", "The Storm"),
        ("# Chapter 1\n\nText.", "my book"),
        ("x" * 500, "my book"),
        ("Title: The Storm\nAuthor: Ann Other\n\nText.", "The Storm"),
        ("題名：渡船\n作者：林遠\n\n第一章\n\n雨。", "渡船"),
    ],
)
def test_titles(text, title):
    assert parsing(text).title == title


@pytest.mark.parametrize(
    "top",
    [
        "作者：林远\n书名：大河",
        "书名：《大河》\n作者：林远",
        "【书名】大河\n【作者】：林远",
        "《大河》作者：林远",
    ],
)
def test_title_and_author_that_are_named_as_such(top):
    read = parsing(f"{top}\n\n第一章\n\n雨。")
    assert (read.title, read.author) == ("大河", "林远")


def test_what_is_known_of_a_text():
    data = b"Chapter 1\n\nOne.\n\nChapter 2\n\nTwo."
    read = parsing(data)
    assert (read.source, read.encoding, read.page_count) == ("txt", "utf-8", None)
    assert read.sha256 == hashlib.sha256(data).hexdigest()
    assert [one.heading for one in read.chapters] == ["Chapter 1", "Chapter 2"]
    assert read.warnings == ()


def test_markdown_is_read_without_its_marks():
    text = "# The Storm\n\n*Ann Other*\n\n## One\n\nIt was *very* late.\n\n## Two\n\n> Quoted.\n"
    read = parsing(text, "a.txt")
    assert (read.source, len(read.chapters)) == ("md", 2)
    assert read.text == "The Storm\n\nAnn Other\n\nOne\n\nIt was very late.\n\nTwo\n\nQuoted."
    assert (read.title, read.author) == ("The Storm", "Ann Other")


def test_pdf():
    read = parsing(pdf([["Chapter 1", "One."], ["Chapter 2", "Two."]], title="Storm"), "a.pdf")
    assert (read.source, read.encoding, read.page_count, read.pages) == ("pdf", None, 2, 2)
    assert read.title == "Storm"
    assert [one.heading for one in read.chapters] == ["Chapter 1", "Chapter 2"]


def test_a_name_that_lies_is_said():
    read = parsing(pdf([["One."]]), "a.docx")
    assert read.warnings[0].startswith("The name ends in .docx, but the file is a PDF")


@pytest.mark.parametrize("text", [" \n\t\n", "\u200b\u202e", "\x07"])
def test_no_words(text):
    with pytest.raises(EmptyFile):
        parsing(text)


def test_character_limit():
    with pytest.raises(LimitReached, match="more than 1,000 characters"):
        parsing("word " * 300, characters=1000)
    with pytest.raises(LimitReached):
        parsing("word " * 3000, characters=1000)


def test_too_many_headings_leave_the_text_whole():
    text = "".join(f"Chapter {number}\n\nOne line.\n\n" for number in range(1, 12))
    read = parsing(text, chapters=10)
    assert read.chapters == ()
    assert read.text == text.strip()
    assert "11 headings" in read.warnings[0]


ITALIAN = "La barca arrivò tardi e gli uomini sul molo non dissero nulla di quella notte. " * 20


@pytest.mark.parametrize(
    ("said", "text", "language", "warnings"),
    [
        ("en", ITALIAN, "it", 1),
        ("it-CH", ITALIAN, "it-CH", 0),
        ("", ITALIAN, "it", 0),
        ("en", "It rained.", "en", 0),
        ("nb", "Han sa at det var sent og at hun ikke ville gå til den by som var der. " * 20,
         "nb", 0),
    ],
)  # fmt: skip
def test_the_text_is_believed_of_its_language(said, text, language, warnings):
    document = Document((Block(text),), "epub", language=said)
    read = to_manuscript(document, name="a.epub", sha256="", limits=Limits())
    assert (read.language, len(read.warnings)) == (language, warnings)
