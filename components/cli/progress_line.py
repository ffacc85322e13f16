"""How far a model is, in the one line of a shell that says so: with the page's own words."""

from __future__ import annotations

import time
from collections.abc import Mapping

from components.application import Application
from components.cli.output import note, status_line
from components.export import stages
from components.export.stages import Stage, about, seconds, step_name
from components.reports import Report, seconds_left, tokens_to_read
from components.store import Analysis, CallOutcome, State, StepStatus

#: Seconds between two looks at the queue: its place is asked of the store.
_QUEUE_SECONDS = 5.0

#: Seconds after which it is said that a call waits for its turn or for Ollama: mostly it does not.
_BRIEF_SECONDS = 2.0


class _Patience:
    """Passes over waits that are over at once."""

    def __init__(self) -> None:
        self._wait: object = None
        self._since = 0.0

    def is_brief(self, of: object, state: State) -> bool:
        """Whether `of` waits, and has not done so for long."""
        now = time.monotonic()
        if self._wait != (of, state):
            self._wait, self._since = (of, state), now
        return state in (State.QUEUED, State.CONTACTING) and now - self._since < _BRIEF_SECONDS


class CallProgress:
    """Says how far one analysis is; made when it was asked."""

    def __init__(self, app: Application, analysis: Analysis) -> None:
        self._app = app
        self._analysis = analysis
        self._began = time.monotonic()
        self._patience = _Patience()
        question = analysis.question
        self._reading = app.reading_seconds(question)
        speeds = app.shelf().reports.speeds(question.digest)
        if self._reading is None and speeds is not None:
            self._reading = question.tokens / speeds[0]

    def show(self, outcome: CallOutcome) -> None:
        """Say what it does now, where that is due."""
        if outcome.state.has_ended or self._patience.is_brief(None, outcome.state):
            return
        every = _QUEUE_SECONDS if outcome.state is State.QUEUED else 1.0
        stage = outcome.state, bool(outcome.text)  # It thinks before it writes.
        status_line.show((self, stage), lambda: self._said(outcome), every=every)

    def _said(self, outcome: CallOutcome) -> str:
        question = self._analysis.question
        if outcome.state is State.QUEUED:
            place = self._app.jobs.place(self._analysis)
            said = stages.queued(place, connected=self._app.is_connected)
        else:
            said = stages.stage(outcome, question, reading_seconds=self._reading)
        left = ""
        if outcome.state is State.WRITING:
            speed = outcome.measured().tokens_per_second
            room = question.options.num_predict - outcome.received
            left = f"at most {about(room / speed)} left" if speed and room > 0 else ""
        return _line(said, left, began=self._began)


class ReportProgress:
    """Says how far a report is, and which of its steps has ended; made when it was begun."""

    def __init__(self, app: Application, report: Report) -> None:
        self._app = app
        self._began = time.monotonic()
        self._patience = _Patience()
        self._told = {step.position for step in report.steps if step.state.has_ended}
        self._speeds = app.shelf().reports.speeds(report.setting.digest)

    def step(self, report: Report) -> None:
        """Say which steps have ended since, in the order in which they did."""
        new = [
            step
            for step in report.steps
            if step.state.has_ended and step.position not in self._told
        ]
        done = report.done - sum(one.state is State.DONE for one in new)
        for one in sorted(new, key=lambda one: (one.ended or 0.0, one.position)):
            done += one.state is State.DONE
            note(f"{done} of {len(report.steps)} done: {_ended(one)}")
        self._told |= {one.position for one in new}
        self._speeds = self._app.shelf().reports.speeds(report.setting.digest)

    def show(self, report: Report, outcomes: Mapping[str, CallOutcome]) -> None:
        """Say what happens now, where that is due."""
        step, outcome = _current(report, outcomes)
        state = outcome.state
        if step is None or self._patience.is_brief(step.position, state):
            return
        every = _QUEUE_SECONDS if state is State.QUEUED else 1.0
        # Of a step that is read and written one line is enough, where lines stay.
        stage = step.position, state in (State.QUEUED, State.LOADING, State.STOPPING)
        status_line.show((self, stage), lambda: self._said(report, step, outcomes), every=every)

    def _said(self, report: Report, step: StepStatus, outcomes: Mapping[str, CallOutcome]) -> str:
        outcome = outcomes.get(step.call_id) or CallOutcome()
        if outcome.state is State.QUEUED:
            said = stages.queued(self._app.jobs.place(step), connected=self._app.is_connected)
        else:
            said = self._stage(report, step, outcome)
        left = seconds_left(report, self._speeds, outcomes)
        return _line(
            said,
            "" if left is None else f"about {about(left)} left of all",
            began=self._began,
            before=f"{report.done} of {len(report.steps)} done; {step_name(step)}: ",
        )

    def _stage(self, report: Report, step: StepStatus, outcome: CallOutcome) -> Stage:
        tokens = tokens_to_read(report, step)
        reading = None if self._speeds is None else tokens / self._speeds[0]
        if reading is None and tokens == step.question.tokens:
            reading = self._app.reading_seconds(step.question)
        return stages.stage(outcome, step.question, reading_seconds=reading, tokens=tokens)


def _current(
    report: Report, outcomes: Mapping[str, CallOutcome]
) -> tuple[StepStatus | None, CallOutcome]:
    """Return the step that runs, else the one that is next, with what it came to so far."""
    going = [step for step in report.steps if step.call_id in outcomes]
    for step in going:
        if outcomes[step.call_id].state.is_running:
            return step, outcomes[step.call_id]
    waiting = [one for one in going if not outcomes[one.call_id].state.has_ended]
    return (waiting[0], outcomes[waiting[0].call_id]) if waiting else (None, CallOutcome())


def _ended(step: StepStatus) -> str:
    """Say which step has ended, how, and what it took."""
    if step.state is not State.DONE:
        error = f": {step.error} {step.error.advice}".rstrip() if step.error else ""
        return f"{step_name(step)} broke off{error}"
    if step.is_copied or step.statistics is None:
        return step_name(step)
    figures = step.statistics
    facts = [f"{figures.eval_count:,} tokens written" if figures.eval_count else ""]
    if step.started is not None and step.ended is not None:
        facts.append(seconds(max(step.ended - step.started, 0.0)))
    return ", ".join([step_name(step), *filter(None, facts)])


def _line(said: Stage, left: str, *, began: float, before: str = "") -> str:
    """Return the line: what happens, what is known of it, what is left, and since when."""
    elapsed = time.monotonic() - began
    facts = [fact for fact in said.facts if fact != seconds(0.0)]
    what = said.what[:1].lower() + said.what[1:]
    line = ", ".join(filter(None, [f"{before}{what}", *facts, left]))
    return f"{line}; {seconds(elapsed)} in all" if elapsed >= 1 else line
