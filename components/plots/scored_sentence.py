"""The sentence behind a passage's scores, looked for in the manuscript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.evidence import Index
from components.plots.passage_points import Point
from components.reports import sentence_behind

State = Literal["found", "elsewhere", "signs", "missing"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A model's sentence, and whether the manuscript has it.

    `found` in the passage itself, `elsewhere` in the book; of `signs`, only punctuation differs.
    `place` is where it stands, in characters of the manuscript's text; None where it is `missing`.
    """

    text: str
    state: State
    place: tuple[int, int] | None = None
    was_cut: bool = False


def ground_of(point: Point, index: Index) -> Ground | None:
    """Return the sentence behind the scores of `point`; None without scores or a sentence."""
    found = sentence_behind(point.scores, index, within=(point.start, point.end))
    if found is None:
        return None
    place = found.finding.places[0] if found.finding.is_verified else found.finding.near
    if place is None:
        return Ground(found.text, "missing")
    state: State = "signs"
    if found.finding.is_verified:
        state = "found" if point.start <= place.start < point.end else "elsewhere"
    return Ground(found.text, state, (place.start, place.end), found.was_cut)
