"""Plots of a whole book over one chapter axis: what is counted, and what a model thinks of it.

Public: `Book` holds the axis; `points` are the passages that a report scores, `opinions` and
`counts` what of them and of the chapters is drawn, `presence` who is where; `draw_panel` and
`draw_presence` make Altair charts of it, `counted` has those of the book at a glance, `still` makes
pictures for files and is imported by whoever needs it.
"""

from components.plots import counted
from components.plots.axis import Book
from components.plots.drawn import draw_panel, draw_presence
from components.plots.palette import DARK, LIGHT, Palette
from components.plots.panels import Mark, Panel, counts, opinions
from components.plots.people import Person, Presence, presence
from components.plots.points import Point, coverage, points
from components.plots.saying import panel_in_words, presence_in_words, whose

__all__ = [
    "DARK",
    "LIGHT",
    "Book",
    "Mark",
    "Palette",
    "Panel",
    "Person",
    "Point",
    "Presence",
    "counted",
    "counts",
    "coverage",
    "draw_panel",
    "draw_presence",
    "opinions",
    "panel_in_words",
    "points",
    "presence",
    "presence_in_words",
    "whose",
]
