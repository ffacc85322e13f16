"""What the calls of a report took together, by Ollama's own figures."""

from __future__ import annotations

from dataclasses import dataclass

from components.engine import Statistics
from components.novel.report import Report

#: Ollama's figures that can be added up, by its names.
_SUMMED = (
    "prompt_eval_count",
    "eval_count",
    "load_duration",
    "prompt_eval_duration",
    "eval_duration",
    "total_duration",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over the answers that a report itself had asked for: tokens, and nanoseconds.

    What came from an earlier report is not counted again. A sum is None where no answer says it.
    `prompt_eval_count` counts what the server's cache held too.
    """

    retries: int
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    load_duration: int | None = None
    prompt_eval_duration: int | None = None
    eval_duration: int | None = None
    total_duration: int | None = None


def figures(report: Report) -> Figures:
    """Return what the calls of `report` took so far."""
    asked = [one for one in report.steps if not one.is_copied]
    known = [one.statistics for one in asked if one.statistics is not None]
    return Figures(
        retries=sum(max(one.attempt - 1, 0) for one in asked),
        **{name: _sum(known, name) for name in _SUMMED},
    )


def _sum(known: list[Statistics], name: str) -> int | None:
    values = [value for one in known if (value := getattr(one, name)) is not None]
    return sum(values) if values else None
