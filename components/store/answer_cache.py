"""Answers that serve again: what was asked before for the same text, model, question and options.

Looked for when a report is begun and once more when its step is about to be asked: another report
may have got the answer meanwhile. An answer of which the server says that it read less than was
sent serves nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import UnknownAnalysis
from components.store.call_states import State
from components.store.database import batches, queue_changed
from components.store.journal import figures
from components.store.question import Step
from components.store.tables import all_calls, analysis, call, event, need, series


def served(connection: Connection, owner: str, steps: Sequence[Step]) -> dict[int, Row[Any]]:
    """Return the calls that were done before for steps of a plan, by their positions in it.

    What is made from answers alone is there only where all of those are. Raises: UnknownAnalysis.
    """
    least: dict[str, int] = {}
    for step in steps:
        if step.key and not step.is_anew:
            least[step.key] = max(least.get(step.key, 0), step.least)
    done = _done_before(connection, owner, least)
    answered: dict[int, Row[Any]] = {}
    for at, step in enumerate(steps):  # Each comes after those that it needs.
        if step.is_there(done) and (step.passage or answered.keys() >= set(step.needs)):
            answered[at] = done[step.key]
        if step.answer_of:
            is_it = (call.c.id == step.answer_of, call.c.owner == owner, call.c.state == State.DONE)
            row = connection.execute(sa.select(call).where(*is_it)).first()
            if row is None:
                raise UnknownAnalysis("The answer that was to be compared is not there any more.")
            answered[at] = row
    return answered


def meanwhile(connection: Connection, row: Row[Any], comparison: str | None) -> Row[Any] | None:
    """Return the call whose answer serves one that is about to be asked, if there is any.

    `comparison` is that of which its report is a column: each column is asked for itself.
    """
    if row.key is None or row.anew:
        return None
    if row.passage is None:  # Made from answers alone: all of them must come from other reports.
        own = sa.select(need.c.of).join(call, call.c.id == need.c.of)
        own = own.where(need.c.call_id == row.id, call.c.copied.is_(None)).limit(1)
        if connection.scalar(own) is not None:
            return None
    return _done_before(connection, row.owner, {row.key: row.least}, comparison or "").get(row.key)


def copy_answer(
    connection: Connection, before: Row[Any], to: str, *, asked: Row[Any] | None = None
) -> None:
    """Give `to` what `before` came to; `asked` is its row where it may have been asked itself."""
    # The first entry of one that was never asked says that it waits.
    last_seq, attempt = (1, 1) if asked is None else (asked.last_seq, asked.attempt + 1)
    seq = sa.func.row_number().over(order_by=event.c.seq) + last_seq
    columns = (event.c.at, event.c.kind, event.c.body, event.c.count)
    entries = sa.select(sa.literal(to), seq, sa.literal(attempt), *columns).where(
        event.c.call_id == before.id, event.c.attempt == before.attempt
    )
    names = ["call_id", "seq", "attempt", *(column.name for column in columns)]
    connection.execute(sa.insert(event).from_select(names, entries))
    # How many rows an insertion has made, not every driver says.
    last_seq = connection.scalar(sa.select(sa.func.max(event.c.seq)).where(event.c.call_id == to))
    connection.execute(
        sa.update(call)
        .where(call.c.id == to)
        .values(
            state=State.DONE,
            attempt=attempt,
            last_seq=last_seq,
            host=before.host,
            hosts=before.hosts if asked is None else joined_hosts(asked, before.hosts),
            started=before.started,
            ended=before.ended,
            answer=before.answer,
            copied=before.copied or before.id,
        )
    )
    queue_changed(connection)


def joined_hosts(row: Row[Any], hosts: str | None) -> str | None:
    """Return a call's hosts so far and `hosts`, each once in a line; None if some are unknown."""
    if not row.attempt:
        return hosts
    if row.hosts is None or hosts is None:
        return None
    return "\n".join(dict.fromkeys((*row.hosts.split("\n"), *hosts.split("\n"))))


def _done_before(
    connection: Connection, owner: str, least: Mapping[str, int], apart_from: str = ""
) -> dict[str, Row[Any]]:
    """Return the last call of each key that is done and not deleted, and may serve.

    `least` are the keys, each with the tokens that the server must say it has read; `apart_from` is
    the id of a comparison whose reports do not serve.
    """
    done: dict[str, Row[Any]] = {}
    for keys in batches(sorted(least)):
        calls = (
            sa.select(call)
            .select_from(all_calls)
            .where(
                call.c.owner == owner,
                call.c.state == State.DONE,
                call.c.key.in_(keys),
                analysis.c.deleted.is_(None),
                sa.or_(series.c.comparison.is_(None), series.c.comparison != apart_from),
            )
            .order_by(call.c.ended)
        )
        rows = connection.execute(calls).all()
        columns = (call.c.id, call.c.last_seq, call.c.attempt)
        counted = call.c.id.in_([row.id for row in rows if least[row.key]])
        measured = figures(connection, sa.select(*columns).where(counted))
        read = {row.id: its.prompt_eval_count or 0 for row, its in measured}
        done |= {row.key: row for row in rows if read.get(row.id, 0) >= least[row.key]}
    return done
