"""Bringing a database to the form that this version needs.

Migrations are numbered files in `migrations/versions`, run by Alembic, each in one transaction with
its record. An existing SQLite file is copied beside itself first; a Postgres server has its own
backups, and a migration that fails there leaves nothing.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from components.errors import StoreTooNew
from components.store.backup.backups import copy_before_migration
from components.store.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> Path | None:
    """Run the migrations that are missing; return where the copy from before is, if one was made.

    Raises: StoreTooNew, StoreError.
    """
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    script = ScriptDirectory.from_config(config)
    with database.read() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == script.get_current_head():
        return None
    copy = None
    if present is not None:
        _check_known(script, present)
        if database.path is not None:
            copy = copy_before_migration(database.path, present)
    with database.write(alone=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return copy


def _check_known(script: ScriptDirectory, present: str) -> None:
    try:
        script.get_revision(present)
    except CommandError as error:
        raise StoreTooNew(
            "These manuscripts and analyses were kept by a newer First Reader."
        ) from error
