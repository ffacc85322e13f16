"""What the events of a call add up to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from components.engine import ContextChosen, Finished, Statistics, Text, Thought
from components.errors import FirstReaderError
from components.store.call_events import Failed, JournalEntry, StateChanged
from components.store.states import State


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured here of one attempt, in seconds; None where it is not known.

    `received` counts pieces of text, one a token as Ollama sends them. `elapsed` is the time since
    a worker took the call, `load_wait` that for the model to be in memory, `time_to_first_token`
    that from sending the prompt to the first piece, `writing` that from the first piece to the
    last, or to now while more comes. They hold where a call was stopped or broke off too, of which
    Ollama sends no figures.
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
    """The sum of a call's entries: text so far, figures so far, error if any.

    All of it is of the latest attempt; `earlier` keeps what was written by those that were cut, and
    `earlier_error` is what the last one that came to an end of its own failed with, if it did.
    `began` maps each state to when it was last entered, in seconds since 1970; `last_received` is
    when text last came, None before the first.
    """

    text: str = ""
    thoughts: str = ""
    received: int = 0
    num_ctx: int | None = None
    limit: int | None = None
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
            case Text(text, pieces):
                self.text += text
                self.received += pieces
                self.last_received = entry.at
            case Thought(text, pieces):
                self.thoughts += text
                self.received += pieces
                self.last_received = entry.at
            case ContextChosen(num_ctx, limit):
                self.num_ctx, self.limit = num_ctx, limit
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
        self.num_ctx, self.limit, self.statistics, self.error = None, None, None, None
        self.last_received = None
        self.began = {state: at for state, at in self.began.items() if state is State.QUEUED}

    def seconds_in(self, state: State, *, now: float | None = None) -> float:
        """Seconds since `state` was entered, until `now` (this moment when None)."""
        if state not in self.began:
            return 0.0
        # Another machine's clock may be ahead of this one's.
        return max((time.time() if now is None else now) - self.began[state], 0.0)

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
        if until is None or state not in self.began or until < self.began[state]:
            return None
        return until - self.began[state]
