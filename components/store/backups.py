"""Copies of the SQLite file from before a migration, and what was deleted for good since.

A copy is there for an update that went wrong. It must not keep what its owner was told is
overwritten, so what the purge deletes is deleted from the copies too.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from components.engine import described
from components.store.database import stored

_log = logging.getLogger(__name__)

#: Copies that are kept; older ones go.
_COPIES = 2

#: What goes with a row of which table, in an order in which nothing is left that refers to a row
#: that has gone. Copies have the tables of their time.
_WITH = (
    ("event", "analysis", "call_id IN (SELECT id FROM call WHERE analysis_id = ?)"),
    ("need", "analysis", "call_id IN (SELECT id FROM call WHERE analysis_id = ?)"),
    ("picture", "analysis", "analysis_id = ?"),
    ("call", "analysis", "analysis_id = ?"),
    ("analysis", "analysis", "id = ?"),
    ("series", "series", "id = ?"),
    ("outline", "manuscript", "manuscript_id = ?"),
    ("manuscript", "manuscript", "id = ?"),
)


def copy_before_migration(path: Path, revision: str) -> Path:
    """Copy the file at `path`, of `revision`, beside itself; return where. Raises: StoreError."""
    folder = _folder(path)
    with stored():
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}-{revision}.sqlite"
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as to:
                source.backup(to)
            target.chmod(0o600)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        for old in copies(path)[:-_COPIES]:
            _remove(old)
    return target


def copies(path: Path) -> list[Path]:
    """Return the copies of the file at `path`, the oldest first."""
    return sorted(_folder(path).glob("*.sqlite"))


def delete_from_copies(path: Path, gone: Mapping[str, Sequence[str]]) -> None:
    """Delete the rows with these ids, by table, from the copies of the file at `path`.

    Their room is overwritten. A copy in which that cannot be done goes as a whole, and the log says
    so: it would keep what was deleted. Raises: StoreError where it cannot be removed either.
    """
    for copy in copies(path):
        try:
            _delete(copy, gone)
        except sqlite3.Error as error:
            _log.warning(
                "the copy %s was removed: what was deleted for good could not be deleted from it "
                "(%s)",
                copy.name,
                described(error),
            )
            with stored():
                _remove(copy)


def _delete(copy: Path, gone: Mapping[str, Sequence[str]]) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        connection.execute("BEGIN IMMEDIATE")
        for table, of, where in _WITH:
            if table in there:
                ids = [(one,) for one in gone[of]]
                connection.executemany(f"DELETE FROM {table} WHERE {where}", ids)  # noqa: S608
        connection.execute("COMMIT")
        # The copy keeps a log of writes, as the file does that it was made of.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(copy: Path) -> None:
    for one in (copy, copy.with_name(f"{copy.name}-wal"), copy.with_name(f"{copy.name}-shm")):
        one.unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    return path.parent / "backups"
