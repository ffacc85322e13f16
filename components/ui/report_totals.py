"""The figures of a report that does not run: what all of its calls took together."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.novel import Report
from components.ui import words


def report_totals(report: Report) -> None:
    """Show the sums in the sidebar; what came from an earlier reading is not counted again."""
    asked = [one for one in report.steps if one.statistics is not None and not one.is_copied]
    figures = [one.statistics for one in asked if one.statistics is not None]
    rows = [
        ("Model", "", report.setting.model),
        ("Context asked for", "num_ctx", f"{report.setting.num_ctx:,}"),
        ("Calls done", "", f"{report.done:,} of {len(report.steps):,}"),
    ]
    if report.copied:
        rows.append(("From an earlier reading", "", f"{report.copied:,}"))
    if figures:
        read = sum(one.prompt_eval_count or 0 for one in figures)
        written = sum(one.eval_count or 0 for one in figures)
        rows += [
            ("Tokens read, cached included", "prompt_eval_count", f"{read:,}"),
            ("Tokens written", "eval_count", f"{written:,}"),
            *_time("Loading", "load_duration", [one.load_duration for one in figures]),
            *_time("Reading", "prompt_eval_duration", [x.prompt_eval_duration for x in figures]),
            *_time("Writing", "eval_duration", [one.eval_duration for one in figures]),
            *_time("All calls", "total_duration", [one.total_duration for one in figures]),
        ]
    html = "".join(
        f"<dt>{escape(name)}{f'<small>{escape(term)}</small>' if term else ''}</dt>"
        f"<dd>{escape(value)}</dd>"
        for name, term, value in rows
    )
    with st.sidebar:
        st.html(f'<dl class="fr-figures" aria-label="Totals">{html}</dl>')


def _time(name: str, term: str, values: list[int | None]) -> list[tuple[str, str, str]]:
    known = [one for one in values if one is not None]
    said = words.nanoseconds(sum(known)) if known else None
    return [] if said is None else [(name, term, said)]
