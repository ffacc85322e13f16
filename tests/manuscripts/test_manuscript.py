from __future__ import annotations

import dataclasses

import pytest

from tests.manuscripts.making import manuscript


def test_words_are_runs_between_white_space():
    assert manuscript().words == 6


@pytest.mark.parametrize(("words", "pages"), [(1, 1), (250, 1), (251, 2), (80_000, 320)])
def test_pages_of_text_are_of_250_words(words, pages):
    assert manuscript(text="word " * words).pages == pages


def test_pages_of_a_pdf_are_its_own():
    assert manuscript(page_count=7).pages == 7


def test_chapter_text_is_a_slice():
    one = manuscript()
    assert one.chapter_text(one.chapters[1]) == "2\n\nFour."


def test_values_are_frozen_and_equal():
    assert manuscript() == manuscript()
    with pytest.raises(dataclasses.FrozenInstanceError):
        manuscript().title = "Other"
