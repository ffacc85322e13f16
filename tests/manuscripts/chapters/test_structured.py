"""Chapters of documents that say themselves where sections begin."""

from __future__ import annotations

import pytest

from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Block, Document
from components.manuscripts.parse import to_manuscript
from tests.manuscripts.novels import body, headed, headings, prose, read, read_blocks


def section(seed: int, *heads: Block, words: int = 400) -> list[Block]:
    return [*heads, *(Block(text) for text in prose(seed, words=words).split("\n\n"))]


def head(text: str, level: int = 1, **more) -> Block:
    return Block(text, "heading", level=level, **more)


def test_titles_alone():
    names = ["The Kettle", "A Late Post", "Two Men", "The River"]
    got = read_blocks([one for n, name in enumerate(names) for one in section(n, head(name))])
    assert headings(got) == names
    assert (got.basis, [one.number for one in got.chapters]) == ("structure", [None] * 4)
    assert [one.title for one in got.chapters] == names


def test_the_title_of_the_book_is_no_chapter():
    blocks = [head("Rain"), Block("by Ann Other")]
    blocks += section(1, head("One", 2)) + section(2, head("Two", 2))
    got = read_blocks(blocks)
    assert headings(got) == ["One", "Two"]
    assert (got.chapters[0].start, got.chapters[0].part) == (0, "")
    same = section(1, head("Rain")) + section(2, head("Sun"))
    assert headings(read_blocks([head("The Book"), *same], title="The Book")) == ["Rain", "Sun"]


def test_a_title_above_an_introduction_is_no_chapter():
    blocks = [head("The Story of Rain"), *section(1, head("Introduction"))]
    blocks += section(2, head("Chapter 1: Drops")) + section(3, head("Chapter 2: Snow"))
    assert headings(read_blocks(blocks))[0] == "Introduction"


def test_parts_above_chapters():
    blocks = [head("Part One"), *section(1, head("Rain", 2)), *section(2, head("Post", 2))]
    blocks += [head("Part Two"), *section(3, head("Sun", 2)), *section(4, head("River", 2))]
    blocks += section(5, head("Epilogue"))
    got = headed(read_blocks(blocks))
    assert [one.heading for one in got] == ["Rain", "Post", "Sun", "River", "Epilogue"]
    assert [one.part for one in got] == ["Part One"] * 2 + ["Part Two"] * 2 + [""]


def test_sections_below_chapters():
    blocks = []
    for number in (1, 2, 3):
        blocks += section(number, head(f"Chapter {number}"))
        for scene in ("I", "II", "III"):
            blocks += section(number * 5, head(scene, 2))
    assert headings(read_blocks(blocks)) == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_sections_that_stand_in_every_essay_are_no_chapters():
    blocks = section(1, head("A Letter")) + section(2, head("A Reply"))
    for number, name in enumerate(("Rain", "Post", "River"), start=3):
        blocks += [head(name), *section(number, head(f"On {name}", 2))]
        blocks += section(number * 5, head("References", 2))
    assert headings(read_blocks(blocks)) == ["A Letter", "A Reply", "Rain", "Post", "River"]


def test_episodes_hold_scenes():
    blocks = []
    for number in (1, 2, 3):
        blocks += section(number, head(f"Ep {number} — Rain"))
        for scene in ("Scene 1", "Scene 2"):
            blocks += section(number * 5, head(scene, 2))
    assert headings(read_blocks(blocks)) == [f"Ep {number} — Rain" for number in (1, 2, 3)]


def test_a_number_and_its_title_are_one_heading():
    for level in (1, 2):
        blocks = []
        for number, title in enumerate(("Rain", "Post", "River"), start=1):
            blocks += section(number, head(f"Chapter {number}"), head(title, level))
        got = headed(read_blocks(blocks))
        assert [(one.number, one.title) for one in got] == [(1, "Rain"), (2, "Post"), (3, "River")]
        assert body(read_blocks(blocks), got[0]).startswith("Stretch 1")


@pytest.mark.parametrize("level", [1, 2])
def test_a_chapter_zero_is_a_chapter_and_no_introduction(level):
    blocks = []
    for number, name in enumerate(("Rain", "Post", "River")):
        blocks += section(number, head(f"Chapter {number}"), head(name, level))
    got = headed(read_blocks(blocks))
    assert [(one.kind, one.number, one.title) for one in got] == [
        ("chapter", 0, "Rain"),
        ("chapter", 1, "Post"),
        ("chapter", 2, "River"),
    ]


@pytest.mark.parametrize("levels", [(1, 1), (1, 2), (2, 1)])
def test_an_author_above_each_story_of_a_collection(levels):
    stories = [("Ada Field", "Rain"), ("Tom Quay", "Post"), ("Ben Mill", "River")]
    blocks = [Block("Stories", "title")]
    for seed, pair in enumerate(stories):
        blocks += section(seed, *map(head, pair, levels))
    got = headed(read_blocks(blocks))
    assert [one.heading for one in got] == [f"{author} — {name}" for author, name in stories]
    assert [one.title for one in got] == [one.heading for one in got]


def test_navigation_with_front_matter():
    blocks = [
        Block("Rain", "heading", level=1, label="Title page", matter="front"),
        Block("For my mother", label="Dedication", level=1, matter="front"),
        *section(1, head("1", 1, label="1")),
        *section(2, head("2", 1, label="2")),
        *section(3, head("Colophon", 1, label="Colophon", matter="back")),
    ]
    got = read_blocks(blocks, source="epub")
    assert [(one.kind, one.is_headless) for one in got.chapters] == [
        ("front", True), ("chapter", False), ("chapter", False), ("back", False),
    ]  # fmt: skip


def test_navigation_calls_number_and_title_by_one_name():
    blocks = []
    for number, title in (("I", "Rain"), ("II", "Post"), ("III", "River")):
        start = head(number, 1, label=f"{number}: {title}")
        blocks += section(len(blocks), start, head(title, 2))
    got = headed(read_blocks(blocks, source="epub"))
    assert [one.heading for one in got] == ["I — Rain", "II — Post", "III — River"]


def test_navigation_says_the_number_that_the_page_lacks():
    blocks = []
    for number, title in enumerate(("Rain", "Post", "River"), 1):
        blocks += section(number, head(title, 1, label=f"{number}. {title}"))
    got = headed(read_blocks(blocks, source="epub"))
    assert [(one.number, one.title) for one in got] == [(1, "Rain"), (2, "Post"), (3, "River")]


@pytest.mark.parametrize("again", [head("Rain"), head("RAIN", 2), Block("Rain")])
def test_a_title_that_stands_twice_heads_one_chapter(again):
    got = read_blocks([*section(1, head("Rain"), again), *section(2, head("Post"))])
    assert headings(got) == ["Rain", "Post"]
    assert body(got, got.chapters[0]).startswith("Stretch 1")


def test_navigation_to_text_without_headings():
    blocks = []
    for seed, label in enumerate(("Chapter 1", "Chapter 2", "Chapter 3")):
        first, *rest = section(seed)
        blocks += [Block(first.text, level=1, label=label), *rest]
    got = read_blocks(blocks, source="epub")
    assert headings(got) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert all(one.heading_start == one.body_start for one in got.chapters)


def test_a_book_with_one_styled_line_has_its_chapters_by_their_numbers():
    blocks = [head("Rain")]
    for number in range(1, 6):
        blocks += section(number, Block(f"Chapter {number}"))
    got = read_blocks(blocks)
    assert headings(got) == [f"Chapter {number}" for number in range(1, 6)]
    assert got.basis == "numbering"


def test_contents_and_breaks_are_no_headings():
    blocks = [Block("Contents", "contents"), Block("Rain", "contents"), Block("Sun", "contents")]
    blocks += [*section(1, head("Rain")), Block("", "break"), *section(7)]
    blocks += section(2, head("Sun"))
    got = read_blocks(blocks)
    assert headings(got) == ["Rain", "Sun"]
    (scene,) = got.chapters[-2].scenes
    assert got.text[scene:].startswith("Stretch 7")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (["# Book", "## One", "## Two"], ["One", "Two"]),
        (["# Prologue", "# Rain", "# Sun"], ["Prologue", "Rain", "Sun"]),
        (["# Book", "## Part One", "### Chapter 1", "### Chapter 2", "## Part Two",
          "### Chapter 3", "## Epilogue"], ["Chapter 1", "Chapter 2", "Chapter 3", "Epilogue"]),
        (["# Chapter 1", "## Scene", "# Chapter 2", "## Scene"], ["Chapter 1", "Chapter 2"]),
        (["## **1** ##", "## *2*"], ["1", "2"]),
        (["# Book", "Chapter 1", "Chapter 2"], ["Chapter 1", "Chapter 2"]),
    ],
)  # fmt: skip
def test_markdown(text, expected):
    parts = [
        one if "Part" in one or "Book" in one else f"{one}\n\n{prose(n)}"
        for n, one in enumerate(text)
    ]
    assert headings(read("\n\n".join(parts), markdown=True)) == expected


def test_chapters_of_narratives_stand_one_level_further_down():
    def heading(text: str, level: int) -> Block:
        return Block(text, "heading", level=level)

    def chapters(level: int, count: int) -> list[Block]:
        numbers = ("I", "II", "III")[:count]
        return [one for n in numbers for one in (heading(n, level), Block(prose(len(n))))]

    got = read_blocks(
        [
            heading("First Period", 1),
            *chapters(2, 3),
            heading("Second Period", 1),
            heading("What the Cook Saw", 2),
            *chapters(3, 2),
            heading("What the Gardener Saw", 2),
            Block(prose(8)),
            heading("What the Doctor Saw", 2),
            *chapters(3, 2),
        ]
    )
    assert [(one.heading, one.part) for one in headed(got)] == [
        *((number, "First Period") for number in ("I", "II", "III")),
        *((number, "What the Cook Saw") for number in ("I", "II")),
        ("What the Gardener Saw", "Second Period"),
        *((number, "What the Doctor Saw") for number in ("I", "II")),
    ]


def test_a_number_below_its_title():
    made = []
    for number, title in ((1, "Rain"), (2, "Surrender"), (3, "Terror")):
        made += [Block(f"{title}\nPart {number}", "heading", level=1), Block(prose(number))]
    assert [(one.number, one.title) for one in headed(read_blocks(made))] == [
        (1, "Rain"),
        (2, "Surrender"),
        (3, "Terror"),
    ]


def test_titles_set_as_text_below_numbers_that_are_headings():
    titles = ("At the Anchor", "Rain Before Seven", "The Sea Chest")
    made = []
    for number, title in enumerate(titles, 1):
        made += [Block(str(number), "heading", level=1), Block(title), Block(prose(number))]
    assert [one.title for one in headed(read_blocks(made))] == list(titles)


def test_first_sentences_below_numbers_that_are_headings_are_text():
    made = []
    for number in range(1, 5):
        made += [Block(str(number), "heading", level=1), Block("It rained."), Block(prose(number))]
    assert [one.title for one in headed(read_blocks(made))] == [""] * 4


def test_pages_that_a_program_named_are_no_chapters():
    made = [Block("A title page", label="Section 1", level=1)]
    for seed, label in enumerate(("Rain", "Sun")):
        made += [Block(label, label=label, level=1), Block(prose(seed))]
    assert headings(read_blocks(made, source="epub")) == ["Rain", "Sun"]


def test_headed_text_before_chapter_1_is_an_introduction():
    made = [Block("Some Words from the Editor", "heading", level=1), Block(prose(9))]
    for number in range(1, 7):
        made += [Block(f"Chapter {number}", "heading", level=1), Block(prose(number))]
    assert [one.kind for one in headed(read_blocks(made))] == ["introduction"] + ["chapter"] * 6


def test_what_stands_below_a_half_title_are_chapters():
    names = ["Rain", "Post", "Sun", "River", "Kettle", "Fire"]
    blocks = [Block("The Mill", "title", label="The Mill", level=1, matter="front")]
    for seed, name in enumerate(names):
        blocks += section(seed, head(name, 2 if seed < 3 else 1, label=name))
    assert headings(read_blocks(blocks, source="epub", title="The Mill")) == names
    blocks[0] = head("The Mill Once More: A Novel", label="The Mill Once More: A Novel")
    got = read_blocks(blocks, source="epub", title="A Book")
    assert [one.heading for one in headed(got) if one.kind == "chapter"] == names


@pytest.mark.parametrize(
    "page",
    [
        [head("The Mill"), head("by Ada Other", 2), head("THE SPRING EDITION 3.0", 3)],
        [head("by Ada Other"), head("Illustrated", 2)],
        [head("T H E  M I L L"), head("Ada Other")],
        [head("D R I F T"), head("by Ada Other", 2)],
    ],
)
def test_lines_of_a_title_page_head_nothing(page):
    names = ["Rain", "Post", "Sun"]
    chapters = [one for seed, name in enumerate(names) for one in section(seed, head(name))]
    document = Document((*page, *chapters), "epub", title="The Mill", author="Ada Other")
    got = to_manuscript(document, name="a.epub", sha256="", limits=DEFAULT_LIMITS)
    assert headings(got) == names


def test_letters_set_apart_are_no_roman_number():
    blocks = [head("D R I F T"), Block(prose(9, words=60))]
    for number in ("I", "II", "III"):
        blocks += section(len(blocks), head(f"Chapter {number}"))
    got = headed(read_blocks(blocks, source="epub", title="Drift"))
    assert [one.number for one in got] == [1, 2, 3]


@pytest.mark.parametrize("levels", [(5, 3), (3, 1), (2, 3)])
def test_a_number_above_its_title_in_another_level(levels):
    blocks = []
    for number, title in enumerate(("Rain", "Post", "River"), 1):
        blocks += section(number, head(f"Chapter {number}", levels[0]), head(title, levels[1]))
    got = headed(read_blocks(blocks))
    assert [(one.number, one.title) for one in got] == [(1, "Rain"), (2, "Post"), (3, "River")]


def test_a_story_may_be_called_as_the_book_is():
    names = ["The Ferry", "Lamps", "The Thaw"]
    blocks = [Block("The Ferry", "title"), head("And Other Tales", 2)]
    blocks += [one for seed, name in enumerate(names) for one in section(seed, head(name, 2))]
    assert headings(read_blocks(blocks, source="epub", title="The Ferry")) == names


def test_names_of_parts_below_the_title_are_parts():
    blocks = [Block("The Mill", "title")]
    for seed, name in enumerate(("The Sea", "The Land")):
        blocks += [head(name), *section(seed, head("Rain", 2)), *section(seed + 5, head("Sun", 2))]
    got = headed(read_blocks(blocks, source="epub", title="The Mill"))
    assert [one.part for one in got] == ["The Sea"] * 2 + ["The Land"] * 2
