"""Putting a copy in the place of a file that is damaged, which is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from components.errors import StoreError, StoreUnavailable
from components.store.backup.backups import Backup, backups
from components.store.backup.open_file import in_use, unchecked
from components.store.backup.snapshot import check, copy, written
from components.store.database import stored

#: Beside the store: each file that a copy took the place of, in a folder of its own.
_DAMAGED = "damaged"


def newest_good(path: Path) -> Backup | None:
    """Return the newest copy of the file at `path` that is sound; None where there is none."""
    found = reversed(backups(path))
    return next((one for one in found if _is_good(one.path, one.path.stat().st_mtime_ns)), None)


def manuscripts_in(backup: Backup) -> int:
    """Return how many manuscripts a copy holds. Raises: StoreError."""
    with stored(), closing(sqlite3.connect(backup.path)) as connection:
        count = "SELECT count(*) FROM manuscript WHERE deleted IS NULL"
        return int(connection.execute(count).fetchone()[0])


def damaged_files(path: Path) -> list[Path]:
    """Return the folders with files that a copy took the place of, the oldest first."""
    return sorted(one for one in (path.parent / _DAMAGED).glob("*") if one.is_dir())


def restore(path: Path, backup: Backup) -> Path:
    """Put a copy of `backup` at `path`; return the folder that what was there is kept in.

    Raises: StoreUnavailable while any process has the store open, StoreDamaged where the backup
    is, StoreError.
    """
    with stored():
        if in_use(path):
            raise StoreUnavailable(
                "Another First Reader has the manuscripts and analyses open.",
                advice="End it, a command in a shell too, then restore the backup again.",
            )
        check(backup.path)
        kept = path.parent / _DAMAGED / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}"
        kept.mkdir(mode=0o700, parents=True)
        with written(path) as part:
            with closing(sqlite3.connect(backup.path)) as source:
                copy(source, part)
            for end in ("-wal", "-shm", ""):  # SQLite's own, which belong to the damaged file.
                old = path.with_name(path.name + end)
                if old.exists():
                    old.rename(kept / old.name)
        unchecked(path).unlink(missing_ok=True)
    return kept


@lru_cache(maxsize=32)
def _is_good(path: Path, changed: int) -> bool:  # noqa: ARG001 - another file at that place
    try:
        check(path)
    except StoreError:
        return False
    return True
