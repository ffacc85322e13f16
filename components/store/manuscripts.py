"""The manuscripts of one user: text and chapters once, by their hash."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from components.errors import UnknownManuscript
from components.manuscripts import Chapter, Manuscript
from components.store.database import Database
from components.store.storable_text import storable
from components.store.tables import manuscript, outline

#: A manuscript's row with the chapters of the outline that holds, None of the one that was read.
WITH_OUTLINE = sa.select(manuscript, outline.c.chapters.label("edited")).select_from(
    manuscript.outerjoin(
        outline,
        sa.and_(
            outline.c.manuscript_id == manuscript.c.id,
            outline.c.number == manuscript.c.outline,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class StoredManuscript:
    """A manuscript as lists show it: its address, title, words and date, without its text."""

    id: str
    title: str
    words: int
    created: datetime


class Manuscripts:
    """What `owner` has uploaded. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def keep(self, read: Manuscript) -> str:
        """Keep what was read from a file and return its id; the same again keeps its id.

        One that was deleted comes back with its analyses, if they still exist, and with its
        chapters as the editor changed them.
        """
        columns = _packed(read)
        same = sa.and_(manuscript.c.owner == self._owner, manuscript.c.hash == columns["hash"])
        with self._database.write(alone=True) as connection:
            known = connection.scalar(sa.select(manuscript.c.id).where(same))
            if known is not None:
                connection.execute(sa.update(manuscript).where(same).values(deleted=None))
                return str(known)
            new = secrets.token_urlsafe(16)
            connection.execute(
                sa.insert(manuscript).values(
                    id=new, owner=self._owner, created=time.time(), **columns
                )
            )
            return new

    def get(self, manuscript_id: str) -> Manuscript:
        """Return the manuscript with this id. Raises: UnknownManuscript."""
        with self._database.read() as connection:
            row = connection.execute(WITH_OUTLINE.where(self._one(manuscript_id))).one_or_none()
        if row is None:
            raise unknown()
        return unpacked(row)

    def all(self) -> list[StoredManuscript]:
        """Return all that are not deleted, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(
                    manuscript.c.id, manuscript.c.title, manuscript.c.words, manuscript.c.created
                )
                .where(manuscript.c.owner == self._owner, manuscript.c.deleted.is_(None))
                .order_by(manuscript.c.created.desc())
            ).all()
        return [
            StoredManuscript(row.id, row.title, row.words, datetime.fromtimestamp(row.created, UTC))
            for row in rows
        ]

    def rename(self, manuscript_id: str, title: str) -> None:
        """Give the manuscript another title. Raises: UnknownManuscript."""
        self._change(self._one(manuscript_id), title=storable(title))

    def delete(self, manuscript_id: str) -> None:
        """Hide the manuscript and with it its analyses, until `restore` or the purge.

        Raises: UnknownManuscript.
        """
        self._change(self._one(manuscript_id), deleted=time.time())

    def restore(self, manuscript_id: str) -> None:
        """Undo `delete`. Raises: UnknownManuscript once it was purged."""
        mine = sa.and_(manuscript.c.id == manuscript_id, manuscript.c.owner == self._owner)
        self._change(mine, deleted=None)

    def _one(self, manuscript_id: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            manuscript.c.id == manuscript_id,
            manuscript.c.owner == self._owner,
            manuscript.c.deleted.is_(None),
        )

    def _change(self, which: sa.ColumnElement[bool], **values: Any) -> None:
        with self._database.write() as connection:
            changed = connection.execute(sa.update(manuscript).where(which).values(**values))
            if not changed.rowcount:
                raise unknown()


def get_for_call(database: Database, owner: str, manuscript_id: str) -> Manuscript:
    """Return a manuscript for a worker, deleted or not. Raises: UnknownManuscript, StoreError."""
    with database.read() as connection:
        row = connection.execute(
            WITH_OUTLINE.where(manuscript.c.id == manuscript_id, manuscript.c.owner == owner)
        ).one_or_none()
    if row is None:
        raise unknown()
    return unpacked(row)


def _packed(read: Manuscript) -> dict[str, Any]:
    fields = asdict(read)
    text = storable(fields.pop("text"))
    details = storable(json.dumps(fields, ensure_ascii=False, sort_keys=True))
    return {
        "hash": hashlib.sha256(f"{details}\n{text}".encode()).hexdigest(),
        "title": storable(read.title),
        "words": read.words,
        "text": text,
        "details": details,
    }


def unpacked(row: Row[Any]) -> Manuscript:
    """Return the manuscript in a row of `WITH_OUTLINE`."""
    read = Manuscript.from_fields(json.loads(row.details) | {"text": row.text})
    if row.edited is not None:
        edited = tuple(Chapter.from_fields(fields) for fields in json.loads(row.edited))
        read = replace(read, chapters=edited, basis="editor", confidence=1.0)
    return replace(read, title=row.title)


def packed_chapters(read: Manuscript) -> str:
    """Return the chapters of `read` as they are kept in an outline."""
    return storable(json.dumps([asdict(chapter) for chapter in read.chapters], ensure_ascii=False))


def unknown() -> UnknownManuscript:
    """Return the error for an id that there is not."""
    return UnknownManuscript("There is no manuscript under this address any more.")
