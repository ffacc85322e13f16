"""Panels and presence as Altair charts: a click anywhere over a passage picks it.

A selection called `picked` gives the number of the passage, as `point`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import altair as alt

from components.plots.chapter_axis import Book, chapter_axis, left_axis
from components.plots.palette import Palette
from components.plots.panels import Panel, PanelMark
from components.plots.presence import Presence

#: Pixels of a panel with its title, of a row of the presence, of the space around its rows.
_HEIGHT, _ROW, _AROUND = 160, 29, 72
#: Space above the highest and below the lowest value, as a share of the scale.
_ROOM = 0.12
_GAP = 0.05
_LABEL = 11
#: So many points are drawn smaller: they would touch on a narrow screen.
_MANY = 30
_SHADE = 0.13
_NOT_THERE = "not in the manuscript"
#: An expression that splits a label into its lines; the label itself is data, whoever wrote it.
_LINES, _IS_TWO = "split(datum.label, '\\n')", "indexof(datum.label, '\\n') > 0"


def draw_panel(book: Book, panel: Panel, colours: Palette) -> alt.LayerChart:
    """Draw a panel: a line through the passages, bars of the chapters, or a line over its band."""
    rows = [_row(panel, mark) for mark in panel.marks]
    known = [row for row in rows if row["value"] is not None]
    in_runs = [(number, mark) for number, run in enumerate(panel.runs()) for mark in run]
    runs = data([_row(panel, mark) | {"run": number} for number, mark in in_runs])
    picked = alt.selection_point(name="picked", fields=["point"], empty=False)
    along, x, y = chapter_axis(book, "left"), chapter_axis(book, "at"), _scale(panel)
    colour = colours[panel.key]
    layers = [_shades(book, panel.gaps(book.chapters), colours)]
    if panel.low < 0 < panel.high:
        zero = data([{"value": 0}]).mark_rule(color=colours["quiet"], opacity=0.6)
        layers.append(zero.encode(y="value:Q"))
    if panel.kind == "bars":
        bars = data(known).mark_rect(color=colour, opacity=0.62)
        layers.append(bars.encode(x=along, x2="right:Q", y=y, y2=alt.datum(0)))
    if panel.kind == "band":
        band = runs.mark_area(color=colour, opacity=0.26)
        layers.append(band.encode(x=x, y=alt.Y("low:Q"), y2="high:Q", detail="run:N"))
    if panel.kind != "bars":
        line = runs.mark_line(color=colour, strokeWidth=2)
        layers.append(line.encode(x=x, y=y, detail="run:N"))
        size = 46 if len(known) <= _MANY else 20
        dots = data(known).mark_circle(color=colour, size=size, opacity=1)
        layers.append(dots.encode(x=x, y=y))
    highest = panel.highest
    peak = data([] if highest is None else [_row(panel, highest) | {"top": highest.top}])
    label = peak.mark_text(dy=-9, fontSize=_LABEL, color=colours["ink"])
    layers.append(label.encode(x="at:Q", y="top:Q", text="said:N"))
    # A field over each passage can be hit however small its point is.
    title = panel.title if panel.is_opinion else f"{panel.title}, counted"
    opacity = alt.condition(picked, alt.value(_SHADE), alt.value(0))
    where, said = ("name:N", "Where"), ("said:N", title)
    layers.append(hit_columns(rows, picked, where, said, opacity=opacity, colour=colour))
    return alt.LayerChart(layer=layers).properties(
        height=_HEIGHT,
        title=_title(panel.title, panel.unit, colours),
        description=panel.in_words(book.chapters),
    )


def draw_presence(book: Book, presence: Presence, colours: Palette) -> alt.LayerChart:
    """Draw a row for each character and a field for each chapter that names them.

    Chapters without any score are shaded; a name that the manuscript never has says so.
    """
    rows = [
        {
            "row": person.label if person.is_known else f"{person.label}\n{_NOT_THERE}",
            "who": ", ".join((person.label, *person.also)),
            "known": person.is_known,
            "point": numbers[0],
            "left": chapter + 0.5 + _GAP,
            "right": chapter + 1.5 - _GAP,
            "name": book.name(chapter),
            "value": len(numbers),
            "share": presence.share(person, chapter),
            "said": f"{len(numbers)} of {presence.scored[chapter]} scored",
        }
        for person in presence.people
        for chapter, numbers in person.points.items()
    ]
    picked = alt.selection_point(name="picked", fields=["row", "point"], empty=False)
    y = alt.Y(
        "row:N",
        sort=list(dict.fromkeys(str(row["row"]) for row in rows)),
        axis=left_axis(
            ticks=False,
            domain=False,
            grid=False,
            labelExpr=_LINES,
            labelFontSize=11,
            labelLineHeight=12,
            # Lines go down from the first: two of them begin half a line higher.
            labelOffset={"condition": {"test": _IS_TWO, "value": -6}, "value": 0},
            labelOverlap=False,
        ),
        scale=alt.Scale(paddingInner=0.16),
    )
    known, doubtful = alt.value(colours["names"]), alt.value(colours["doubt"])
    shares = alt.Scale(domain=[0, 1], range=[0.3, 0.95])
    fields: alt.Chart = (
        data(rows)
        .mark_rect(cursor="pointer")
        .encode(
            x=chapter_axis(book, "left"),
            x2="right:Q",
            y=y,
            color=alt.condition("datum.known", known, doubtful),
            opacity=alt.Opacity("share:Q", scale=shares).legend(None),
            stroke=alt.condition(picked, alt.value(colours["ink"]), alt.value(None)),
            strokeWidth=alt.value(2),
            tooltip=tooltip(("who:N", "Who"), ("name:N", "Chapter"), ("said:N", "Passages")),
        )
    )
    shaded = _shades(book, presence.gaps(book.chapters), colours)
    return alt.LayerChart(layer=[shaded, fields.add_params(picked)]).properties(
        height=_ROW * len(presence.people) + _AROUND,
        title=_title("Characters", "the stronger, the more of a chapter’s passages", colours),
        description=presence.in_words(book.chapters),
    )


def data(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    """Return a chart of these rows, without a mark."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def tooltip(*lines: tuple[str, ...]) -> list[alt.Tooltip]:
    """Return the lines of a tooltip: each a field, its title and, for some, its d3 format."""
    return [
        alt.Tooltip(field, title=title, format=form[0] if form else alt.Undefined)
        for field, title, *form in lines
    ]


def hit_columns(
    rows: Sequence[dict[str, Any]],
    picked: alt.Parameter,
    *lines: tuple[str, ...],
    opacity: Any = alt.value(0),  # noqa: B008
    colour: str = "black",
) -> alt.Chart:
    """Lay a field as high as the plot over each row, from its `left` to its `right`, for clicks."""
    columns: alt.Chart = (
        data(rows)
        .mark_rect(cursor="pointer", color=colour)
        .encode(
            x="left:Q",
            x2="right:Q",
            y=alt.value(0),
            y2=alt.value("height"),
            opacity=opacity,
            tooltip=tooltip(*lines),
        )
    )
    return columns.add_params(picked)


def _title(title: str, unit: str, colours: Palette) -> alt.TitleParams:
    return alt.TitleParams(
        text=title,
        subtitle=unit,
        anchor="start",
        frame="bounds",
        fontSize=14,
        subtitleFontSize=12,
        subtitleColor=colours["quiet"],
        color=colours["ink"],
        offset=4,
        subtitlePadding=1,
    )


def _scale(panel: Panel) -> alt.Y:
    room = _ROOM * (panel.high - panel.low)
    low = panel.low - (room if panel.is_opinion else 0)
    form = ".0%" if "%" in panel.form else ",.0f"
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[low, panel.high + room], nice=False, zero=False),
        axis=left_axis(values=list(panel.ticks), format=form, gridOpacity=0.4, labelOverlap=False),
    )


def _row(panel: Panel, mark: PanelMark) -> dict[str, Any]:
    is_missing = mark.value is None and panel.is_opinion
    text = "no scores" if is_missing else panel.format(mark.value)
    return asdict(mark) | {"at": mark.at, "said": text}


def _shades(book: Book, gaps: list[tuple[float, float]], colours: Palette) -> alt.Chart:
    """Shade stretches without a score, over the whole height."""
    stretches = data([{"left": left, "right": right} for left, right in gaps])
    # The description of the panel says in words where no score is.
    shaded = stretches.mark_rect(color=colours["quiet"], opacity=_SHADE, aria=False)
    whole: alt.Chart = shaded.encode(
        x=chapter_axis(book, "left"), x2="right:Q", y=alt.value(0), y2=alt.value("height")
    )
    return whole
