"""The manuscripts of one user: text and chapters once, by their hash, and their outlines.

An outline is the chapters as the editor changed them: a tree of versions that only ever grows. Each
change adds a version whose parent is the one it was made to; undoing goes to the parent, doing
again to the newest child. Version 0 is what was read from the file and has no row. A change names
the version that it was made to: where that is not the current one any more, nothing is changed.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import OutlineChanged, UnknownManuscript
from components.languages import Unit
from components.manuscripts import Chapter, Manuscript
from components.store.call_events import storable
from components.store.database import NamedRecords, UserRecords, date
from components.store.tables import manuscript, outline

_UNKNOWN = "There is no manuscript under this address any more."

#: The number of the outline that was read.
AS_READ = 0

#: A manuscript's row with the chapters of its current outline, None of the one that was read.
_WITH_OUTLINE = sa.select(manuscript, outline.c.chapters.label("edited")).select_from(
    manuscript.outerjoin(
        outline,
        sa.and_(
            outline.c.manuscript_id == manuscript.c.id, outline.c.number == manuscript.c.outline
        ),
    )
)


@dataclass(frozen=True, slots=True)
class StoredManuscript:
    """A manuscript as lists show it: its address, title, length and date, without its text."""

    id: str
    title: str
    words: int
    unit: Unit
    created: datetime


@dataclass(frozen=True, slots=True)
class OutlineVersion:
    """A stored outline: its number, what was done to which other, and when."""

    number: int
    parent: int
    done: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Outlined:
    """A manuscript with its current outline, that outline's number, and the others.

    `versions` are all in the order of their making, without the one that was read.
    """

    manuscript: Manuscript
    number: int
    versions: tuple[OutlineVersion, ...]

    @property
    def undone_by_undo(self) -> OutlineVersion | None:
        """Return the change that undoing takes back, None where there is none."""
        return next((version for version in self.versions if version.number == self.number), None)

    @property
    def done_by_redo(self) -> OutlineVersion | None:
        """Return the change that doing again brings back, None where there is none."""
        after = [version for version in self.versions if version.parent == self.number]
        return after[-1] if after else None


class Manuscripts(NamedRecords):
    """What `owner` has uploaded. Each method raises StoreError where the store fails."""

    _table = manuscript
    _name = "title"
    _unknown = UnknownManuscript
    _message = _UNKNOWN

    def keep(self, read: Manuscript) -> str:
        """Store what was read from a file and return its id; the same again has the same id.

        One that was deleted comes back with its analyses, if they still exist, and with its
        chapters as the editor changed them.
        """
        fields = asdict(read)
        text = storable(fields.pop("text"))
        details = storable(json.dumps(fields, ensure_ascii=False, sort_keys=True))
        digest = hashlib.sha256(f"{details}\n{text}".encode()).hexdigest()
        same = sa.and_(manuscript.c.owner == self._owner, manuscript.c.hash == digest)
        with self._database.write(alone=True) as connection:
            known = connection.scalar(sa.select(manuscript.c.id).where(same))
            if known is not None:
                connection.execute(sa.update(manuscript).where(same).values(deleted=None))
                return str(known)
            new = secrets.token_urlsafe(16)
            connection.execute(
                sa.insert(manuscript).values(
                    id=new,
                    owner=self._owner,
                    hash=digest,
                    title=storable(read.title),
                    words=read.words,
                    unit=read.unit,
                    created=time.time(),
                    text=text,
                    details=details,
                )
            )
            return new

    def get(self, manuscript_id: str, *, even_deleted: bool = False) -> Manuscript:
        """Return the manuscript with this id. Raises: UnknownManuscript."""
        is_it = self._is_mine(manuscript_id) if even_deleted else self._is_open(manuscript_id)
        return _unpacked(self._rows(_WITH_OUTLINE.where(is_it)))

    def all(self, most: int | None = None) -> list[StoredManuscript]:
        """Return all that are not deleted, newest first; at `most` so many."""
        columns = [manuscript.c[column] for column in StoredManuscript.__slots__]
        rows = self._rows(
            sa.select(*columns)
            .where(manuscript.c.owner == self._owner, manuscript.c.deleted.is_(None))
            .order_by(manuscript.c.created.desc())
            .limit(most)
        )
        return [
            StoredManuscript(row.id, row.title, row.words, row.unit, date(row.created))
            for row in rows
        ]


class Outlines(UserRecords):
    """The outlines of what `owner` has. Each method raises StoreError where the store fails."""

    def open(self, manuscript_id: str) -> Outlined:
        """Return the manuscript with its current outline. Raises: UnknownManuscript."""
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(outline.c.number, outline.c.parent, outline.c.done, outline.c.created)
                .where(outline.c.manuscript_id == manuscript_id)
                .order_by(outline.c.number)
            ).all()
            # Chapters and their number come from one row, so that they belong together.
            current = connection.execute(_WITH_OUTLINE.where(_is(manuscript_id, self._owner))).all()
        versions = tuple(
            OutlineVersion(row.number, row.parent or AS_READ, row.done, date(row.created))
            for row in rows
        )
        return Outlined(_unpacked(current), current[0].outline or AS_READ, versions)

    def change(self, manuscript_id: str, edited: Manuscript, *, done: str, since: int) -> int:
        """Store the chapters of `edited`, made from version `since`; return their number.

        `done` says what the editor did. Raises: UnknownManuscript, OutlineChanged.
        """
        of_it = outline.c.manuscript_id == manuscript_id
        with self._database.write(alone=True) as connection:
            newest = connection.scalar(sa.select(sa.func.max(outline.c.number)).where(of_it))
            number = int(newest or AS_READ) + 1
            self._go_to(connection, manuscript_id, number, since)
            chapters = [asdict(chapter) for chapter in edited.chapters]
            connection.execute(
                sa.insert(outline).values(
                    manuscript_id=manuscript_id,
                    number=number,
                    parent=since or None,
                    done=storable(done),
                    chapters=storable(json.dumps(chapters, ensure_ascii=False)),
                    created=time.time(),
                )
            )
        return number

    def go_to(self, manuscript_id: str, number: int, *, since: int) -> None:
        """Make another outline current, not `since`. Raises: UnknownManuscript, OutlineChanged."""
        it = sa.and_(outline.c.manuscript_id == manuscript_id, outline.c.number == number)
        with self._database.write(alone=True) as connection:
            self._go_to(connection, manuscript_id, number, since)
            if number != AS_READ and not connection.scalar(sa.select(outline.c.number).where(it)):
                raise OutlineChanged("There is no such outline of this manuscript.")

    def _go_to(self, connection: Connection, manuscript_id: str, number: int, since: int) -> None:
        it = _is(manuscript_id, self._owner)
        row = connection.execute(sa.select(manuscript.c.outline).where(it)).one_or_none()
        if row is None:
            raise UnknownManuscript(_UNKNOWN)
        if (row.outline or AS_READ) != since:
            raise OutlineChanged(
                "The chapters were changed in another window meanwhile. "
                "That change is kept, and yours was not made."
            )
        connection.execute(sa.update(manuscript).where(it).values(outline=number or None))


def _is(manuscript_id: str, owner: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        manuscript.c.id == manuscript_id,
        manuscript.c.owner == owner,
        manuscript.c.deleted.is_(None),
    )


def _unpacked(rows: Sequence[Row[Any]]) -> Manuscript:
    """Return the manuscript in the one row of `_WITH_OUTLINE`. Raises: UnknownManuscript."""
    if not rows:
        raise UnknownManuscript(_UNKNOWN)
    (row,) = rows
    read = Manuscript.from_fields(json.loads(row.details) | {"text": row.text})
    if row.edited is not None:
        edited = tuple(Chapter.from_fields(fields) for fields in json.loads(row.edited))
        read = replace(read, chapters=edited, basis="editor", confidence=1.0)
    return replace(read, title=row.title)
