"""What a user likes: small values by name, kept as JSON."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from components.store.database import Database
from components.store.tables import preference


class Preferences:
    """The preferences of `owner`. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value kept under `name`."""
        with self._database.read() as connection:
            value = connection.scalar(sa.select(preference.c.value).where(self._one(name)))
        return default if value is None else json.loads(value)

    def put(self, name: str, value: Any) -> None:
        """Keep `value` under `name`."""
        with self._database.write(alone=True) as connection:
            connection.execute(sa.delete(preference).where(self._one(name)))
            connection.execute(
                sa.insert(preference).values(owner=self._owner, name=name, value=json.dumps(value))
            )

    def model(self, capability: str = "completion") -> str:
        """Return the name of the model that was chosen last for what needs `capability`, or ""."""
        return str(self.get(f"model-{capability}", ""))

    def put_model(self, name: str, capability: str = "completion") -> None:
        """Keep which model was chosen for what needs `capability`."""
        self.put(f"model-{capability}", name)

    def _one(self, name: str) -> sa.ColumnElement[bool]:
        return sa.and_(preference.c.owner == self._owner, preference.c.name == name)
