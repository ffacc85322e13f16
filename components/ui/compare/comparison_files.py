"""A comparison to take away, of analyses or of whole books."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from components.evidence import Index
from components.export import (
    Column,
    Contents,
    comparison_contents,
    comparison_csv,
    comparison_docx,
    comparison_markdown,
    report_docx,
    report_html,
    report_markdown,
)
from components.reports import Report, differ
from components.store import Analysis, Series
from components.ui.answer.live_answer import Watched
from components.ui.shared.download_row import download_row
from components.ui.shared.visit import Visit


def comparison_files(comparison: Series, watched: Sequence[Watched[Analysis]]) -> None:
    """Offer the comparison as Word, Markdown and CSV."""
    columns = [Column(one.analysis, one.outcome, one.evidence) for one in watched]
    download_row(
        columns[0].analysis.question.title,
        "comparison",
        {
            "docx": lambda: comparison_docx(comparison, columns),
            "md": lambda: comparison_markdown(comparison, columns),
            "csv": lambda: comparison_csv(columns),
        },
    )


def book_comparison_files(visit: Visit, comparison: Series, reports: Sequence[Report]) -> None:
    """Offer a comparison of whole books as Word, HTML and Markdown; its `reports` have ended."""

    def laid_out(write: Callable[[Contents], str | bytes]) -> Callable[[], str | bytes]:
        def make() -> str | bytes:
            index = Index(reports[0].manuscript)
            found = differ(reports, index)
            return write(
                comparison_contents(comparison, found, index, ollama=visit.app.ollama_versions())
            )

        return make

    download_row(
        reports[0].manuscript.title,
        "comparison",
        {
            "docx": laid_out(report_docx),
            "html": laid_out(report_html),
            "md": laid_out(report_markdown),
        },
    )
