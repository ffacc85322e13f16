"""What happens in a call, as values and as rows of the store.

A row holds a kind, a body and a count. Text and thoughts are stored as they are, with the count of
pieces that they came in; everything else is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from components.engine import ContextChosen, Finished, Statistics, Text, Thought
from components.errors import ContextExceeded, FirstReaderError, ServerError, kinds
from components.store.states import State
from components.store.storable_text import decoding, storable


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


_ERRORS = kinds(FirstReaderError)


def pack(event: Happening) -> tuple[str, str, int]:
    """Return kind, body and count of `event`."""
    match event:
        case Text(text, pieces):
            return "text", storable(text), pieces
        case Thought(text, pieces):
            return "thought", storable(text), pieces
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


def pack_error(error: FirstReaderError) -> str:
    """Return `error` as JSON: class, message, advice, and the figures that some have."""
    fields: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": str(error),
        "advice": error.advice,
    }
    match error:
        case ContextExceeded():
            fields["figures"] = [error.needed, error.available]
        case ServerError():
            fields["status_code"] = error.status_code
        case _:
            pass
    return json.dumps(fields)


def unpack_error(text: str) -> FirstReaderError:
    """Return the error that `pack_error` made `text` of; an unknown class as the common one.

    Raises: RecordUnreadable.
    """
    with decoding("Why this analysis failed"):
        fields: dict[str, Any] = json.loads(text)
        kind = _ERRORS.get(fields["kind"], FirstReaderError)
        if kind is ContextExceeded:
            return ContextExceeded(*fields["figures"], advice=fields["advice"])
        if kind is ServerError:
            return ServerError(
                fields["message"], status_code=fields["status_code"], advice=fields["advice"]
            )
        return kind(fields["message"], advice=fields["advice"])


def joined(moments: Iterable[Moment]) -> list[Moment]:
    """Return `moments` with neighbouring pieces of text made one, which began with the first."""
    result: list[Moment] = []
    for moment in moments:
        last = result[-1].event if result else None
        match last, moment.event:
            case (Text(before, some), Text(text, more)):
                result[-1] = Moment(result[-1].at, Text(before + text, some + more))
            case (Thought(before, some), Thought(text, more)):
                result[-1] = Moment(result[-1].at, Thought(before + text, some + more))
            case _:
                result.append(moment)
    return result
