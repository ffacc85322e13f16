"""Maintenance of the store's file while it is open: a check after a crash, a copy a day."""

import threading
from contextlib import suppress
from pathlib import Path

from components.errors import StoreDamaged, StoreError
from components.store.backup.backups import Backup, Stopped, back_up, backups, check
from components.store.backup.open_file import unchecked
from components.store.database import Database


class Upkeep:
    """Looks after the file of `database`; for Postgres it has nothing to do.

    `damage` is what a check has found, `problem` why the last copy that was due was not made.
    """

    def __init__(self, database: Database) -> None:
        self.damage: StoreDamaged | None = None
        self.problem: StoreError | None = None
        self._database = database
        self._looking = threading.Lock()
        self._stopping = threading.Event()

    def look(self) -> None:
        """Check the file if it was not closed the last time, and make the day's copy if it is due.

        A damaged one is copied no more. Takes a second for some hundred megabytes, or longer.
        Raises: StoreDamaged, StoreFull, StoreError.
        """
        path = self._database.path
        if path is None:
            return
        with self._looking, suppress(Stopped):
            if unchecked(path).exists():
                self._check(path)
            if self.damage is not None:
                return
            try:
                back_up(self._database, stopped=self._stopping.is_set)
            except StoreDamaged as error:
                self.damage = error
                raise
            except StoreError as error:
                self.problem = error
                raise
            self.problem = None

    def look_for_damage(self) -> StoreDamaged | None:
        """Check the file now; return what is wrong with it, if anything. Raises: StoreError."""
        path = self._database.path
        if path is not None and self.damage is None:
            with self._looking, suppress(Stopped):
                self._check(path)
        return self.damage

    def backups(self) -> list[Backup]:
        """Return the copies of the file, the oldest first."""
        return [] if self._database.path is None else backups(self._database.path)

    def stop(self) -> None:
        """Look no more; what is being done is broken off, and done again another time."""
        self._stopping.set()
        with self._looking:
            pass

    def _check(self, path: Path) -> None:
        try:
            check(path, self._stopping.is_set)
        except StoreDamaged as error:
            self.damage = error
        else:
            unchecked(path).unlink(missing_ok=True)
