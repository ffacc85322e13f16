"""What a plot shows, in words: for whoever cannot see it, and for files."""

from __future__ import annotations

from collections.abc import Sequence

from components.plots.chapter_axis import Book
from components.plots.panels import Panel
from components.plots.presence import Presence

#: Names that are told of a presence.
_TOLD = 5


def whose(model: str) -> str:
    """Say whose opinion the scores are."""
    return f"Scores are the opinion of the model {model} on each passage. Nothing of it is counted."


def panel_in_words(panel: Panel, chapters: int) -> str:
    """Say where a panel is highest and lowest, and whether it has gaps."""
    high, low = panel.highest, panel.lowest
    if high is None or low is None:
        return f"{panel.title}: no values."
    if high.value == low.value:
        said = f"{panel.title} ({panel.unit}) is {panel.said(high.value)} throughout."
    else:
        said = (
            f"{panel.title} ({panel.unit}) is highest in {high.name} ({panel.said(high.value)}"
            f"{_others(panel, high.value)}) and lowest in {low.name} ({panel.said(low.value)}"
            f"{_others(panel, low.value)})."
        )
    gaps = len(panel.gaps(chapters))
    if gaps:
        said += f" It has {gaps} {'gap' if gaps == 1 else 'gaps'} where there is no value."
    return said


def presence_in_words(book: Book, found: Presence) -> str:
    """Say who is in most chapters, and which names the manuscript does not have."""
    if not found.people:
        return "The model named no characters."
    chapters = len(book.glance.stretches)
    told = [f"{one.label} in {len(one.points):,}" for one in found.people[:_TOLD]]
    said = f"Of {chapters:,} chapters, the model names {_listed(told)}."
    if found.total > len(found.people):
        said += f" {found.total:,} names in all, of which {len(found.people)} are shown."
    unknown = [one.label for one in found.people if not one.is_known]
    if unknown:
        said += f" Not in the manuscript: {_listed(unknown)}."
    return said


def _others(panel: Panel, value: float | None) -> str:
    same = sum(one.value == value for one in panel.known) - 1
    return f", as in {same:,} {'other' if same == 1 else 'others'}" if same else ""


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
