"""Texts whose pages end with form feeds."""

from __future__ import annotations

import textwrap

from tests.manuscripts.novels import headed, prose, read


def test_running_heads_and_broken_paragraphs():
    chapters = [textwrap.fill(prose(number, words=400), 66).split("\n") for number in (1, 2)]
    lines = ["CHAPTER ONE", "", *chapters[0], "", "", "CHAPTER TWO", "", *chapters[1]]
    pages = [lines[at : at + 20] for at in range(0, len(lines), 20)]
    text = "\f".join(
        "\n".join([f"FIELDFLOWER / THE MILL / {number}", "", *page, ""])
        for number, page in enumerate(pages, 1)
    )
    got = read(text)
    assert [chapter.number for chapter in headed(got)] == [1, 2]
    assert "FIELDFLOWER" not in got.text
    assert got.words == read("\n".join(lines)).words
    assert got.warnings


def test_form_feeds_between_chapters_leave_the_text():
    chapters = [f"Chapter {number}\n\n{prose(number)}" for number in (1, 2, 3, 4)]
    got = read("\n\n\f".join(chapters))
    assert got.text == read("\n\n\n".join(chapters)).text
    assert not got.warnings
