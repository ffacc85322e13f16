"""All that is stored, behind one value; opening it brings the tables to what this version needs.

Migrations are numbered files in `migrations/versions`, run by Alembic, each in one transaction with
its record. An existing SQLite file is copied beside itself first; a Postgres server has its own
backups, and a migration that fails there leaves nothing.
"""

import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from components.errors import StoreTooNew, UnknownAnalysis
from components.store.analyses import Analyses
from components.store.backup.backups import copy_before_migration
from components.store.backup.upkeep import Upkeep
from components.store.call_states import State
from components.store.database import Database, UserRecords
from components.store.deletions import Deletion, Deletions
from components.store.journal import Journal
from components.store.manuscripts import Manuscripts, Outlines
from components.store.purge import purge, storage
from components.store.question import PromptInputs, prompt_inputs
from components.store.queue.call_control import Control
from components.store.queue.calls import Calls, Claim
from components.store.reports import Reports
from components.store.series import Series, SeriesRecords
from components.store.tables import preference
from components.store.usage import usage

_SCRIPTS = Path(__file__).parent / "migrations"


class Preferences(UserRecords):
    """What a user prefers: small values by name, as JSON."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of `name`."""
        rows = self._rows(sa.select(preference.c.value).where(self._is(name)))
        return json.loads(rows[0].value) if rows else default

    def put(self, name: str, value: Any) -> None:
        """Store `value` as that of `name`."""
        with self._database.write(alone=True) as connection:
            connection.execute(sa.delete(preference).where(self._is(name)))
            connection.execute(
                sa.insert(preference).values(owner=self._owner, name=name, value=json.dumps(value))
            )

    def model(self, capability: str = "completion") -> str:
        """Return the name of the model that was chosen last for what needs `capability`, or ""."""
        return str(self.get(f"model-{capability}", ""))

    def put_model(self, name: str, capability: str = "completion") -> None:
        """Store which model was chosen for what needs `capability`."""
        self.put(f"model-{capability}", name)

    def _is(self, name: str) -> sa.ColumnElement[bool]:
        return sa.and_(preference.c.owner == self._owner, preference.c.name == name)


class UserStore:
    """What one user has; nothing of anybody else's can be reached through it.

    The empty name is the only user's.
    """

    def __init__(self, database: Database, owner: str = "") -> None:
        self.owner = owner
        self.manuscripts = Manuscripts(database, owner)
        self.outlines = Outlines(database, owner)
        self.analyses = Analyses(database, owner)
        self.series = SeriesRecords(database, owner)
        self.reports = Reports(database, owner)
        self.preferences = Preferences(database, owner)
        self.deletions = Deletions(database, owner)

    def check(self, address: str) -> None:
        """Raise UnknownAnalysis unless an analysis, a series or a manuscript is at `address`."""
        if not any(of.has(address) for of in (self.analyses, self.series, self.manuscripts)):
            raise UnknownAnalysis("There is nothing under this address any more.")

    def calls_of(self, series: Series) -> Counter[State]:
        """Return how many calls of a report, or of a comparison of them, are in each state."""
        columns = self.series.reports_of(series.id) if series.is_of_books else [series]
        return sum(self.reports.counts([one.id for one in columns]).values(), Counter())

    def restore(self, deletion: Deletion) -> None:
        """Bring back what was deleted, with its manuscript where that was deleted too.

        Raises: UnknownAnalysis, UnknownManuscript once it was purged.
        """
        if deletion.manuscript_id:
            self.manuscripts.restore(deletion.manuscript_id)
        if deletion.kind in ("analysis", "pictures"):
            self.analyses.restore(deletion.id)
        elif deletion.kind != "manuscript":
            self.series.restore(deletion.id)


class Store:
    """Manuscripts, analyses and preferences, in a SQLite file or in the Postgres at an address.

    Opening brings the tables up to date. Raises: SettingsError, StoreError.
    """

    def __init__(self, location: Path | str) -> None:
        self._database = Database(location)
        self.path = self._database.path
        try:
            self.backup = _migrate(self._database)
        except BaseException:
            self._database.close()
            raise
        self.shelf = partial(UserStore, self._database)
        self.calls = Calls(self._database)
        self.control = Control(self._database)
        self.journal = Journal(self._database)
        self.upkeep = Upkeep(self._database)
        self.demand = self.control.demand
        self.purge = partial(purge, self._database)
        self.storage = partial(storage, self._database)
        self.usage = partial(usage, self._database)
        self.checkpoint = self._database.checkpoint

    def prompt_inputs(self, claim: Claim) -> PromptInputs:
        """Return what a claimed call's prompt is made of. Raises: UnknownManuscript, StoreError."""
        return prompt_inputs(self._database, claim.owner, claim.analysis_id, claim.question)

    def close(self) -> None:
        """Close all connections; who waits for entries returns."""
        self.upkeep.stop()
        self.journal.close()
        self._database.close()


def _migrate(database: Database) -> Path | None:
    """Run missing migrations; return the copy from before. Raises: StoreTooNew, StoreError."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    script = ScriptDirectory.from_config(config)
    with database.read() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == script.get_current_head():
        return None
    copy = None
    if present is not None:
        try:
            script.get_revision(present)
        except CommandError as error:
            raise StoreTooNew(
                "These manuscripts and analyses were kept by a newer First Reader."
            ) from error
        if database.path is not None:
            copy = copy_before_migration(database.path, present)
    with database.write(alone=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return copy
