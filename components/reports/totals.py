"""What the calls of a report took together, by Ollama's own figures."""

from __future__ import annotations

from dataclasses import dataclass, fields

from components.engine import Statistics
from components.reports.report import Report


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the answers that a report itself had asked for: tokens, and nanoseconds.

    What came from an earlier report is not counted again. A sum is None where no answer says it.
    `prompt_eval_count` counts what the server's cache held too. Names are Ollama's.
    """

    retries: int
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    load_duration: int | None = None
    prompt_eval_duration: int | None = None
    eval_duration: int | None = None
    total_duration: int | None = None


def totals(report: Report) -> Totals:
    """Return what the calls of `report` took so far."""
    asked = [step for step in report.steps if not step.is_copied]
    known = [one.statistics for one in asked if one.statistics is not None]
    return Totals(
        retries=sum(max(one.attempt - 1, 0) for one in asked),
        **{
            field.name: _sum(known, field.name)
            for field in fields(Totals)
            if field.name != "retries"
        },
    )


def _sum(known: list[Statistics], name: str) -> int | None:
    values = [value for one in known if (value := getattr(one, name)) is not None]
    return sum(values) if values else None
