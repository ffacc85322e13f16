"""What is said of a report that is not complete: what was read, written, and is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from components.analysis import lenses
from components.export.report_status import report_status
from components.reports import Report
from components.store import State, StepStatus
from tests.reports.desk import ReadReport

FIRST, SECOND = (lens.title for lens in lenses()[:2])


def without(report: Report, is_missing: Callable[[StepStatus], bool]) -> Report:
    """The report as if it had been stopped before some of its steps."""
    cut = {"state": State.STOPPED, "answer": "", "statistics": None}
    steps = (replace(one, **cut) if is_missing(one) else one for one in report.steps)
    return replace(report, steps=tuple(steps))


def test_what_one_lens_wrote_counts_where_another_was_stopped(read_report: ReadReport) -> None:
    whole = read_report(lenses=lenses()[:2])

    def is_missing(step: StepStatus) -> bool:
        return step.question.lens == SECOND or step.question.part == "scores"

    report = without(whole, is_missing)
    assert report_status(report) == (
        f"Read: Chapter 1 to Chapter 5. Written: {FIRST}. Missing: {SECOND}, scores."
    )
    assert all(one.is_read and one.received for one in report.receipts)
    assert not any("before all of it was read" in one.problem for one in report.receipts)


def test_chapters_are_named_where_a_lens_has_some(read_report: ReadReport) -> None:
    whole = read_report(lenses=lenses()[:2])

    def is_missing(step: StepStatus) -> bool:
        late = step.question.passage > 3
        return (
            late
            or not step.question.passage
            or (step.question.lens == SECOND and step.question.passage != 2)
        )

    assert report_status(without(whole, is_missing)) == (
        "Read: Chapter 1, Chapter 2, Chapter 3. "
        "Not read whole: Chapter 4 (stopped), Chapter 5 (stopped). "
        f"Written: {FIRST} on Chapter 1, Chapter 2, Chapter 3; {SECOND} on Chapter 2. "
        f"Missing: {FIRST} on Chapter 4, Chapter 5; "
        f"{SECOND} on Chapter 1 (stopped), Chapter 3 (stopped), Chapter 4, Chapter 5; "
        "scores (3 of 5 parts have them)."
    )


def test_what_nobody_chose_is_neither_read_nor_missing(read_report: ReadReport) -> None:
    report = without(read_report(chapters=(1, 2, 4)), lambda step: step.question.part == "report")
    said = report_status(report)
    assert said.startswith("Read: Chapter 1, Chapter 2, Chapter 4. Written: findings of ")
    assert "Chapter 3" not in said
