"""Analyses that belong together: columns of a comparison, answers of a chat, steps of a report.

The models of a blind comparison may not be named until it was judged: reports that are its columns
are left out of every list here that could name them, so that no page has to think of it. Whoever
has the id of one, as the comparison has, still reaches it.
"""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.errors import UnknownAnalysis
from components.store.call_events import storable
from components.store.create import IN_ORDER, check_manuscript, create_all
from components.store.database import NamedRecords, date
from components.store.question import NewReport, Question, QuestionPicture, Step
from components.store.tables import analysis, manuscript, series


class Kind(StrEnum):
    """What a series is."""

    COMPARISON = "comparison"
    CHAT = "chat"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Series:
    """A series; `id` is its address, unguessable.

    `details` is what its kind stores of it, `verdict` how a comparison was judged, both as JSON
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
        """Whether it is a comparison whose models must not be named yet."""
        return bool(self.details.get("blind")) and self.verdict is None

    @property
    def is_of_books(self) -> bool:
        """Whether it is a comparison whose columns are whole-book reports."""
        return "reports" in self.details


def is_hidden() -> sa.ColumnElement[bool]:
    """Say of a series that it is a column of a comparison that is blind and was not judged."""
    comparison = series.alias()
    return (
        sa.select(comparison.c.id)
        .where(
            comparison.c.id == series.c.comparison,
            comparison.c.verdict.is_(None),
            comparison.c.blind == 1,
        )
        .correlate(series)
        .exists()
    )


class SeriesRecords(NamedRecords):
    """The series of `owner`. Each method raises StoreError where the store fails.

    The reports of a comparison are renamed, deleted and restored with it.
    """

    _table = series

    def begin(
        self,
        kind: Kind,
        steps: Sequence[Step | Question] = (),
        *,
        name: str,
        manuscript_id: str = "",
        details: Mapping[str, Any] | None = None,
        together: bool = False,
        parent_id: str | None = None,
        pictures: Sequence[QuestionPicture] = (),
    ) -> Series:
        """Begin a series and queue its first `steps`, all or nothing; return it.

        `together` has them run at the same time on one host. In a chat `parent_id` is the analysis
        that it is about; `pictures` go with its first question. Raises: UnknownManuscript.
        """
        new = secrets.token_urlsafe(16)
        calls = [Step.of(step) for step in steps]
        shared = new if together else None
        with self._database.write() as connection:
            self._insert(connection, new, kind, name, manuscript_id, details or {})
            create_all(
                connection,
                self._owner,
                calls,
                name=name,
                series_id=new,
                parent_id=parent_id,
                together=shared,
                pictures=pictures,
            )
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
        new, *ids = (secrets.token_urlsafe(16) for _ in range(len(reports) + 1))
        details = {**details, "reports": ids}
        since = time.time()
        with self._database.write() as connection:
            self._insert(connection, new, Kind.COMPARISON, name, manuscript_id, details)
            for position, (report_id, report) in enumerate(zip(ids, reports, strict=True)):
                about = (Kind.REPORT, name, manuscript_id, report.details)
                self._insert(connection, report_id, *about, comparison=new, position=position)
                create_all(
                    connection,
                    self._owner,
                    report.steps,
                    name=name,
                    series_id=report_id,
                    since=since,
                )
                since += len(report.steps) * IN_ORDER
        return self.get(new)

    def reports_of(self, *comparison_ids: str) -> list[Series]:
        """Return the reports that are columns of comparisons, each one's in their order."""
        columns = self._select(series.c.comparison.in_(comparison_ids))
        return sorted(columns, key=lambda report: (report.comparison, report.position))

    def get(self, series_id: str) -> Series:
        """Return the series with this id. Raises: UnknownAnalysis."""
        rows = self._select(series.c.id == series_id)
        if not rows:
            raise UnknownAnalysis(self._message)
        return rows[0]

    def all(self, kind: Kind) -> list[Series]:
        """Return all of a kind, newest first, without reports that are blind."""
        return self._select(sa.and_(series.c.kind == kind, ~is_hidden()))

    def judge(self, series_id: str, verdict: Mapping[str, Any]) -> None:
        """Store how a comparison was judged. Raises: UnknownAnalysis."""
        self._change(series_id, verdict=_json(verdict))

    def _insert(
        self,
        connection: Connection,
        new: str,
        kind: Kind,
        name: str,
        manuscript_id: str,
        details: Mapping[str, Any],
        **column: Any,
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
                details=_json(details),
                blind=int(details.get("blind") is True),
                created=time.time(),
                **column,
            )
        )

    def _select(self, which: sa.ColumnElement[bool]) -> list[Series]:
        rows = self._rows(
            sa.select(series)
            .outerjoin(manuscript, manuscript.c.id == series.c.manuscript_id)
            .where(
                series.c.owner == self._owner,
                series.c.deleted.is_(None),
                manuscript.c.deleted.is_(None),
                which,
            )
            .order_by(series.c.created.desc())
        )
        return [_series(row) for row in rows]

    def _change_members(
        self, connection: Connection, record_id: str, values: dict[str, Any]
    ) -> None:
        if "verdict" in values:
            return
        reports = series.c.comparison == record_id
        columns = sa.select(series.c.id).where(reports)
        of_it = sa.or_(analysis.c.series_id == record_id, analysis.c.series_id.in_(columns))
        connection.execute(sa.update(analysis).where(of_it).values(**values))
        connection.execute(sa.update(series).where(reports).values(**values))


def _series(row: Row[Any]) -> Series:
    return Series(
        id=row.id,
        kind=Kind(row.kind),
        manuscript_id=row.manuscript_id or "",
        name=row.name,
        details=json.loads(row.details),
        verdict=None if row.verdict is None else json.loads(row.verdict),
        created=date(row.created),
        comparison=row.comparison or "",
        position=row.position,
    )


def _json(fields: Mapping[str, Any]) -> str:
    return storable(json.dumps(dict(fields), ensure_ascii=False))
