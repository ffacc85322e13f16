from __future__ import annotations

import json
import sys

import pytest

from components.manuscripts import DEFAULT_LIMITS, FRONT_HEADING
from components.manuscripts import read as read_file
from components.manuscripts.chapters.detection import find_chapters
from components.manuscripts.document import Block
from components.manuscripts.formats.markdown import read_text
from components.manuscripts.text.assembly import lay_out
from tests.manuscripts.conftest import SHARED
from tests.manuscripts.novels import (
    assert_tiles,
    body,
    book,
    headed,
    headings,
    prose,
    read,
    read_blocks,
)


@pytest.mark.parametrize(
    "expected",
    [
        ["Chapter 1", "Chapter 2", "Chapter 3"],
        ["CHAPTER I.", "CHAPTER II.", "CHAPTER III."],
        ["Chapter One", "Chapter Two", "Chapter Three"],
        ["Chapter the First", "Chapter the Second", "Chapter the Third"],
        ["Chapter 1: Rain", "Chapter 2: More Rain", "Chapter 3: Sun"],
        ["1", "2", "3", "4"],
        ["I", "II", "III", "IV"],
        ["ONE", "TWO", "THREE"],
        ["1. Rain", "2. More Rain", "3. Sun"],
        ["No. 1", "No. 2 The Storm", "No. 3"],
        ["Chapter One; or, The Wool", "Chapter Two; or, The Rain", "Chapter Three; or, The Sun"],
        ["Chapter 0", "Chapter 1", "Chapter 2"],
        ["0", "1", "2", "3"],
        ["0. Rain", "1. More Rain", "2. Sun", "3. Wind"],
        ["Kapitel Null", "Kapitel Eins", "Kapitel Zwei"],
        ["I — Rain", "II — More Rain", "III — Sun"],
        ["Prologue", "1", "2", "Epilogue"],
        ["Preface", "Letter 1", "Letter 2", "Chapter 1", "Chapter 2", "Chapter 3", "Afterword"],
        ["Kapitel 1", "Kapitel 2"],
        ["Erstes Kapitel", "Zweites Kapitel", "Drittes Kapitel"],
        ["Chapitre premier", "Chapitre deux"],
        ["Capítulo primero", "Capítulo segundo", "Capítulo tercero"],
        ["Capitolo I", "Capitolo II", "Capitolo III"],
        ["Hoofdstuk een", "Hoofdstuk twee"],
        ["Глава первая", "Глава вторая", "Глава третья"],
        ["Rozdział 1", "Rozdział 2"],
        ["第一章", "第二章", "第三章"],
        ["Stave One", "Stave Two", "Stave Three"],
        ["Fytte the First", "Fytte the Second", "Fytte the Third"],
        ["Chapter 7", "Chapter 8"],
        ["Chapter 12"],
        ["Letter 1", "Letter 2", "Letter 3"],
        ["Part One", "Part Two"],
        ["ACT I", "ACT II", "ACT III"],
    ],
    ids=lambda expected: expected[0],
)
def test_families(expected):
    got = read(book(*expected, top="A NOVEL\n\nby Somebody\n\n\n"))
    assert headings(got) == expected
    assert got.basis == "numbering"
    assert 0 < got.confidence < 1


@pytest.mark.parametrize(("shown", "label"), [("— {} —", "{}"), ("[{}]", "{}"), ("* {} *", "{}")])
def test_ornaments_around_a_number(shown, label):
    got = read(book(*(shown.format(number) for number in range(1, 5))))
    assert headings(got) == [label.format(number) for number in range(1, 5)]


def test_numbers_titles_and_places():
    text = book("Chapter 1: Rain", "Chapter 2: More Rain", top="A NOVEL\n\nby Somebody\n\n\n")
    got = read(text)
    first, second = got.chapters
    assert (first.number, first.title, second.number, second.title) == (1, "Rain", 2, "More Rain")
    assert (first.start, first.heading_start) == (0, got.text.index("Chapter 1"))
    assert got.text[second.heading_start :].startswith("Chapter 2: More Rain\n\nStretch 1")
    assert body(got, second).startswith("Stretch 1 went on.")


def test_kinds():
    named = ["Preface", "Prologue", "Letter 1", "Chapter 1", "Interlude", "Chapter 2", "Epilogue"]
    got = headed(read(book(*named, "Acknowledgements")))
    assert [one.kind for one in got] == [
        "introduction", "prologue", "letter", "chapter", "interlude", "chapter", "epilogue", "back",
    ]  # fmt: skip


def test_text_before_the_first_chapter_is_kept():
    got = read(book("1", "2", top=f"A NOVEL\n\n{prose(9)}\n\n"))
    assert [one.heading for one in got.chapters] == [FRONT_HEADING, "1", "2"]
    assert got.chapters[0].is_headless


def test_parts_restart_the_numbers():
    three = ["Chapter 1", "Chapter 2", "Chapter 3"]
    got = read(f"PART ONE\n\nThe Sea\n\n{book(*three)}PART TWO\n\nThe Land\n\n{book(*three)}")
    chapters = headed(got)
    assert [one.heading for one in chapters] == three * 2
    assert [one.part for one in chapters] == ["PART ONE — The Sea"] * 3 + [
        "PART TWO — The Land"
    ] * 3
    assert got.text[chapters[3].start :].startswith("PART TWO\n\nThe Land\n\nChapter 1\n")


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_the_name_of_a_part_on_the_line_below_it(between):
    text = "".join(
        between.join([part, name, "Chapter 1\n\n"]) + f"{prose(1)}\n\n" + book("Chapter 2")
        for part, name in (("PART ONE", "The Gathering"), ("PART TWO", "The Parting"))
    )
    got = [(one.part, one.heading) for one in headed(read(text))]
    assert got == [
        (part, chapter)
        for part in ("PART ONE — The Gathering", "PART TWO — The Parting")
        for chapter in ("Chapter 1", "Chapter 2")
    ]


def test_a_chapter_before_the_first_has_the_number_zero():
    chapters = [("Chapter 0", "Chapter Zero"), ("Chapter 1", "Chapter One")]
    for names in zip(*chapters, strict=True):
        got = headed(read(book(*names, "Chapter 2")))
        assert [(one.kind, one.number) for one in got] == [("chapter", n) for n in (0, 1, 2)]


def test_a_title_that_goes_on_below_a_semicolon():
    got = headed(read(book("Chapter One;\nor, The Wool", "Chapter Two;\nin which it rains")))
    assert [one.title for one in got] == ["or, The Wool", "in which it rains"]


def test_unusual_words_for_parts():
    def part(word: str) -> str:
        return f"THE {word} EPOCH\n\n" + book("I", "II", "III", "IV")

    chapters = headed(read(part("FIRST") + part("SECOND")))
    assert [one.number for one in chapters] == [1, 2, 3, 4] * 2
    assert [one.part for one in chapters] == ["THE FIRST EPOCH"] * 4 + ["THE SECOND EPOCH"] * 4


def test_parts_with_nothing_but_a_name():
    text = "".join(f"{name}\n\n" + book("1", "2", "3") for name in ("THE WINDOW", "THE LIGHT"))
    chapters = headed(read(text))
    assert [(one.part, one.number) for one in chapters] == [
        (part, number) for part in ("THE WINDOW", "THE LIGHT") for number in (1, 2, 3)
    ]


def test_a_book_and_its_ordinal():
    text = "BOOK THE FIRST — RECALLED TO LIFE\n\n" + book("I", "II", "III")
    text += "BOOK THE SECOND — THE GOLDEN THREAD\n\n" + book("I", "II", "III")
    parts = list(dict.fromkeys(one.part for one in headed(read(text))))
    assert parts == ["BOOK THE FIRST — RECALLED TO LIFE", "BOOK THE SECOND — THE GOLDEN THREAD"]


def test_a_part_with_text_of_its_own_is_a_section():
    text = f"PART ONE\n\n{prose(9)}\n\n" + book("Chapter 1", "Chapter 2")
    assert [one.kind for one in read(text).chapters] == ["part", "chapter", "chapter"]


def test_sections_within_chapters_belong_to_them():
    chapters = [
        f"CHAPTER {word}\n\n"
        + "".join(
            f"{number}\n\n{prose(seed)}\n\n" for seed, number in enumerate(("I", "II", "III"))
        )
        for word in ("ONE", "TWO", "THREE")
    ]
    assert headings(read("".join(chapters))) == ["CHAPTER ONE", "CHAPTER TWO", "CHAPTER THREE"]


def test_dates_of_a_diary_within_chapters_are_story():
    entries = "".join(f"{day} May. Bistritz.\n\n{prose(day)}\n\n" for day in range(3, 9))
    got = read("".join(f"CHAPTER {number}\n\n{entries}" for number in ("I", "II", "III")))
    assert headings(got) == ["CHAPTER I", "CHAPTER II", "CHAPTER III"]


def test_a_diary_has_nothing_but_its_dates():
    got = read("".join(f"{day} May 1893\n\n{prose(day)}\n\n" for day in range(3, 12)))
    assert headings(got)[:2] == ["3 May 1893", "4 May 1893"]
    assert got.confidence < 0.5


def test_lone_numbers_in_the_text_are_not_chapters():
    parts = [f"{n}\n\n{prose(n)}\n\n1\n\n{prose(9)}\n\n17\n\n{prose(8)}\n\n" for n in range(1, 5)]
    assert headings(read("".join(parts))) == ["1", "2", "3", "4"]


def test_letters_within_chapters_are_story():
    parts = [f"Chapter {n}\n\n{prose(n)}\n\nLetter 1\n\n{prose(9)}\n\n" for n in (1, 2, 3)]
    assert headings(read("".join(parts))) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_list_of_contents_is_not_chapters(between):
    chapters = [f"Chapter {number}" for number in range(1, 8)]
    listed = between.join(["Contents", *chapters, "Epilogue"]) + "\n\n\n"
    got = read(book(*chapters, "Epilogue", top=f"A NOVEL\n\n{listed}"))
    assert headings(got) == [*chapters, "Epilogue"]


def test_contents_with_parts_right_above_the_first_chapter():
    three = ["I", "II", "III"]
    listed = "CONTENTS\n\nPART ONE\n\nI\n\nII\n\nIII\n\nPART TWO\n\nI\n\nII\n\nIII\n\n\n"
    got = headed(read(f"{listed}PART ONE\n\n{book(*three)}PART TWO\n\n{book(*three)}"))
    assert [(one.part, one.heading) for one in got] == [
        (part, number) for part in ("PART ONE", "PART TWO") for number in three
    ]


def test_contents_name_the_chapters_of_a_book_without_numbers():
    names = ["The Kettle", "A Late Post", "Paraffin", "The River"]
    listed = "CONTENTS\n\n" + "\n".join(f"{name} ..... {at}" for at, name in enumerate(names, 5))
    got = read(f"{listed}\n\n\n" + book(*names, gap="\n\n"))
    assert headings(got) == names
    assert got.basis == "lines"


def test_contents_that_name_the_author_of_each_story():
    stories = [("The Kettle", "Ada Field"), ("A Late Post", "Tom Quay"), ("Paraffin", "Ben Mill")]
    listed = "".join(
        f"{name}\n{author} ..... {9 * at}\n" for at, (name, author) in enumerate(stories, 1)
    )
    text = book(*map("\n\n".join, stories), top=f"STORIES\n\nContents\n\n{listed}\n\n")
    assert headings(read(text)) == [f"{name} — {author}" for name, author in stories]


def test_a_list_of_contents_that_comes_again_at_once_names_nothing():
    names = "The Kettle\n\nA Late Post\n\nParaffin\n\nThe River"
    assert headings(read(f"Contents\n\n{names}\n\n{names}\n\n{prose(1)}")) == []


def test_stories_set_apart_by_blank_lines():
    names = ["THE KETTLE", "A LATE POST", "PARAFFIN"]
    got = read(book(*names, top="STORIES\n\n\n\n\n", words=900, gap="\n\n\n\n\n"))
    assert headings(got) == names
    assert got.confidence <= 0.5


def test_titles_below_the_number():
    text = "".join(f"{n}\n\nTHE STORM\nAND AFTER\n\n{prose(n)}\n\n" for n in range(1, 5))
    assert headings(read(text))[0] == "1 — THE STORM AND AFTER"
    text = "".join(f"Chapter {n}\nThe Storm\n\n{prose(n)}\n\n" for n in range(1, 5))
    assert headings(read(text))[1] == "Chapter 2 — The Storm"


def test_titles_in_ordinary_letters_where_most_chapters_have_one():
    titles = ["The Kettle", "A Late Post", "“Paraffin!”", "Who Goes There?", "The River"]
    blocks = []
    for number, title in enumerate(titles, start=1):
        blocks += [Block(f"Chapter {number}"), Block(title), Block(prose(number))]
    got = headed(read_blocks(blocks))
    assert [one.title for one in got] == titles
    assert all(body(read_blocks(blocks), one).startswith("Stretch") for one in got)


def test_the_first_speech_of_a_scene_is_no_title():
    speeches = "\n\n".join(f"{name}. The ferry came in late." for name in ("ADA", "TOM") * 20)
    named = "\n\n".join(f"{name}\n\nThe ferry came in late." for name in ("ADA", "TOM") * 20)
    for said in (speeches, named):
        text = "".join(f"SCENE {number}\n\n{said}\n\n" for number in (1, 2, 3))
        assert [chapter.title for chapter in headed(read(text))] == ["", "", ""]


def test_a_title_that_stands_again_below_its_heading_is_no_text():
    text = "".join(f"Chapter {n}: Rain {n}\n\nRain {n}\n\n{prose(n)}\n\n" for n in (1, 2, 3))
    got = read(text)
    assert body(got, headed(got)[0]) == prose(1)


def test_messages_are_sections():
    text = "".join(
        f"From: ada@mill.example\nTo: tom@quay.example\nSubject: rain {n}\n\n{prose(n)}\n\n"
        for n in range(1, 5)
    )
    assert headings(read(text)) == [f"Subject: rain {n}" for n in range(1, 5)]


def test_volumes_that_the_chapters_name():
    text = "".join(
        f"第{volume}卷 大河 第{chapter}章 雨夜\n\n　　{'渡船来得很晚。' * 40}\n\n"
        for volume in "一二"
        for chapter in "一二三"
    )
    story = headed(read(text))
    assert [chapter.number for chapter in story] == [1, 2, 3, 1, 2, 3]
    assert {chapter.part for chapter in story} == {"第一卷 大河", "第二卷 大河"}
    assert {chapter.title for chapter in story} == {"雨夜"}
    assert story[0].words == 7 * 40


def test_a_chinese_book_from_its_author_to_its_afterword():
    chapters = "".join(f"第{n}章 雨夜\n　　{'渡船来得很晚。' * 40}\n" for n in "一二三")
    prose_lines = f"　　{'渡船来得很晚。' * 40}"
    got = read(f"大河\n作者：林远\n\n前言\n{prose_lines}\n{chapters}后记\n{prose_lines}")
    assert (got.title, got.author, got.language) == ("大河", "林远", "zh")
    kinds = [chapter.kind for chapter in got.chapters]
    assert kinds == ["introduction", "chapter", "chapter", "chapter", "back"]


def test_a_short_first_sentence_is_no_title():
    text = "".join(f"Chapter {n}\n\n{prose(n)}\n\n" for n in range(1, 9))
    text += f"Chapter 9\n\nIt rained\n\n{prose(9)}"
    last = headed(read(text))[-1]
    assert (last.title, last.heading) == ("", "Chapter 9")


def test_a_number_that_was_missed_or_given_twice():
    assert len(headed(read(book(*(f"Chapter {n}" for n in (1, 2, 3, 4, 4, 6, 7)))))) == 7
    got = read(book(*(str(n) for n in (1, 2, 3, 5, 6, 7, 8))))
    assert len(headed(got)) == 7
    assert got.confidence < read(book(*(str(n) for n in range(1, 8)))).confidence


def test_headings_that_change_their_manner():
    names = [f"ADVENTURE {n}. THE POST" for n in ("I", "II", "III")]
    names += [f"{n}. THE RIVER" for n in ("IV", "V", "VI")]
    assert headings(read(book(*names))) == names


def test_page_numbers_are_not_chapters():
    text = "".join(f"{prose(n, words=250)}\n\n{n}\n\n" for n in range(1, 40))
    assert headings(read(text)) == []


def test_numbered_list_is_not_chapters():
    listed = "".join(f"\n\n{number}. Milk" for number in range(1, 9))
    assert read(f"{prose(1)}{listed}\n\n{prose(2)}").chapters == ()


def test_text_without_blank_lines():
    lines = [f"Chapter {n}\n" + prose(n).replace("\n\n", "\n") + "\n" for n in range(1, 4)]
    assert headings(read("".join(lines))) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize("text", [prose(1), "It was 1984.\n\n7\n\nNo.", "Chapter\n\nNone."])
def test_no_chapters(text):
    got = read(text)
    assert (got.chapters, got.basis, got.confidence) == ((), "none", 0.0)


def test_single_chapter_under_the_title():
    assert headings(read(book("1", top="THE TIME MACHINE\n\nby H. G. Wells\n\n\n"))) == ["1"]


@pytest.mark.parametrize("mark", ["* * *", "#", "***", "⁂", "— * —", "---", "~"])
def test_scenes_begin_after_breaks(mark):
    text = f"Chapter 1\n\n{prose(1)}\n\n{mark}\n\nLater.\n\n{prose(2)}\n\n" + book("Chapter 2")
    first = headed(read(text))[0]
    (scene,) = first.scenes
    assert read(text).text[scene:].startswith("Later.")


def test_blank_lines_and_breaks_at_the_edges_are_no_scenes():
    text = f"Chapter 1\n\n* * *\n\n{prose(1)}\n\n\n\n{prose(2)}\n\n* * *\n\n" + book("Chapter 2")
    assert headed(read(text))[0].scenes == ()


def test_an_epilogue_with_chapters_is_a_part():
    text = book("I", "II", "III") + "EPILOGUE\n\n" + book("I", "II")
    chapters = headed(read(text))
    assert [one.number for one in chapters] == [1, 2, 3, 1, 2]
    assert [one.part for one in chapters][-2:] == ["EPILOGUE"] * 2


def test_project_gutenberg_is_set_apart():
    header = (
        "The Project Gutenberg EBook of Rain, by A. Name\n\nTitle: Rain\n\nAuthor: Ann Name\n\n"
    )
    header += "*** START OF THIS PROJECT GUTENBERG EBOOK RAIN ***\n\n\n"
    licence = "*** END OF THIS PROJECT GUTENBERG EBOOK RAIN ***\n\nSection 1. General Terms\n\n"
    got = read(header + book("Chapter 1", "Chapter 2") + licence + prose(7))
    assert (got.title, got.author) == ("Rain", "Ann Name")
    kinds = [(one.kind, one.is_headless) for one in got.chapters]
    assert kinds == [("chapter", False), ("chapter", False), ("back", True)]
    assert got.text[got.chapters[-1].start :].startswith("*** END OF")


def test_what_stands_after_the_end():
    text = book("Chapter 1", "Chapter 2", "Chapter 3") + f"THE END\n\n{prose(7, words=60)}"
    last = read(text).chapters[-1]
    assert (last.kind, last.is_headless) == ("back", True)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "CHAPTER " + "I" * 100_000,
        "* " * 100_000,
        "\n" * 300_000 + "a",
        "a" + " " * 300_000 + "b\nc",
        "# a\n" * 3_000,
        "*_" * 50_000,
        "[" * 100_000,
    ],
    ids=["line", "roman", "stars", "blank", "spaces", "markdown", "emphasis", "links"],
)
def test_hostile_texts_are_tiled(text):
    assert_tiles(read(text, markdown=text[0] in "#*["))


def lines_run(text: str) -> int:
    """How many lines of Python finding the chapters of `text` runs."""
    document = read_text(text.encode(), markdown=text[0] == "#", limits=DEFAULT_LIMITS)
    canonical = lay_out(document.blocks)
    count = 0

    def trace(frame, event, arg):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find_chapters(canonical)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "1\n\n",
        "Chapter 1\n\nChapter 2\n\n",
        "Prologue\n\nI\n\n",
        "Part {0}\n\n1\n\nIt rained.\n\n",
        "Chapter {0}\n\nOne line.\n\n",
        "{0}. Rain\n\nIt rained all day.\n\n",
        "THE RAIN\n\n\n\nIt rained.\n\n\n\n",
        "May {0}th\n\nIt rained.\n\n",
        "# Part {0}\n\n## a\n\nIt rained.\n\n",
        "# Chapter {0}\n\nThe Rain\n\nIt rained.\n\n",
    ],
)
def test_work_grows_with_the_text(unit):
    short, long = ("".join(unit.format(n) for n in range(1, count)) for count in (150, 450))
    lines_run(short)  # fills the tables of words
    assert lines_run(long) < 4 * lines_run(short)


BUILDS = (
    "book.txt",
    *(
        f"builds/book.{kind}"
        for kind in (
            "cp1252.txt", "utf16.txt", "md", "epub", "headings.docx", "plain.docx", "odt", "rtf",
            "pdf",
        )
    ),
)  # fmt: skip
#: The share of right boundaries that each build must have at least; the rest must have all.
LEAST = {"book.rtf": 0.98, "book.plain.docx": 0.98, "book.pdf": 0.98}
BOOKS = sorted(path.name for path in (SHARED / "corpus").iterdir()) if SHARED.is_dir() else []


@pytest.mark.shared
@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", BOOKS or ["none"])
def test_corpus(shared, name, build):
    folder = shared / "corpus" / name
    file = folder / build
    if not file.is_file():
        pytest.skip(f"{name} was not built as {build}")
    truth = json.loads((folder / "truth.json").read_text())
    got = read_file(file.read_bytes(), name=file.name)
    chapters = headed(got)
    wanted = {first(one["first_words"]) for one in truth["chapters"]}
    found = [first(body(got, one)) for one in chapters]
    right = sum(one in wanted for one in found)
    assert 2 * right / (len(found) + len(wanted)) >= LEAST.get(file.name, 1.0)
    assert got.title.casefold() == truth["title"].casefold()
    assert got.author in (truth["author"], "")
    assert got.language.split("-")[0] == truth["language"]
    if len(found) == len(truth["chapters"]):
        for one, true in zip(chapters, truth["chapters"], strict=True):
            assert (one.number, one.title or None) == (true["number"], true["title"])
            assert abs(one.words - true["words"]) <= 0.01 * true["words"] + 2


def first(text: str) -> str:
    return " ".join(text.split()[:12])


def test_titles_that_stand_nearer_to_their_number_than_the_text_does():
    titles = [f"How {what} came to it, and what became of it." for what in ("rain", "snow", "fire")]
    text = "".join(
        f"{number}.\n\n{title}\n\n\n{prose(seed)}\n\n\n\n"
        for seed, (number, title) in enumerate(zip(("I", "II", "III"), titles, strict=True))
    )
    assert [one.title for one in headed(read(text))] == titles


def test_titles_on_some_of_the_numbers():
    numbers = [
        "I",
        "II. The Storm",
        "III. The Storm Continued",
        "IV",
        "I",
        "II",
        "III. The End",
        "IV",
    ]
    assert headings(read(book(*numbers))) == numbers


def test_many_dates_are_the_headings_of_a_diary_whatever_else_looks_like_one():
    days = [f"May {day}th" for day in range(4, 16)]
    text = "".join(f"{day}\n{prose(at)}\n" for at, day in enumerate(days)).replace("\n\n", "\n")
    got = read(text.replace("Stretch 3 ", "Rooms To Let\nStretch 3 ", 1))
    assert headings(got) == days


def test_a_few_dates_head_long_chapters():
    days = ["April Seventh, 1928", "June Second, 1910", "April Sixth, 1928"]
    assert headings(read(book(*days, words=2_200))) == days
    assert headings(read(book(*days, words=300))) == []


def test_a_novel_of_the_web_has_more_than_two_thousand_chapters():
    text = "\n\n".join(f"Chapter {number}\n\nIt rained on the quay." for number in range(1, 2401))
    assert len(headings(read(text))) == 2400


def test_a_chapter_begins_with_words_and_not_with_the_rule_below_its_heading():
    got = read("".join(f"Chapter {n}\n---------\n\n{prose(n)}\n\n\n" for n in (1, 2, 3)))
    assert [body(got, one)[:9] for one in headed(got)] == ["Stretch 1", "Stretch 2", "Stretch 3"]


def test_a_paragraph_above_a_gap_is_no_title():
    pages = [
        f"Chapter {n}\n\n{prose(n, words=40)}\n\n\n06:40\n\n{prose(9, words=90)}" for n in (1, 2)
    ]
    assert [one.title for one in headed(read("\n\n\n".join(pages)))] == ["", ""]


def test_poems_are_told_by_the_gap_above_their_titles():
    names = ["Eleven Steps", "Kettle", "April", "Reeds", "Sill"]
    verse = "The boat was late\nand nobody on the pier\ncared to say why\nor count the lamps."
    got = read("\n\n\n\n".join(f"{name}\n\n{verse}\n\n{verse}" for name in names))
    assert headings(got) == names


def test_many_short_fragments_are_numbered_and_no_pages():
    text = "\n\n".join(
        f"{n}\n\nIt rained on the quay, and nobody counted the lamps." for n in range(1, 41)
    )
    assert len(headings(read(text))) == 40


def test_the_letters_of_a_title_may_stand_apart():
    got = read(f"T H E   M I L L\n\nby Ada Field\n\n\n\n{book('Chapter 1', 'Chapter 2')}")
    assert (got.title, got.author) == ("THE MILL", "Ada Field")
