"""The plots of a report as pictures for files: the same panels, on paper, with words beside them.

Each picture says whose opinion it shows: it will be passed on without its report.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components.evidence import Index
from components.measures import Glance
from components.plots.chapter_axis import Book, named, short_names
from components.plots.palette import LIGHT
from components.plots.panels import Panel, counts, opinions
from components.plots.passage_points import coverage, passage_points, whose
from components.plots.presence import Presence, presence
from components.plots.svg_and_png import Canvas, fitted, mixed, width_of
from components.reports import Report

#: Units: 720 are 160 mm on paper.
_WIDTH, _LEFT, _RIGHT = 720.0, 150.0, 14.0
_TOP, _PANEL, _BETWEEN, _AXIS, _FOOT = 34.0, 104.0, 48.0, 24.0, 17.0
_ROW = 25.0
_TEXT, _SMALL, _HEAD = 11.0, 10.0, 15.0
_PAPER = "#ffffff"
_INK, _QUIET = LIGHT["ink"], LIGHT["quiet"]
_SHADE = mixed(LIGHT["quiet"], _PAPER, 0.13)
_RULE = mixed(LIGHT["quiet"], _PAPER, 0.28)


@dataclass(frozen=True, slots=True)
class PlotImage:
    """A picture of 160 mm width as PNG and as SVG; `text` describes it."""

    title: str
    png: bytes
    svg: str
    text: str


def pictures(report: Report, glance: Glance) -> list[PlotImage]:
    """Return the plots of a report, as far as it has come; those without a value are left out."""
    book = Book(report.series.manuscript_id, report.manuscript, glance)
    points = passage_points(book, report)
    images = []
    if any(point.scores is not None and point.left is not None for point in points):
        foot = [whose(report.setting.model), coverage(points)]
        arcs = opinions(points)
        images.append(_panels(book, "Tension and emotional arc", arcs[:2], foot))
        images.append(_panels(book, "Pace and conflict", arcs[2:], foot))
        who = presence(book, points, Index(report.manuscript))
        if who.people:
            images.append(_people(book, who, foot))
    if counted := counts(book, points):
        foot = ["Counted in the text, without a model."]
        images.append(_panels(book, "What is counted", counted, foot))
    return images


def _panels(book: Book, title: str, panels: Sequence[Panel], foot: Sequence[str]) -> PlotImage:
    sheet = _Sheet(book, title, len(panels) * (_PANEL + _BETWEEN) - 6, foot)
    for number, panel in enumerate(panels):
        _panel(sheet, panel, _TOP + number * (_PANEL + _BETWEEN) + _BETWEEN - 12)
    return sheet.image([panel.in_words(book.chapters) for panel in panels])


def _people(book: Book, who: Presence, foot: Sequence[str]) -> PlotImage:
    sheet = _Sheet(book, "Characters by chapter", 10 + len(who.people) * _ROW, foot)
    canvas, across = sheet.canvas, sheet.across
    for left, right in who.gaps(book.chapters):
        bottom = _TOP + 8 + len(who.people) * _ROW
        canvas.box(across(left), _TOP + 8, across(right), bottom, _SHADE)
    for number, person in enumerate(who.people):
        top = _TOP + 8 + number * _ROW
        line = top + (16 if person.is_known else 11)
        name = fitted(person.label, _TEXT, _LEFT - 9)
        canvas.text(_LEFT - 7, line, name, _TEXT, _INK, "end")
        if not person.is_known:
            note = "not in the manuscript"
            canvas.text(_LEFT - 7, line + 10, note, _SMALL - 1.5, _QUIET, "end")
        colour = LIGHT["names" if person.is_known else "doubt"]
        for chapter in person.points:
            fill = mixed(colour, _PAPER, 0.3 + 0.65 * who.share(person, chapter))
            left, right = across(chapter + 0.55), across(chapter + 1.45)
            canvas.box(left, top + 2, right, top + _ROW - 2, fill)
    return sheet.image([who.in_words(book.chapters)])


class _Sheet:
    """A picture with its title, the chapter axis under a plot so many units high, and its foot."""

    def __init__(self, book: Book, title: str, plot: float, foot: Sequence[str]) -> None:
        lines = [line for text in foot for line in _wrapped(text)]
        self.book = book
        self._foot = foot
        self.canvas = Canvas(_WIDTH, _TOP + plot + 6 + _AXIS + _FOOT * len(lines), _PAPER, title)
        self.canvas.text(0, 18, title, _HEAD, _INK)
        self._axis(_TOP + plot)
        for number, line in enumerate(reversed(lines)):
            bottom = self.canvas.height - 5 - number * _FOOT
            self.canvas.text(0, bottom, line, _SMALL, _QUIET)

    def across(self, at: float) -> float:
        """Return where a position of the chapter axis stands."""
        return _LEFT + (at - 0.5) / self.book.chapters * (_WIDTH - _LEFT - _RIGHT)

    def image(self, descriptions: Sequence[str]) -> PlotImage:
        """Return the picture as it is now, with its words."""
        text = " ".join([*descriptions, *self._foot])
        if self.canvas.missing:
            text += (
                " This computer has no font for some letters in the picture; the SVG holds them."
            )
        return PlotImage(self.canvas.title, self.canvas.png(), self.canvas.svg(), text)

    def _axis(self, top: float) -> None:
        labels = short_names(self.book)
        self.canvas.line(((_LEFT, top), (_WIDTH - _RIGHT, top)), _QUIET, 0.8)
        self.canvas.text(_LEFT - 7, top + 14, "Chapter", _SMALL, _QUIET, "end")
        free = 0.0
        for number in named(len(labels)):
            text, x = labels[number - 1], self.across(number)
            half = width_of(text, _SMALL) / 2
            if x - half >= free:  # A name that would run into the one before it is left out.
                self.canvas.text(x, top + 14, text, _SMALL, _QUIET, "middle")
                free = x + half + 4


def _panel(sheet: _Sheet, panel: Panel, top: float) -> None:
    canvas, across = sheet.canvas, sheet.across
    colour, bottom = LIGHT[panel.key], top + _PANEL

    def down(value: float | None) -> float:
        room = 0.06 * (panel.high - panel.low)
        low = panel.low - (room if panel.is_opinion else 0)
        return bottom - ((value or 0) - low) / (panel.high + room - low) * _PANEL

    canvas.text(_LEFT, top - 14, panel.title, _TEXT + 1, _INK)
    beside = _LEFT + width_of(panel.title, _TEXT + 1) + 8
    canvas.text(beside, top - 14, panel.unit, _SMALL, _QUIET)
    for left, right in panel.gaps(sheet.book.chapters):
        canvas.box(across(left), top, across(right), bottom, _SHADE)
    for tick in panel.ticks:
        canvas.line(((_LEFT, down(tick)), (_WIDTH - _RIGHT, down(tick))), _RULE, 0.6)
        canvas.text(_LEFT - 7, down(tick) + 4, panel.format(tick), _SMALL, _QUIET, "end")
    if panel.kind == "bars":
        fill = mixed(colour, _PAPER, 0.72)
        for mark in panel.known:
            canvas.box(across(mark.left), down(mark.value), across(mark.right), bottom, fill)
    for run in panel.runs() if panel.kind != "bars" else ():
        if panel.kind == "band" and len(run) > 1:
            upper = [(across(mark.at), down(mark.high)) for mark in run]
            lower = [(across(mark.at), down(mark.low)) for mark in reversed(run)]
            canvas.area((*upper, *lower), mixed(colour, _PAPER, 0.26))
        through = [(across(mark.at), down(mark.value)) for mark in run]
        if len(run) > 1:
            canvas.line(through, colour, 1.8)
        for x, y in through:
            canvas.dot(x, y, 3, colour)
    if (highest := panel.highest) is not None:
        # The highest value and its chapter over its mark.
        text = f"{panel.format(highest.value)} · {highest.name}"
        half = width_of(text, _SMALL) / 2
        x = min(max(across(highest.at), _LEFT + half), _WIDTH - _RIGHT - half)
        y = down(highest.top) - 7
        canvas.box(x - half - 2, y - 9, x + half + 2, y + 2.5, _PAPER)  # No line through it.
        canvas.text(x, y, text, _SMALL, _INK, "middle")


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, _SMALL) > _WIDTH:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]
