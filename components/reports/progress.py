"""What the calls of a report took by Ollama's figures, and by estimate what is left of them."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from components.reports.report import Report, open_report
from components.store import CallOutcome, Series, State, StepStatus, UserStore

#: The share of the room for an answer that answers take.
_SHARE = 2 / 3

#: Seconds for which a server has a text in memory after it was asked about; Ollama unloads a model
#: after five minutes unless told otherwise.
_REMEMBERED = 300.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the answers that no earlier report gave: Ollama's tokens, and nanoseconds.

    A sum is None where no answer has it. `prompt_eval_count` counts what was cached too.
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
    sums = {"retries": sum(max(step.attempt - 1, 0) for step in asked)}
    for figure in fields(Totals)[1:]:
        values = [getattr(step.statistics, figure.name, None) for step in asked]
        if known := [value for value in values if value is not None]:
            sums[figure.name] = sum(known)
    return Totals(**sums)


def evaluated(steps: Iterable[StepStatus], reading: float) -> int:
    """Estimate the tokens that the server did not have in its cache, from the time it took.

    `reading` is the model's speed in tokens a second.
    """
    nanoseconds = sum(
        step.statistics.prompt_eval_duration or 0
        for step in steps
        if step.statistics is not None and not step.is_copied
    )
    return round(nanoseconds / 1e9 * reading)


def seconds_left(
    report: Report,
    speeds: tuple[float, float] | None,
    outcomes: Mapping[str, CallOutcome] | None = None,
    *,
    now: float | None = None,
) -> float | None:
    """Estimate the seconds until all is done, at these tokens a second; None where unknown.

    Each passage of which anything is left is read once more, but for the one that the server read
    last. `outcomes` are those of calls that run, by id: what they have read and written by `now`
    is not counted.
    """
    if speeds is None:
        return None
    now = time.time() if now is None else now
    reading, writing = speeds
    seconds = 0.0
    known = _read_last(report, now)
    for step in report.steps:
        if step.state is State.DONE:
            continue
        outcome = (outcomes or {}).get(step.call_id) or CallOutcome()
        if outcome.state is not State.WRITING:
            to_read = _tokens(report, step, known) / reading
            if outcome.state is State.READING:
                to_read = max(to_read - outcome.seconds_in(State.READING, now=now), 0.0)
            seconds += to_read
        left = _room(step) - outcome.received
        if left <= 0:  # It is longer than most: half of its room may follow.
            left = max(step.question.options.num_predict - outcome.received, 0) / 2
        seconds += left / writing
        known.add(step.question.passage)
    return seconds


def seconds_left_of(shelf: UserStore, series: Series) -> float | None:
    """Estimate the seconds until a report, or all of a comparison, is done; None where unknown.

    Raises: UnknownManuscript, RecordUnreadable, StoreError.
    """
    total = 0.0
    for one in shelf.series.reports_of(series.id) if series.is_of_books else [series]:
        report = open_report(shelf, one)
        left = seconds_left(report, shelf.reports.speeds(report.setting.digest))
        if left is None:
            return None
        total += left
    return total


def tokens_to_read(report: Report, step: StepStatus, *, now: float | None = None) -> int:
    """Estimate the tokens that the server has to read for a step.

    None of the text, where it has read that for the step before: 0.
    """
    return round(_tokens(report, step, _read_last(report, time.time() if now is None else now)))


def _tokens(report: Report, step: StepStatus, known: Collection[int]) -> float:
    """Return the tokens of a step's passage, unless that is `known`, or of the notes it reads."""
    passage = step.question.passage
    if not passage:
        return sum(_room(report.steps[position]) for position in step.needs)
    return 0.0 if passage in known else step.question.tokens


def _read_last(report: Report, now: float) -> set[int]:
    """Return the number of the passage that the server has in memory, if any."""
    asked = [step for step in report.steps if step.state is State.DONE and not step.is_copied]
    last = max(asked, key=lambda step: step.ended or 0.0, default=None)
    if last is None or (last.ended or 0.0) < now - _REMEMBERED:
        return set()
    return {last.question.passage}


def _room(step: StepStatus) -> float:
    return step.question.options.num_predict * _SHARE
