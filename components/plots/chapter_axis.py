"""One chapter axis for all plots of a book, on a page and in a file.

Chapters have the same width, whatever their length, so that each can be hit and named; a character
inside a chapter stands at its share of it. The space left of the axis is the same everywhere, so
that chapter 12 is above chapter 12.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import altair as alt

from components.manuscripts import Manuscript, called
from components.measures import Glance, stretch_at

#: Pixels left of the axis.
_LEFT = 132

#: Chapters named under a plot, at most.
_NAMED = 25


@dataclass(frozen=True, slots=True)
class Book:
    """The manuscript that is looked at, its address and its measures."""

    id: str
    manuscript: Manuscript
    glance: Glance

    @property
    def chapters(self) -> int:
        """How many chapters are on the axis."""
        return len(self.glance.stretches)

    def position(self, at: int) -> float:
        """Return where the character `at` stands on the axis."""
        return self._within(stretch_at(self.glance, at), at)

    def reach(self, start: int, end: int) -> tuple[float, float] | None:
        """Return where the characters from `start` to before `end` begin and end on the axis.

        None where none of them is on it, as front and back matter is not.
        """
        parts = self.glance.stretches
        touched = [n for n, part in enumerate(parts) if part.start < end and start < part.end]
        if not touched:
            return None
        first, last = touched[0], touched[-1]
        return (
            self._within(first, max(start, parts[first].start)),
            self._within(last, min(end, parts[last].end)),
        )

    def name(self, number: int) -> str:
        """Return what a chapter, counted from 0, is called, on one line."""
        return called(" ".join(self.glance.stretches[number].heading.split()))

    def _within(self, number: int, at: int) -> float:
        part = self.glance.stretches[number]
        return number + 0.5 + (at - part.start) / max(part.end - part.start, 1)


def chapter_axis(book: Book, field: str) -> alt.X:
    """Return the axis along the book for a quantitative `field`."""
    labels = json.dumps(short_names(book))
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[0.5, book.chapters + 0.5], nice=False, zero=False),
        axis=alt.Axis(
            values=named(book.chapters),
            labelExpr=f"{labels}[datum.value - 1]",
            labelOverlap="greedy",
            labelFlush=False,
            labelSeparation=4,
            grid=False,
            ticks=False,
            domain=True,
        ),
    )


def short_names(book: Book) -> list[str]:
    """Return the label of each chapter under the plots.

    Vega reads them inside an expression, so only a few safe characters may get into it.
    """
    return [re.sub(r"[^A-Za-z0-9.§ ]", "", part.short) for part in book.glance.stretches]


def named(count: int) -> list[int]:
    """Return which of `count` chapters are named under the plots, the same in all of them."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, count) if count <= _NAMED * step)
    return list(range(1, count + 1, step)) if step < 5 else [1, *range(step, count + 1, step)]


def left_axis(**more: Any) -> alt.Axis:
    """Return the axis on the left, as wide as everywhere."""
    return alt.Axis(
        minExtent=_LEFT,
        maxExtent=_LEFT,
        labelLimit=_LEFT - 10,
        labelFlush=False,
        title=None,
        **more,
    )
