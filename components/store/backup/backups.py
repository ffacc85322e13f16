"""Copies of the SQLite file beside it: one a day, one from before each migration; put back in need.

They are few, and readable to their owner alone, as the file is. A copy is there for an update that
went wrong and for a file that is damaged. It must not keep what its owner was told is overwritten,
so what the purge deletes is deleted from the copies too. A copy takes a snapshot: pages read and
workers write meanwhile. Only a sound one takes the place of an older one, so that a damaged file
does not push out the copies from before.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from components.engine import described
from components.errors import StoreDamaged, StoreError, StoreFull, StoreUnavailable
from components.store.backup.open_file import locked_folder, log_of, size_of, unchecked
from components.store.database import Database, stored
from components.store.tables import OF_MANUSCRIPT

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

#: A copy of a later time than this from now was made while the clock was wrong.
_AHEAD = timedelta(days=1)

#: Pages of SQLite's that are copied before the copying looks whether it is to stop.
_PAGES = 1000

#: Instructions of SQLite's after which a check looks whether it is to stop.
_INSTRUCTIONS = 10_000

#: Beside the store: each file that a copy took the place of, in a folder of its own.
_DAMAGED = "damaged"

#: What stands beside a file of SQLite's, and the file.
_FILES = ("-wal", "-shm", "")

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
    *(("preference", "manuscript", f"name = '{kind}-' || ?") for kind in OF_MANUSCRIPT),
    ("manuscript", "manuscript", "id = ?"),
)


class Stopped(Exception):
    """The process ends: nobody waits for what it does in the background."""


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
        with _written(target) as part:
            _copy(source, part)
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
        with _written(target) as part:
            with database.copying:
                _copy(source, part, stopped)
            check(part, stopped)
            os.utime(part, ns=(changed, changed))
        _delete(target, _purged_since(target, source))
        _remove_old(path)
    return target


def backups(path: Path) -> list[Backup]:
    """Return the copies of the file at `path`, the oldest first.

    First of all those of a time that is still to come: a clock was put back since, and what is made
    from then on is newer.
    """
    copies, latest = [], datetime.now(UTC) + _AHEAD
    for file in sorted(_folder(path).glob("*.sqlite")):
        with suppress(FileNotFoundError):  # Another process has just removed it.
            facts = file.stat()
            made = datetime.fromtimestamp(facts.st_mtime, UTC)
            with suppress(ValueError):
                made = datetime.strptime(file.stem[:26], _STAMP).replace(tzinfo=UTC)
            copies.append(Backup(file, made, facts.st_size, file.stem.endswith("-daily")))
    return sorted(copies, key=lambda copy: copy.made <= latest)


def newest_good(path: Path) -> Backup | None:
    """Return the newest copy of the file at `path` that is sound; None where there is none."""
    copies = reversed(backups(path))
    return next((it for it in copies if _is_good(it.path, it.path.stat().st_mtime_ns)), None)


def manuscripts_in(backup: Backup) -> int:
    """Return how many manuscripts a copy holds. Raises: StoreError."""
    with stored(), closing(sqlite3.connect(backup.path)) as connection:
        count = "SELECT count(*) FROM manuscript WHERE deleted IS NULL"
        return int(connection.execute(count).fetchone()[0])


def damaged_files(path: Path) -> list[Path]:
    """Return the folders with files that a copy took the place of, the oldest first."""
    return sorted(it for it in (path.parent / _DAMAGED).glob("*") if it.is_dir())


def restore(path: Path, backup: Backup) -> Path:
    """Put a copy of `backup` at `path`; return the folder to which the damaged file was moved.

    Raises: StoreUnavailable while any process has the store open, StoreDamaged where the backup
    is, StoreError.
    """
    with stored():
        with locked_folder(path.parent) as is_closed:
            if not is_closed:
                raise StoreUnavailable(
                    "Another First Reader has the manuscripts and analyses open.",
                    advice="End it, a command in a shell too, then restore the backup again.",
                )
        check(backup.path)
        folder = path.parent / _DAMAGED / f"{datetime.now(UTC):{_STAMP}}"
        folder.mkdir(mode=0o700, parents=True)
        with _written(path) as part:
            with closing(sqlite3.connect(backup.path)) as source:
                _copy(source, part)
            for end in _FILES:
                old = path.with_name(path.name + end)
                if old.exists():
                    old.rename(folder / old.name)
        unchecked(path).unlink(missing_ok=True)
    return folder


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
                ids = [(row_id,) for row_id in gone[of]]
                connection.executemany(f"DELETE FROM {table} WHERE {where}", ids)  # noqa: S608
        connection.execute("COMMIT")
        # The copy keeps a log of writes, as the file does that it was made of.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _purged_since(backup: Path, source: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the ids, by table, that were purged while `backup` was made."""
    gone = {}
    with closing(sqlite3.connect(backup)) as connection:
        for table in ("analysis", "series", "manuscript"):
            query = f"SELECT id FROM {table}"  # noqa: S608 - one of ours
            there = {row_id for (row_id,) in source.execute(query)}
            copied = connection.execute(query)
            gone[table] = [row_id for (row_id,) in copied if row_id not in there]
    return gone


def _remove_old(path: Path) -> None:
    """Remove the copies that are too many, the oldest first."""
    copies = backups(path)
    daily = [copy for copy in copies if copy.is_daily]
    others = [copy for copy in copies if not copy.is_daily]
    old, daily = daily[:-_DAILY] + others[:-_COPIES], daily[-_DAILY:]
    while len(daily) > 1 and sum(copy.size for copy in daily) > _MOST_BYTES:
        old.append(daily.pop(0))
    for copy in old:
        _remove(copy.path)


def _remove(backup: Path) -> None:
    for end in _FILES:
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
    # To open it makes an empty log.
    files = [file for file in (path, log_of(path)) if size_of(file)]
    return max((file.stat().st_mtime_ns for file in files), default=0)


def _is_bare(source: sqlite3.Connection) -> bool:
    """Whether neither a manuscript nor anything that was asked is kept."""
    (has_any,) = source.execute(
        "SELECT EXISTS (SELECT 1 FROM manuscript) OR EXISTS (SELECT 1 FROM analysis)"
    ).fetchone()
    return not has_any


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
    """Give whether no other process makes a copy, as long as this lasts; `wait` for its end."""
    _folder(path).mkdir(mode=0o700, exist_ok=True)
    with locked_folder(_folder(path), wait=wait) as is_alone:
        if is_alone:
            for part in _folder(path).glob("*.part*"):  # Of a process that was killed.
                part.unlink(missing_ok=True)
        yield is_alone


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """Give an empty file to fill, which becomes `target` once it is whole and on the disk."""
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)  # Of a process that was killed.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, target: Path, stopped: Callable[[], bool] = bool) -> None:
    """Copy a database as it is now, while others write. Raises: Stopped if `stopped` says so."""

    def look(*_: int) -> None:
        if stopped():
            raise Stopped

    source.isolation_level = None
    # Within a transaction: else SQLite begins again whenever something is written meanwhile.
    source.execute("BEGIN")
    try:
        source.execute("SELECT name FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target)) as to:
            source.backup(to, pages=_PAGES, progress=look)
    finally:
        source.execute("ROLLBACK")


def check(path: Path, stopped: Callable[[], bool] = bool) -> None:
    """Check the whole file. Raises: StoreDamaged, StoreError, Stopped if `stopped` says so."""
    address = f"{path.absolute().as_uri()}?mode=rw"  # No file is made where there is none.
    with stored(), closing(sqlite3.connect(address, uri=True)) as connection:
        connection.set_progress_handler(lambda: int(stopped()), _INSTRUCTIONS)
        try:
            (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.OperationalError:
            if stopped():
                raise Stopped from None
            raise
    if result != "ok":
        raise StoreDamaged("The file of manuscripts and analyses is damaged.")


@lru_cache(maxsize=32)
def _is_good(path: Path, changed: int) -> bool:  # noqa: ARG001 - another file at that place
    try:
        check(path)
    except StoreError:
        return False
    return True
