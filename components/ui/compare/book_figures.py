"""The figures of whole-book reports beside each other: calls, tokens, time, what was quoted."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.reports import ModelComparison, QuotationCounts, totals
from components.ui.shared import labels
from components.ui.shared.tables import table


def book_figures(differing: ModelComparison, names: Sequence[str]) -> None:
    """Show a table with a column for each report; what was copied from before counts no time."""
    sums = [totals(report) for report in differing.reports]
    rows = [
        _row(
            "Answers",
            "done",
            [f"{report.done:,} of {len(report.steps):,}" for report in differing.reports],
        ),
        _row("Answered before", "copied", [f"{report.copied:,}" for report in differing.reports]),
        _row("Retries", "", [f"{one.retries:,}" for one in sums]),
        _count("Tokens read", "prompt_eval_count", [one.prompt_eval_count for one in sums]),
        _count("Tokens written", "eval_count", [one.eval_count for one in sums]),
        _time("Reading", "prompt_eval_duration", [one.prompt_eval_duration for one in sums]),
        _time("Writing", "eval_duration", [one.eval_duration for one in sums]),
        _time("In all", "total_duration", [one.total_duration for one in sums]),
        _row("Quotations found", "in the manuscript", [_quoted(one) for one in differing.checked]),
        _row(
            "Passages without scores",
            "no usable answer",
            [f"{len(report.without_scores):,}" for report in differing.reports],
        ),
    ]
    st.header("Figures", anchor=False)
    st.html(table("Figures", ("", *map(escape, names)), rows, kind="fr-compared"))


def _count(name: str, term: str, values: Sequence[int | None]) -> str:
    return _row(name, term, ["" if value is None else f"{value:,}" for value in values])


def _time(name: str, term: str, values: Sequence[int | None]) -> str:
    return _row(name, term, [labels.nanoseconds(value) or "" for value in values])


def _quoted(checked: QuotationCounts) -> str:
    if checked.share is None:
        return "none quoted"
    return f"{checked.found:,} of {checked.quotations:,} ({checked.share:.0%})"


def _row(name: str, term: str, values: Sequence[str]) -> str:
    small = f"<small>{escape(term)}</small>" if term else ""
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    return f"<tr><td>{escape(name)}{small}</td>{cells}</tr>"
