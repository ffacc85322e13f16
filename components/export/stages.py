"""What is said of a call that goes on, and how it ended: the same on pages and in a shell."""

from __future__ import annotations

from typing import NamedTuple

from components.errors import ContextExceeded
from components.export import formatting
from components.export.formatting import plural
from components.store import CallOutcome, Question, QueuePosition, State, StepStatus

_DONE_REASON = {
    "stop": "Finished",
    "length": "Ran out of room to answer",
    "load": "Only loaded the model",
    "unload": "Was unloaded",
}

_ENDED = {
    State.STOPPED: "You stopped it (canceled)",
    State.FAILED: "Broke off",
    State.INTERRUPTED: "Interrupted, and not begun again by itself",
}


class Said(NamedTuple):
    """What happens, with what is known of it; `term` is Ollama's word, `is_live` while it goes on.

    Plain text, none of it escaped.
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
) -> Said:
    """Say what happens `now`, or how it ended.

    `reading_seconds` is the estimated time of the whole prompt evaluation, None if unknown; `now`
    is in seconds since 1970, this moment when None; `tokens` are those to be read, unless all of
    the question's: 0 says nothing of them.
    """
    state = outcome.state
    spent = outcome.seconds_in(state, now=now)
    said = stage_name(outcome, question)
    tokens = question.tokens if tokens is None else tokens
    match state:
        case State.CONTACTING:
            return Said(said, (seconds(spent),), is_live=True)
        case State.LOADING:
            return Said(said, (f"{seconds(spent)}; may take minutes",), "load", is_live=True)
        case State.READING:
            facts = _reading_facts(tokens, spent, reading_seconds)
            return Said(said, facts, "prompt evaluation", is_live=True)
        case State.WRITING:
            rate = speed(outcome.measured(now=now).tokens_per_second)
            facts = (plural(outcome.received, "token"), *([rate] if rate else []))
            return Said(said, facts, is_live=True)
        case State.STOPPING:
            return Said(said, ("Ollama finishes the piece it is reading",), is_live=True)
        case _:
            if isinstance(outcome.error, ContextExceeded):
                return Said(said, ("nothing was cut",))
            words = plural(len(outcome.text.split()), "word")
            return Said(said, (f"{words} {'kept' if state is not State.DONE else 'written'}",))


def _reading_facts(tokens: int, spent: float, whole: float | None) -> tuple[str, ...]:
    """Say how much is read by now, of `tokens` that take `whole` seconds, both by estimate."""
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


def queued(place: QueuePosition | None, *, connected: bool) -> Said:
    """Say where an analysis stands in the queue, and when it is expected to start."""
    if not connected:
        return Said("Waiting for Ollama", ("it starts as soon as Ollama answers",))
    if place is None or (not place.ahead and not place.running):
        return Said("Starting", ("a moment",))
    before = place.ahead + place.running
    facts = [f"{plural(before, 'analysis', 'analyses')} before it"]
    if place.seconds is not None:
        when = f"in about {seconds(place.seconds)}" if place.seconds > 1 else "any moment"
        facts.append(f"expected to start {when}")
    return Said("Waiting for its turn", tuple(facts))


def stage_name(outcome: CallOutcome, question: Question) -> str:
    """Say what happens now, or how it ended, without figures: "Writing", "Finished (stop)"."""
    match outcome.state:
        case State.QUEUED:
            return "Waiting for its turn"
        case State.CONTACTING:
            return "Contacting Ollama"
        case State.LOADING:
            return f"Loading {question.model}"
        case State.READING:
            return _reading(question)
        case State.WRITING:
            return "Thinking" if outcome.thoughts and not outcome.text else "Writing"
        case State.STOPPING:
            return "Stopping"
        case _:
            return ending(outcome)


def _reading(question: Question) -> str:
    """Say what the model takes in before it answers."""
    if question.part and not question.ranges:
        return "Reading its notes"
    if not question.pictures:
        return "Reading the manuscript" if question.manuscript_id else "Reading the question"
    return "Looking and reading" if question.manuscript_id else "Looking at the pictures"


def ending(outcome: CallOutcome) -> str:
    """Say how the analysis ended: "Finished (stop)"."""
    if said := formatting.problem(outcome.error):
        return said.capitalize()
    if outcome.state in _ENDED:
        return _ENDED[outcome.state]
    reason = outcome.statistics.done_reason if outcome.statistics else None
    if reason is None:
        return "Finished; Ollama gave no reason"
    return f"{_DONE_REASON.get(reason, 'Ended')} ({reason})"


def step_name(step: StepStatus) -> str:
    """Say which step of a report it is: "Chapter 4, notes for Plot and structure"."""
    question = step.question
    match question.part:
        case "story":
            return f"{question.scope}, the story so far"
        case "notes":
            return f"{question.scope}, notes for {question.lens}"
        case "scores":
            # What is scored: where the book is read as a whole, one chapter of it.
            return f"{question.scope[:1].upper()}{question.scope[1:]}, scores"
        case "digest":
            return f"Joining the notes on {question.scope} for {question.lens}"
        case _:
            return f"Report of {question.lens}"


def speed(tokens_per_second: float | None) -> str | None:
    """Say a speed: "12.3 tokens/s", "1,230 tokens/s"; None stays None."""
    if tokens_per_second is None:
        return None
    digits = 1 if tokens_per_second < 1000 else 0
    return f"{tokens_per_second:,.{digits}f} tokens/s"


def seconds(value: float) -> str:
    """Say a duration: "0.4 s", "12 s", "3 min 20 s", "1 h 5 min"."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 90:
        return f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def about(seconds: float) -> str:
    """Say a duration that is an estimate, in round figures: "40 s", "9 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(round(seconds / 5) * 5, 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
