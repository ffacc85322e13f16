"""Books and points made in code, so that a test knows what must be drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from components.measures import glance
from components.plots import Book, Point
from components.reports import Scores
from components.store import State, StepStatus
from tests.measures.books import book

SENTENCES = "Anna carried the lamp up the stair. “Come,” said Mr. Marlow, and she went on. "


def shelf(chapters: int = 5, *, text: str = SENTENCES) -> Book:
    """A book of so many chapters of the same sentences."""
    manuscript = book(
        *((f"Chapter {number}", text * 12) for number in range(1, chapters + 1)), language="en"
    )
    return Book("its-id", manuscript, glance(manuscript))


def scores(tension: int = 5, **more: Any) -> Scores:
    given: dict[str, Any] = {
        "tension": tension,
        "pace": 4,
        "conflict": 3,
        "valence": tension - 5,
        "summary": "Anna goes up.",
        "setting": "A house",
        "point_of_view": "third person",
        "characters": ("Anna",),
        "purpose": "It begins.",
        "evidence": "Anna carried the lamp up the stair.",
    }
    return Scores(**given | more)


def points_of(of: Book, *said: Scores | None, state: State = State.DONE) -> list[Point]:
    """A point for each chapter of the book, with these scores."""
    step = cast(StepStatus, SimpleNamespace(state=state))
    found = []
    for number, one in enumerate(said):
        chapter = of.manuscript.chapters[number]
        reach = of.reach(chapter.start, chapter.end)
        assert reach is not None
        place = (chapter.heading, chapter.start, chapter.end)
        found.append(Point(number, *place, *reach, one, step))
    return found
