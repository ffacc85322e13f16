"""The passages of a report as points on the chapter axis, and the sentences behind their scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.evidence import Index
from components.plots.chapter_axis import Book
from components.reports import Report, Scores, sentence_behind
from components.store import StepStatus

_GroundState = Literal["found", "elsewhere", "signs", "missing"]


@dataclass(frozen=True, slots=True)
class Point:
    """A passage that was to be scored; `number` counts from 0.

    `left` and `right` are its ends on the chapter axis, None where it is not on it (front and back
    matter). `scores` are None until there are any, and where the model gave none that can be used:
    then its `step` has ended.
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


@dataclass(frozen=True, slots=True)
class Ground:
    """A model's sentence, and whether the manuscript has it.

    `found` in the passage itself, `elsewhere` in the book; of `signs`, only punctuation differs.
    `place` is its range in characters of the manuscript's text; None where it is `missing`.
    """

    text: str
    state: _GroundState
    place: tuple[int, int] | None = None
    was_cut: bool = False


def passage_points(book: Book, report: Report) -> tuple[Point, ...]:
    """Return a point for each passage that is to be scored, in the order of the book."""
    points = []
    for number, scored in enumerate(report.scores):
        name, start, end = scored.passage.name, scored.passage.start, scored.passage.end
        left, right = book.reach(start, end) or (None, None)
        points.append(Point(number, name, start, end, left, right, scored.scores, scored.step))
    return tuple(points)


def whose(model: str) -> str:
    """Say whose opinion the scores are."""
    return f"Scores are the opinion of the model {model} on each passage. Nothing of it is counted."


def coverage(points: Sequence[Point]) -> str:
    """Say of how many passages there are scores, and why the others have none."""
    scored = sum(point.scores is not None for point in points)
    waiting = sum(point.is_waiting for point in points)
    without = len(points) - scored - waiting
    beside = sum(point.left is None for point in points)
    noun = "passage" if len(points) == 1 else "passages"
    if scored == len(points):
        parts = [
            f"Scores of all {scored:,} {noun}." if scored > 1 else "Scores of the one passage."
        ]
    else:
        parts = [f"Scores of {scored:,} of {len(points):,} {noun}."]
    if without:
        parts.append(f"{without:,} without scores that can be used: gaps, not zeros.")
    if waiting:
        parts.append(f"{waiting:,} not scored yet.")
    if beside:
        parts.append(f"{beside:,} in front or back matter, in the table only.")
    return " ".join(parts)


def ground_of(scores: Scores | None, within: tuple[int, int], index: Index) -> Ground | None:
    """Return the sentence behind the scores of a passage; None without scores or a sentence.

    The passage is `within` these characters of the text.
    """
    behind = sentence_behind(scores, index, within=within)
    if behind is None:
        return None
    quote = behind.quote
    location = quote.places[0] if quote.is_verified else quote.near
    if location is None:
        return Ground(behind.text, "missing")
    state: _GroundState = "signs"
    if quote.is_verified:
        state = "found" if within[0] <= location.start < within[1] else "elsewhere"
    return Ground(behind.text, state, (location.start, location.end), behind.was_cut)
