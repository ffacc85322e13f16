"""How files say states, dates, counts, scores and columns, all of them alike, and pages some."""

from __future__ import annotations

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
from components.reports import ChapterReading, Depth, Read
from components.store import State, StepStatus

#: The parts of a report, as an editor knows them.
PARTS = {
    "story": "The story so far",
    "notes": "Notes",
    "scores": "Scores",
    "digest": "Notes joined",
    "report": "Report",
}

DEPTHS = {Depth.SKIM: "skim", Depth.STANDARD: "standard", Depth.THOROUGH: "thorough"}

_STATES = {
    State.QUEUED: "not begun yet",
    State.DONE: "finished",
    State.STOPPED: "stopped before its end",
    State.FAILED: "broken off by an error",
    State.INTERRUPTED: "interrupted",
}

#: What is said of an answer that is no use, and of how it is then asked once more.
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

#: What stands where a model gave no scores that can be used: never a zero.
NONE_GIVEN = "none given"
NOT_THERE_YET = "not there yet"

#: The same in a row of scores or other figures.
NO_FIGURE = "–"

#: The columns of a comparison, by their places.
_LETTERS = "ABCD"

#: What no file can hold, and what would turn the direction of what follows.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")


def letter(position: int) -> str:
    """Return what a column of a comparison is called, A to D, by its place from 0."""
    return _LETTERS[position]


def line(text: str) -> str:
    """Return `text` on one line."""
    return " ".join(text.split())


def printable(text: str) -> str:
    """Return `text` with a sign in place of each character that cannot be shown."""
    return _UNPRINTABLE.sub("\ufffd", text)


def score(said: ChapterReading, scale: str) -> str:
    """Say a score of a chapter: "6", "6.5"; `NO_FIGURE` where there is none."""
    if said.scores is None:
        return NO_FIGURE
    return f"{said.scores.value(scale):.1f}".removesuffix(".0")


def state(step: StepStatus) -> str:
    """Say where a step is: "finished", "being written"."""
    return _STATES.get(step.state, "being written")


def ending(step: StepStatus) -> str:
    """Say what is wrong with how an answer ended; empty where nothing is."""
    if step.state is State.DONE:
        reason = step.statistics.done_reason if step.statistics else None
        if reason == "length":
            return "This answer ran into its limit (done_reason length): its end is missing."
        return ""
    what = "This answer" if step.answer.strip() else "Nothing was written; this step"
    error = f" {step.error}" if step.error is not None else ""
    return (
        f"{what} is not whole: {state(step)}.{error}"
        if step.answer.strip()
        else (f"{what} is {state(step)}.{error}")
    )


def problem(error: FirstReaderError | None) -> str:
    """Say in a few words what an analysis failed with: "repeated itself, stopped".

    Empty where there is no word for it but that it failed.
    """
    return _PROBLEMS.get(type(error), "") if error is not None else ""


def kind(error: FirstReaderError | None) -> str:
    """Return the name of an error's class, for whoever reads a file by program; "" without one."""
    return type(error).__name__ if error is not None else ""


def otherwise(error: FirstReaderError | None) -> str:
    """Say how what failed with `error` is asked once more: "with the language named".

    Empty where it is asked as before.
    """
    return _OTHERWISE.get(type(error), "") if error is not None else ""


def read(value: Read) -> str:
    """Say what became of a chapter."""
    return _READ.get(value, value.value)


def date(value: datetime) -> str:
    """Say a moment in UTC: "2026-03-01 09:05 UTC"."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def moment(seconds: float | None) -> datetime | None:
    """Return the moment that is so many seconds after the beginning of 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Say a count: "1 chapter", "3,010 words"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {many or noun + 's'}"
