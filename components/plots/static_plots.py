"""The plots of a report as pictures for files: the same panels, on paper, with words beside them.

Each picture says on itself whose opinion it shows: it will be passed on without its report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.evidence import Index
from components.measures import Glance
from components.plots.altair_charts import distinct_labels, unscored
from components.plots.chapter_axis import Book, named, short_names
from components.plots.descriptions import panel_in_words, presence_in_words, whose
from components.plots.palette import LIGHT
from components.plots.panels import Panel, PanelMark, counts, opinions
from components.plots.passage_points import coverage, passage_points
from components.plots.presence import Presence, presence
from components.plots.svg_and_png import Area, Canvas, Dot, Polyline, Words, fitted, mixed, width_of
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
    """A picture of 160 mm width as PNG and as SVG; `text` says in words what it shows."""

    title: str
    png: bytes
    svg: str
    text: str


def pictures(report: Report, glance: Glance) -> list[PlotImage]:
    """Return the plots of a report, as far as it has come; those without a value are left out."""
    book = Book(report.series.manuscript_id, report.manuscript, glance)
    found = passage_points(book, report)
    made = []
    if any(one.scores is not None and one.left is not None for one in found):
        foot = [whose(report.setting.model), coverage(found)]
        arcs = opinions(found)
        made.append(_panels(book, "Tension and emotional arc", arcs[:2], foot))
        made.append(_panels(book, "Pace and conflict", arcs[2:], foot))
        who = presence(book, found, Index(report.manuscript))
        if who.people:
            made.append(_people(book, who, foot))
    counted = counts(book, found)
    if counted:
        foot = ["Counted in the text, without a model."]
        made.append(_panels(book, "What is counted", counted, foot))
    return made


def _panels(book: Book, title: str, panels: Sequence[Panel], foot: Sequence[str]) -> PlotImage:
    lines = _wrapped(foot)
    height = _TOP + len(panels) * (_PANEL + _BETWEEN) + _AXIS + _FOOT * len(lines)
    canvas = Canvas(_WIDTH, height, _PAPER, title)
    canvas.add(Words((0, 18), title, _HEAD, _INK))
    across = _across(book)
    for number, panel in enumerate(panels):
        top = _TOP + number * (_PANEL + _BETWEEN) + _BETWEEN - 12
        _panel(canvas, book, panel, top, across)
    _axis(canvas, book, height - _AXIS - _FOOT * len(lines) - 6, across)
    _feet(canvas, lines)
    chapters = len(book.glance.stretches)
    said = [*(panel_in_words(panel, chapters) for panel in panels), *foot]
    return _picture(canvas, title, said)


def _panel(
    canvas: Canvas, book: Book, panel: Panel, top: float, across: Callable[[float], float]
) -> None:
    colour, bottom = LIGHT[panel.key], top + _PANEL

    def down(value: float) -> float:
        room = 0.06 * (panel.high - panel.low)
        low = panel.low - (room if panel.is_opinion else 0)
        return bottom - (value - low) / (panel.high + room - low) * _PANEL

    canvas.add(Words((_LEFT, top - 14), panel.title, _TEXT + 1, _INK))
    beside = _LEFT + width_of(panel.title, _TEXT + 1) + 8
    canvas.add(Words((beside, top - 14), panel.unit, _SMALL, _QUIET))
    for left, right in panel.gaps(len(book.glance.stretches)):
        canvas.box(across(left), top, across(right), bottom, _SHADE)
    for tick in panel.ticks:
        canvas.add(Polyline(((_LEFT, down(tick)), (_WIDTH - _RIGHT, down(tick))), _RULE, 0.6))
        canvas.add(Words((_LEFT - 7, down(tick) + 4), panel.said(tick), _SMALL, _QUIET, "end"))
    if panel.kind == "bars":
        for one in panel.known:
            fill = mixed(colour, _PAPER, 0.72)
            canvas.box(across(one.left), down(one.value or 0), across(one.right), bottom, fill)
    for run in panel.runs() if panel.kind != "bars" else ():
        if panel.kind == "band" and len(run) > 1:
            upper = [(across(one.at), down(one.high or 0)) for one in run]
            lower = [(across(one.at), down(one.low or 0)) for one in reversed(run)]
            canvas.add(Area((*upper, *lower), mixed(colour, _PAPER, 0.26)))
        if len(run) > 1:
            through = tuple((across(one.at), down(one.value or 0)) for one in run)
            canvas.add(Polyline(through, colour, 1.8))
        for one in run:
            canvas.add(Dot((across(one.at), down(one.value or 0)), 3, colour))
    if (highest := panel.highest) is not None:
        top_of = highest.high if highest.high is not None else highest.value
        _label(canvas, panel, highest, (across(highest.at), down(top_of or 0) - 7))


def _label(canvas: Canvas, panel: Panel, one: PanelMark, at: tuple[float, float]) -> None:
    """Write the highest value where it stands, and of what it is."""
    text = f"{panel.said(one.value)} · {one.name}"
    half = width_of(text, _SMALL) / 2
    x = min(max(at[0], _LEFT + half), _WIDTH - _RIGHT - half)
    canvas.box(x - half - 2, at[1] - 9, x + half + 2, at[1] + 2.5, _PAPER)  # No line through it.
    canvas.add(Words((x, at[1]), text, _SMALL, _INK, "middle"))


def _people(book: Book, who: Presence, foot: Sequence[str]) -> PlotImage:
    title = "Characters by chapter"
    lines = _wrapped(foot)
    rows = len(who.people)
    height = _TOP + 8 + rows * _ROW + _AXIS + 10 + _FOOT * len(lines)
    canvas = Canvas(_WIDTH, height, _PAPER, title)
    canvas.add(Words((0, 18), title, _HEAD, _INK))
    across, bottom = _across(book), _TOP + 8 + rows * _ROW
    for left, right in unscored(book, who):
        canvas.box(across(left), _TOP + 8, across(right), bottom, _SHADE)
    for number, (label, one) in enumerate(zip(distinct_labels(who), who.people, strict=True)):
        top = _TOP + 8 + number * _ROW
        name = Words((_LEFT - 7, top + 16), fitted(label, _TEXT, _LEFT - 9), _TEXT, _INK, "end")
        if not one.is_known:
            name = Words((_LEFT - 7, top + 11), name.text, _TEXT, _INK, "end")
            said = "not in the manuscript"
            canvas.add(Words((_LEFT - 7, top + 21), said, _SMALL - 1.5, _QUIET, "end"))
        canvas.add(name)
        colour = LIGHT["names" if one.is_known else "doubt"]
        for chapter, numbers in one.points.items():
            share = len(numbers) / who.scored.get(chapter, 1)
            fill = mixed(colour, _PAPER, 0.3 + 0.65 * min(share, 1))
            left, right = across(chapter + 0.55), across(chapter + 1.45)
            canvas.box(left, top + 2, right, top + _ROW - 2, fill)
    _axis(canvas, book, bottom + 2, across)
    _feet(canvas, lines)
    return _picture(canvas, title, [presence_in_words(book, who), *foot])


def _across(book: Book) -> Callable[[float], float]:
    count = len(book.glance.stretches)
    return lambda at: _LEFT + (at - 0.5) / count * (_WIDTH - _LEFT - _RIGHT)


def _axis(canvas: Canvas, book: Book, top: float, across: Callable[[float], float]) -> None:
    labels = short_names(book)
    canvas.add(Polyline(((_LEFT, top), (_WIDTH - _RIGHT, top)), _QUIET, 0.8))
    canvas.add(Words((_LEFT - 7, top + 14), "Chapter", _SMALL, _QUIET, "end"))
    free = 0.0
    for number in named(len(labels)):
        text, x = labels[number - 1], across(number)
        half = width_of(text, _SMALL) / 2
        if x - half >= free:  # A name that would run into the one before it is left out.
            canvas.add(Words((x, top + 14), text, _SMALL, _QUIET, "middle"))
            free = x + half + 4


def _feet(canvas: Canvas, lines: Sequence[str]) -> None:
    for number, line in enumerate(reversed(lines)):
        canvas.add(Words((0, canvas.height - 5 - number * _FOOT), line, _SMALL, _QUIET))


def _wrapped(said: Sequence[str]) -> list[str]:
    """Return the words in lines that fit the picture."""
    lines: list[str] = []
    for one in said:
        line = ""
        for word in one.split():
            longer = f"{line} {word}".strip()
            if line and width_of(longer, _SMALL) > _WIDTH:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _picture(canvas: Canvas, title: str, said: Sequence[str]) -> PlotImage:
    text = " ".join(said)
    if canvas.missing:
        text += " This computer has no font for some letters in the picture; the SVG holds them."
    return PlotImage(title, canvas.png(), canvas.svg(), text)
