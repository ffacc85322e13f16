"""What happens in a call: events, as values and as rows, and what they add up to.

A row holds a kind, a body and a count. Text and thoughts are stored as they are, with the count of
pieces that they came in; everything else is JSON.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from components.engine import UNREADABLE, ContextChosen, Finished, Statistics, Text, Thought
from components.errors import (
    ContextExceeded,
    FirstReaderError,
    RecordUnreadable,
    ServerError,
    kinds,
)
from components.store.call_states import State


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The call entered `state`."""

    state: State


@dataclass(frozen=True, slots=True)
class Failed:
    """The call ended with `error`; what was written before it is kept."""

    error: FirstReaderError


Happening = Text | Thought | ContextChosen | Finished | StateChanged | Failed


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One thing that happened in a call.

    `seq` counts from 1 over all attempts; `at` is seconds since 1970, by a clock that runs evenly
    within an attempt; `attempt` counts from 1, 0 before the first.
    """

    seq: int
    at: float
    attempt: int
    event: Happening


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at `at` (seconds since 1970), not yet stored."""

    at: float
    event: Happening


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured here of one attempt, in seconds; None where it is not known.

    `received` counts pieces of text, one a token as Ollama sends them. `elapsed` is the time since
    a worker took the call, `load_wait` that for the model to be in memory, `time_to_first_token`
    that from sending the prompt to the first piece, `writing` that from the first piece to the
    last, or to now while more comes. Stopped and broken calls have them too, Ollama's figures not.
    """

    received: int = 0
    elapsed: float | None = None
    load_wait: float | None = None
    time_to_first_token: float | None = None
    writing: float | None = None

    @property
    def tokens_per_second(self) -> float | None:
        """Speed of writing; None of a moment too short to tell."""
        return self.received / self.writing if self.writing and self.writing > 0.2 else None


@dataclass(slots=True)
class CallOutcome:
    """The sum of a call's entries, of the latest attempt: text, figures and error so far.

    `earlier` keeps the texts of earlier attempts, `earlier_error` what the last of them that was
    not cut failed with. `began` maps each state to when it was last entered, in seconds since
    1970; `last_received` is when text last came, None before the first.
    """

    text: str = ""
    thoughts: str = ""
    received: int = 0
    num_ctx: int | None = None
    statistics: Statistics | None = None
    error: FirstReaderError | None = None
    state: State = State.QUEUED
    attempt: int = 0
    earlier: list[str] = field(default_factory=list)
    earlier_error: FirstReaderError | None = None
    began: dict[State, float] = field(default_factory=dict)
    last_received: float | None = None

    def add(self, entry: JournalEntry) -> None:
        """Take in the next entry."""
        if entry.attempt > self.attempt:
            self._begin(entry.attempt)
        match entry.event:
            case Text(text, pieces) | Thought(text, pieces):
                if isinstance(entry.event, Text):
                    self.text += text
                else:
                    self.thoughts += text
                self.received += pieces
                self.last_received = entry.at
            case ContextChosen(num_ctx):
                self.num_ctx = num_ctx
            case Finished(statistics):
                self.statistics = statistics
            case Failed(error):
                self.error = error
            case StateChanged(state):
                self.state = state
                self.began[state] = entry.at

    def _begin(self, attempt: int) -> None:
        if self.text.strip():
            self.earlier.append(self.text)
        if self.error is not None or self.statistics is not None:
            self.earlier_error = self.error
        self.attempt, self.text, self.thoughts, self.received = attempt, "", "", 0
        self.num_ctx = self.statistics = self.error = self.last_received = None
        self.began = {state: at for state, at in self.began.items() if state is State.QUEUED}

    def seconds_in(self, state: State, *, now: float | None = None) -> float:
        """Seconds since `state` was entered, until `now` (this moment when None)."""
        return self._between(state, time.time() if now is None else now) or 0.0

    def measured(self, *, now: float | None = None) -> Measured:
        """Return what was measured here by `now` (this moment when None), in seconds since 1970."""
        now = time.time() if now is None else now
        ended = self.began.get(self.state) if self.state.has_ended else None
        writes = self.state is State.WRITING
        return Measured(
            received=self.received,
            elapsed=self._between(State.CONTACTING, ended or now),
            load_wait=self._between(State.LOADING, self.began.get(State.READING)),
            time_to_first_token=self._between(State.READING, self.began.get(State.WRITING)),
            writing=self._between(State.WRITING, now if writes else self.last_received),
        )

    def _between(self, state: State, until: float | None) -> float | None:
        """Seconds from when `state` was last entered to `until`; None where that is not known."""
        # Another machine's clock may be ahead of this one's.
        if until is None or state not in self.began or until < self.began[state]:
            return None
        return until - self.began[state]


def joined(moments: Iterable[Moment]) -> list[Moment]:
    """Return `moments` with neighboring pieces of text made one, which began with the first."""
    result: list[Moment] = []
    for moment in moments:
        last, new = result[-1].event if result else None, moment.event
        if isinstance(last, Text | Thought) and isinstance(new, type(last)):
            both = type(last)(last.text + new.text, last.pieces + new.pieces)
            result[-1] = Moment(result[-1].at, both)
        else:
            result.append(moment)
    return result


def storable(text: str) -> str:
    """Replace what no database takes as text: halves of surrogate pairs, the null character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn errors of taking a row apart into RecordUnreadable, which names `what`.

    Such a row was written by another version, or is damaged; the rows beside it are not.
    """
    try:
        yield
    except UNREADABLE:  # Its message holds a piece of the row, and so of the manuscript.
        raise RecordUnreadable(
            f"{what} cannot be read: it is damaged, or another version of First Reader wrote it."
        ) from None


def pack(event: Happening) -> tuple[str, str, int]:
    """Return kind, body and count of `event`."""
    match event:
        case Text(text, pieces) | Thought(text, pieces):
            return "text" if isinstance(event, Text) else "thought", storable(text), pieces
        case ContextChosen():
            return "context", json.dumps(asdict(event)), 0
        case Finished(statistics):
            return "finished", json.dumps(asdict(statistics)), 0
        case StateChanged(state):
            return "state", state.value, 0
        case Failed(error):
            return "failed", pack_error(error), 0


def unpack(kind: str, body: Any, count: Any) -> Happening:
    """Return the event of a stored row. Raises: RecordUnreadable."""
    with decoding("A part of the record of this analysis"):
        match kind:
            case "text" | "thought":
                if not (isinstance(body, str) and isinstance(count, int)):  # SQLite takes anything.
                    raise TypeError
                return Text(body, count) if kind == "text" else Thought(body, count)
            case "context":
                return ContextChosen(**json.loads(body))
            case "finished":
                return Finished(unpack_statistics(body))
            case "state":
                return StateChanged(State(body))
            case _:
                return Failed(unpack_error(body))


def unpack_statistics(body: str) -> Statistics:
    """Return the figures of a stored row. Raises: RecordUnreadable."""
    with decoding("What Ollama measured of this analysis"):
        return Statistics(**json.loads(body))


_ERRORS = kinds(FirstReaderError)


def pack_error(error: FirstReaderError) -> str:
    """Return `error` as JSON: class, message, advice, and the figures that some have."""
    fields: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": str(error),
        "advice": error.advice,
    }
    if isinstance(error, ContextExceeded):
        fields["figures"] = [error.needed, error.available]
    elif isinstance(error, ServerError):
        fields["status_code"] = error.status_code
    return json.dumps(fields)


def unpack_error(text: str) -> FirstReaderError:
    """Return the error that `pack_error` packed. Raises: RecordUnreadable."""
    with decoding("Why this analysis failed"):
        fields: dict[str, Any] = json.loads(text)
        kind, advice = _ERRORS.get(fields["kind"], FirstReaderError), fields["advice"]
        if kind is ContextExceeded:
            return ContextExceeded(*fields["figures"], advice=advice)
        if kind is ServerError:
            return ServerError(fields["message"], status_code=fields["status_code"], advice=advice)
        return kind(fields["message"], advice=advice)
