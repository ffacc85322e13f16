"""The plots of what is counted, as Altair charts over the shared chapter axis.

A selection called `picked` says what was clicked; the caller listens to it.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from components.measures import Favourite, Listed, by_chapter, stretch_at
from components.plots.altair_charts import data, hit_columns, tooltip
from components.plots.chapter_axis import Book, chapter_axis, left_axis
from components.plots.palette import Palette

_GAP = 0.06
_LABEL = 11

#: Points along a book, at most, and sentences for one point, at least.
_POINTS = 120
_SENTENCES = 8


def bars(
    book: Book, values: Sequence[float | None], of: str, colours: Palette, *, what: str, form: str
) -> alt.LayerChart:
    """Draw one bar a chapter; the highest says its figure, the whole column can be clicked.

    `form` is a format of d3; `what` names the value in the tooltip of a bar.
    """
    known = [row for row in _rows(book, values) if row["value"] is not None]
    highest = max(known, key=lambda row: float(row["value"]), default=None)
    picked = alt.selection_point(name="picked", fields=["chapter"])
    axis = left_axis(format=form, tickCount=3, gridOpacity=0.5)
    drawn = (
        data(known)
        .mark_rect(color=colours[of])
        .encode(
            x=chapter_axis(book, "left"),
            x2="right:Q",
            y=alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=True, nice=True)),
            y2=alt.datum(0),
            opacity=alt.condition(picked, alt.value(1), alt.value(0.55)),
        )
    )
    label = data([highest] if highest else []).mark_text(
        dy=-7, fontSize=_LABEL, color=colours["ink"]
    )
    said = label.encode(x="chapter:Q", y="value:Q", text=alt.Text("value:Q", format=form))
    columns = hit_columns(known, picked, ("heading:N", "Chapter"), ("value:Q", what, form))
    return alt.LayerChart(layer=[drawn, said, columns])


def rhythm(book: Book, points: Sequence[dict[str, Any]], colours: Palette) -> alt.LayerChart:
    """Draw the median sentence length along the book over the band of the middle half."""
    base, colour = data(points).encode(x=chapter_axis(book, "at")), colours["rhythm"]
    y = alt.Y("middle:Q", axis=left_axis(tickCount=4, gridOpacity=0.5), scale=alt.Scale(zero=True))
    band = base.mark_area(color=colour, opacity=0.28, interpolate="monotone")
    line = base.mark_line(color=colour, strokeWidth=2, interpolate="monotone")
    picked = alt.selection_point(name="picked", fields=["sentence"], nearest=True, empty=False)
    dots = base.mark_circle(color=colour, size=90, cursor="pointer").encode(
        y=y,
        opacity=alt.condition(picked, alt.value(1), alt.value(0)),
        tooltip=tooltip(
            ("heading:N", "Chapter"),
            ("middle:Q", f"Median, {book.glance.language.unit}", ".0f"),
            ("low:Q", "First quartile", ".0f"),
            ("high:Q", "Third quartile", ".0f"),
        ),
    )
    layers = [band.encode(y=alt.Y("low:Q"), y2="high:Q"), line.encode(y=y), dots.add_params(picked)]
    return alt.LayerChart(layer=layers)


def sentences_per_point(book: Book) -> int:
    """Return how many sentences one point of the rhythm stands for."""
    return max(_SENTENCES, -(-len(book.glance.lengths) // _POINTS))


def rhythm_points(book: Book) -> list[dict[str, object]]:
    """Return the quartiles of sentence lengths along the book, one point for several sentences."""
    step, glance = sentences_per_point(book), book.glance
    points: list[dict[str, object]] = []
    for first in range(0, len(glance.lengths), step):
        low, middle, high = np.percentile(glance.lengths[first : first + step], (25, 50, 75))
        at = glance.sentences[min(first + step // 2, len(glance.sentences) - 1)][0]
        points.append(
            {
                "sentence": first,
                "at": book.position(at),
                "heading": book.name(stretch_at(glance, at)),
                "low": float(low),
                "middle": float(middle),
                "high": float(high),
            }
        )
    return points


def grid(book: Book, items: Sequence[Listed], of: str, colours: Palette) -> alt.Chart:
    """Draw a row an item and a field a chapter, the stronger the more often it is there."""
    rows = []
    for number, (item, label) in enumerate(zip(items, _labels(items), strict=True)):
        for row in _rows(book, by_chapter(book.glance, item.places)):
            words = max(book.glance.chapters[row["chapter"] - 1].counted_words, 1)
            rate = 1000 * row["value"] / words
            rows.append(row | {"row": label, "item": number, "rate": rate})
    picked = alt.selection_point(name="picked", fields=["item", "chapter"])
    strength = alt.Scale(type="sqrt", range=[colours["paper"], colours[of]], zero=True)
    fields: alt.Chart = (
        data(rows)
        .mark_rect(cursor="pointer")
        .encode(
            x=chapter_axis(book, "left"),
            x2="right:Q",
            y=alt.Y("row:N", sort=None, axis=left_axis(ticks=False, domain=False)),
            color=alt.Color("rate:Q", legend=None, scale=strength),
            opacity=alt.condition(picked, alt.value(1), alt.value(0.55)),
            tooltip=tooltip(
                ("row:N", "What"),
                ("heading:N", "Chapter"),
                ("value:Q", "Times", ",d"),
                ("rate:Q", "In a thousand words", ".1f"),
            ),
        )
    )
    return fields.add_params(picked)


def strip(book: Book, items: Sequence[Listed], of: str, colours: Palette) -> alt.Chart:
    """Draw a row an item, with a stroke at each of its occurrences."""
    rows = [
        {
            "row": label,
            "item": number,
            "place": place,
            "at": (at := book.position(start)),
            "heading": book.name(int(at - 0.5)),
        }
        for number, (item, label) in enumerate(zip(items, _labels(items), strict=True))
        for place, (start, _) in enumerate(item.places)
    ]
    picked = alt.selection_point(name="picked", fields=["item", "place"], nearest=True)
    strokes = data(rows).mark_tick(color=colours[of], thickness=2.5, size=14, cursor="pointer")
    fields: alt.Chart = strokes.encode(
        x=chapter_axis(book, "at"),
        y=alt.Y("row:N", sort=None, axis=left_axis(ticks=False, domain=False, grid=True)),
        opacity=alt.condition(picked, alt.value(0.95), alt.value(0.45)),
        tooltip=tooltip(("row:N", "What"), ("heading:N", "Chapter")),
    )
    return fields.add_params(picked)


def _labels(items: Sequence[Listed]) -> list[str]:
    """Return what stands beside the row of each item: two of one label would fall together."""
    labels = [item.label for item in items]
    for number, item in enumerate(items):
        if isinstance(item, Favourite):
            labels[number] += f" ×{item.times:,.{0 if item.times >= 10 else 1}f}"
    return [
        label if labels.count(label) == 1 else f"{label} ({number})"
        for number, label in enumerate(labels, 1)
    ]


def _rows(book: Book, values: Sequence[float | None]) -> list[dict[str, Any]]:
    return [
        {
            "chapter": number,
            "left": number - 0.5 + _GAP,
            "right": number + 0.5 - _GAP,
            "heading": book.name(number - 1),
            "value": value,
        }
        for number, value in enumerate(values, 1)
    ]
