"""Panels and presence as Altair charts: a click anywhere over a passage picks it.

A selection called `picked` gives the number of the passage, as `point`.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from components.plots.chapter_axis import Book, chapter_axis, left_axis
from components.plots.descriptions import panel_in_words, presence_in_words
from components.plots.palette import Palette
from components.plots.panels import Panel, PanelMark
from components.plots.presence import Presence

#: Pixels of a panel with its title, of a row of the presence, of what stands above and below.
_HEIGHT, _ROW, _AROUND = 160, 29, 72
#: How much room a scale has above its highest and below its lowest value, as a share of it.
_ROOM = 0.12
_GAP = 0.05
_LABEL = 11
#: So many points are drawn smaller: they would touch on a narrow screen.
_MANY = 30
_SHADE = 0.13
_NOT_THERE = "not in the manuscript"
#: An expression that parts a label into its lines; the label itself is data, whoever wrote it.
_LINES, _IS_TWO = "split(datum.label, '\\n')", "indexof(datum.label, '\\n') > 0"


def draw_panel(book: Book, panel: Panel, colours: Palette) -> alt.LayerChart:
    """Draw a panel: a line through the passages, bars of the chapters, or a line over its band."""
    chapters = len(book.glance.stretches)
    rows = [_row(panel, mark) for mark in panel.marks]
    known = [row for row in rows if row["value"] is not None]
    runs = [
        _row(panel, one) | {"run": number} for number, run in enumerate(panel.runs()) for one in run
    ]
    picked = alt.selection_point(name="picked", fields=["point"], empty=False)
    x, y = chapter_axis(book, "at"), _scale(panel)
    along = chapter_axis(book, "left")
    layers: list[alt.Chart] = [_shades(along, panel.gaps(chapters), colours)]
    if panel.low < 0 < panel.high:
        zero = alt.Chart(alt.InlineData(values=[{"value": 0}]))
        layers.append(zero.mark_rule(color=colours["quiet"], opacity=0.6).encode(y="value:Q"))
    if panel.kind == "bars":
        layers.append(
            _data(known)
            .mark_rect(color=colours[panel.key], opacity=0.62)
            .encode(x=along, x2="right:Q", y=y, y2=alt.datum(0))
        )
    if panel.kind == "band":
        layers.append(
            _data(runs)
            .mark_area(color=colours[panel.key], opacity=0.26)
            .encode(x=x, y=alt.Y("low:Q"), y2="high:Q", detail="run:N")
        )
    if panel.kind != "bars":
        layers.append(
            _data(runs)
            .mark_line(color=colours[panel.key], strokeWidth=2)
            .encode(x=x, y=y, detail="run:N")
        )
        size = 46 if len(known) <= _MANY else 20
        layers.append(
            _data(known)
            .mark_circle(color=colours[panel.key], size=size, opacity=1)
            .encode(x=x, y=y)
        )
    layers.append(_labels(panel, colours))
    layers.append(_columns(panel, rows, colours, picked))
    return alt.LayerChart(layer=layers).properties(
        height=_HEIGHT,
        title=_title(panel.title, panel.unit, colours),
        description=panel_in_words(panel, chapters),
    )


def draw_presence(book: Book, found: Presence, colours: Palette) -> alt.LayerChart:
    """Draw a row for each character and a field for each chapter that names them.

    Chapters without any score are shaded; a name that the manuscript never has says so.
    """
    labels = distinct_labels(found)
    rows = [
        {
            "row": label if one.is_known else f"{label}\n{_NOT_THERE}",
            "who": ", ".join((one.label, *one.also)),
            "known": one.is_known,
            "point": numbers[0],
            "left": chapter + 0.5 + _GAP,
            "right": chapter + 1.5 - _GAP,
            "name": book.name(chapter),
            "value": len(numbers),
            "share": len(numbers) / found.scored.get(chapter, 1),
            "said": f"{len(numbers)} of {found.scored.get(chapter, 0)} scored",
        }
        for label, one in zip(labels, found.people, strict=True)
        for chapter, numbers in one.points.items()
    ]
    picked = alt.selection_point(name="picked", fields=["row", "point"], empty=False)
    order = [str(row["row"]) for row in rows]
    y = alt.Y(
        "row:N",
        sort=list(dict.fromkeys(order)),
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
    fields = (
        _data(rows)
        .mark_rect(cursor="pointer")
        .encode(
            x=chapter_axis(book, "left"),
            x2="right:Q",
            y=y,
            color=alt.condition(
                "datum.known", alt.value(colours["names"]), alt.value(colours["doubt"])
            ),
            opacity=alt.Opacity(
                "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 0.95])
            ).legend(None),
            stroke=alt.condition(picked, alt.value(colours["ink"]), alt.value(None)),
            strokeWidth=alt.value(2),
            tooltip=[
                alt.Tooltip("who:N", title="Who"),
                alt.Tooltip("name:N", title="Chapter"),
                alt.Tooltip("said:N", title="Passages"),
            ],
        )
        .add_params(picked)
    )
    shaded = _shades(chapter_axis(book, "left"), unscored(book, found), colours)
    return alt.LayerChart(layer=[shaded, fields]).properties(
        height=_ROW * len(found.people) + _AROUND,
        title=_title("Characters", "the stronger, the more of a chapter’s passages", colours),
        description=presence_in_words(book, found),
    )


def unscored(book: Book, found: Presence) -> list[tuple[float, float]]:
    """Return the chapters of which there is no score, as stretches of the axis."""
    return [
        (chapter + 0.5, chapter + 1.5)
        for chapter in range(len(book.glance.stretches))
        if chapter not in found.scored
    ]


def distinct_labels(found: Presence) -> list[str]:
    """Return what stands beside each row: no two rows alike, or they would fall together."""
    seen: dict[str, int] = {}
    labels = []
    for one in found.people:
        seen[one.label] = seen.get(one.label, 0) + 1
        labels.append(one.label if seen[one.label] == 1 else f"{one.label} ({seen[one.label]})")
    return labels


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


def _row(panel: Panel, one: PanelMark) -> dict[str, Any]:
    return {
        "point": one.point,
        "name": one.name,
        "left": one.left,
        "right": one.right,
        "at": one.at,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "said": "no scores" if one.value is None and panel.is_opinion else panel.said(one.value),
    }


def _data(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _shades(along: alt.X, gaps: list[tuple[float, float]], colours: Palette) -> alt.Chart:
    """Shade what has no score, over the whole height."""
    rows = [{"left": left, "right": right} for left, right in gaps]
    shaded: alt.Chart = (
        _data(rows)
        # The description of the panel says in words where no score is.
        .mark_rect(color=colours["quiet"], opacity=_SHADE, aria=False)
        .encode(x=along, x2="right:Q", y=alt.value(0), y2=alt.value("height"))
    )
    return shaded


def _labels(panel: Panel, colours: Palette) -> alt.Chart:
    """Write the highest value at its place, over its band."""
    rows = [
        _row(panel, one) | {"top": one.value if one.high is None else one.high}
        for one in (panel.highest,)
        if one is not None
    ]
    labels: alt.Chart = (
        _data(rows)
        .mark_text(dy=-9, fontSize=_LABEL, color=colours["ink"])
        .encode(x="at:Q", y="top:Q", text="said:N")
    )
    return labels


def _columns(
    panel: Panel, rows: list[dict[str, Any]], colours: Palette, picked: alt.Parameter
) -> alt.Chart:
    """Lay a field over each passage, which can be hit however small its point is."""
    title = panel.title if panel.is_opinion else f"{panel.title}, counted"
    columns: alt.Chart = (
        _data(rows)
        .mark_rect(cursor="pointer", color=colours[panel.key])
        .encode(
            x="left:Q",
            x2="right:Q",
            y=alt.value(0),
            y2=alt.value("height"),
            opacity=alt.condition(picked, alt.value(_SHADE), alt.value(0)),
            tooltip=[
                alt.Tooltip("name:N", title="Where"),
                alt.Tooltip("said:N", title=title),
            ],
        )
        .add_params(picked)
    )
    return columns
