"""Plots of a whole book over one chapter axis: what is counted, and what a model thinks of it.

Public: `Book` holds the axis; `passage_points` are the passages that a report scores, `opinions`
and `counts` what of them and of the chapters is drawn, `presence` who is where; `draw_panel` and
`draw_presence` make Altair charts of it, `measure_charts` has those of the book at a glance,
`static_plots` makes pictures for files and is imported by whoever needs it.
"""

from components.plots import measure_charts
from components.plots.altair_charts import draw_panel, draw_presence
from components.plots.chapter_axis import Book
from components.plots.descriptions import panel_in_words, presence_in_words, whose
from components.plots.palette import DARK, LIGHT, Palette
from components.plots.panels import Panel, PanelMark, counts, opinions
from components.plots.passage_points import Point, coverage, passage_points
from components.plots.presence import Person, Presence, presence

__all__ = [
    "DARK",
    "LIGHT",
    "Book",
    "Palette",
    "Panel",
    "PanelMark",
    "Person",
    "Point",
    "Presence",
    "counts",
    "coverage",
    "draw_panel",
    "draw_presence",
    "measure_charts",
    "opinions",
    "panel_in_words",
    "passage_points",
    "presence",
    "presence_in_words",
    "whose",
]
