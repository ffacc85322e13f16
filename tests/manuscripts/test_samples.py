from __future__ import annotations

from components.manuscripts import opening, read, sample
from components.manuscripts.samples import OPENING_WORDS


def test_sample_is_a_title_a_heading_and_a_chapter():
    name, data = sample()
    lines = [line for line in data.decode().split("\n") if line]
    assert name == "the-time-machine-1.txt"
    assert [lines[0].title(), *lines[1:3]] == ["The Time Machine", "by H. G. Wells", "1"]
    assert lines[-1].endswith("he winked at me solemnly.")
    assert b"\r" not in data


def test_the_opening_is_the_beginning_of_the_sample_and_ends_with_a_paragraph() -> None:
    name, data = opening()
    manuscript = read(data, name=name)
    title, _, rest = data.partition(b"\n\n")
    assert title == b"The Time Machine (opening)"
    assert f"{rest.decode()}\n\n" in sample()[1].decode()
    assert 500 < manuscript.words <= OPENING_WORDS
    assert [chapter.name for chapter in manuscript.chapters] == ["Chapter 1"]
