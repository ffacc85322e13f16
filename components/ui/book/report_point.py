"""The passage behind a point of a report's plots: its scores, and the sentence they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from components.evidence import Index
from components.plots import Book, Ground, Point, ground_of
from components.reports import SCALES, Scores
from components.ui.shared.address import passage_address

_NAMES = {
    "tension": "Tension",
    "valence": "Valence, −5 to 5",
    "pace": "Pace",
    "conflict": "Conflict",
}
_SAID = {
    "found": "Found in the manuscript, in this passage.",
    "elsewhere": "Found in the manuscript, but outside this passage.",
    "signs": "Only the punctuation differs from the manuscript.",
    "missing": "Not found in the manuscript: these may be the model’s own words.",
}


def point_html(book: Book, point: Point, index: Index, model: str) -> str:
    """Return all that the model said of a passage as HTML, escaped, with links to the text."""
    chapter = escape(passage_address(book.id, point.start))
    head = f"<h3>{escape(point.name)}</h3>"
    link = f'<p><a href="{chapter}" target="_self">Read {escape(point.name)}</a></p>'
    if point.scores is None:
        return f'<div class="fr-scored">{head}<p>{escape(_nothing(point))}</p>{link}</div>'
    scores = point.scores
    rows = "".join(
        f"<div><dd>{escape(figure(scores, name))}</dd><dt>{escape(title)}</dt></div>"
        for name, title in _NAMES.items()
    )
    about = [
        ("Characters", ", ".join(scores.characters)),
        ("Point of view", scores.point_of_view),
        ("Setting", scores.setting),
        ("What it is for", scores.purpose),
    ]
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{escape(said)}</dd></div>" for name, said in about if said
    )
    return (
        f'<div class="fr-scored">{head}'
        f'<dl class="fr-headline">{rows}</dl>'
        f"<p>{escape(scores.summary)}</p>"
        f'<dl class="fr-facts">{facts}</dl>'
        f"{_evidence(book, ground_of(point, index))}{link}"
        f'<p class="fr-quiet">All of it is the opinion of {escape(model)}.</p></div>'
    )


def point_table(found: Sequence[Point], index: Index) -> dict[str, list[object]]:
    """Return the scores as columns, a row for each passage."""
    columns: dict[str, list[object]] = {"Passage": [one.name for one in found]}
    for name, title in _NAMES.items():
        columns[title] = [one.scores and getattr(one.scores, name) for one in found]
    columns["Characters"] = [
        ", ".join(one.scores.characters) if one.scores else "" for one in found
    ]
    columns["Summary"] = [one.scores.summary if one.scores else _nothing(one) for one in found]
    columns["Sentence"] = [_looked_up(ground_of(one, index)) for one in found]
    return columns


def figure(scores: Scores, name: str) -> str:
    """Say one score: "7 of 10", and "+2" where the scale goes below zero."""
    value, (low, high) = int(getattr(scores, name)), SCALES[name]
    if low < 0:
        return f"{value:+d}".replace("-", "−") if value else "0"
    return f"{value} of {high}"


def _nothing(point: Point) -> str:
    if point.is_waiting:
        return "Not scored yet."
    why = f" {point.step.error}" if point.step.error else ""
    return f"There are no scores of this passage that can be used.{why}"


def _looked_up(ground: Ground | None) -> str:
    if ground is None:
        return ""
    return "found" if ground.state == "found" else _SAID[ground.state].split(":")[0].rstrip(".")


def _evidence(book: Book, ground: Ground | None) -> str:
    if ground is None:
        return "<p>The model gave no sentence that its scores rest on.</p>"
    said = escape(_SAID[ground.state])
    if ground.place is not None:
        address = escape(passage_address(book.id, *ground.place))
        said += f' <a href="{address}" target="_self">Read it there</a>'
    if ground.was_cut:
        said += " The model’s sentence was cut at its longest."
    return f"<blockquote>“{escape(ground.text)}”</blockquote><p>{said}</p>"
