"""A glance as files hold it: JSON with all lists, CSV with one row a chapter."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Protocol

from components.measures.chapter_figures import rounded
from components.measures.definitions import DEFINITIONS
from components.measures.excerpts import stretch_at
from components.measures.glance import Glance
from components.measures.occurrences import Occurrence

#: What a spreadsheet would take for a formula; a heading may begin so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Listed(Protocol):
    """What the lists of a glance have in common."""

    @property
    def label(self) -> str:
        """What it is called."""

    @property
    def places(self) -> tuple[Occurrence, ...]:
        """Where it is, in order."""


def by_chapter(glance: Glance, places: Sequence[Occurrence]) -> list[int]:
    """Return how many of `places` stand in each stretch."""
    counts = [0] * len(glance.stretches)
    for start, _ in places:
        counts[stretch_at(glance, start)] += 1
    return counts


def as_json(glance: Glance, *, places: bool = False) -> dict[str, Any]:
    """Return a glance as JSON can hold it; with all `places` if wished.

    A list is None where its measure does not hold for the language.
    """

    def listed(found: Sequence[Listed] | None, **more: str) -> list[dict[str, Any]] | None:
        if found is None:
            return None
        rows = []
        for one in found:
            row: dict[str, Any] = {"label": one.label, "count": len(one.places)}
            row |= {name: _short(getattr(one, field)) for name, field in more.items()}
            row["by_chapter"] = by_chapter(glance, one.places)
            if places:
                row["places"] = [list(place) for place in one.places]
            rows.append(row)
        return rows

    return {
        "language": glance.language.code or None,
        "language_stated": glance.language.stated,
        "quotation_marks": glance.speech.marks or None,
        "told_in_quotation_marks": glance.speech.told,
        "book": rounded(glance.book),
        "chapters": [
            {"heading": part.heading, "start": part.start, "end": part.end, **rounded(chapter)}
            for part, chapter in zip(glance.stretches, glance.chapters, strict=True)
        ],
        "names": listed(glance.names, variants="variants"),
        "phrases": listed(glance.phrases, words="length", expected="expected"),
        "echoes": listed(glance.echoes, repeats="repeats", zipf="zipf"),
        "adverbs": listed(glance.adverbs),
        "filter_words": listed(glance.filter_words),
        "favourites": listed(glance.favourites, times_usual="times", likelihood="likelihood"),
        "definitions": {
            measure: {"rule": one.rule, "source": one.source, "holds_for": one.where}
            for measure, one in DEFINITIONS.items()
        },
    }


def as_csv(glance: Glance) -> str:
    """Return the figures of the chapters as CSV, the whole book in the last row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    rows = [rounded(one) for one in (*glance.chapters, glance.book)]
    writer.writerow(["chapter", "heading", *rows[0]])
    headings = [_safe(part.heading) for part in glance.stretches]
    for number, (heading, row) in enumerate(zip([*headings, "The book"], rows, strict=True), 1):
        last = number == len(rows)
        writer.writerow(
            ["" if last else number, heading, *("" if one is None else one for one in row.values())]
        )
    return written.getvalue()


def _safe(heading: str) -> str:
    heading = " ".join(heading.split())
    return f"'{heading}" if heading.startswith(_FORMULA) else heading


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
