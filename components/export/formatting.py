"""The words and formats of states, dates, counts and scores: the same in all files and on pages."""

import re
from datetime import UTC, datetime

from components.errors import (
    AnswerRefused,
    ContextExceeded,
    FirstReaderError,
    ModelRefused,
    ModelRepeated,
    WrongLanguage,
)
from components.reports import ChapterReading, Read
from components.store import State, StepStatus

#: Names of the parts of a report.
PARTS = {
    "story": "The story so far",
    "findings": "Findings",
    "notes": "Notes",
    "scores": "Scores",
    "digest": "Notes joined",
    "report": "Report",
}

_STATES = {
    State.QUEUED: "not begun yet",
    State.DONE: "finished",
    State.STOPPED: "stopped before its end",
    State.FAILED: "broken off by an error",
    State.INTERRUPTED: "interrupted",
}

#: What is wrong with an answer of no use, and how it is then asked once more.
_PROBLEMS: dict[type[FirstReaderError], str] = {
    AnswerRefused: "answer of no use",
    ContextExceeded: "too long, not begun",
    ModelRefused: "refused to answer",
    ModelRepeated: "repeated itself, stopped",
    WrongLanguage: "wrong language",
}
_OTHERWISE: dict[type[FirstReaderError], str] = {
    ModelRefused: "at a low temperature, and told that the text is there to be read",
    ModelRepeated: "with a higher repeat penalty, over more of the text, at a low temperature",
    WrongLanguage: "with the language named",
}

_READ = {Read.SHORT: "not all of it was read", Read.LEFT_OUT: "left out by the editor"}

#: The heading over what steps wrote that were stopped or broke off.
UNFINISHED = "Unfinished"

#: In place of scores that a model did not give, or that cannot be used: never a zero.
NONE_GIVEN = "none given"
NOT_THERE_YET = "not there yet"

#: The same in a row of scores or other figures.
NO_FIGURE = "–"

#: Longest part of a file's name, in characters: with four bytes for each, short enough anywhere.
_LONGEST = 56


def file_name(title: str, what: str, suffix: str) -> str:
    """Return a name that every system accepts: "the-novel-report.docx"."""
    name = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")
    return f"{name[:_LONGEST].strip('-') or 'manuscript'}-{what}.{suffix}"


def letter(position: int) -> str:
    """Return the name of a column of a comparison, A to D, by its position from 0."""
    return "ABCD"[position]


def line(text: str) -> str:
    """Return `text` on one line."""
    return " ".join(text.split())


def score(said: ChapterReading, scale: str) -> str:
    """Format a score of a chapter: "6", "6.5"; `NO_FIGURE` without one."""
    if said.scores is None:
        return NO_FIGURE
    return f"{said.scores.value(scale):.1f}".removesuffix(".0")


def state(state: State) -> str:
    """Say what became of a call: "finished", "being written"."""
    return _STATES.get(state, "being written")


def unfinished(step: StepStatus) -> str:
    """Say why an answer is not whole; empty where it is."""
    if step.state is State.DONE:
        if step.statistics is not None and step.statistics.done_reason == "length":
            return "This answer ran into its limit (done_reason length): its end is missing."
        return ""
    is_begun = bool(step.answer.strip())
    what = "This answer is not whole:" if is_begun else "Nothing was written; this step is"
    error = f" {step.error}" if step.error is not None else ""
    return f"{what} {state(step.state)}.{error}"


def problem(error: FirstReaderError | None) -> str:
    """Say in a few words what an analysis failed with: "repeated itself, stopped".

    Empty where there is no more to say than that it failed.
    """
    return _PROBLEMS.get(type(error), "") if error is not None else ""


def otherwise(error: FirstReaderError | None) -> str:
    """Say how a question that failed with `error` is asked once more: "with the language named".

    Empty where it is asked as before.
    """
    return _OTHERWISE.get(type(error), "") if error is not None else ""


def read(value: Read) -> str:
    """Say how much of a chapter was read."""
    return _READ.get(value, value.value)


def date(value: datetime) -> str:
    """Format a moment in UTC: "2026-03-01 09:05 UTC"."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def moment(seconds: float | None) -> datetime | None:
    """Return the moment so many seconds after the beginning of 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Format a count: "1 chapter", "3,010 words"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {many or noun + 's'}"
