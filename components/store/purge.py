"""Deleting for good, and how much room the rest takes."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.backup.backups import delete_from_copies
from components.store.database import AT_ONCE, Database, stored
from components.store.states import RUNNING
from components.store.tables import (
    analysis,
    call,
    event,
    manuscript,
    need,
    outline,
    picture,
    series,
)

#: Seconds in which a deletion can be undone; then the text is overwritten.
UNDO_SECONDS = 600.0


def purge(database: Database, *, before: float | None = None) -> int:
    """Delete for good what was deleted before `before` (UNDO_SECONDS ago); return how many rows.

    What a worker still has is left for the next time. Raises: StoreError.
    """
    limit = time.time() - UNDO_SECONDS if before is None else before
    with database.read() as connection:
        if not any(
            connection.scalar(sa.select(table.c.id).where(table.c.deleted < limit).limit(1))
            for table in (analysis, series, manuscript)
        ):
            return 0
    with database.write(alone=True) as connection:  # No worker takes a call meanwhile.
        gone = _remove(connection, limit)
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
    old_analysis = analysis.c.deleted < limit
    old_manuscript = manuscript.c.deleted < limit
    manuscripts = sa.select(manuscript.c.id).where(old_manuscript)
    running = sa.select(call.c.analysis_id).where(call.c.state.in_(RUNNING))
    # Of a series all or nothing: an exchange refers to the one before it.
    busy = sa.select(analysis.c.series_id).where(
        analysis.c.id.in_(running), analysis.c.series_id.is_not(None)
    )
    ids = list(
        connection.scalars(
            sa.select(analysis.c.id)
            .where(
                sa.or_(old_analysis, analysis.c.manuscript_id.in_(manuscripts)),
                analysis.c.id.not_in(running),
                sa.or_(analysis.c.series_id.is_(None), analysis.c.series_id.not_in(busy)),
            )
            # An exchange before the one that it follows.
            .order_by(analysis.c.created.desc())
        )
    )
    blocks = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    for some in blocks:
        calls = sa.select(call.c.id).where(call.c.analysis_id.in_(some))
        connection.execute(sa.delete(event).where(event.c.call_id.in_(calls)))
        connection.execute(sa.delete(picture).where(picture.c.analysis_id.in_(some)))
        connection.execute(
            sa.delete(need).where(sa.or_(need.c.call_id.in_(calls), need.c.of.in_(calls)))
        )
    for some in blocks:  # When nothing needs them any more.
        connection.execute(sa.delete(call).where(call.c.analysis_id.in_(some)))
        connection.execute(sa.delete(analysis).where(analysis.c.id.in_(some)))
    old_series = sa.or_(series.c.deleted < limit, series.c.manuscript_id.in_(manuscripts))
    used = sa.select(analysis.c.series_id).where(analysis.c.series_id.is_not(None))
    gone_series: list[str] = []
    column = series.alias()
    held = sa.select(column.c.comparison).where(column.c.comparison.is_not(None))
    # A comparison goes when its reports have gone, of which one may still be running.
    for among in (series.c.comparison.is_not(None), series.c.comparison.is_(None)):
        emptied = sa.and_(among, old_series, series.c.id.not_in(used), series.c.id.not_in(held))
        gone_series += _deleted(connection, series, emptied)
    kept = [
        sa.select(table.c.manuscript_id).where(table.c.manuscript_id.is_not(None))
        for table in (analysis, series)
    ]
    gone = sa.and_(old_manuscript, *(manuscript.c.id.not_in(those) for those in kept))
    of = outline.c.manuscript_id.in_(sa.select(manuscript.c.id).where(gone))
    connection.execute(sa.delete(outline).where(of))
    gone_manuscripts = _deleted(connection, manuscript, gone)
    return {"analysis": ids, "series": gone_series, "manuscript": gone_manuscripts}


def _deleted(connection: Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> list[str]:
    """Delete rows for good; return their ids."""
    ids = list(connection.scalars(sa.select(table.c.id).where(which)))
    connection.execute(sa.delete(table).where(which))
    return ids


def storage(database: Database, owner: str) -> int:
    """Return about how many bytes of manuscripts, pictures and analyses `owner` has kept.

    Raises: StoreError.
    """
    with database.read() as connection:
        texts = connection.scalar(
            sa.select(sa.func.sum(sa.func.length(manuscript.c.text))).where(
                manuscript.c.owner == owner
            )
        )
        events = connection.scalar(
            sa.select(sa.func.sum(sa.func.length(event.c.body)))
            .join(call, call.c.id == event.c.call_id)
            .where(call.c.owner == owner)
        )
        shown = connection.scalar(
            sa.select(sa.func.sum(sa.func.length(picture.c.data)))
            .join(analysis, analysis.c.id == picture.c.analysis_id)
            .where(analysis.c.owner == owner)
        )
    return int(texts or 0) + int(events or 0) + int(shown or 0)
