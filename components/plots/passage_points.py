"""The passages of a report as points on the chapter axis: scored, without scores, or waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.plots.chapter_axis import Book
from components.reports import Report, Scores
from components.store import StepStatus


@dataclass(frozen=True, slots=True)
class Point:
    """A passage that was to be scored; `number` counts from 0.

    `left` and `right` are where it stands on the chapter axis, None where it is not on it (front
    and back matter). `scores` are None until there are any, and where the model gave none that can
    be used: then its `step` has ended.
    """

    number: int
    name: str
    start: int
    end: int
    left: float | None
    right: float | None
    scores: Scores | None
    step: StepStatus

    @property
    def is_waiting(self) -> bool:
        """Whether scores may still come."""
        return self.scores is None and not self.step.state.has_ended

    def touches(self, chapter: int) -> bool:
        """Whether some of it stands in a chapter of the axis, counted from 0."""
        if self.left is None or self.right is None:
            return False
        return self.left < chapter + 1.5 and chapter + 0.5 < self.right


def passage_points(book: Book, report: Report) -> tuple[Point, ...]:
    """Return a point for each passage that is to be scored, in the order of the book."""
    found = []
    for number, score in enumerate(report.scores):
        place = score.passage
        left, right = book.reach(place.start, place.end) or (None, None)
        found.append(
            Point(number, place.name, place.start, place.end, left, right, score.scores, score.step)
        )
    return tuple(found)


def coverage(found: Sequence[Point]) -> str:
    """Say of how many passages there are scores, and why the others have none."""
    scored = sum(one.scores is not None for one in found)
    waiting = sum(one.is_waiting for one in found)
    without = len(found) - scored - waiting
    beside = sum(one.left is None for one in found)
    noun = "passage" if len(found) == 1 else "passages"
    if scored == len(found):
        said = [f"Scores of all {scored:,} {noun}." if scored > 1 else "Scores of the one passage."]
    else:
        said = [f"Scores of {scored:,} of {len(found):,} {noun}."]
    if without:
        said.append(f"{without:,} without scores that can be used: gaps, not zeros.")
    if waiting:
        said.append(f"{waiting:,} not scored yet.")
    if beside:
        said.append(f"{beside:,} in front or back matter, in the table only.")
    return " ".join(said)
