"""What the events of a call add up to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from components.engine import ContextChosen, Finished, Statistics, Text, Thought
from components.errors import FirstReaderError
from components.store.events import Entry, Failed, StateChanged
from components.store.states import State


@dataclass(slots=True)
class Outcome:
    """The sum of a call's entries: text so far, figures so far, error if any.

    All of it is of the latest attempt; `earlier` keeps what was written by those that were cut, and
    `earlier_error` is what the last one that came to an end of its own failed with, if it did.
    `began` maps each state to when it was last entered, in seconds since 1970.
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

    def add(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.attempt > self.attempt:
            self._begin(entry.attempt)
        match entry.event:
            case Text(text, pieces):
                self.text += text
                self.received += pieces
            case Thought(text, pieces):
                self.thoughts += text
                self.received += pieces
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

    def seconds_in(self, state: State, *, now: float | None = None) -> float:
        """Seconds since `state` was entered, until `now` (this moment when None)."""
        if state not in self.began:
            return 0.0
        # Another machine's clock may be ahead of this one's.
        return max((time.time() if now is None else now) - self.began[state], 0.0)

    def writing_rate(self, *, now: float | None = None) -> float | None:
        """Tokens received a second since writing began, as the page measures it live."""
        seconds = self.seconds_in(State.WRITING, now=now)
        return self.received / seconds if seconds > 0.2 else None
