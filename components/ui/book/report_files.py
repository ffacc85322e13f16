"""A whole-book report to take away.

Each file is made when it is asked for, from the report as it stands at that moment, in a thread of
Streamlit's beside the page: nothing of it costs a page that is only looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.evidence import Index
from components.export import (
    Contents,
    report_docx,
    report_html,
    report_json,
    report_markdown,
    report_sections,
)
from components.plots.static_plots import PlotImage
from components.reports import Report, open_report
from components.ui.shared.download_row import download_row
from components.ui.shared.visit import Visit

#: Pictures of the plots, or what makes them when a file is asked for.
Pictures = Sequence[PlotImage] | Callable[[Report], Sequence[PlotImage]]


def report_files(visit: Visit, report: Report, pictures: Pictures = ()) -> None:
    """Offer the report as Word, HTML, Markdown and JSON."""
    if not report.is_complete:
        st.caption("The report is not complete; a file says so and holds what there is.")

    def laid_out(write: Callable[[Contents], str | bytes]) -> Callable[[], str | bytes]:
        def make() -> str | bytes:
            now = _now(visit, report)
            made = pictures(now) if callable(pictures) else pictures
            index = Index(now.manuscript)
            return write(
                report_sections(now, index, pictures=made, ollama=visit.app.ollama_versions())
            )

        return make

    def as_json() -> str:
        now = _now(visit, report)
        return report_json(now, Index(now.manuscript), ollama=visit.app.ollama_versions())

    download_row(
        report.manuscript.title,
        "report",
        {
            "docx": laid_out(report_docx),
            "html": laid_out(report_html),
            "md": laid_out(report_markdown),
            "json": as_json,
        },
    )


def _now(visit: Visit, report: Report) -> Report:
    """Return the report as it is at the click. Raises: UnknownAnalysis where it was deleted."""
    return open_report(visit.shelf, visit.shelf.series.get(report.id))
