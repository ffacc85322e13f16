"""How far a model is, for the status line of a shell, in the words of the page."""

import time
from collections.abc import Callable, Mapping

from components.application import Application
from components.cli.output import note, status_line
from components.export import stages
from components.export.stages import StageText, about, seconds, step_name
from components.reports import Report, seconds_left, tokens_to_read
from components.store import Analysis, CallOutcome, State, StepStatus

#: Seconds between two looks at the queue: its place is asked of the store.
_QUEUE_SECONDS = 5.0

#: Seconds after which it is shown that a call waits for its turn or for Ollama: most do not.
_BRIEF_SECONDS = 2.0


class CallProgress:
    """Shows how far one analysis is, from the moment it was submitted."""

    def __init__(self, app: Application, analysis: Analysis) -> None:
        self._app = app
        self._analysis = analysis
        self._start = time.monotonic()
        speeds = app.shelf().reports.speeds(analysis.question.digest)
        self._reading = analysis.question.tokens / speeds[0] if speeds else None

    def show(self, outcome: CallOutcome) -> None:
        """Show its state, if that is due."""
        if outcome.state.has_ended:
            return
        stage = outcome.state, bool(outcome.text)  # It thinks before it writes.
        _show((self, stage), outcome.state, lambda: self._text(outcome))

    def _text(self, outcome: CallOutcome) -> str:
        question = self._analysis.question
        if outcome.state is State.QUEUED:
            place = self._app.jobs.queue_position(self._analysis)
            stage = stages.queued(place, connected=self._app.is_connected)
        else:
            stage = stages.stage(outcome, question, reading_seconds=self._reading)
        left = ""
        if outcome.state is State.WRITING:
            speed = outcome.measured().tokens_per_second
            room = question.options.num_predict - outcome.received
            left = f"at most {about(room / speed)} left" if speed and room > 0 else ""
        return _line(stage, left, start=self._start)


class ReportProgress:
    """Shows how far a report is and which of its steps have ended, from its beginning on."""

    def __init__(self, app: Application, report: Report) -> None:
        self._app = app
        self._start = time.monotonic()
        self._reported = {step.position for step in report.steps if step.state.has_ended}
        self._speeds = app.shelf().reports.speeds(report.setting.digest)

    def step(self, report: Report) -> None:
        """Note the steps that have ended since, in the order in which they did."""
        ended = [step for step in report.steps if step.state.has_ended]
        new = [step for step in ended if step.position not in self._reported]
        done = report.done - sum(step.state is State.DONE for step in new)
        for step in sorted(new, key=lambda step: (step.ended or 0.0, step.position)):
            done += step.state is State.DONE
            note(f"{done} of {len(report.steps)} done: {_ended(step)}")
        self._reported |= {step.position for step in new}
        self._speeds = self._app.shelf().reports.speeds(report.setting.digest)

    def show(self, report: Report, outcomes: Mapping[str, CallOutcome]) -> None:
        """Show what happens now, if that is due."""
        step, outcome = _current(report, outcomes)
        if step is None:
            return
        # Reading and writing of a step count as one stage: one line, where lines stay.
        stage = step.position, outcome.state in (State.QUEUED, State.LOADING, State.STOPPING)
        _show((self, stage), outcome.state, lambda: self._text(report, step, outcomes))

    def _text(self, report: Report, step: StepStatus, outcomes: Mapping[str, CallOutcome]) -> str:
        outcome = outcomes.get(step.call_id) or CallOutcome()
        if outcome.state is State.QUEUED:
            place = self._app.jobs.queue_position(step)
            stage = stages.queued(place, connected=self._app.is_connected)
        else:
            tokens = tokens_to_read(report, step)
            reading = tokens / self._speeds[0] if self._speeds else None
            stage = stages.stage(outcome, step.question, reading_seconds=reading, tokens=tokens)
        left = seconds_left(report, self._speeds, outcomes)
        return _line(
            stage,
            "" if left is None else f"about {about(left)} left of all",
            start=self._start,
            before=f"{report.done} of {len(report.steps)} done; {step_name(step)}: ",
        )


def _show(stage: object, state: State, text: Callable[[], str]) -> None:
    """Show a line of a call in this state; a wait that has only begun is not worth one."""
    status_line.show(
        stage,
        text,
        every=_QUEUE_SECONDS if state is State.QUEUED else 1.0,
        after=_BRIEF_SECONDS if state in (State.QUEUED, State.CONTACTING) else 0.0,
    )


def _current(
    report: Report, outcomes: Mapping[str, CallOutcome]
) -> tuple[StepStatus | None, CallOutcome]:
    """Return the step that runs, else the one that is next, with its outcome so far."""
    pending = [(step, outcomes[step.call_id]) for step in report.steps if step.call_id in outcomes]
    running = [pair for pair in pending if pair[1].state.is_running]
    waiting = [pair for pair in pending if not pair[1].state.has_ended]
    return next(iter(running + waiting), (None, CallOutcome()))


def _ended(step: StepStatus) -> str:
    """Return which step has ended, how, and how long it took."""
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


def _line(stage: StageText, left: str, *, start: float, before: str = "") -> str:
    """Return the line: what happens, the facts known, what is left, and the time so far."""
    elapsed = time.monotonic() - start
    facts = [fact for fact in stage.facts if fact != seconds(0.0)]
    what = stage.what[:1].lower() + stage.what[1:]
    line = ", ".join(filter(None, [f"{before}{what}", *facts, left]))
    return f"{line}; {seconds(elapsed)} in all" if elapsed >= 1 else line
