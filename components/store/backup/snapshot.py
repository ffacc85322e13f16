"""A whole and sound copy of a SQLite file that others read and write meanwhile."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from components.errors import StoreDamaged
from components.store.database import stored

#: Pages of SQLite's that are copied before the copying looks whether it is to stop.
_PAGES = 1000

#: Instructions of SQLite's after which a check looks whether it is to stop.
_INSTRUCTIONS = 10_000


class Stopped(Exception):
    """The process ends: nobody waits for what it does in the background."""


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """Give an empty file to fill, for its owner alone: `target` once it is whole and on the disk.

    Nothing is left of it where the block raises.
    """
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


def copy(source: sqlite3.Connection, target: Path, stopped: Callable[[], bool] = bool) -> None:
    """Copy a database as it is now; no writer waits, and what is written later is not in it.

    Raises: Stopped where `stopped` says so.
    """

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
    """Look through all of the file at `path`, whether it is sound; nobody waits for that.

    Raises: StoreDamaged, StoreError, Stopped where `stopped` says so.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"  # No file is made where there is none.
    with stored(), closing(sqlite3.connect(address, uri=True)) as connection:
        connection.set_progress_handler(lambda: int(stopped()), _INSTRUCTIONS)
        try:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.OperationalError:
            if stopped():
                raise Stopped from None
            raise
    if found != "ok":
        raise StoreDamaged("The file of manuscripts and analyses is damaged.")
