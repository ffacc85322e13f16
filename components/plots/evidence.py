"""The sentence behind a passage's scores, looked for in the manuscript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.evidence import Index, Match, look_up
from components.plots.points import Point

#: Characters that a model may give as its sentence: one as long as this may have been cut.
_LONGEST = 240

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
    said = point.scores.evidence.strip(' "“”„«»') if point.scores is not None else ""
    if not said:
        return None
    found, _ = look_up(said, index)
    was_cut = False
    if not found and len(said) >= _LONGEST - 3 and " " in said:
        # The form ends a string at its longest, within a word.
        found, _ = look_up(said.rsplit(" ", 1)[0], index)
        was_cut = bool(found)
    return _ground(said, found, point, was_cut=was_cut)


def _ground(said: str, found: list[Match], point: Point, *, was_cut: bool) -> Ground:
    same = [one for one in found if one.same_signs]
    inside = [one for one in same if point.start <= one.start < point.end]
    if inside:
        return Ground(said, "found", _place(inside[0]), was_cut)
    if same:
        return Ground(said, "elsewhere", _place(same[0]), was_cut)
    if found:
        return Ground(said, "signs", _place(found[0]), was_cut)
    return Ground(said, "missing")


def _place(found: Match) -> tuple[int, int]:
    return found.start, found.end
