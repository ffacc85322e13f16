"""Deleting for good, and how much room the rest takes."""

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.backup.backups import delete_from_copies
from components.store.call_states import RUNNING
from components.store.database import Database, batches, stored
from components.store.tables import (
    OF_MANUSCRIPT,
    analysis,
    call,
    event,
    manuscript,
    need,
    outline,
    picture,
    preference,
    series,
)

#: Seconds in which a deletion can be undone; then the text is overwritten.
UNDO_SECONDS = 600.0


def purge(database: Database, *, before: float | None = None) -> int:
    """Delete for good what was deleted before `before` (UNDO_SECONDS ago); return how many rows.

    What a worker still has is left for the next time. Raises: StoreError.
    """
    now = time.time()
    limit = now - UNDO_SECONDS if before is None else before
    tables = (analysis, series, manuscript)
    # What seems to be deleted later than now was, before the clock was put back: it waits from now.
    ahead = [table.c.deleted > now + UNDO_SECONDS for table in tables]
    with database.read() as connection:
        if not any(
            connection.scalar(
                sa.select(table.c.id).where(sa.or_(table.c.deleted < limit, later)).limit(1)
            )
            for table, later in zip(tables, ahead, strict=True)
        ):
            return 0
    with database.write(alone=True) as connection:  # No worker takes a call meanwhile.
        gone = _remove(connection, limit)
        for table, later in zip(tables, ahead, strict=True):
            connection.execute(sa.update(table).where(later).values(deleted=now))
        # First: where this is cut off, the next purge finds the same rows and does both again.
        if database.path is not None and any(gone.values()):
            delete_from_copies(database.path, gone)
    if database.is_sqlite:
        # The log of writes still holds what the file holds no more.
        with stored(), database.copying, database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return sum(map(len, gone.values()))


def _remove(connection: Connection, limit: float) -> dict[str, list[str]]:
    """Delete what was deleted before `limit`; return the ids that have gone, by table."""
    old_manuscript = manuscript.c.deleted < limit
    manuscripts = sa.select(manuscript.c.id).where(old_manuscript)
    running = sa.select(call.c.analysis_id).where(call.c.state.in_(RUNNING))
    # Purge a series atomically: an exchange refers to the one before it.
    busy = sa.select(analysis.c.series_id).where(
        analysis.c.id.in_(running), analysis.c.series_id.is_not(None)
    )
    old_analysis = sa.and_(
        sa.or_(analysis.c.deleted < limit, analysis.c.manuscript_id.in_(manuscripts)),
        analysis.c.id.not_in(running),
        sa.or_(analysis.c.series_id.is_(None), analysis.c.series_id.not_in(busy)),
    )
    # An exchange before the one that it follows.
    oldest_last = sa.select(analysis.c.id).where(old_analysis).order_by(analysis.c.created.desc())
    ids = list(connection.scalars(oldest_last))
    for some in batches(ids):
        calls = sa.select(call.c.id).where(call.c.analysis_id.in_(some))
        connection.execute(sa.delete(event).where(event.c.call_id.in_(calls)))
        connection.execute(sa.delete(picture).where(picture.c.analysis_id.in_(some)))
        needs = sa.or_(need.c.call_id.in_(calls), need.c.of.in_(calls))
        connection.execute(sa.delete(need).where(needs))
    for some in batches(ids):  # When nothing needs them any more.
        connection.execute(sa.delete(call).where(call.c.analysis_id.in_(some)))
        # A chat stays that is about an analysis which goes.
        orphaned = sa.update(analysis).where(analysis.c.parent_id.in_(some))
        connection.execute(orphaned.values(parent_id=None))
        connection.execute(sa.delete(analysis).where(analysis.c.id.in_(some)))
    gone: dict[str, list[str]] = {"analysis": ids, "series": []}
    old_series = sa.or_(series.c.deleted < limit, series.c.manuscript_id.in_(manuscripts))
    # A comparison goes when its reports have gone, of which one may still be running.
    for is_report in (series.c.comparison.is_not(None), series.c.comparison.is_(None)):
        is_unused = series.c.id.not_in(
            sa.union(_references(analysis.c.series_id), _references(series.alias().c.comparison))
        )
        gone["series"] += _delete(connection, series, sa.and_(is_report, old_series, is_unused))
    used = sa.union(_references(analysis.c.manuscript_id), _references(series.c.manuscript_id))
    emptied = sa.and_(old_manuscript, manuscript.c.id.not_in(used))
    of_them = outline.c.manuscript_id.in_(sa.select(manuscript.c.id).where(emptied))
    connection.execute(sa.delete(outline).where(of_them))
    gone["manuscript"] = _delete(connection, manuscript, emptied)
    for some in batches(gone["manuscript"]):
        names = [f"{kind}-{gone_id}" for gone_id in some for kind in OF_MANUSCRIPT]
        connection.execute(sa.delete(preference).where(preference.c.name.in_(names)))
    return gone


def _references(column: sa.ColumnElement[str]) -> sa.Select[Any]:
    """Select the ids that stand in `column`; with None among them, NOT IN would never hold."""
    return sa.select(column).where(column.is_not(None))


def _delete(connection: Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> list[str]:
    """Delete rows for good; return their ids."""
    ids = list(connection.scalars(sa.select(table.c.id).where(which)))
    connection.execute(sa.delete(table).where(which))
    return ids


def storage(database: Database, owner: str) -> int:
    """Return about how many bytes `owner` has stored. Raises: StoreError."""
    of_call = sa.join(event, call, call.c.id == event.c.call_id)
    of_analysis = sa.join(picture, analysis, analysis.c.id == picture.c.analysis_id)
    texts = (
        (manuscript.c.text, manuscript, manuscript.c.owner),
        (event.c.body, of_call, call.c.owner),
        (picture.c.data, of_analysis, analysis.c.owner),
    )
    with database.read() as connection:
        lengths = [
            connection.scalar(
                sa.select(sa.func.sum(sa.func.length(column)))
                .select_from(tables)
                .where(of == owner)
            )
            for column, tables, of in texts
        ]
    return sum(int(length or 0) for length in lengths)
