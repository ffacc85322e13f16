"""How the page says things: figures and states in an editor's words, Ollama's term beside them."""

from __future__ import annotations

from datetime import datetime
from html import escape

from components.errors import ContextExceeded, StoreError, StoreFull
from components.export import saying
from components.store import Outcome, Place, Question, State

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


def ending(outcome: Outcome) -> str:
    """Say how the analysis ended: "Finished (stop)"."""
    if said := saying.problem(outcome.error):
        return said.capitalize()
    if outcome.state in _ENDED:
        return _ENDED[outcome.state]
    reason = outcome.statistics.done_reason if outcome.statistics else None
    if reason is None:
        return "Finished; Ollama gave no reason"
    return f"{_DONE_REASON.get(reason, 'Ended')} ({reason})"


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


def nanoseconds(value: int | None) -> str | None:
    """Say a duration that Ollama gave in nanoseconds; None stays None."""
    return None if value is None else seconds(value / 1_000_000_000)


def size(value: int) -> str:
    """Say a number of bytes, in powers of ten as Ollama does: "12 KB", "98 MB", "4.7 GB"."""
    if value >= 1_000_000_000:
        return f"{value / 1_000_000_000:.1f} GB"
    if value >= 1_000_000:
        return f"{value / 1_000_000:.0f} MB"
    return f"{value / 1_000:.0f} KB"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Say a count: "1 chapter", "3,010 words", "2 analyses"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {many or noun + 's'}"


def oldest(count: int) -> str:
    """Say which exchanges of a chat: "the oldest exchange", "the 3 oldest exchanges"."""
    return "the oldest exchange" if count == 1 else f"the {count:,} oldest exchanges"


def date(value: datetime) -> str:
    """Say a day and a time of this computer's: "23 November 2026, 20:15"."""
    local = value.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def room(tokens: int, limit: int | None) -> str:
    """Say how a text stands to a model's context, by estimate."""
    return f"about {tokens:,} tokens" if limit is None else f"about {tokens:,} of {limit:,} tokens"


def gauge(share: float) -> str:
    """Draw as HTML how full something is, 0 to 1; the words beside it say the same."""
    return f'<div class="fr-gauge" aria-hidden="true"><div style="width:{share:.1%}"></div></div>'


def plain(text: str) -> str:
    """Escape what Streamlit's markdown would make of titles and messages from elsewhere."""
    for mark in "\\`*_[]<>$#~|:":
        text = text.replace(mark, f"\\{mark}")
    return text


def stage(
    outcome: Outcome, question: Question, *, reading_seconds: float | None, now: float | None = None
) -> str:
    """Say as HTML what happens `now`, or how it ended.

    `reading_seconds` is the estimated time of the whole prompt evaluation, None if unknown; `now`
    is in seconds since 1970, this moment when None.
    """
    state = outcome.state
    spent = outcome.seconds_in(state, now=now)
    said = stage_name(outcome, question)
    match state:
        case State.CONTACTING:
            return _line(said, seconds(spent), live=True)
        case State.LOADING:
            return _line(said, f"{seconds(spent)}; may take minutes", term="load", live=True)
        case State.READING:
            left = None if reading_seconds is None else max(reading_seconds - spent, 0.0)
            facts = [f"about {question.tokens:,} tokens", seconds(spent)]
            if left is not None and reading_seconds is not None and reading_seconds > 2:
                facts.append(f"about {seconds(left)} left" if left > 1 else "nearly done")
            return _line(said, *facts, term="prompt evaluation", live=True)
        case State.WRITING:
            facts = [plural(outcome.received, "token")]
            if rate := speed(outcome.measured(now=now).tokens_per_second):
                facts.append(rate)
            return _line(said, *facts, live=True)
        case State.STOPPING:
            return _line(said, "Ollama finishes the piece it is reading", live=True)
        case _:
            if isinstance(outcome.error, ContextExceeded):
                return _line(said, "nothing was cut")
            words = len(outcome.text.split())
            kept = f"{plural(words, 'word')} {'kept' if state is not State.DONE else 'written'}"
            return _line(said, kept)


def stage_name(outcome: Outcome, question: Question) -> str:
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


def speed(tokens_per_second: float | None) -> str | None:
    """Say a speed: "12.3 tokens/s", "1,230 tokens/s"; None stays None."""
    if tokens_per_second is None:
        return None
    digits = 1 if tokens_per_second < 1000 else 0
    return f"{tokens_per_second:,.{digits}f} tokens/s"


def _reading(question: Question) -> str:
    """Say what the model takes in before it answers."""
    if not question.pictures:
        return "Reading the manuscript"
    return "Looking and reading" if question.manuscript_id else "Looking at the pictures"


def nameless_stage(outcome: Outcome) -> str:
    """Say as HTML what happens now, without the model's name and what else would tell it.

    Which model must be loaded first, which thinks, and which has too little room are such things;
    how fast the text itself grows cannot be hidden.
    """
    names = {
        State.CONTACTING: "Reading the manuscript",
        State.LOADING: "Reading the manuscript",
        State.READING: "Reading the manuscript",
        State.WRITING: "Writing",
        State.STOPPING: "Stopping",
        State.FAILED: "Broke off",
    }
    said = names.get(outcome.state) or ending(outcome)
    return _line(said, plural(len(outcome.text.split()), "word"))


def queued(place: Place | None, *, connected: bool) -> str:
    """Say as HTML where an analysis stands in the queue, and when it is expected to start."""
    if not connected:
        return _line("Waiting for Ollama", "it starts as soon as Ollama answers")
    if place is None or (not place.ahead and not place.running):
        return _line("Starting", "a moment")
    before = place.ahead + place.running
    facts = [f"{plural(before, 'analysis', 'analyses')} before it"]
    if place.seconds is not None:
        when = f"in about {seconds(place.seconds)}" if place.seconds > 1 else "any moment"
        facts.append(f"expected to start {when}")
    return _line("Waiting for its turn", *facts)


def unwritten(problem: StoreError, folder: str | None, *, is_stopped: bool) -> str:
    """Say as HTML why what is written is in memory only, that it is kept, and what to do.

    `folder` is where it is to be kept, None where that is a server's business.
    """
    goes = "It was stopped." if is_stopped else "The analysis goes on."
    said = (
        f"{goes} What is not shown yet is held in memory and will be written as soon as that is "
        "possible; leave First Reader running until then."
    )
    if isinstance(problem, StoreFull) and folder is not None:
        said += f" Free space on the disk of {folder}."
    return f'<p class="fr-cut" role="alert"><b>{escape(str(problem))}</b> {escape(said)}</p>'


def _line(what: str, *facts: str, term: str | None = None, live: bool = False) -> str:
    text = " · ".join(escape(fact) for fact in facts)
    term = f" ({escape(term)})" if term else ""
    kind = "fr-stage fr-live" if live else "fr-stage"
    return f'<p class="{kind}" role="status"><b>{escape(what)}</b>{term} · {text}</p>'
