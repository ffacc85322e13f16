"""The analyses of one user: asked, found again, renamed, deleted and brought back."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from components.errors import FirstReaderError, RecordUnreadable, UnknownAnalysis
from components.store.blinding import is_hidden
from components.store.call_events import unpack_error, unpack_statistics
from components.store.create import Beginning, QuestionPicture, begin_all
from components.store.database import Database
from components.store.prompt_inputs import pictures
from components.store.question import Question
from components.store.search import around, holds
from components.store.series import Kind
from components.store.states import ENDED, State
from components.store.storable_text import storable
from components.store.tables import analysis, call, event, manuscript, series

_COLUMNS = (
    analysis.c.id,
    analysis.c.name,
    analysis.c.question,
    analysis.c.created,
    analysis.c.series_id,
    analysis.c.parent_id,
    analysis.c.position,
    series.c.kind,
    call.c.id.label("call_id"),
    call.c.state,
    call.c.attempt,
    call.c.ended,
    event.c.body.label("error"),
)

#: Why a call has failed is written down just before that it has: found by its place.
_WHY = sa.and_(
    call.c.state == State.FAILED,
    event.c.call_id == call.c.id,
    event.c.seq == call.c.last_seq - 1,
    event.c.kind == "failed",
)


#: A report has hundreds of steps, and its own place in every list.
_NO_STEP = sa.or_(series.c.kind.is_(None), series.c.kind != Kind.REPORT)

#: What is in no series is in no comparison.
_TOLD = sa.or_(series.c.id.is_(None), ~is_hidden())


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis at one moment. `id` is its address, unguessable; `call_id` names its entries.

    `attempt` counts from 1 once a worker has taken it; `ended` is None until it has ended, and
    `error` is what it has failed with. One of a series has its place in it, one of a chat the
    exchange that it follows.
    """

    id: str
    name: str
    question: Question
    created: datetime
    call_id: str
    state: State
    attempt: int
    ended: datetime | None
    error: FirstReaderError | None = None
    series_id: str | None = None
    series_kind: Kind | None = None
    parent_id: str | None = None
    position: int = 0


class Analyses:
    """What `owner` has asked. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def begin(
        self,
        question: Question,
        *,
        name: str = "",
        series_id: str | None = None,
        parent_id: str | None = None,
        pictures: Sequence[QuestionPicture] = (),
    ) -> Analysis:
        """Queue a new analysis and return it; `name` is what lists call it.

        In a chat `series_id` is the chat and `parent_id` the exchange that it follows.

        Raises: UnknownManuscript.
        """
        with self._database.write() as connection:
            new = Beginning(
                question, name, series_id=series_id, parent_id=parent_id, pictures=pictures
            )
            ((analysis_id, _),) = begin_all(connection, self._owner, [new])
        return self.get(analysis_id)

    def get(self, analysis_id: str) -> Analysis:
        """Return the analysis with this id as it is now. Raises: UnknownAnalysis."""
        found = self._select(analysis.c.id == analysis_id)
        if not found:
            raise _unknown()
        return found[0]

    def of(self, manuscript_id: str) -> list[Analysis]:
        """Return the analyses of a manuscript, newest first; the steps of reports left out."""
        return self._select(analysis.c.manuscript_id == manuscript_id, _NO_STEP)

    def all(self) -> list[Analysis]:
        """Return all analyses, newest first; the steps of reports left out."""
        return self._select(_NO_STEP)

    def answered(self, limit: int) -> list[Analysis]:
        """Return the newest that have ended, steps of reports too, each answer once."""
        ended = sa.and_(call.c.state.in_(ENDED), call.c.copied.is_(None), _TOLD)
        with self._database.read() as connection:
            rows = connection.execute(self._listing(ended).limit(limit)).all()
        return [_analysis(row) for row in rows]

    def in_series(self, series_id: str) -> list[Analysis]:
        """Return the analyses of a series in their order: the columns, or the exchanges."""
        return self.in_each([series_id])[series_id]

    def in_each(self, series_ids: Sequence[str]) -> dict[str, list[Analysis]]:
        """Return the analyses of each of these series, as `in_series` does."""
        found: dict[str, list[Analysis]] = {series_id: [] for series_id in series_ids}
        members = self._select(analysis.c.series_id.in_(series_ids))
        for member in sorted(members, key=lambda one: (one.position, one.created)):
            found[member.series_id or ""].append(member)
        return found

    def writing_speeds(self, comparison_ids: Sequence[str], *, of: int = 200) -> dict[str, float]:
        """Return how fast each model wrote in these comparisons, in tokens a second, by its name.

        The median of its last `of` answers, those of reports too; a model is left out while none of
        its answers says.
        """
        columns = sa.select(series.c.id).where(series.c.comparison.in_(comparison_ids))
        lately = (
            sa.select(
                call.c.id,
                call.c.model,
                call.c.last_seq,
                sa.func.row_number()
                .over(partition_by=call.c.model, order_by=call.c.ended.desc())
                .label("place"),
            )
            .join(analysis, analysis.c.id == call.c.analysis_id)
            .where(
                analysis.c.owner == self._owner,
                analysis.c.deleted.is_(None),
                analysis.c.series_id.in_(comparison_ids) | analysis.c.series_id.in_(columns),
                call.c.state.in_(ENDED),
                call.c.copied.is_(None),
            )
            .subquery()
        )
        # The figures stand just before the end of a call, and before why it has failed.
        ends = sa.and_(event.c.call_id == lately.c.id, event.c.seq >= lately.c.last_seq - 2)
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(lately.c.model, event.c.body)
                .join(event, ends)
                .where(lately.c.place <= of, event.c.kind == "finished")
            ).all()
        speeds: dict[str, list[float]] = defaultdict(list)
        for model, body in rows:
            with suppress(RecordUnreadable):  # There are others.
                if speed := unpack_statistics(body).tokens_per_second:
                    speeds[model].append(speed)
        return {model: median(found) for model, found in speeds.items()}

    def pictures(self, analysis_id: str) -> tuple[QuestionPicture, ...]:
        """Return the pictures that went with an analysis. Raises: UnknownAnalysis."""
        return pictures(self._database, self.get(analysis_id).id)

    def active(self) -> list[Analysis]:
        """Return those that wait or run, newest first; the steps of reports left out."""
        return self._select(call.c.state.not_in(ENDED), _NO_STEP)

    def search(self, words: str) -> list[tuple[Analysis, str]]:
        """Return the analyses whose name, manuscript's title or text holds `words`, newest first.

        Letters' case does not matter. With each goes the text around the first place in its text,
        empty where the text does not hold it. Steps of reports are left out: `Reports.search`.
        """
        held = holds(words, analysis.c.name, manuscript.c.title, call.c.answer)
        with self._database.read() as connection:
            found = self._listing(held, _NO_STEP).add_columns(call.c.answer)
            rows = connection.execute(found).all()
        return [(_analysis(row), around(row.answer, words)) for row in rows]

    def rename(self, analysis_id: str, name: str) -> None:
        """Give the analysis another name. Raises: UnknownAnalysis."""
        self._change(analysis_id, name=storable(name))

    def delete(self, analysis_id: str) -> None:
        """Hide the analysis until `restore` or the purge. Raises: UnknownAnalysis."""
        self._change(analysis_id, deleted=time.time())

    def restore(self, analysis_id: str) -> None:
        """Undo `delete`. Raises: UnknownAnalysis once it was purged."""
        self._change(analysis_id, deleted=None)

    def _select(self, *which: sa.ColumnElement[bool]) -> list[Analysis]:
        with self._database.read() as connection:
            rows: Sequence[Row[Any]] = connection.execute(self._listing(*which)).all()
        return [_analysis(row) for row in rows]

    def _listing(self, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return (
            sa.select(*_COLUMNS)
            .join(call, call.c.analysis_id == analysis.c.id)
            .outerjoin(event, _WHY)
            .outerjoin(manuscript, manuscript.c.id == analysis.c.manuscript_id)
            .outerjoin(series, series.c.id == analysis.c.series_id)
            .where(
                analysis.c.owner == self._owner,
                analysis.c.deleted.is_(None),
                manuscript.c.deleted.is_(None),
                *which,
            )
            .order_by(analysis.c.created.desc())
        )

    def _change(self, analysis_id: str, **values: Any) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                sa.update(analysis)
                .where(analysis.c.id == analysis_id, analysis.c.owner == self._owner)
                .values(**values)
            )
            if not changed.rowcount:
                raise _unknown()


def _analysis(row: Row[Any]) -> Analysis:
    return Analysis(
        id=row.id,
        name=row.name,
        question=Question.for_list(row.question),
        created=datetime.fromtimestamp(row.created, UTC),
        call_id=row.call_id,
        state=State(row.state),
        attempt=row.attempt,
        ended=None if row.ended is None else datetime.fromtimestamp(row.ended, UTC),
        error=None if row.error is None else unpack_error(row.error),
        series_id=row.series_id,
        series_kind=None if row.kind is None else Kind(row.kind),
        parent_id=row.parent_id,
        position=row.position,
    )


def _unknown() -> UnknownAnalysis:
    return UnknownAnalysis("There is no analysis under this address any more.")
