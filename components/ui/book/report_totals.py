"""The figures of a report that does not run: what all of its calls took together."""

from __future__ import annotations

from components.reports import Report, totals
from components.ui.answer.statistics_panel import Figure, StatisticsPanel
from components.ui.shared import labels


def report_totals(report: Report, panel: StatisticsPanel) -> None:
    """Show the sums; what came from an earlier reading is not counted again."""
    sums = totals(report)
    rows = [
        Figure("Calls done", "", f"{report.done:,} of {len(report.steps):,}"),
        Figure("From an earlier reading", "", f"{report.copied:,}" if report.copied else None),
        *(
            Figure(name, term, None if count is None else f"{count:,}")
            for name, term, count in (
                ("Tokens read", "prompt_eval_count", sums.prompt_eval_count),
                ("Tokens written", "eval_count", sums.eval_count),
            )
        ),
        *(
            Figure(name, term, labels.nanoseconds(took))
            for name, term, took in (
                ("All calls", "total_duration", sums.total_duration),
                ("Loading", "load_duration", sums.load_duration),
                ("Reading", "prompt_eval_duration", sums.prompt_eval_duration),
                ("Writing", "eval_duration", sums.eval_duration),
            )
        ),
        Figure("Context asked for", "num_ctx", f"{report.setting.num_ctx:,}"),
    ]
    known = [row for row in rows if row.value is not None]
    panel.show_all("Totals", report.setting.model, known)
