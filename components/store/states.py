"""The states of an analysis and the ways between them."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an analysis is. The last three are final."""

    QUEUED = "queued"
    CONTACTING = "contacting"
    LOADING = "loading"
    READING = "reading"
    WRITING = "writing"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return not ALLOWED[self]


_ENDS = frozenset({State.STOPPING, State.STOPPED, State.FAILED})

#: What may follow what. Reading goes back to loading when the server's exact count asks for a
#: larger context than the estimate did; a stop that comes too late finds the analysis done.
ALLOWED: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CONTACTING}) | _ENDS,
    State.CONTACTING: frozenset({State.LOADING}) | _ENDS,
    State.LOADING: frozenset({State.READING}) | _ENDS,
    State.READING: frozenset({State.LOADING, State.WRITING, State.DONE}) | _ENDS,
    State.WRITING: frozenset({State.DONE}) | _ENDS,
    State.STOPPING: frozenset({State.STOPPED, State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.STOPPED: frozenset(),
    State.FAILED: frozenset(),
}
