"""Passages hold every word once, and end where chapters and scenes do."""

from __future__ import annotations

import pytest

from components.evidence import Index
from components.manuscripts import Manuscript, read, sample
from components.retrieval import Passage
from components.retrieval.passages import passages_of
from tests.retrieval.making import FILLER, novel

SENTENCE = "He counted the waves of the grey sea and wrote each number down. "


def the_sample() -> Manuscript:
    name, data = sample()
    return read(data, name=name)


def cut(manuscript: Manuscript) -> tuple[Passage, ...]:
    return passages_of(Index(manuscript))


@pytest.mark.parametrize(
    "text",
    [
        the_sample().text,
        SENTENCE * 200,
        "word " * 2_000,
        "海は静かだった。" * 300,
        "海" * 2_000,
        "One.\n\n" * 500,
        "No chapters here.",
    ],
    ids=[
        "sample",
        "one paragraph",
        "no stops",
        "Japanese",
        "no stops nor spaces",
        "lines",
        "short",
    ],
)
def test_every_word_is_in_one_passage_of_a_bearable_length(text: str) -> None:
    index = Index(read(text.encode(), name="text.txt"))
    passages = passages_of(index)
    assert [passage.number for passage in passages] == [*range(len(passages))]
    covered = [
        sum(passage.start <= start and end <= passage.end for passage in passages)
        for start, end in zip(index.starts, index.ends, strict=True)
    ]
    assert covered == [1] * len(index)
    assert sum(passage.words for passage in passages) == len(index)
    assert max(passage.words for passage in passages) <= 350


def test_none_crosses_the_end_of_a_chapter() -> None:
    manuscript = novel([[FILLER]] * 5, between=7)
    passages = cut(manuscript)
    assert {passage.chapter for passage in passages} == {1, 2, 3, 4, 5}
    for passage in passages:
        chapter = manuscript.chapters[(passage.chapter or 0) - 1]
        assert chapter.start <= passage.start < passage.end <= chapter.end


def test_none_crosses_a_scene_break_unless_the_scene_is_a_few_words() -> None:
    scenes = [f"{FILLER}\n\n{FILLER}\n\n", "Night came.\n\n", f"{FILLER}\n\n{FILLER}\n\n"]
    text = "Chapter 1\n\n" + "* * *\n\n".join(scenes) + "Chapter 2\n\n" + FILLER
    manuscript = read(text.encode(), name="scenes.txt")
    (first, second, third, *_) = cut(manuscript)
    assert manuscript.chapters[0].scenes
    assert manuscript.text[second.start : second.end].startswith("Night came")
    assert (first.chapter, second.chapter, third.chapter) == (1, 1, 2)


def test_a_text_without_words_has_no_passage_to_find() -> None:
    assert sum(passage.words for passage in cut(read(b"***", name="signs.txt"))) == 0
