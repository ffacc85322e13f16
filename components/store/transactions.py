"""Writing to a call inside a transaction: its row and its events always change together."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import FirstReaderError, IllegalTransition
from components.store.call_events import Failed, Moment, StateChanged, joined, pack
from components.store.call_states import ALLOWED, State
from components.store.database import queue_changed
from components.store.tables import call, event


def locked(connection: Connection, call_id: str) -> Row[Any] | None:
    """Lock and return the row of a call; None where it was deleted for good."""
    return connection.execute(
        sa.select(call).where(call.c.id == call_id).with_for_update()
    ).one_or_none()


def added(
    row: Any, moments: Sequence[Moment], *, attempt: int
) -> tuple[list[dict[str, Any]], State]:
    """Return the rows of new events and the state they lead to. Raises: IllegalTransition."""
    state = State(row.state)
    rows = []
    for seq, moment in enumerate(joined(moments), row.last_seq + 1):
        if isinstance(moment.event, StateChanged):
            before, state = state, moment.event.state
            if state is not before and state not in ALLOWED[before]:
                raise IllegalTransition(f"An analysis that is {before} cannot be {state}.")
        rows.append(event_row(row.id, seq, attempt, moment))
    return rows, state


def unless_stopping(row: Any, moments: Sequence[Moment]) -> list[Moment]:
    """Leave out what would lead a call that is stopping back into its stages."""
    stopping = row.state == State.STOPPING
    return [
        moment for moment in moments if not (stopping and isinstance(moment.event, StateChanged))
    ]


def event_row(call_id: str, seq: int, attempt: int, moment: Moment) -> dict[str, Any]:
    """Return the row of an event."""
    kind, body, count = pack(moment.event)
    columns = {"call_id": call_id, "seq": seq, "attempt": attempt, "at": moment.at}
    return columns | {"kind": kind, "body": body, "count": count}


def write(connection: Connection, row: Row[Any], moments: Sequence[Moment], **values: Any) -> None:
    """Add `moments` to a call's events, `values` to its row. Raises: IllegalTransition."""
    rows, state = added(row, moments, attempt=values.get("attempt", row.attempt))
    if rows:
        connection.execute(sa.insert(event), rows)
        values |= {"last_seq": row.last_seq + len(rows), "state": state}
        queue_changed(connection)
    connection.execute(sa.update(call).where(call.c.id == row.id).values(**values))


def change_all(
    connection: Connection,
    rows: Sequence[Row[Any]],
    state: State,
    at: float,
    values: Sequence[dict[str, Any]] | None = None,
) -> None:
    """Lead many calls to `state`, with one statement a table.

    `values` are what else changes in each row: the same columns of each. Raises: IllegalTransition.
    """
    if not rows:
        return
    change = [Moment(at, StateChanged(state))]
    events = [new for row in rows for new in added(row, change, attempt=row.attempt)[0]]
    connection.execute(sa.insert(event), events)
    changes = [
        {"of": row.id, "state": state, "last_seq": row.last_seq + 1} | more
        for row, more in zip(rows, values or [{}] * len(rows), strict=True)
    ]
    connection.execute(sa.update(call).where(call.c.id == sa.bindparam("of")), changes)
    queue_changed(connection)


def finish(
    connection: Connection,
    row: Row[Any],
    states: Sequence[State],
    at: float,
    *,
    moments: Sequence[Moment] = (),
    error: FirstReaderError | None = None,
    **values: Any,
) -> None:
    """Write the last `moments` of an attempt, its `error` and the `states` that end it.

    No worker has anything to do with the call then. Its text is gathered in its row, where it is
    searched, unless it is queued again. Raises: IllegalTransition.
    """
    failed = [] if error is None else [Moment(at, Failed(error))]
    ends = [Moment(at, StateChanged(state)) for state in states]
    again = states[-1] is State.QUEUED
    values |= {"worker": None, "job": None, "lease": None, "ended": None if again else at}
    write(connection, row, [*unless_stopping(row, moments), *failed, *ends], **values)
    text = "" if again else text_of(connection, row.id, row.attempt)
    connection.execute(sa.update(call).where(call.c.id == row.id).values(answer=text))


def text_of(connection: Connection, call_id: str, attempt: int) -> str:
    """Return what an attempt of a call wrote."""
    texts = connection.scalars(
        sa.select(event.c.body)
        .where(event.c.call_id == call_id, event.c.attempt == attempt, event.c.kind == "text")
        .order_by(event.c.seq)
    )
    return "".join(texts)
