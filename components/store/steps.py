"""The calls of a report: each knows whose answers it needs, and an answer may serve again.

All are queued when the report is begun, in one transaction. Which may run is asked of the store at
every claim, so that nothing has to be awake between two calls: an app that was killed goes on with
the next one, and what is done is never done again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.store.beginning import Beginning, begin_all
from components.store.database import AT_ONCE
from components.store.question import Question
from components.store.states import State
from components.store.tables import analysis, call, event, need


@dataclass(frozen=True, slots=True)
class Step:
    """A call that is planned.

    `needs` are the places, in the plan, of those whose answers it is given, in that order. `key`
    names all that decides its answer; one that `is_anew` is asked though that was answered before.
    `passage` is shared by those that read the same text.
    """

    question: Question
    needs: tuple[int, ...] = ()
    key: str = ""
    passage: str = ""
    is_anew: bool = False

    def is_there(self, answered: Collection[str]) -> bool:
        """Whether its answer is among those of the keys that were answered before."""
        return bool(self.key) and not self.is_anew and self.key in answered


@dataclass(frozen=True, slots=True)
class Planned:
    """A report to be begun with others: its `steps`, and `details` as its series keeps them."""

    steps: Sequence[Step]
    details: Mapping[str, Any]


def begin_steps(
    connection: Connection,
    owner: str,
    steps: Sequence[Step],
    *,
    series_id: str,
    name: str,
    since: float | None = None,
) -> int:
    """Queue the calls of a report; return how many were done before and are copied.

    `since` is when the first of them has its place in the queue, now unless given. Raises:
    UnknownManuscript.
    """
    begun = begin_all(
        connection,
        owner,
        [
            Beginning(
                step.question,
                name=name,
                series_id=series_id,
                position=position,
                passage=f"{series_id}/{step.passage}" if step.passage else None,
                key=step.key or None,
            )
            for position, step in enumerate(steps)
        ],
        since=since,
    )
    calls = [call_id for _, call_id in begun]
    needed = [
        {"call_id": call_id, "position": at, "of": calls[one]}
        for call_id, step in zip(calls, steps, strict=True)
        for at, one in enumerate(step.needs)
    ]
    if needed:
        connection.execute(sa.insert(need), needed)
    done = done_before(connection, owner, {one.key for one in steps if one.key})
    copied = 0
    for call_id, step in zip(calls, steps, strict=True):
        if step.is_there(done):
            _copy(connection, done[step.key], call_id)
            copied += 1
    return copied


def done_before(
    connection: Connection,
    owner: str,
    keys: Iterable[str],
    *,
    columns: Sequence[Any] = (call,),
) -> dict[str, Row[Any]]:
    """Return the last call of each key that is done and not deleted, or `columns` of it."""
    wanted = sorted(keys)
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            sa.select(*columns)
            .select_from(call)
            .join(analysis, analysis.c.id == call.c.analysis_id)
            .where(
                call.c.owner == owner,
                call.c.state == State.DONE,
                call.c.key.in_(wanted[start : start + AT_ONCE]),
                analysis.c.deleted.is_(None),
            )
            .order_by(call.c.ended)
        )
        found |= {row.key: row for row in rows}
    return found


def _copy(connection: Connection, before: Row[Any], to: str) -> None:
    """Make `to`, which waits, what `before` came to in its last attempt; pieces of text joined."""
    rows = connection.execute(
        sa.select(event)
        .where(event.c.call_id == before.id, event.c.attempt == before.attempt)
        .order_by(event.c.seq)
    )
    events: list[dict[str, Any]] = []
    for row in rows:
        last = events[-1] if events else None
        if last is not None and row.kind == last["kind"] and row.kind in ("text", "thought"):
            last["body"] += row.body
            last["count"] += row.count
            continue
        # Its first entry says that it waits.
        events.append(row._asdict() | {"call_id": to, "seq": len(events) + 2, "attempt": 1})
    if events:
        connection.execute(sa.insert(event), events)
    connection.execute(
        sa.update(call)
        .where(call.c.id == to)
        .values(
            state=State.DONE,
            attempt=1,
            last_seq=len(events) + 1,
            host=before.host,
            hosts=before.hosts,
            started=before.started,
            ended=before.ended,
            answer=before.answer,
            copied=before.copied or before.id,
        )
    )
