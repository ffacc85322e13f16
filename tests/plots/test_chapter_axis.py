"""Where things stand on the axis."""

from __future__ import annotations

import pytest

from components.measures import glance
from components.plots import Book
from tests.measures.books import book
from tests.plots.books import shelf


def test_a_chapter_reaches_from_edge_to_edge_with_its_heading() -> None:
    of = shelf(3)
    for number, chapter in enumerate(of.manuscript.chapters):
        assert of.reach(chapter.start, chapter.end) == (number + 0.5, number + 1.5)


def test_a_part_of_a_chapter_stands_at_its_share_of_it() -> None:
    of = shelf(3)
    part = of.glance.stretches[1]
    middle = (part.start + part.end) // 2
    reach = of.reach(middle, part.end)
    assert reach is not None
    assert reach[0] == pytest.approx(2.0, abs=0.01)
    assert reach[1] == 2.5


def test_front_matter_is_not_on_the_axis() -> None:
    manuscript = book(
        ("Contents", "One. Two."), ("Chapter 1", "It rained."), kinds=("front", "chapter")
    )
    of = Book("id", manuscript, glance(manuscript))
    front = manuscript.chapters[0]
    assert of.reach(front.start, front.end) is None


@pytest.mark.parametrize(
    ("heading", "said"), [("7", "Chapter 7"), ("IV.\n\nThe Stair", "IV. The Stair")]
)
def test_a_chapter_is_named_on_one_line(heading: str, said: str) -> None:
    manuscript = book((heading, "It rained all day long."))
    assert Book("id", manuscript, glance(manuscript)).name(0) == said
