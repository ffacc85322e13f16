"""Headings without a number beside those with one: by how they are set, and where they stand."""

from __future__ import annotations

import pytest

from components.manuscripts.document import Block
from tests.manuscripts.novels import body, book, headed, headings, prose, read, read_blocks

CENTRED = "centred bold"


def blocks(*lines: str | tuple[str, str], words: int = 400, look: str = CENTRED) -> list[Block]:
    """Lines, each with `look` and prose of its own below; of two, the second right below."""
    out = []
    for seed, line in enumerate(lines):
        above = (line,) if isinstance(line, str) else line
        out += [Block(text, look=look) for text in above]
        out += [Block(text) for text in prose(seed, words=words).split("\n\n")]
    return out


def kinds(manuscript) -> list[tuple[str, str]]:
    return [(one.kind, one.heading) for one in headed(manuscript)]


def test_a_narrator_is_a_chapter_where_the_look_is_a_headings():
    got = read_blocks(blocks("1", "2", "What the Gardener Saw", "1", "2"))
    assert headings(got) == ["1", "2", "What the Gardener Saw", "1", "2"]
    assert got.chapters[2].part == ""


def test_the_same_words_in_the_look_of_the_text_are_text():
    made = blocks("1", "2", "3")
    made.insert(4, Block("What the Gardener Saw"))
    assert headings(read_blocks(made)) == ["1", "2", "3"]


def test_a_look_that_text_has_as_well_is_believed_of_no_line():
    made = blocks("1", "2", "3")
    for at, inscription in enumerate(("Rooms To Let", "No Dogs", "The Anchor", "Fresh Fish")):
        made.insert(2 + 2 * at, Block(inscription, look=CENTRED))
    assert [one for one in headings(read_blocks(made)) if not one.isdigit()] == []


def test_the_name_of_a_narrator_above_chapter_1_is_a_part():
    lines = [("The Cook’s Story", "1"), "2", ("The Gardener’s Story", "1"), "2"]
    got = read_blocks(blocks(*lines))
    assert [one.part for one in headed(got)] == ["The Cook’s Story"] * 2 + [
        "The Gardener’s Story"
    ] * 2


def test_text_before_the_first_chapter_is_an_introduction():
    got = read_blocks(
        [Block("A NOVEL", look=CENTRED), *blocks("A Letter from a Friend", "1", "2", "3")]
    )
    assert kinds(got)[0] == ("introduction", "A Letter from a Friend")


def test_a_dedication_is_none():
    made = [Block("For Anna", look=CENTRED), Block("who knew it all before anybody did.")]
    got = read_blocks([Block("A NOVEL", look=CENTRED), *made, *blocks("1", "2", "3")])
    assert headings(got) == ["1", "2", "3"]


def test_a_wide_gap_is_a_look():
    got = read(book("I", "II", "What the Gardener Saw", "I", "II", gap="\n\n\n\n\n"))
    assert headings(got) == ["I", "II", "What the Gardener Saw", "I", "II"]


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_capitals_are_enough_before_the_first_chapter_and_before_a_new_one(gap):
    lines = ["THE CUSTOM HOUSE", "CHAPTER I", "CHAPTER II", "THE COOK’S STORY", "CHAPTER I"]
    got = read(("A NOVEL\n\n" + book(*lines, "CHAPTER II", gap="\n\n")).replace("\n\n", gap))
    assert headings(got) == [*lines, "CHAPTER II"]
    assert kinds(got)[0][0] == "introduction"


def test_capitals_within_a_chapter_are_text():
    text = book("CHAPTER I", "CHAPTER II", "CHAPTER III", gap="\n\n")
    first, second, rest = text.split("\n\nStretch 1", 2)
    got = read(f"{first}\n\nStretch 1{second}\n\nROOMS TO LET\n\nStretch 1{rest}")
    assert headings(got) == ["CHAPTER I", "CHAPTER II", "CHAPTER III"]


def test_the_second_line_of_a_heading_is_its_title_where_it_is_set_so():
    long = (
        "In Which the Whole Party Sets Out for the Hills in Two Carriages, and Only One of Them"
        " Comes Back Before the Rain"
    )
    got = read_blocks(blocks(("1", "The storm."), ("2", long), ("3", "“Home”")))
    assert [one.title for one in headed(got)] == ["The storm.", long, "“Home”"]
    assert body(got, headed(got)[0]).startswith("Stretch 0")


def test_stories_with_sections_are_held_apart_by_the_list_of_contents():
    names = ["The Mask", "The Yellow Sign", "Rain", "The Anchor"]
    text = "TALES\n\nCONTENTS\n\n" + "\n\n".join(names) + "\n\nTo my brother\n\nIn\nthe\nrain\n\n"
    for name in names:
        sections = ["I", "II"] if name != "Rain" else []
        text += f"{name}\n\n“Let no one speak.”\n\n"
        text += book(*sections, gap="\n\n") if sections else prose(7) + "\n\n"
    got = read(text)
    assert [(one.heading, one.part) for one in headed(got)] == [
        ("I", "The Mask"),
        ("II", "The Mask"),
        ("I", "The Yellow Sign"),
        ("II", "The Yellow Sign"),
        ("Rain", ""),
        ("I", "The Anchor"),
        ("II", "The Anchor"),
    ]


def test_stories_without_numbers_are_told_by_their_look():
    names = ["Two Gallants", "A Painful Case", "Clay", "“Queer”"]
    made = [Block("TALES", look=CENTRED), *blocks(*names, words=900)]
    made.insert(4, Block("The Death of a Lady"))
    assert headings(read_blocks(made)) == names
