"""Outlines as the editor changed them: a tree of versions that only ever grows.

Each change adds a version whose parent is the one it was made to; undoing goes to the parent,
doing again to the newest child. What was undone before another change is still there, to go back
to from the history. Version 0 is what reading found and has no row. Who changes says which
version they saw: where it does not hold any more, they are told and nothing is changed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from components.errors import OutlineChanged
from components.store.manuscripts import WITH_OUTLINE, packed_chapters, unknown, unpacked
from components.store.storable_text import storable
from components.store.tables import manuscript, outline

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from components.manuscripts import Manuscript
    from components.store.database import Database

#: The number of the outline that was read.
AS_READ = 0


@dataclass(frozen=True, slots=True)
class Version:
    """A kept outline: its number, what was done to which other, and when."""

    number: int
    parent: int
    done: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Outlined:
    """A manuscript with the outline that holds, that outline's number, and the others.

    `versions` are all in the order of their making, without the one that was read.
    """

    manuscript: Manuscript
    number: int
    versions: tuple[Version, ...]

    @property
    def undone_by_undo(self) -> Version | None:
        """Return the change that undoing takes back, None where there is none."""
        return next((version for version in self.versions if version.number == self.number), None)

    @property
    def done_by_redo(self) -> Version | None:
        """Return the change that doing again brings back, None where there is none."""
        after = [version for version in self.versions if version.parent == self.number]
        return after[-1] if after else None


class Outlines:
    """The outlines of what `owner` has. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def open(self, manuscript_id: str) -> Outlined:
        """Return the manuscript with the outline that holds. Raises: UnknownManuscript."""
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(outline.c.number, outline.c.parent, outline.c.done, outline.c.created)
                .where(outline.c.manuscript_id == manuscript_id)
                .order_by(outline.c.number)
            ).all()
            # Chapters and their number come from one row, so that they belong together.
            row = connection.execute(WITH_OUTLINE.where(self._one(manuscript_id))).one_or_none()
        if row is None:
            raise unknown()
        versions = tuple(
            Version(row.number, row.parent or AS_READ, row.done, _date(row.created)) for row in rows
        )
        return Outlined(unpacked(row), row.outline or AS_READ, versions)

    def change(self, manuscript_id: str, edited: Manuscript, *, done: str, since: int) -> int:
        """Keep the chapters of `edited`, made from version `since`; return their number.

        `done` says what the editor did. Raises: UnknownManuscript, OutlineChanged.
        """
        with self._database.write(alone=True) as connection:
            self._check(connection, manuscript_id, since)
            newest = connection.scalar(
                sa.select(sa.func.max(outline.c.number)).where(
                    outline.c.manuscript_id == manuscript_id
                )
            )
            number = (newest or AS_READ) + 1
            connection.execute(
                sa.insert(outline).values(
                    manuscript_id=manuscript_id,
                    number=number,
                    parent=since or None,
                    done=storable(done),
                    chapters=packed_chapters(edited),
                    created=time.time(),
                )
            )
            self._hold(connection, manuscript_id, number)
        return number

    def go_to(self, manuscript_id: str, number: int, *, since: int) -> None:
        """Let the outline with this `number` hold, instead of the one `since` held.

        Raises: UnknownManuscript, OutlineChanged.
        """
        with self._database.write(alone=True) as connection:
            self._check(connection, manuscript_id, since)
            there = sa.and_(outline.c.manuscript_id == manuscript_id, outline.c.number == number)
            if number != AS_READ and not connection.scalar(
                sa.select(outline.c.number).where(there)
            ):
                raise OutlineChanged("There is no such outline of this manuscript.")
            self._hold(connection, manuscript_id, number)

    def _check(self, connection: Connection, manuscript_id: str, since: int) -> None:
        row = connection.execute(
            sa.select(manuscript.c.outline).where(self._one(manuscript_id))
        ).one_or_none()
        if row is None:
            raise unknown()
        if (row.outline or AS_READ) != since:
            raise OutlineChanged(
                "The chapters were changed in another window meanwhile. "
                "That change is kept, and yours was not made."
            )

    def _hold(self, connection: Connection, manuscript_id: str, number: int) -> None:
        connection.execute(
            sa.update(manuscript)
            .where(self._one(manuscript_id))
            .values(outline=None if number == AS_READ else number)
        )

    def _one(self, manuscript_id: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            manuscript.c.id == manuscript_id,
            manuscript.c.owner == self._owner,
            manuscript.c.deleted.is_(None),
        )


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
