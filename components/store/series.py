"""Analyses that belong together: columns of a comparison, answers of a chat, steps of a report."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import UnknownAnalysis
from components.store.blinding import is_hidden
from components.store.create import IN_ORDER, Beginning, begin_all, check_manuscript
from components.store.database import Database
from components.store.question import Question
from components.store.steps import NewReport, Step, begin_steps
from components.store.storable_text import storable
from components.store.tables import analysis, manuscript, series


class Kind(StrEnum):
    """What a series is."""

    COMPARISON = "comparison"
    CHAT = "chat"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Series:
    """A series; `id` is its address, unguessable.

    `details` is what its kind keeps of it, `verdict` how a comparison was judged, both as JSON
    holds them; `manuscript_id` is empty where it is about none. A report that is a column of a
    comparison has that one's id as `comparison`, and its place in it, from 0, as `position`.
    """

    id: str
    kind: Kind
    manuscript_id: str
    name: str
    details: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    created: datetime
    comparison: str = ""
    position: int = 0

    @property
    def is_blind(self) -> bool:
        """Whether it is a comparison whose models must not be named yet; in SQL, `blinding`."""
        return bool(self.details.get("blind")) and self.verdict is None


class SeriesShelf:
    """The series of `owner`. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def begin(
        self,
        kind: Kind,
        questions: Sequence[Question] = (),
        *,
        name: str,
        manuscript_id: str = "",
        details: Mapping[str, Any] | None = None,
        together: bool = False,
    ) -> Series:
        """Begin a series and queue its first `questions`, all or nothing; return it.

        `together` has them run at the same time on one host. Raises: UnknownManuscript.
        """
        new = secrets.token_urlsafe(16)
        with self._database.write() as connection:
            self._begin(connection, new, kind, name, manuscript_id, details)
            shared = new if together else None
            columns = [
                Beginning(question, name, series_id=new, position=position, together=shared)
                for position, question in enumerate(questions)
            ]
            begin_all(connection, self._owner, columns)
        return self.get(new)

    def begin_report(
        self,
        steps: Sequence[Step],
        *,
        name: str,
        manuscript_id: str,
        details: Mapping[str, Any],
    ) -> Series:
        """Begin a report and queue its `steps`, all or nothing; return it.

        A step whose key was answered before has that answer at once. Raises: UnknownManuscript.
        """
        new = secrets.token_urlsafe(16)
        with self._database.write() as connection:
            self._begin(connection, new, Kind.REPORT, name, manuscript_id, details)
            begin_steps(connection, self._owner, steps, series_id=new, name=name)
        return self.get(new)

    def begin_comparison(
        self,
        reports: Sequence[NewReport],
        *,
        name: str,
        manuscript_id: str,
        details: Mapping[str, Any],
    ) -> Series:
        """Begin a comparison whose columns are reports, and queue all their steps; return it.

        All or nothing, in one transaction. The reports run one after another, in their order: all
        steps of the first stand in the queue before those of the next. `details["reports"]` has
        their ids. Raises: UnknownManuscript.
        """
        new = secrets.token_urlsafe(16)
        ids = [secrets.token_urlsafe(16) for _ in reports]
        since = time.time()
        with self._database.write() as connection:
            kept = {**details, "reports": ids}
            self._begin(connection, new, Kind.COMPARISON, name, manuscript_id, kept)
            for position, (report_id, report) in enumerate(zip(ids, reports, strict=True)):
                place: dict[str, Any] = {"comparison": new, "position": position}
                about = (Kind.REPORT, name, manuscript_id, report.details)
                self._begin(connection, report_id, *about, **place)
                begin_steps(
                    connection,
                    self._owner,
                    report.steps,
                    series_id=report_id,
                    name=name,
                    since=since,
                )
                since += len(report.steps) * IN_ORDER
        return self.get(new)

    def reports_of(self, *comparison_ids: str) -> list[Series]:
        """Return the reports that are the columns of comparisons, each one's in their order.

        Empty for one whose columns are analyses.
        """
        found = self._select(series.c.comparison.in_(comparison_ids))
        return sorted(found, key=lambda one: (one.comparison, one.position))

    def get(self, series_id: str) -> Series:
        """Return the series with this id. Raises: UnknownAnalysis."""
        found = self._select(series.c.id == series_id)
        if not found:
            raise _unknown()
        return found[0]

    def all(self, kind: Kind) -> list[Series]:
        """Return all of a kind, newest first.

        Reports of a blind comparison are left out until that was judged.
        """
        return self._select(sa.and_(series.c.kind == kind, ~is_hidden()))

    def judge(self, series_id: str, verdict: Mapping[str, Any]) -> None:
        """Keep how a comparison was judged. Raises: UnknownAnalysis."""
        self._change(series_id, verdict=storable(json.dumps(dict(verdict), ensure_ascii=False)))

    def rename(self, series_id: str, name: str) -> None:
        """Give the series another name, and the reports of a comparison with it.

        Raises: UnknownAnalysis.
        """
        self._change(series_id, name=storable(name))

    def delete(self, series_id: str) -> None:
        """Hide the series, its analyses and its reports, until `restore` or the purge.

        Raises: UnknownAnalysis.
        """
        self._change(series_id, deleted=time.time())

    def restore(self, series_id: str) -> None:
        """Undo `delete`. Raises: UnknownAnalysis once it was purged."""
        self._change(series_id, deleted=None)

    def _begin(
        self,
        connection: Connection,
        new: str,
        kind: Kind,
        name: str,
        manuscript_id: str,
        details: Mapping[str, Any] | None,
        **place: Any,
    ) -> None:
        if manuscript_id:
            check_manuscript(connection, self._owner, manuscript_id)
        connection.execute(
            sa.insert(series).values(
                id=new,
                owner=self._owner,
                kind=kind,
                manuscript_id=manuscript_id or None,
                name=storable(name),
                details=storable(json.dumps(dict(details or {}), ensure_ascii=False)),
                created=time.time(),
                **place,
            )
        )

    def _select(self, which: sa.ColumnElement[bool]) -> list[Series]:
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(series)
                .outerjoin(manuscript, manuscript.c.id == series.c.manuscript_id)
                .where(
                    series.c.owner == self._owner,
                    series.c.deleted.is_(None),
                    manuscript.c.deleted.is_(None),
                    which,
                )
                .order_by(series.c.created.desc())
            ).all()
        return [_series(row) for row in rows]

    def _change(self, series_id: str, **values: Any) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                sa.update(series)
                .where(series.c.id == series_id, series.c.owner == self._owner)
                .values(**values)
            )
            if not changed.rowcount:
                raise _unknown()
            # What its analyses and its reports are listed by is the same.
            shared = {name: value for name, value in values.items() if name != "verdict"}
            if shared:
                columns = sa.select(series.c.id).where(series.c.comparison == series_id)
                of_it = sa.or_(analysis.c.series_id == series_id, analysis.c.series_id.in_(columns))
                connection.execute(sa.update(analysis).where(of_it).values(**shared))
                reports = series.c.comparison == series_id
                connection.execute(sa.update(series).where(reports).values(**shared))


def _series(row: Row[Any]) -> Series:
    return Series(
        id=row.id,
        kind=Kind(row.kind),
        manuscript_id=row.manuscript_id or "",
        name=row.name,
        details=json.loads(row.details),
        verdict=None if row.verdict is None else json.loads(row.verdict),
        created=datetime.fromtimestamp(row.created, UTC),
        comparison=row.comparison or "",
        position=row.position,
    )


def _unknown() -> UnknownAnalysis:
    return UnknownAnalysis("There is nothing under this address any more.")
