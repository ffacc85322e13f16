"""A glance as files hold it: JSON with all lists, CSV with one row a chapter."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from components.measures.definitions import DEFINITIONS
from components.measures.glance import Glance, by_chapter
from components.measures.occurrences import Listed

#: What a spreadsheet would take for a formula, also behind white space; a heading or a name may
#: begin so.
_FORMULA = ("=", "+", "-", "@")


def as_json(glance: Glance, *, places: bool = False) -> dict[str, Any]:
    """Return a glance as JSON can hold it; with all `places` if wished.

    A list is None where its measure does not hold for the language.
    """

    def listed(items: Sequence[Listed] | None, **more: str) -> list[dict[str, Any]] | None:
        if items is None:
            return None
        rows = []
        for item in items:
            row: dict[str, Any] = {"label": item.label, "count": len(item.places)}
            for name, field in more.items():
                value = getattr(item, field)
                row[name] = round(value, 3) if isinstance(value, float) else value
            row["by_chapter"] = by_chapter(glance, item.places)
            if places:
                row["places"] = [list(place) for place in item.places]
            rows.append(row)
        return rows

    return {
        "language": glance.language.code or None,
        "quotation_marks": glance.speech.marks or None,
        "told_in_quotation_marks": glance.speech.told,
        "book": glance.book.rounded(),
        "chapters": [
            {"heading": part.heading, "start": part.start, "end": part.end, **chapter.rounded()}
            for part, chapter in zip(glance.stretches, glance.chapters, strict=True)
        ],
        "names": listed(glance.names, variants="variants"),
        "phrases": listed(glance.phrases, words="length", expected="expected"),
        "echoes": listed(glance.echoes, repeats="repeats", zipf="zipf"),
        "adverbs": listed(glance.adverbs),
        "filter_words": listed(glance.filter_words),
        "favourites": listed(glance.favourites, times_usual="times", likelihood="likelihood"),
        "definitions": {
            measure: {
                "rule": definition.rule,
                "source": definition.source,
                "holds_for": definition.where,
            }
            for measure, definition in DEFINITIONS.items()
        },
    }


def as_csv(glance: Glance) -> str:
    """Return the figures of the chapters as CSV, all of them together in the last row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(["chapter", "heading", *glance.book.rounded()])
    for number, (part, row) in enumerate(zip(glance.stretches, glance.chapters, strict=True), 1):
        writer.writerow([number, csv_text(" ".join(part.heading.split())), *row.rounded().values()])
    writer.writerow(["", "All chapters", *glance.book.rounded().values()])
    return written.getvalue()


def csv_text(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    is_formula = text.lstrip().startswith(_FORMULA) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if is_formula else text
