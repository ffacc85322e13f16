"""How a report is spoken of: its steps, its chapters' states, the time that is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.reports import Read, Report
from components.store import Done, State

#: Mark (a symbol of Streamlit's) and word of what became of a chapter: never colour alone.
MARKS = {
    Read.COMPLETE: ":material/check_circle:",
    Read.UNDER_WAY: ":material/clock_loader_40:",
    Read.WAITING: ":material/schedule:",
    Read.HELD_UP: ":material/hourglass_disabled:",
    Read.SHORT: ":material/warning:",
    Read.FAILED: ":material/error:",
    Read.STOPPED: ":material/stop_circle:",
    Read.LEFT_OUT: ":material/remove:",
}

#: What is wrong with a chapter, and is shown in red.
RED = frozenset({Read.SHORT, Read.FAILED, Read.STOPPED, Read.HELD_UP})

_DOING = {
    State.QUEUED: "starting",
    State.CONTACTING: "starting",
    State.LOADING: "loading the model",
    State.READING: "reading",
    State.WRITING: "writing",
    State.STOPPING: "stopping",
}


def step_name(step: Done) -> str:
    """Say which step it is: "Chapter 4, notes for Plot and structure"."""
    question = step.question
    match question.part:
        case "story":
            return f"{question.scope}, the story so far"
        case "notes":
            return f"{question.scope}, notes for {question.lens}"
        case "scores":
            return f"{_scored(step)}, scores"
        case "digest":
            return f"Joining the notes on {question.scope} for {question.lens}"
        case _:
            return f"Report of {question.lens}"


def _scored(step: Done) -> str:
    """Return what is scored: where the book is read as a whole, one chapter of it."""
    return step.question.scope[:1].upper() + step.question.scope[1:]


def doing(state: State) -> str:
    """Say what happens to a step now: "reading"."""
    return _DOING.get(state, "finishing")


def about(seconds: float) -> str:
    """Say a duration that is an estimate, in round figures: "40 s", "9 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(round(seconds / 5) * 5, 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def seconds_left(report: Report, speeds: tuple[float, float] | None) -> float | None:
    """Estimate the seconds until all is done, at these tokens a second; None where unknown.

    Each passage of which anything is left is read once more; answers take two thirds of their room.
    """
    if speeds is None:
        return None
    left = [one for one in report.steps if one.state is not State.DONE]
    read, write = 0.0, 0.0
    passages: set[int] = set()
    for one in left:
        question = one.question
        write += question.options.num_predict * 2 / 3
        if question.passage and question.passage not in passages:
            passages.add(question.passage)
            read += question.tokens
        elif not question.passage:
            read += sum(_room(report.steps, at) for at in one.needs)
    return read / speeds[0] + write / speeds[1]


def _room(steps: Sequence[Done], position: int) -> float:
    return steps[position].question.options.num_predict * 2 / 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A widget of the form whose value stays for the window, also while another page is shown."""

    of: str
    name: str

    @property
    def widget(self) -> str:
        """The widget's key."""
        return f"book-{self.name}"

    def keep(self) -> None:
        """Remember what the widget holds; called when it changes."""
        st.session_state.setdefault(_FORM, {})[self.of, self.name] = st.session_state[self.widget]


_FORM = "book-form"


def kept_choice(of: str, name: str, default: Any, *, among: Collection[Any] | None = None) -> Kept:
    """Return the widget `name` for what `of` is (a manuscript, or empty), its value put back.

    A value that is not `among` those that there are is given up for the default.
    """
    kept = Kept(of, name)
    value = st.session_state.get(_FORM, {}).get((of, name), default)
    if among is not None:
        whole = [one for one in value if one in among] if isinstance(value, list) else value
        value = whole if isinstance(value, list) or value in among else default
    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[kept.widget] = value
    return kept
