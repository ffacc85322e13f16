"""What one small plot shows, as values: drawn by Altair on a page and by ourselves for a file.

All panels of a book stand over the same chapter axis, so that a model's opinion can be compared
with what is counted. Where there is no score there is a gap: never a zero, and no line across it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from components.measures import ChapterFigures
from components.plots.chapter_axis import Book
from components.plots.passage_points import Point
from components.reports import SCALES, Scores

Kind = Literal["line", "band", "bars"]

#: Share of a chapter that may be between two passages that follow each other.
_JOINED = 0.25
#: What stays free left and right of a bar, as a share of a chapter.
_GAP = 0.06

_TITLES = {
    "tension": ("Tension", "0 calm to 10 tense"),
    "valence": ("Emotional arc", "valence, −5 dark to 5 bright"),
    "pace": ("Pace", "0 slow to 10 fast"),
    "conflict": ("Conflict", "0 none to 10 open"),
}


@dataclass(frozen=True, slots=True)
class PanelMark:
    """One passage or chapter of a panel, from `left` to `right` on the axis.

    `value` is None where there is none; `low` and `high` are the band around it. `point` is the
    number of the passage that a click opens, -1 where the report read none of the chapter.
    """

    point: int
    name: str
    left: float
    right: float
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def at(self) -> float:
        """Where its middle stands."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Panel:
    """A small plot over the chapter axis.

    `key` is its colour's name; `low` and `high` are the ends of its scale and `ticks` what is
    written beside it; `form` is a format of Python for one value. `is_opinion` tells a model's
    scores from what is counted.
    """

    key: str
    title: str
    unit: str
    kind: Kind
    marks: tuple[PanelMark, ...]
    low: float
    high: float
    ticks: tuple[float, ...]
    form: str
    is_opinion: bool

    @property
    def known(self) -> list[PanelMark]:
        """The marks that have a value."""
        return [mark for mark in self.marks if mark.value is not None]

    @property
    def highest(self) -> PanelMark | None:
        """The first mark of the highest value; None where there is no value."""
        return max(self.known, key=_value, default=None)

    @property
    def lowest(self) -> PanelMark | None:
        """The first mark of the lowest value; None where there is no value."""
        return min(self.known, key=_value, default=None)

    def said(self, value: float | None) -> str:
        """Say one value as it stands on the plot."""
        return "none" if value is None else self.form.format(value).replace("-", "−")

    def runs(self) -> list[list[PanelMark]]:
        """Return the marks with values, parted wherever a line must not go on."""
        found: list[list[PanelMark]] = []
        before: PanelMark | None = None
        for mark in self.marks:
            if mark.value is not None:
                joins = before is not None and mark.left - before.right <= _JOINED
                if joins:
                    found[-1].append(mark)
                else:
                    found.append([mark])
            before = mark if mark.value is not None else None
        return found

    def gaps(self, chapters: int) -> list[tuple[float, float]]:
        """Return the stretches of an axis of so many chapters that have no value."""
        found, at = [], 0.5
        for one in [*self.known, PanelMark(-1, "", chapters + 0.5, chapters + 0.5, 0)]:
            if one.left - at > _JOINED or (one.left - at > 0.01 and self._is_missing(at, one.left)):
                found.append((at, one.left))
            at = max(at, one.right)
        return found

    def _is_missing(self, left: float, right: float) -> bool:
        return any(mark.value is None and left <= mark.at <= right for mark in self.marks)


def opinions(found: Sequence[Point]) -> tuple[Panel, ...]:
    """Return tension, emotional arc, pace and conflict, as a model scored them."""
    return tuple(_opinion(key, found) for key in ("tension", "valence", "pace", "conflict"))


def counts(book: Book, found: Sequence[Point]) -> tuple[Panel, ...]:
    """Return what is counted of each chapter; a measure that does not hold is left out."""
    chapters = book.glance.chapters
    panels = []
    if any(chapter.dialogue is not None for chapter in chapters):
        panels.append(_shares(book, found, chapters))
    if any(chapter.sentence_median is not None for chapter in chapters):
        panels.append(_rhythm(book, found, chapters))
    if any(chapter.words for chapter in chapters):
        panels.append(_lengths(book, found, chapters))
    return tuple(panels)


def _opinion(key: str, found: Sequence[Point]) -> Panel:
    title, unit = _TITLES[key]
    low, high = SCALES[key]
    marks = tuple(
        PanelMark(one.number, one.name, one.left, one.right, _score(one.scores, key))
        for one in found
        if one.left is not None and one.right is not None
    )
    ticks = (low, (low + high) / 2, high)
    return Panel(key, title, unit, "line", marks, low, high, ticks, "{:.0f}", is_opinion=True)


def _score(scores: Scores | None, key: str) -> float | None:
    return None if scores is None else float(getattr(scores, key))


def _shares(book: Book, found: Sequence[Point], chapters: Sequence[ChapterFigures]) -> Panel:
    marks = tuple(_bars(book, found, [chapter.dialogue for chapter in chapters]))
    high = _ceiling(max(mark.value or 0 for mark in marks), 0.1)
    unit = "share of the words"
    ticks = (0, high)
    return Panel(
        "dialogue", "Dialogue", unit, "bars", marks, 0, high, ticks, "{:.0%}", is_opinion=False
    )


def _rhythm(book: Book, found: Sequence[Point], chapters: Sequence[ChapterFigures]) -> Panel:
    marks = tuple(
        PanelMark(
            _first(found, number),
            book.name(number),
            number + 0.5,
            number + 1.5,
            chapter.sentence_median,
            chapter.sentence_low,
            chapter.sentence_high,
        )
        for number, chapter in enumerate(chapters)
    )
    high = _ceiling(max(mark.high or 0 for mark in marks), 10)
    unit = "words: median and middle half"
    ticks = (0, high)
    return Panel(
        "rhythm", "Sentence length", unit, "band", marks, 0, high, ticks, "{:.0f}", is_opinion=False
    )


def _lengths(book: Book, found: Sequence[Point], chapters: Sequence[ChapterFigures]) -> Panel:
    marks = tuple(_bars(book, found, [chapter.words for chapter in chapters]))
    high = _ceiling(max(mark.value or 0 for mark in marks), 500)
    unit = "words of each chapter"
    ticks = (0, high)
    return Panel(
        "words", "Length", unit, "bars", marks, 0, high, ticks, "{:,.0f}", is_opinion=False
    )


def _bars(
    book: Book, found: Sequence[Point], values: Sequence[float | None]
) -> Iterator[PanelMark]:
    for number, value in enumerate(values):
        left, right = number + 0.5 + _GAP, number + 1.5 - _GAP
        yield PanelMark(_first(found, number), book.name(number), left, right, value)


def _first(found: Sequence[Point], chapter: int) -> int:
    """Return the number of the first passage in a chapter; -1 where none was read."""
    return next((one.number for one in found if one.touches(chapter)), -1)


def _ceiling(value: float, step: float) -> float:
    """Return the next whole number of steps, one at least."""
    return max(-(-value // step), 1) * step


def _value(one: PanelMark) -> float:
    return one.value or 0.0
