"""What is left of a report: each passage read once, each answer written, less what is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from components.engine import Options
from components.reports import Report, seconds_left, tokens_to_read
from components.store import CallOutcome, State, StepStatus
from tests.store.making import question

#: Tokens a second that are read, and written.
SPEEDS = (100.0, 10.0)

NOW = 10_000.0


def step(position: int, passage: int, **changes: Any) -> StepStatus:
    """A step that takes 10 s to read and 20 s to write."""
    asked = question(
        part="notes" if passage else "report",
        passage=passage,
        tokens=1000,
        options=Options(num_predict=300),
    )
    fields: dict[str, Any] = {
        "analysis_id": f"a{position}",
        "call_id": f"c{position}",
        "position": position,
        "question": asked,
        "state": State.QUEUED,
        "attempt": 0,
        "refused": 0,
        "host": "",
        "answer": "",
        "is_copied": False,
    }
    return StepStatus(**fields | changes)


def report(*steps: StepStatus) -> Report:
    return Report(cast(Any, None), cast(Any, None), cast(Any, None), steps)


def done(one: StepStatus, *, ago: float = 1.0, **changes: Any) -> StepStatus:
    return replace(one, state=State.DONE, ended=NOW - ago, **changes)


def test_a_text_is_read_once_for_all_that_ask_of_it() -> None:
    of_one = report(step(0, 1), step(1, 1), step(2, 1))
    assert seconds_left(of_one, SPEEDS, now=NOW) == pytest.approx(10 + 3 * 20)
    of_two = report(step(0, 1), step(1, 1), step(2, 2))
    assert seconds_left(of_two, SPEEDS, now=NOW) == pytest.approx(2 * 10 + 3 * 20)
    assert seconds_left(of_one, None) is None


def test_a_text_that_the_server_has_in_memory_is_not_read_again() -> None:
    now = report(done(step(0, 1)), step(1, 1))
    assert seconds_left(now, SPEEDS, now=NOW) == pytest.approx(20)
    assert tokens_to_read(now, now.steps[1], now=NOW) == 0
    assert tokens_to_read(now, step(2, 2), now=NOW) == 1000
    later = report(done(step(0, 1), ago=3600), step(1, 1))
    assert seconds_left(later, SPEEDS, now=NOW) == pytest.approx(10 + 20)
    copied = report(done(step(0, 1), is_copied=True), step(1, 1))
    assert tokens_to_read(copied, copied.steps[1], now=NOW) == 1000


def test_what_is_made_of_notes_reads_those() -> None:
    whole = report(step(0, 1), step(1, 2), step(2, 0, needs=(0, 1)))
    assert tokens_to_read(whole, whole.steps[2]) == 400
    assert seconds_left(whole, SPEEDS, now=NOW) == pytest.approx(2 * 10 + 4 + 3 * 20)


def test_what_a_call_has_read_and_written_is_done() -> None:
    whole = report(step(0, 1), step(1, 2))
    reads = CallOutcome(state=State.READING, began={State.READING: NOW - 4})
    assert seconds_left(whole, SPEEDS, {"c0": reads}, now=NOW) == pytest.approx(6 + 20 + 30)
    slow = CallOutcome(state=State.READING, began={State.READING: NOW - 400})
    assert seconds_left(whole, SPEEDS, {"c0": slow}, now=NOW) == pytest.approx(20 + 30)
    writes = CallOutcome(state=State.WRITING, received=150)
    assert seconds_left(whole, SPEEDS, {"c0": writes}, now=NOW) == pytest.approx(5 + 30)


def test_an_answer_that_is_longer_than_most_is_not_said_to_end_at_once() -> None:
    writes = CallOutcome(state=State.WRITING, received=240)
    assert seconds_left(report(step(0, 1)), SPEEDS, {"c0": writes}, now=NOW) == pytest.approx(3)


def test_the_step_that_runs_is_the_current_one_else_the_next_that_can_be_asked() -> None:
    failed = replace(step(0, 1), state=State.FAILED)
    summary = step(2, 0, needs=(0, 1))
    assert report(failed, step(1, 2), summary).current == step(1, 2)
    running = replace(summary, state=State.WRITING)
    assert report(done(step(0, 1)), done(step(1, 2)), running).current is running
    stuck = report(failed, done(step(1, 2)), summary)
    assert stuck.current is None
    assert not stuck.is_active


def test_notes_below_a_report_are_found_through_what_joins_them() -> None:
    digest = step(2, 0, needs=(0, 1))
    digest = replace(digest, question=replace(digest.question, part="digest"))
    whole = report(step(0, 1), step(1, 2), digest, step(3, 3), step(4, 0, needs=(2, 3)))
    assert {one.position for one in whole.notes_below(whole.steps[4])} == {0, 1, 3}
