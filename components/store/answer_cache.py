"""Answers that serve again: what was asked before for the same text, model, question and options.

Looked for when a report is begun and once more when its step is about to be asked: another reading
may have got the answer meanwhile. An answer of which the server says that it read less than was
sent serves nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import RecordUnreadable
from components.store.call_events import unpack_statistics
from components.store.database import AT_ONCE, queue_changed
from components.store.states import State
from components.store.tables import analysis, call, event, need, series


def done_before(
    connection: Connection,
    owner: str,
    least: Mapping[str, int],
    *,
    apart_from: str | None = None,
) -> dict[str, Row[Any]]:
    """Return the last call of each key that is done and not deleted, and may serve.

    `least` are the keys, each with the tokens that the server must say it has read; `apart_from` is
    the id of a comparison whose reports do not serve.
    """
    wanted = sorted(least)
    of_another: sa.ColumnElement[bool] = sa.true()
    if apart_from is not None:
        of_another = sa.func.coalesce(series.c.comparison, "") != apart_from
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            sa.select(call)
            .join(analysis, analysis.c.id == call.c.analysis_id)
            .outerjoin(series, series.c.id == analysis.c.series_id)
            .where(
                call.c.owner == owner,
                call.c.state == State.DONE,
                call.c.key.in_(wanted[start : start + AT_ONCE]),
                analysis.c.deleted.is_(None),
                of_another,
            )
            .order_by(call.c.ended)
        ).all()
        read = _read(connection, [row.id for row in rows if least[row.key]])
        found |= {row.key: row for row in rows if read.get(row.id, 0) >= least[row.key]}
    return found


def meanwhile(connection: Connection, row: Row[Any], comparison: str | None) -> Row[Any] | None:
    """Return the call whose answer serves one that is about to be asked, if there is any.

    `comparison` is that of which its report is a column: the columns are asked each for itself.
    """
    if row.key is None or row.anew:
        return None
    if row.passage is None and not _copied_all(connection, row.id):
        return None
    found = done_before(connection, row.owner, {row.key: row.least}, apart_from=comparison)
    return found.get(row.key)


def copy_answer(
    connection: Connection, before: Row[Any], to: str, *, asked: Row[Any] | None = None
) -> None:
    """Make `to`, which waits, what `before` came to in its last attempt; pieces of text joined.

    `asked` is its row where it may have been asked itself.
    """
    rows = connection.execute(
        sa.select(event)
        .where(event.c.call_id == before.id, event.c.attempt == before.attempt)
        .order_by(event.c.seq)
    )
    # The first entry of one that was never asked says that it waits.
    last_seq, attempt = (1, 1) if asked is None else (asked.last_seq, asked.attempt + 1)
    events: list[dict[str, Any]] = []
    for row in rows:
        last = events[-1] if events else None
        if last is not None and row.kind == last["kind"] and row.kind in ("text", "thought"):
            last["body"] += row.body
            last["count"] += row.count
            continue
        last_seq += 1
        events.append(row._asdict() | {"call_id": to, "seq": last_seq, "attempt": attempt})
    if events:
        connection.execute(sa.insert(event), events)
    connection.execute(
        sa.update(call)
        .where(call.c.id == to)
        .values(
            state=State.DONE,
            attempt=attempt,
            last_seq=last_seq,
            host=before.host,
            hosts=_hosts(before, asked),
            started=before.started,
            ended=before.ended,
            answer=before.answer,
            copied=before.copied or before.id,
        )
    )
    queue_changed(connection)


def _read(connection: Connection, call_ids: Sequence[str]) -> dict[str, int]:
    """Return the tokens that the server says it has read of each, where it says that."""
    rows = connection.execute(
        sa.select(event.c.call_id, event.c.body)
        .join(call, call.c.id == event.c.call_id)
        .where(
            call.c.id.in_(call_ids),
            event.c.kind == "finished",
            event.c.attempt == call.c.attempt,
        )
    )
    return {row.call_id: _count(row.body) for row in rows}


def _count(body: str) -> int:
    """Return the tokens that were read, 0 where that is not known: such an answer serves nobody."""
    try:
        return unpack_statistics(body).prompt_eval_count or 0
    except RecordUnreadable:
        return 0


def _copied_all(connection: Connection, call_id: str) -> bool:
    """Whether all answers that a call is given came from other readings."""
    own = sa.select(need.c.of).join(call, call.c.id == need.c.of)
    own = own.where(need.c.call_id == call_id, call.c.copied.is_(None)).limit(1)
    return connection.scalar(own) is None


def _hosts(before: Row[Any], asked: Row[Any] | None) -> str | None:
    """Return all hosts that were sent the text, by either; None where that is not known."""
    if asked is None or asked.attempt == 0:
        return before.hosts  # type: ignore[no-any-return]
    if before.hosts is None or asked.hosts is None:
        return None
    return joined_hosts(asked.hosts, before.hosts)


def joined_hosts(some: str, more: str) -> str:
    """Return hosts that stand a line each, each once, in their order."""
    return "\n".join(dict.fromkeys([*some.split("\n"), *more.split("\n")]))
