"""Plain text to paragraphs."""

from __future__ import annotations

import textwrap

import pytest

from components.manuscripts.formats import plain
from tests.manuscripts.novels import prose, read

LONG = prose(1, words=300)


def texts(text: str) -> list[str]:
    return [block.text for block in plain.blocks(text)]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_hard_wrapped_lines_are_joined_one_for_one(width):
    wrapped = "\n\n".join(textwrap.fill(one, width) for one in LONG.split("\n\n"))
    assert "\n\n".join(texts(wrapped)) == LONG
    assert read(wrapped).text == LONG


def test_verse_and_addresses_keep_their_lines():
    verse = "The river turned\nover in its bed\nand slept, and slept,\nand never said a word."
    wrapped = "\n\n".join(textwrap.fill(one, 72) for one in LONG.split("\n\n"))
    assert texts(f"{wrapped}\n\n{verse}\n\n{wrapped}").count(verse) == 1


def test_indents_of_verse_are_kept_against_each_other():
    verse = "    The river turned\n        over in its bed\n    and slept."
    wrapped = "\n\n".join(textwrap.fill(one, 72) for one in LONG.split("\n\n"))
    assert "The river turned\n    over in its bed\nand slept." in texts(f"{wrapped}\n\n{verse}")


def test_indents_begin_paragraphs_where_no_blank_lines_do():
    paragraphs = LONG.split("\n\n")
    wrapped = "\n".join(textwrap.fill(one, 72, initial_indent="   ") for one in paragraphs)
    assert texts(wrapped) == paragraphs


def test_lines_that_are_paragraphs():
    paragraphs = LONG.split("\n\n")
    assert texts("\n".join(paragraphs)) == paragraphs
    scenes = "\n".join(paragraphs) + "\n\n" + "\n".join(paragraphs)
    assert texts(scenes) == paragraphs * 2


def test_a_heading_on_the_line_above_the_text():
    wrapped = textwrap.fill(LONG.replace("\n\n", " "), 72)
    assert texts(f"CHAPTER I.\n{wrapped}\n\nCHAPTER II.\n{wrapped}")[::2] == [
        "CHAPTER I.",
        "CHAPTER II.",
    ]
    assert texts(f"{wrapped}\n\nCHAPTER I.\nThe Storm\n\n{wrapped}")[1] == "CHAPTER I.\nThe Storm"


def test_gaps_and_breaks():
    blocks = list(plain.blocks("One.\n\n\n\nTwo.\n\n* * *\n\nThree."))
    assert [(block.text, block.gap, block.role) for block in blocks] == [
        ("One.", 0, "body"), ("Two.", 3, "body"), ("* * *", 1, "break"), ("Three.", 1, "body"),
    ]  # fmt: skip


def test_contents_are_told():
    listed = "CONTENTS\nI. The Kettle     1\nII. The Post     20\nIII. The River     43"
    roles = [block.role for block in plain.blocks(f"{listed}\n\nOne.\n\nTwo.\n\nThree.")]
    assert roles == ["contents", "body", "body", "body"]


def test_lines_of_chinese_are_paragraphs():
    line = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"
    assert texts(f"第一章\n\n{line}\n{line}\n第二章\n\n{line}") == [
        "第一章", line, line, "第二章", line,
    ]  # fmt: skip


def test_words_are_all_kept():
    text = LONG.replace(" ", "  ", 3).replace("\n\n", "\n \t\n")
    assert read(text).text.split() == text.split()


@pytest.mark.parametrize("gap", [1, 2])
def test_blank_lines_between_all_lines_are_no_paragraphs(gap):
    paragraphs = [prose(number, words=90).replace("\n\n", " ") for number in range(1, 5)]
    lines = [textwrap.fill(one, 66, initial_indent="     ").split("\n") for one in paragraphs]
    text = ("\n" * (gap + 1)).join(line for one in lines for line in one)
    blank = "\n" * (gap + 2)
    assert texts(f"Chapter 1{blank}{text}") == ["Chapter 1", *paragraphs]
    again = "\n" * (gap + 1) + "Chapter 2" + "\n" * (gap + 1)
    assert texts(f"{text}{again}{text}") == [*paragraphs, "Chapter 2", *paragraphs]


def test_short_paragraphs_of_one_length_are_no_lines_set_apart():
    paragraph = "The ferry came in late and the men on the quay said nothing at all to her."
    assert texts("\n\n".join([paragraph] * 40)) == [paragraph] * 40
