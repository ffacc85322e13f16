"""The states of a call, and which may follow which."""

from enum import StrEnum


class State(StrEnum):
    """Where an analysis is; DONE, STOPPED, FAILED and INTERRUPTED are ends."""

    QUEUED = "queued"
    CONTACTING = "contacting"
    LOADING = "loading"
    READING = "reading"
    WRITING = "writing"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens unless somebody asks for it."""
        return self in ENDED

    @property
    def is_running(self) -> bool:
        """Whether a worker has it now."""
        return self in RUNNING


ENDED = frozenset({State.DONE, State.STOPPED, State.FAILED, State.INTERRUPTED})

RUNNING = frozenset(State) - ENDED - {State.QUEUED}

#: From wherever a worker has it: it may be told to stop, break, or lose its worker.
_CUT = frozenset({State.STOPPING, State.STOPPED, State.FAILED, State.INTERRUPTED})

#: What may follow what. Reading goes back to loading when the server's exact count asks for a
#: larger context than the estimate did; a stop that comes too late finds the analysis done. A call
#: that lost its worker is interrupted and, unless that happened too often, queued again at once.
#: Asking again leads from each end back to the queue, as a new attempt. A call that waits fails
#: where its question cannot be read.
ALLOWED: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CONTACTING, State.STOPPED, State.FAILED}),
    State.CONTACTING: frozenset({State.LOADING}) | _CUT,
    State.LOADING: frozenset({State.READING}) | _CUT,
    State.READING: frozenset({State.LOADING, State.WRITING, State.DONE}) | _CUT,
    State.WRITING: frozenset({State.DONE}) | _CUT,
    State.STOPPING: frozenset({State.STOPPED, State.DONE, State.FAILED}),
    **dict.fromkeys(ENDED, frozenset({State.QUEUED})),
}
