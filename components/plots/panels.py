"""One small plot as values: drawn by Altair on a page and by Pillow for a file.

All panels of a book stand over the same chapter axis, so that a model's opinion can be compared
with what is counted. A missing score is a gap: never a zero, and no line across it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.plots.chapter_axis import Book
from components.plots.passage_points import Point
from components.reports import SCALES

Kind = Literal["line", "band", "bars"]

#: Share of a chapter that may be between two passages that follow each other.
_JOINED = 0.25
#: Space left and right of a bar, as a share of a chapter.
_GAP = 0.06


#: Key, title and unit.
_OPINIONS = (
    ("tension", "Tension", "0 calm to 10 tense"),
    ("valence", "Emotional arc", "valence, −5 dark to 5 bright"),
    ("pace", "Pace", "0 slow to 10 fast"),
    ("conflict", "Conflict", "0 none to 10 open"),
)
#: Key, title, unit, kind, form, a step of which the scale's end is a multiple, fields of a chapter.
_SENTENCES = ("sentence_median", "sentence_low", "sentence_high")
_COUNTS: tuple[tuple[str, str, str, Kind, str, float, tuple[str, ...]], ...] = (
    ("dialogue", "Dialogue", "share of the words", "bars", "{:.0%}", 0.1, ("dialogue",)),
    (
        "rhythm",
        "Sentence length",
        "words: median and middle half",
        "band",
        "{:.0f}",
        10,
        _SENTENCES,
    ),
    ("words", "Length", "words of each chapter", "bars", "{:,.0f}", 500, ("words",)),
)


@dataclass(frozen=True, slots=True)
class PanelMark:
    """One passage or chapter of a panel, from `left` to `right` on the axis.

    `value` is None without one; `low` and `high` are the band around it. `point` is the number of
    the passage that a click opens, -1 where the report read none of the chapter.
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

    @property
    def top(self) -> float:
        """Its highest value, the band included."""
        return (self.value if self.high is None else self.high) or 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A small plot over the chapter axis.

    `key` is the name of its color; `low` and `high` are the ends of its scale and `ticks` the
    values written beside it; `form` is a format of Python for one value.
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

    @property
    def is_opinion(self) -> bool:
        """Whether it shows a model's scores, and nothing that is counted."""
        return self.kind == "line"

    @property
    def known(self) -> list[PanelMark]:
        """The marks that have a value."""
        return [mark for mark in self.marks if mark.value is not None]

    @property
    def highest(self) -> PanelMark | None:
        """The first mark of the highest value; None without any value."""
        return max(self.known, key=_value, default=None)

    def format(self, value: float | None) -> str:
        """Format one value as it stands on the plot."""
        return "none" if value is None else self.form.format(value).replace("-", "−")

    def runs(self) -> list[list[PanelMark]]:
        """Return the marks with values, split where a line must not continue."""
        runs: list[list[PanelMark]] = []
        before: PanelMark | None = None
        for mark in self.marks:
            if mark.value is None:
                before = None
                continue
            if before is None or mark.left - before.right > _JOINED:
                runs.append([])
            runs[-1].append(mark)
            before = mark
        return runs

    def gaps(self, chapters: int) -> list[tuple[float, float]]:
        """Return the stretches of an axis of so many chapters that have no value."""
        gaps, at = [], 0.5
        edge = chapters + 0.5
        for left, right in [*((mark.left, mark.right) for mark in self.known), (edge, edge)]:
            is_missing = any(mark.value is None and at <= mark.at <= left for mark in self.marks)
            if left - at > (0.01 if is_missing else _JOINED):
                gaps.append((at, left))
            at = max(at, right)
        return gaps

    def in_words(self, chapters: int) -> str:
        """Describe it: its highest and lowest value, and its gaps."""
        high, low = self.highest, min(self.known, key=_value, default=None)
        if high is None or low is None:
            return f"{self.title}: no values."
        if high.value == low.value:
            text = f"{self.title} ({self.unit}) is {self.format(high.value)} throughout."
        else:
            text = (
                f"{self.title} ({self.unit}) is highest in {high.name} ({self.format(high.value)}"
                f"{self._others(high)}) and lowest in {low.name} ({self.format(low.value)}"
                f"{self._others(low)})."
            )
        if gaps := len(self.gaps(chapters)):
            text += f" It has {gaps} {'gap' if gaps == 1 else 'gaps'} where there is no value."
        return text

    def _others(self, mark: PanelMark) -> str:
        same = sum(other.value == mark.value for other in self.known) - 1
        return f", as in {same:,} {'other' if same == 1 else 'others'}" if same else ""


def opinions(points: Sequence[Point]) -> tuple[Panel, ...]:
    """Return tension, emotional arc, pace and conflict, as a model scored them."""
    panels = []
    for key, title, unit in _OPINIONS:
        low, high = SCALES[key]
        marks = tuple(
            PanelMark(
                point.number,
                point.name,
                point.left,
                point.right,
                None if point.scores is None else float(getattr(point.scores, key)),
            )
            for point in points
            if point.left is not None and point.right is not None
        )
        ticks = (low, (low + high) / 2, high)
        panels.append(Panel(key, title, unit, "line", marks, low, high, ticks, "{:.0f}"))
    return tuple(panels)


def counts(book: Book, points: Sequence[Point]) -> tuple[Panel, ...]:
    """Return what is counted of each chapter; a measure that does not hold is left out."""
    panels = []
    for key, title, unit, kind, form, step, fields in _COUNTS:
        gap = _GAP if kind == "bars" else 0
        marks = tuple(
            PanelMark(
                # A click opens the first passage of the chapter.
                next((point.number for point in points if point.touches(number)), -1),
                book.name(number),
                number + 0.5 + gap,
                number + 1.5 - gap,
                *(getattr(chapter, field) for field in fields),
            )
            for number, chapter in enumerate(book.glance.chapters)
        )
        if any(mark.value is not None for mark in marks):
            high = max(-(-max(mark.top for mark in marks) // step), 1) * step
            unit = unit.replace("words", book.glance.language.unit)
            panels.append(Panel(key, title, unit, kind, marks, 0, high, (0, high), form))
    return tuple(panels)


def _value(mark: PanelMark) -> float:
    return mark.value or 0.0
