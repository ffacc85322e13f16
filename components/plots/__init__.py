"""Plots of a whole book over one chapter axis: what is counted, and what a model thinks of it."""

from components.plots import counted
from components.plots.axis import Book
from components.plots.palette import DARK, LIGHT, Palette

__all__ = ["DARK", "LIGHT", "Book", "Palette", "counted"]
