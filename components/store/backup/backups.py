"""Copies of the SQLite file beside it: one a day, and one from before each migration.

They are few, and readable to their owner alone, as the file is. A copy is there for an update that
went wrong and for a file that is damaged. It must not keep what its owner was told is overwritten,
so what the purge deletes is deleted from the copies too. A copy takes a snapshot: pages read and
workers write meanwhile. Only one that was found sound takes the place of an older one, so that a
damaged file does not push out the copies from before.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from components.engine import described
from components.errors import StoreFull
from components.store.backup.open_file import log_of, size_of
from components.store.backup.snapshot import check, copy, written
from components.store.database import Database, stored

_log = logging.getLogger(__name__)

#: Copies of one day each that are kept, and copies from before migrations; older ones go.
_DAILY, _COPIES = 3, 2

#: Bytes that the daily copies take together at most; the newest is kept whatever it takes.
_MOST_BYTES = 2_000_000_000

#: Bytes that stay free on the disk beside a new copy: what is written meanwhile needs room too.
_SPARE_BYTES = 200_000_000

#: Time between two daily copies: less than a day, so that who starts a little earlier than
#: yesterday has one.
_BETWEEN = timedelta(hours=20)

_STAMP = "%Y-%m-%dT%H-%M-%S-%f"


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


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a store's file: when it was made, how many bytes, whether it is a day's."""

    path: Path
    made: datetime
    size: int
    is_daily: bool


def copy_before_migration(path: Path, revision: str) -> Path:
    """Copy the file at `path`, of `revision`, beside itself; return where. Raises: StoreError."""
    target = _target(path, revision, datetime.now(UTC))
    with stored(), _alone(path, wait=True), closing(sqlite3.connect(path)) as source:
        with written(target) as part:
            copy(source, part)
        _remove_old(path)
    return target


def back_up(
    database: Database, *, now: datetime | None = None, stopped: Callable[[], bool] = bool
) -> Path | None:
    """Make the day's copy of the file of `database`; return where it is.

    None where none is due, nothing changed since the last, nothing is kept yet, or another process
    is making one. Raises: StoreDamaged, StoreFull, StoreError, Stopped where `stopped` says so.
    """
    path, now = database.path, now or datetime.now(UTC)
    if path is None or not _is_due(path, now):
        return None
    with stored(), _alone(path) as alone, closing(sqlite3.connect(path)) as source:
        if not alone or not _is_due(path, now) or _is_bare(source):
            return None
        # So that what is written later can be told from what closing the file takes over.
        source.execute("PRAGMA wal_checkpoint(PASSIVE)")
        changed = _changed(path)
        _check_room(path)
        target = _target(path, "daily", now)
        with written(target) as part:
            with database.copying:
                copy(source, part, stopped)
            check(part, stopped)
            os.utime(part, ns=(changed, changed))
        _delete(target, _purged_since(target, source))
        _remove_old(path)
    return target


def backups(path: Path) -> list[Backup]:
    """Return the copies of the file at `path`, the oldest first."""
    found = []
    for one in sorted(_folder(path).glob("*.sqlite")):
        with suppress(FileNotFoundError):  # Another process has just removed it.
            facts = one.stat()
            made = datetime.fromtimestamp(facts.st_mtime, UTC)
            with suppress(ValueError):
                made = datetime.strptime(one.stem[:26], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(one, made, facts.st_size, one.stem.endswith("-daily")))
    return found


def delete_from_copies(path: Path, gone: Mapping[str, Sequence[str]]) -> None:
    """Delete the rows with these ids, by table, from the copies of the file at `path`.

    Their room is overwritten. A copy in which that cannot be done goes as a whole, and the log says
    so: it would keep what was deleted. Raises: StoreError where it cannot be removed either.
    """
    for backup in backups(path):
        try:
            _delete(backup.path, gone)
        except sqlite3.Error as error:
            _log.warning(
                "the copy %s was removed: what was deleted for good could not be deleted from it "
                "(%s)",
                backup.path.name,
                described(error),
            )
            with stored():
                _remove(backup.path)


def _delete(backup: Path, gone: Mapping[str, Sequence[str]]) -> None:
    if not any(gone.values()):
        return
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
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


def _purged_since(backup: Path, source: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the ids, by table, that `backup` has and its source has no more.

    The purge knows the copies that were there when it came, and not the one that was being made.
    """
    found = {}
    with closing(sqlite3.connect(backup)) as connection:
        for table in ("analysis", "series", "manuscript"):
            query = f"SELECT id FROM {table}"  # noqa: S608 - one of ours
            there = {one for (one,) in source.execute(query)}
            found[table] = [one for (one,) in connection.execute(query) if one not in there]
    return found


def _remove_old(path: Path) -> None:
    """Remove the copies that are too many, the oldest first."""
    found = backups(path)
    daily = [one for one in found if one.is_daily]
    others = [one for one in found if not one.is_daily]
    old = daily[:-_DAILY] + others[:-_COPIES]
    kept = daily[-_DAILY:]
    while len(kept) > 1 and sum(one.size for one in kept) > _MOST_BYTES:
        old.append(kept.pop(0))
    for one in old:
        _remove(one.path)


def _remove(backup: Path) -> None:
    for end in ("", "-wal", "-shm"):
        backup.with_name(backup.name + end).unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    return path.parent / "backups"


def _target(path: Path, what: str, now: datetime) -> Path:
    return _folder(path) / f"{now:{_STAMP}}-{what}.sqlite"


def _is_due(path: Path, now: datetime) -> bool:
    """Whether it is time for a daily copy, and the file differs from the newest."""
    daily = [backup for backup in backups(path) if backup.is_daily]
    if not daily:
        return True
    # A clock that was put back does not end the copies.
    if abs(now - daily[-1].made) < _BETWEEN:
        return False
    return daily[-1].path.stat().st_mtime_ns != _changed(path)


def _changed(path: Path) -> int:
    """Return when the file at `path` or its log was last written to, in nanoseconds."""
    files = [one for one in (path, log_of(path)) if size_of(one)]  # To open it makes an empty log.
    return max((file.stat().st_mtime_ns for file in files), default=0)


def _is_bare(source: sqlite3.Connection) -> bool:
    """Whether neither a manuscript nor anything that was asked is kept."""
    (kept,) = source.execute(
        "SELECT EXISTS (SELECT 1 FROM manuscript) OR EXISTS (SELECT 1 FROM analysis)"
    ).fetchone()
    return not kept


def _check_room(path: Path) -> None:
    needed = size_of(path) + size_of(log_of(path)) + _SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreFull(
            f"There is no room for today's backup: it takes {needed / 1e6:,.0f} MB with what has "
            f"to stay free, and the disk has {free / 1e6:,.0f} MB."
        )


@contextmanager
def _alone(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Whether no other process makes a copy, as long as this lasts; `wait` for its end."""
    _folder(path).mkdir(mode=0o700, exist_ok=True)
    folder = os.open(_folder(path), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        for part in _folder(path).glob("*.part*"):  # Of a process that was killed.
            part.unlink(missing_ok=True)
        yield True
    finally:
        os.close(folder)
