"""A whole-book report to take away, each file made at the click from the report as it is then."""

from __future__ import annotations

import streamlit as st

from components.evidence import Index
from components.export import Contents, report_json, report_sections
from components.plots.static_plots import pictures
from components.reports import Report, open_report
from components.ui.glance.charts import measures_of
from components.ui.shared.download_row import documents, download_row
from components.ui.shared.visit import Visit


def report_files(visit: Visit, report: Report) -> None:
    """Offer the report as Word, HTML, Markdown and JSON."""
    if not report.is_complete:
        st.caption("The report is not complete; a file says so and holds what there is.")

    def now() -> Report:
        return open_report(visit.shelf, visit.shelf.series.get(report.id))

    def contents() -> Contents:
        current, ollama = now(), visit.app.ollama_versions()
        plots = pictures(current, measures_of(current.manuscript))
        return report_sections(current, Index(current.manuscript), pictures=plots, ollama=ollama)

    def as_json() -> str:
        current, ollama = now(), visit.app.ollama_versions()
        return report_json(current, Index(current.manuscript), ollama=ollama)

    download_row(report.manuscript.title, "report", documents(contents) | {"json": as_json})
