from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest

from components.manuscripts import FRONT_HEADING, Chapter
from components.manuscripts.chapters import find_chapters
from components.manuscripts.text import decode

BODY = "The rain had not stopped since Tuesday, and nobody in the house spoke of it. " * 12
BOOKS = ("the-time-machine", "frankenstein", "le-tour-du-monde", "pride-and-prejudice")


def book(*headings: str, top: str = "", body: str = BODY) -> str:
    return top + "".join(f"{heading}\n\n{body}\n\n\n" for heading in headings)


def found(text: str, *, markdown: bool = False) -> list[str]:
    chapters = find_chapters(text, markdown=markdown)
    assert_tiles(chapters, text)
    return [chapter.heading for chapter in chapters]


def assert_tiles(chapters: tuple[Chapter, ...], text: str) -> None:
    if not chapters:
        return
    assert chapters[0].start == 0
    assert chapters[-1].end == len(text)
    for at, (one, after) in enumerate(pairwise(chapters), start=1):
        assert one.end == after.start
        assert one.index == at
    assert "".join(text[one.start : one.end] for one in chapters) == text
    assert sum(one.words for one in chapters) == len(text.split())


@pytest.mark.parametrize(
    "headings",
    [
        ["Chapter 1", "Chapter 2", "Chapter 3"],
        ["CHAPTER I.", "CHAPTER II.", "CHAPTER III."],
        ["Chapter One", "Chapter Two", "Chapter Three"],
        ["Chapter 1: Rain", "Chapter 2: More Rain", "Chapter 3: Sun"],
        ["1", "2", "3", "4"],
        ["I", "II", "III", "IV"],
        ["ONE", "TWO", "THREE"],
        ["1. Rain", "2. More Rain", "3. Sun"],
        ["Prologue", "1", "2", "Epilogue"],
        ["Preface", "Letter 1", "Letter 2", "Chapter 1", "Chapter 2", "Chapter 3", "Afterword"],
        ["Kapitel 1", "Kapitel 2"],
        ["Chapitre premier", "Chapitre deux"],
        ["Chapter 7", "Chapter 8"],
        ["Chapter 12"],
        ["Letter 1", "Letter 2", "Letter 3"],
        ["Part One", "Part Two"],
    ],
)
def test_families(headings):
    assert found(book(*headings, top="A NOVEL\n\nby Somebody\n\n\n")) == headings


def test_chapters_start_at_their_headings():
    text = book("1", "2", "3", top="A NOVEL\n\n\n")
    starts = [one.start for one in find_chapters(text)]
    assert starts == [0, text.index("\n2\n") + 1, text.index("\n3\n") + 1]


def test_kinds():
    text = book("Preface", "Prologue", "Letter 1", "Chapter 1", "Chapter 2", "Epilogue", "Appendix")
    kinds = [one.kind for one in find_chapters(text)]
    assert kinds == ["front", "prologue", "letter", "chapter", "chapter", "epilogue", "back"]


def test_title_lines_belong_to_the_first_chapter():
    assert found(book("1", "2", top="A NOVEL\n\nby Somebody\n\n\n")) == ["1", "2"]


def test_text_before_the_first_chapter_is_kept():
    chapters = find_chapters(book("1", "2", top=f"A NOVEL\n\n{BODY}\n\n"))
    assert [one.heading for one in chapters] == [FRONT_HEADING, "1", "2"]
    assert chapters[0].kind == "front"


def test_parts_restart_the_numbers():
    headings = ["Chapter 1", "Chapter 2", "Chapter 3"]
    text = "PART ONE\n\n" + book(*headings) + "PART TWO\n\n" + book(*headings)
    chapters = find_chapters(text)
    assert [one.heading for one in chapters] == headings * 2
    assert text[chapters[3].start :].startswith("PART TWO\n\nChapter 1\n")


def test_a_part_with_text_of_its_own_is_a_section():
    text = "PART ONE\n\n" + BODY + "\n\n" + book("Chapter 1", "Chapter 2")
    assert [one.kind for one in find_chapters(text)] == ["part", "chapter", "chapter"]


def test_lone_numbers_in_the_text_are_not_chapters():
    text = book("1", "2", "3", "4", body=f"{BODY}\n\n1\n\n{BODY}\n\n17\n\n{BODY}")
    assert found(text) == ["1", "2", "3", "4"]


def test_letters_within_chapters_are_story():
    text = book("Chapter 1", "Chapter 2", "Chapter 3", body=f"{BODY}\n\nLetter 1\n\n{BODY}")
    assert found(text) == ["Chapter 1", "Chapter 2", "Chapter 3", "Letter 1"]


def test_a_list_of_contents_is_not_chapters():
    headings = [f"Chapter {number}" for number in range(1, 8)]
    listed = "\n\n".join(["Contents", *headings, "Epilogue"]) + "\n\n\n"
    expected = [FRONT_HEADING, *headings, "Epilogue"]
    assert found(book(*headings, "Epilogue", top=listed)) == expected


def test_titles_below_the_number():
    text = "".join(f"{number}\n\nTHE STORM\nAND AFTER\n\n{BODY}\n\n" for number in "1234")
    assert found(text)[0] == "1 — THE STORM AND AFTER"
    text = "".join(f"Chapter {number}\nThe Storm\n\n{BODY}\n\n" for number in "1234")
    assert found(text)[1] == "Chapter 2 — The Storm"


def test_page_numbers_are_not_chapters():
    page = "word " * 250
    text = "".join(f"{page}\n\n{number}\n\n" for number in range(1, 40))
    assert found(text) == []


def test_numbered_list_is_not_chapters():
    text = BODY + "".join(f"\n\n{number}. Milk" for number in range(1, 9)) + "\n\n" + BODY
    assert found(text) == []


def test_text_without_blank_lines():
    text = "".join(f"Chapter {number}\n{BODY}\n{BODY}\n" for number in range(1, 4))
    assert found(text) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize("text", ["", "\n", BODY, f"{BODY}\n\n{BODY}", "It was 1984.\n\n7\n\nNo."])
def test_no_chapters(text):
    assert find_chapters(text) == ()


def test_single_chapter_under_the_title():
    assert found(book("1", top="THE TIME MACHINE\n\nby H. G. Wells\n\n\n")) == ["1"]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (book("# Book", "## One", "## Two"), ["One", "Two"]),
        (book("# Prologue", "# Rain", "# Sun"), ["Prologue", "Rain", "Sun"]),
        (
            "# Book\n\n## Part One\n\n" + book("### Chapter 1", "### Chapter 2")
            + "## Part Two\n\n" + book("### Chapter 3", "## Epilogue"),
            ["Chapter 1", "Chapter 2", "Chapter 3", "Epilogue"],
        ),
        (book("# Chapter 1", "## Scene", "# Chapter 2", "## Scene"), ["Chapter 1", "Chapter 2"]),
        (book("## **1** ##", "## *2*"), ["1", "2"]),
        (book("# Book") + book("Chapter 1", "Chapter 2"), ["Chapter 1", "Chapter 2"]),
        (book("# Book", "## One") + "```\n## Code\n```\n\n" + book("## Two"), ["One", "Two"]),
    ],
)  # fmt: skip
def test_markdown(text, headings):
    got = found(text, markdown=True)
    assert [one for one in got if one != FRONT_HEADING] == headings


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000_000,
        "CHAPTER " + "I" * 600_000,
        "* " * 1_000_000,
        "\n" * 3_000_000,
        "1\n\n" * 300_000,
        "Chapter 1\n\nChapter 2\n\n" * 20_000,
        "".join(f"Chapter {number}\n\nOne line.\n\n" for number in range(1, 20_001)),
        "# a\n" * 100_000,
        "Prologue\n\nI\n\n" * 40_000,
    ],
    ids=["line", "roman", "stars", "blank", "ones", "contents", "headings", "markdown", "named"],
)
def test_time_is_bounded(text):
    start = time.perf_counter()
    chapters = find_chapters(text, markdown=True)
    assert time.perf_counter() - start < 8.0
    assert_tiles(chapters, text)


@pytest.mark.shared
@pytest.mark.parametrize("build", ["book.txt", "builds/book.cp1252.txt", "builds/book.utf16.txt"])
@pytest.mark.parametrize("name", BOOKS)
def test_corpus_text(shared, name, build):
    folder = shared / "corpus" / name
    truth = json.loads((folder / "truth.json").read_text())["chapters"]
    text = decode((folder / build).read_bytes()).text
    chapters = find_chapters(text)
    assert_tiles(chapters, text)
    headed = [one for one in chapters if one.heading != FRONT_HEADING]
    # Title lines before it are counted to the first chapter, which then starts at 0.
    expected = [0 if chapters[0] is headed[0] else truth[0]["start"]]
    expected += [one["start"] for one in truth[1:]]
    assert [one.start for one in headed] == expected
    assert [one.heading for one in headed] == [
        one["heading"].replace(" / ", " — ") for one in truth
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", BOOKS)
def test_corpus_markdown(shared, name):
    folder = shared / "corpus" / name
    truth = json.loads((folder / "truth.json").read_text())["chapters"]
    text = decode((folder / "builds" / "book.md").read_bytes()).text
    chapters = find_chapters(text, markdown=True)
    assert_tiles(chapters, text)
    assert [one.heading for one in chapters] == [
        one["heading"].replace(" / ", " — ") for one in truth
    ]
    for one, true in zip(chapters, truth, strict=True):
        body = text[one.start : one.end].split("\n\n", 1)[1].replace("*", "").replace("\\", "")
        assert true["first_words"] in " ".join(body.split())
