"""The figures of a report that does not run: what all of its calls took together."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.novel import Report, figures
from components.ui import words


def report_totals(report: Report) -> None:
    """Show the sums in the sidebar; what came from an earlier reading is not counted again."""
    sums = figures(report)
    rows = [
        ("Model", "", report.setting.model),
        ("Context asked for", "num_ctx", f"{report.setting.num_ctx:,}"),
        ("Calls done", "", f"{report.done:,} of {len(report.steps):,}"),
    ]
    if report.copied:
        rows.append(("From an earlier reading", "", f"{report.copied:,}"))
    for name, term, count in (
        ("Tokens read, cached included", "prompt_eval_count", sums.prompt_eval_count),
        ("Tokens written", "eval_count", sums.eval_count),
    ):
        rows += [(name, term, f"{count:,}")] if count is not None else []
    for name, term, took in (
        ("Loading", "load_duration", sums.load_duration),
        ("Reading", "prompt_eval_duration", sums.prompt_eval_duration),
        ("Writing", "eval_duration", sums.eval_duration),
        ("All calls", "total_duration", sums.total_duration),
    ):
        rows += [(name, term, said)] if (said := words.nanoseconds(took)) else []
    html = "".join(
        f"<dt>{escape(name)}{f'<small>{escape(term)}</small>' if term else ''}</dt>"
        f"<dd>{escape(value)}</dd>"
        for name, term, value in rows
    )
    with st.sidebar:
        st.html(f'<dl class="fr-figures" aria-label="Totals">{html}</dl>')
