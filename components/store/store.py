"""All that is kept, behind one value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from components.store.analyses import Analyses
from components.store.backup.upkeep import Upkeep
from components.store.calls import Calls
from components.store.database import Database
from components.store.journal import Journal
from components.store.manuscripts import Manuscripts
from components.store.outlines import Outlines
from components.store.preferences import Preferences
from components.store.prompt_inputs import PromptInputs, material
from components.store.purge import purge, storage
from components.store.queue.call_control import Control
from components.store.queue.claims import Claim
from components.store.queue.model_demand import demand
from components.store.reports import Reports
from components.store.schema_upgrade import migrate
from components.store.series import SeriesShelf


@dataclass(frozen=True, slots=True)
class UserStore:
    """What one user has; nothing of anybody else's can be reached through it."""

    manuscripts: Manuscripts
    outlines: Outlines
    analyses: Analyses
    series: SeriesShelf
    reports: Reports
    preferences: Preferences


class Store:
    """Manuscripts, analyses and preferences, in a SQLite file or in the Postgres at an address.

    Opening brings the tables up to date. Raises: SettingsError, StoreError.
    """

    def __init__(self, place: Path | str) -> None:
        self._database = Database(place)
        self.path = self._database.path
        try:
            self.backup = migrate(self._database)
        except BaseException:
            self._database.close()
            raise
        self.calls = Calls(self._database)
        self.control = Control(self._database)
        self.journal = Journal(self._database)
        self.demand = partial(demand, self._database)
        self.purge = partial(purge, self._database)
        self.synchronise = self._database.synchronise
        self.checkpoint = self._database.checkpoint
        self.upkeep = Upkeep(self._database)
        self.storage = partial(storage, self._database)

    def shelf(self, owner: str = "") -> UserStore:
        """Return what `owner` has; the empty name is the only user's."""
        return UserStore(
            Manuscripts(self._database, owner),
            Outlines(self._database, owner),
            Analyses(self._database, owner),
            SeriesShelf(self._database, owner),
            Reports(self._database, owner),
            Preferences(self._database, owner),
        )

    def material_of(self, claim: Claim) -> PromptInputs:
        """Return what a claimed call is about: manuscript, history, pictures.

        Raises: UnknownManuscript, StoreError.
        """
        return material(self._database, claim.owner, claim.analysis_id, claim.question)

    def close(self) -> None:
        """Close all connections; who waits for entries returns."""
        self.upkeep.stop()
        self.journal.close()
        self._database.close()
