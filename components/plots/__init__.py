"""Plots of a whole book over one chapter axis: counted measures, and a model's opinion.

`Book` holds the axis; `passage_points` are the passages that a report scores, `opinions` and
`counts` the panels of them and of the chapters, `presence` who is where. `draw_panel` and
`draw_presence` make Altair charts of them, `measure_charts` those of the book at a glance;
`static_plots` makes pictures for files, `comparison_charts` draws comparisons: each is imported
separately.
"""

from components.plots import measure_charts
from components.plots.altair_charts import draw_panel, draw_presence
from components.plots.chapter_axis import Book
from components.plots.palette import DARK, LIGHT, Palette
from components.plots.panels import Panel, counts, opinions
from components.plots.passage_points import (
    Ground,
    Point,
    coverage,
    ground_of,
    passage_points,
    whose,
)
from components.plots.presence import presence

__all__ = [
    "DARK",
    "LIGHT",
    "Book",
    "Ground",
    "Palette",
    "Panel",
    "Point",
    "counts",
    "coverage",
    "draw_panel",
    "draw_presence",
    "ground_of",
    "measure_charts",
    "opinions",
    "passage_points",
    "presence",
    "whose",
]
