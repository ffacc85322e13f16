"""The figures of whole-book reports beside each other: calls, tokens, time, what was quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from components.engine import Statistics
from components.novel import Checked, Differing, Report
from components.store import Done
from components.ui import words


def book_figures(differing: Differing, names: Sequence[str]) -> None:
    """Show a table with a column for each report; what was copied from before counts no time."""
    head = "".join(f"<th>{escape(one)}</th>" for one in names)
    rows = [
        _row(
            "Answers", "done", [f"{one.done:,} of {len(one.steps):,}" for one in differing.reports]
        ),
        _row("Answered before", "copied", [f"{one.copied:,}" for one in differing.reports]),
        _row("Retries", "", [f"{_retries(one):,}" for one in differing.reports]),
        _sum("Tokens read", "prompt_eval_count", differing, lambda s: s.prompt_eval_count),
        _sum("Tokens written", "eval_count", differing, lambda s: s.eval_count),
        _time("Reading", "prompt_eval_duration", differing, lambda s: s.prompt_eval_duration),
        _time("Writing", "eval_duration", differing, lambda s: s.eval_duration),
        _time("In all", "total_duration", differing, lambda s: s.total_duration),
        _row("Quotations found", "in the manuscript", [_quoted(one) for one in differing.checked]),
        _row(
            "Passages without scores",
            "no usable answer",
            [f"{len(one.without_scores):,}" for one in differing.reports],
        ),
    ]
    st.subheader("Figures", anchor=False)
    st.html(
        '<div class="fr-table fr-compared"><table aria-label="Figures"><thead><tr><th></th>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _asked(report: Report) -> list[Done]:
    """Return the steps that this report itself had answered, with figures."""
    return [one for one in report.steps if one.statistics is not None and not one.is_copied]


def _retries(report: Report) -> int:
    return sum(max(one.attempt - 1, 0) for one in report.steps if not one.is_copied)


def _known(report: Report, value: Callable[[Statistics], int | None]) -> int | None:
    """Return a sum over the steps; None where no step says it."""
    found = [value(one.statistics) for one in _asked(report) if one.statistics is not None]
    known = [one for one in found if one is not None]
    return sum(known) if known else None


def _sum(
    name: str, term: str, differing: Differing, value: Callable[[Statistics], int | None]
) -> str:
    sums = [_known(one, value) for one in differing.reports]
    return _row(name, term, ["" if one is None else f"{one:,}" for one in sums])


def _time(
    name: str, term: str, differing: Differing, value: Callable[[Statistics], int | None]
) -> str:
    sums = [_known(one, value) for one in differing.reports]
    return _row(name, term, [words.nanoseconds(one) or "" for one in sums])


def _quoted(checked: Checked) -> str:
    if checked.share is None:
        return "none quoted"
    return f"{checked.found:,} of {checked.quotations:,} ({checked.share:.0%})"


def _row(name: str, term: str, values: Sequence[str]) -> str:
    small = f"<small>{escape(term)}</small>" if term else ""
    cells = "".join(f"<td>{escape(one)}</td>" for one in values)
    return f"<tr><td>{escape(name)}{small}</td>{cells}</tr>"
