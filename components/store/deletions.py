"""What a user deleted lately: until it is purged, it can be brought back."""

import time
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from components.store.database import UserRecords, date
from components.store.purge import UNDO_SECONDS
from components.store.tables import analysis, manuscript, picture, series


@dataclass(frozen=True, slots=True)
class Deletion:
    """Something that was deleted; at `until` it is gone for good.

    `kind` is "manuscript", "analysis", "pictures" or that of a series. `manuscript_id` and `title`
    are of the manuscript that it is about, empty without one.
    """

    id: str
    kind: str
    name: str
    manuscript_id: str
    title: str
    until: datetime


class Deletions(UserRecords):
    """What `owner` deleted lately. Each method raises StoreError where the store fails."""

    def all(self) -> list[Deletion]:
        """Return what can still be brought back, what was deleted last first.

        What went with a manuscript or a series is not listed: it comes back with that.
        """
        has_pictures = sa.exists().where(picture.c.analysis_id == analysis.c.id)
        kind = sa.case((has_pictures, "pictures"), else_="analysis")
        queries = [
            sa.select(
                manuscript.c.id,
                sa.literal("manuscript").label("kind"),
                manuscript.c.title.label("name"),
                manuscript.c.id.label("manuscript_id"),
                manuscript.c.title,
                manuscript.c.deleted,
            ).where(self._is_recent(manuscript))
        ]
        for table, kind_of, is_alone in (
            (series, series.c.kind, series.c.comparison.is_(None)),
            (analysis, kind, analysis.c.series_id.is_(None)),
        ):
            about = manuscript.c.id == table.c.manuscript_id
            own = (table.c.id, kind_of, table.c.name, table.c.manuscript_id)
            queries.append(
                sa.select(*own, manuscript.c.title, table.c.deleted)
                .select_from(table.outerjoin(manuscript, about))
                .where(self._is_recent(table), is_alone)
            )
        with self._database.read() as connection:
            rows = connection.execute(sa.union_all(*queries).order_by(sa.desc("deleted"))).all()
        return [
            Deletion(
                row.id,
                row.kind,
                row.name,
                row.manuscript_id or "",
                row.title or "",
                date(row.deleted + UNDO_SECONDS),
            )
            for row in rows
        ]

    def _is_recent(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.owner == self._owner, table.c.deleted > time.time() - UNDO_SECONDS)
