"""One analysis: what was asked, of which text, and what came of it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from components.engine import Call, ContextChosen, Finished, Statistics, Text, Thought
from components.errors import FirstReaderError, IllegalTransition
from components.store.journal import Failed, Journal, StateChanged
from components.store.states import ALLOWED, State


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: enough to run it again and to say what it was.

    `scope` names the part of the manuscript that was sent ("the whole manuscript", "Chapter 1"),
    `words` counts it; `tokens` is the estimate of the prompt before the server counted it;
    `digest` is the model's.
    """

    manuscript_id: str
    title: str
    scope: str
    words: int
    tokens: int
    lens: str
    digest: str
    prompt: str
    call: Call


@dataclass(slots=True)
class Record:
    """An analysis as stored: its question, its state and its journal.

    Only the runner writes; pages read. `id` is unguessable: it is the analysis's address.
    """

    id: str
    question: Question
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    journal: Journal = field(default_factory=Journal)
    _state: State = State.QUEUED
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.journal.append(StateChanged(self._state))

    @property
    def state(self) -> State:
        """The state now."""
        return self._state

    def move(self, state: State) -> None:
        """Enter `state` and write it to the journal; to the present state it does nothing.

        Raises: IllegalTransition.
        """
        self._enter(state)

    def fail(self, error: FirstReaderError) -> None:
        """Write `error` to the journal, then enter FAILED. Raises: IllegalTransition."""
        self._enter(State.FAILED, Failed(error))

    def _enter(self, state: State, *why: Failed) -> None:
        with self._lock:
            if state is self._state:
                return
            if state not in ALLOWED[self._state]:
                raise IllegalTransition(f"An analysis that is {self._state} cannot be {state}.")
            for event in why:
                self.journal.append(event)
            self.journal.append(StateChanged(state))
            self._state = state

    def outcome(self) -> Outcome:
        """Return what the journal adds up to now."""
        outcome = Outcome()
        for entry in self.journal.after(0):
            outcome.add(entry.event, at=entry.at)
        return outcome


@dataclass(slots=True)
class Outcome:
    """The sum of a journal: text so far, figures so far, error if any.

    `began` maps each state to when it was last entered, in monotonic seconds.
    """

    text: str = ""
    thoughts: str = ""
    received: int = 0
    num_ctx: int | None = None
    limit: int | None = None
    statistics: Statistics | None = None
    error: FirstReaderError | None = None
    state: State = State.QUEUED
    began: dict[State, float] = field(default_factory=dict)

    def add(self, event: object, *, at: float) -> None:
        """Take in the next event of the journal."""
        match event:
            case Text(text):
                self.text += text
                self.received += 1
            case Thought(text):
                self.thoughts += text
                self.received += 1
            case ContextChosen(num_ctx, limit):
                self.num_ctx, self.limit = num_ctx, limit
            case Finished(statistics):
                self.statistics = statistics
            case Failed(error):
                self.error = error
            case StateChanged(state):
                self.state = state
                self.began[state] = at
            case _:
                pass

    def seconds_in(self, state: State, *, now: float | None = None) -> float:
        """Seconds since `state` was entered, until `now` (this moment when None)."""
        if state not in self.began:
            return 0.0
        return (time.monotonic() if now is None else now) - self.began[state]

    def writing_rate(self, *, now: float | None = None) -> float | None:
        """Tokens received a second since writing began, as the page measures it live."""
        seconds = self.seconds_in(State.WRITING, now=now)
        return self.received / seconds if seconds > 0.2 else None
