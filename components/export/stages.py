"""The words for what a call does, and for how it ended: the same on pages and in a shell."""

from datetime import datetime
from typing import NamedTuple

from components.analysis import LOOKED_UP, is_assembled
from components.export import formatting
from components.export.formatting import plural
from components.languages import length_of
from components.store import CallOutcome, Outlook, Question, QueuePosition, State, StepStatus

_DONE_REASON = {
    "stop": "Finished",
    "length": "Ran out of room to answer",
    "load": "Only loaded the model",
    "unload": "Was unloaded",
}

_ENDED = {
    State.STOPPED: "Stopped by you",
    State.FAILED: "Failed",
    State.INTERRUPTED: "Interrupted, and not begun again by itself",
}


class StageText(NamedTuple):
    """What a call does, with facts about it, as plain text.

    `term` is Ollama's word for it; `is_live` is true while it goes on.
    """

    what: str
    facts: tuple[str, ...] = ()
    term: str = ""
    is_live: bool = False


def stage(
    outcome: CallOutcome,
    question: Question,
    *,
    reading_seconds: float | None,
    now: float | None = None,
    tokens: int | None = None,
) -> StageText:
    """Say what a call does `now`, or how it ended.

    `reading_seconds` is the estimated time of the whole prompt evaluation, None if unknown; `now`
    is in seconds since 1970, this moment when None; `tokens` are those to be read, unless all of
    the question's: 0 says nothing of them.
    """
    state, what, term = outcome.state, stage_name(outcome, question), term_of(outcome)
    spent = outcome.seconds_in(state, now=now)
    match state:
        case State.CONTACTING:
            return StageText(what, (seconds(spent),), is_live=True)
        case State.LOADING:
            return StageText(what, (f"{seconds(spent)}; may take minutes",), term, is_live=True)
        case State.READING:
            total = question.tokens if tokens is None else tokens
            facts = _reading_facts(total, spent, reading_seconds)
            return StageText(what, facts, term, is_live=True)
        case State.WRITING:
            rate = speed(outcome.measured(now=now).tokens_per_second)
            facts = (plural(outcome.received, "token"), *([rate] if rate else []))
            return StageText(what, facts, is_live=True)
        case State.STOPPING:
            return StageText(what, ("Ollama finishes the piece it is reading",), is_live=True)
        case State.DONE if is_assembled(question):  # Its words are JSON's.
            return StageText(what, (), term)
        case _:
            kept = f"{length_of(outcome.text)} {'written' if state is State.DONE else 'kept'}"
            return StageText(what, (kept if outcome.text.strip() else "nothing was written",), term)


def _reading_facts(tokens: int, spent: float, whole: float | None) -> tuple[str, ...]:
    """Say how much of `tokens`, which take `whole` seconds in all, is read; both are estimates."""
    if not tokens:
        return (seconds(spent),)
    if whole is None or whole <= 2:
        return f"about {tokens:,} tokens", seconds(spent)
    read = round(tokens * min(spent / whole, 1.0))
    left = whole - spent
    return (
        f"about {read:,} of {tokens:,} tokens",
        seconds(spent),
        f"about {seconds(left)} left" if left > 1 else "nearly done",
    )


def queued(position: QueuePosition | None, *, connected: bool) -> StageText:
    """Say how many analyses are before one in the queue, and when it is expected to start."""
    if position is not None and position.put_off is not None:
        return StageText("Put off", (_until(position.put_off),))
    if not connected:
        return StageText("Waiting for Ollama", ("it starts as soon as Ollama answers",))
    if position is None or (not position.ahead and not position.running):
        return StageText("Starting", ("a moment",))
    before = position.ahead + position.running
    facts = [f"{plural(before, 'analysis', 'analyses')} before it"]
    if position.seconds is not None:
        when = f"in about {seconds(position.seconds)}" if position.seconds > 1 else "any moment"
        facts.append(f"expected to start {when}")
    what = "Gives way to a question" if position.gives_way else "Waiting for its turn"
    return StageText(what, tuple(facts))


def expected(outlook: Outlook | None) -> list[str]:
    """Say the place in the queue of something that goes on, and the time that is expected."""
    if outlook is None:
        return []
    place, left = outlook.place, outlook.seconds
    takes = None if left is None else about(left)
    if place is None:
        return [f"about {takes} left"] if takes else []
    if place.put_off is not None:
        return [f"put off {_until(place.put_off)}", f"takes about {takes}" if takes else ""]
    before = place.ahead + place.running
    said = ["gives way to a question" if place.gives_way else "waiting"]
    said.append(f"{plural(before, 'analysis', 'analyses')} before it" if before else "next")
    if place.seconds is not None and left is not None:
        said.append(f"done in about {about(place.seconds + left)}")
    elif place.seconds is not None:
        said.append(f"begins in about {about(place.seconds)}")
    elif takes:
        said.append(f"takes about {takes}")
    return said


def _until(when: float) -> str:
    """Say until when something is put off, in seconds since 1970: "until 22:00"."""
    local = datetime.fromtimestamp(when).astimezone()
    return f"until {local:%H:%M}"


def stage_name(outcome: CallOutcome, question: Question) -> str:
    """Say what a call does, or how it ended, without figures: "Writing", "Finished"."""
    match outcome.state:
        case State.QUEUED:
            return "Waiting for its turn"
        case State.CONTACTING:
            return "Contacting Ollama"
        case State.LOADING:
            return f"Loading {question.model}"
        case State.READING if question.part and not question.ranges:
            return "Reading its notes"
        case State.READING if question.pictures:
            return "Looking and reading" if question.manuscript_id else "Looking at the pictures"
        case State.READING:
            return "Reading the manuscript" if question.manuscript_id else "Reading the question"
        case State.WRITING:
            return "Thinking" if outcome.thoughts and not outcome.text else "Writing"
        case State.STOPPING:
            return "Stopping"
        case State.DONE if question.part == LOOKED_UP:
            return "Looked up in the text, without a model"
        case _:
            return ending(outcome)


def ending(outcome: CallOutcome) -> str:
    """Say how the analysis ended: "Finished", "Stopped by you"."""
    if problem := formatting.problem(outcome.error):
        return problem.capitalize()
    if outcome.state in _ENDED:
        return _ENDED[outcome.state]
    reason = term_of(outcome)
    return _DONE_REASON.get(reason, "Ended") if reason else "Finished; Ollama gave no reason"


def term_of(outcome: CallOutcome) -> str:
    """Return the term for what a call does or how it ended, most often Ollama's; "" without one."""
    match outcome.state:
        case State.LOADING:
            return "load"
        case State.READING:
            return "prompt evaluation"
        case State.STOPPED:
            return "canceled"
        case State.DONE:
            return (outcome.statistics.done_reason if outcome.statistics else None) or ""
        case _:
            return ""


def step_name(step: StepStatus) -> str:
    """Say which step of a report it is: "Chapter 4, notes for Plot and structure"."""
    question = step.question
    match question.part:
        case "story":
            return f"{question.scope}, the story so far"
        case "findings" | "notes":
            return f"{question.scope}, {question.part} for {question.lens}"
        case "scores":
            # Of a book read as a whole, the scope is one chapter of it.
            return f"{question.scope[:1].upper()}{question.scope[1:]}, scores"
        case "digest":
            return f"Summing up {question.scope} for {question.lens}"
        case _:
            return f"Report of {question.lens}"


def speed(tokens_per_second: float | None) -> str | None:
    """Format a speed: "12.3 tokens/s", "1,230 tokens/s"; None stays None."""
    if tokens_per_second is None:
        return None
    digits = 1 if tokens_per_second < 1000 else 0
    return f"{tokens_per_second:,.{digits}f} tokens/s"


def seconds(value: float) -> str:
    """Format a duration: "0.4 s", "12 s", "3 min 20 s", "1 h 5 min"."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 90:
        return f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def about(seconds: float) -> str:
    """Format an estimated duration in round figures: "40 s", "9 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(round(seconds / 5) * 5, 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
