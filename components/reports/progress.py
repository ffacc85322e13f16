"""How much of a report is still to be read and written, and how long that takes, by estimate."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from components.reports.report import Report
from components.store import CallOutcome, State, StepStatus

#: The share of the room for an answer that answers take.
_SHARE = 2 / 3

#: Seconds for which a server has a text in memory after it was asked about; Ollama unloads a model
#: after five minutes unless told otherwise.
_REMEMBERED = 300.0


def seconds_left(
    report: Report,
    speeds: tuple[float, float] | None,
    outcomes: Mapping[str, CallOutcome] | None = None,
    *,
    now: float | None = None,
) -> float | None:
    """Estimate the seconds until all is done, at these tokens a second; None where unknown.

    Each passage of which anything is left is read once more, but for the one that the server has
    read last; answers take two thirds of their room. `outcomes` are those of calls that run, by
    the ids of the calls: what they have read and written by `now` is not counted again.
    """
    if speeds is None:
        return None
    now = time.time() if now is None else now
    reading, writing = speeds
    seconds = 0.0
    known = {_read_last(report, now)} - {0}
    for step in report.steps:
        if step.state is State.DONE:
            continue
        outcome = (outcomes or {}).get(step.call_id) or CallOutcome()
        reads = _tokens(report, step, known) / reading
        if outcome.state is State.READING:
            reads = max(reads - outcome.seconds_in(State.READING, now=now), 0.0)
        if outcome.state is not State.WRITING:
            seconds += reads
        seconds += _to_write(step, outcome.received) / writing
        known.add(step.question.passage)
    return seconds


def tokens_to_read(report: Report, step: StepStatus, *, now: float | None = None) -> int:
    """Estimate the tokens that the server has to read for a step.

    None of the text, where it has read that for the step before: 0.
    """
    last = _read_last(report, time.time() if now is None else now)
    return round(_tokens(report, step, {last} - {0}))


def _tokens(report: Report, step: StepStatus, known: Collection[int]) -> float:
    """Return the tokens of a step's passage, unless that is `known`, or of the notes it reads."""
    passage = step.question.passage
    if not passage:
        return sum(_room(report.steps[position]) for position in step.needs)
    return 0.0 if passage in known else step.question.tokens


def _read_last(report: Report, now: float) -> int:
    """Return the number of the passage that the server has in memory; 0 without one."""
    asked = [step for step in report.steps if step.state is State.DONE and not step.is_copied]
    last = max(asked, key=lambda one: one.ended or 0.0, default=None)
    if last is None or (last.ended or 0.0) < now - _REMEMBERED:
        return 0
    return last.question.passage


def _to_write(step: StepStatus, received: int) -> float:
    """Return the tokens that an answer still takes; one longer than most, half of its room."""
    rest = _room(step) - received
    return rest if rest > 0 else max(step.question.options.num_predict - received, 0) / 2


def _room(step: StepStatus) -> float:
    return step.question.options.num_predict * _SHARE
