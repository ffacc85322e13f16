"""Reports as they stand: each step with its state, its answer and Ollama's figures, in one look."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from components.engine import Statistics
from components.errors import FirstReaderError, RecordUnreadable
from components.store.analyses import around, holds
from components.store.answer_cache import served
from components.store.call_events import unpack_error
from components.store.call_states import ENDED, RUNNING, State
from components.store.database import UserRecords
from components.store.journal import WHY_FAILED, figures
from components.store.question import Question, Step
from components.store.queue.turns import is_ready
from components.store.series import Kind
from components.store.tables import all_calls, analysis, call, event, manuscript, need, series

#: Tokens of a prompt that say how fast a model reads: fewer take no time that could be told.
_TELLING = 256

#: What an editor opens: a report, or the comparison of which it is a column. So of a blind one only
#: its existence is shown.
_OPENED = sa.func.coalesce(series.c.comparison, series.c.id).label("opened")


@dataclass(frozen=True, slots=True)
class StepStatus:
    """A step of a report at one moment.

    `position` counts from 0 in the order of the plan; `analysis_id` is what it is stopped and run
    again by, `call_id` names its entries in the journal. `answer` is the last attempt's, empty
    while it waits or is written; `statistics` and `error` too. `refused` counts attempts in a row
    that brought no answer of use. `hosts` are all that it was begun on, `host` the last of them;
    None where that is not known. `is_copied` says that it was answered before, for the same text,
    model, question and options. `started` and `ended` are seconds since 1970. `needs` are
    positions.
    """

    analysis_id: str
    call_id: str
    position: int
    question: Question
    state: State
    attempt: int
    refused: int
    host: str
    answer: str
    is_copied: bool
    statistics: Statistics | None = None
    error: FirstReaderError | None = None
    started: float | None = None
    ended: float | None = None
    needs: tuple[int, ...] = ()
    hosts: tuple[str, ...] | None = ()


class Reports(UserRecords):
    """The reports of `owner`. Each method raises StoreError where the store fails."""

    def steps(self, series_id: str) -> list[StepStatus]:
        """Return the steps of a report in the order of its plan; empty for what is none."""
        of_it = sa.and_(analysis.c.series_id == series_id, analysis.c.owner == self._owner)
        steps = (
            sa.select(analysis.c.position, analysis.c.question, call, event.c.body.label("error"))
            .select_from(all_calls.outerjoin(event, WHY_FAILED))
            .where(of_it)
            .order_by(analysis.c.position)
        )
        ended = sa.select(call.c.id, call.c.last_seq, call.c.attempt).select_from(all_calls)
        needed = sa.select(need).select_from(all_calls.join(need, need.c.call_id == call.c.id))
        with self._database.read() as connection:
            rows = connection.execute(steps).all()
            measured = figures(connection, ended.where(of_it, call.c.state.in_(ENDED)))
            positions = {row.id: row.position for row in rows}
            needs = defaultdict[str, list[int]](list)
            for row in connection.execute(needed.where(of_it).order_by(need.c.position)):
                needs[row.call_id].append(positions[row.of])
        statistics = {row.id: its for row, its in measured}
        return [_status(row, statistics.get(row.id), tuple(needs[row.id])) for row in rows]

    def counts(self, series_ids: Sequence[str]) -> dict[str, Counter[State]]:
        """Return how many steps of each report are in each state."""
        counts: dict[str, Counter[State]] = {series_id: Counter() for series_id in series_ids}
        rows = self._rows(
            sa.select(analysis.c.series_id, call.c.state, sa.func.count().label("steps"))
            .select_from(all_calls)
            .where(analysis.c.series_id.in_(series_ids), analysis.c.owner == self._owner)
            .group_by(analysis.c.series_id, call.c.state)
        )
        for row in rows:
            counts[row.series_id][State(row.state)] = row.steps
        return counts

    def answered(self, steps: Sequence[Step]) -> frozenset[int]:
        """Return the positions of those of a plan that were answered before and are not asked."""
        with self._database.read() as connection:
            return frozenset(served(connection, self._owner, steps))

    def active(self) -> list[str]:
        """Return the ids of those of which a step runs or may run, newest first.

        For columns of a comparison that one's id. One whose next steps need one that failed or was
        stopped is not active: it waits for the editor.
        """
        rows = self._rows(
            sa.select(_OPENED)
            .select_from(all_calls.outerjoin(manuscript, series.c.manuscript_id == manuscript.c.id))
            .where(
                self._is_shown(),
                manuscript.c.deleted.is_(None),
                sa.or_(call.c.state.in_(RUNNING), is_ready()),
            )
            .group_by(_OPENED.element)
            .order_by(sa.func.max(series.c.created).desc())
        )
        return [row.opened for row in rows]

    def search(self, words: str) -> dict[str, str]:
        """Return the ids of those whose name, or an answer, holds `words`, newest first.

        For columns of a comparison that one's id. With each goes the text around the first
        occurrence in an answer, empty where only the name holds it.
        """
        newest = series.c.created.desc()
        named = sa.select(_OPENED).where(self._is_shown(), holds(words, series.c.name))
        answers = (
            sa.select(_OPENED, call.c.answer)
            .select_from(all_calls)
            .where(self._is_shown(), holds(words, call.c.answer))
            # What a lens came to says more than a note.
            .order_by(newest, analysis.c.position.desc())
        )
        texts: dict[str, str] = {}
        with self._database.read() as connection:
            for row in connection.execute(answers):
                if row.opened not in texts and (found := around(row.answer, words)):
                    texts[row.opened] = found
            for row in connection.execute(named.order_by(newest)):
                texts.setdefault(row.opened, "")
        return texts

    def speeds(self, digest: str, *, of: int = 200) -> tuple[float, float] | None:
        """Return how fast a model lately read and wrote here, in tokens a second.

        `prompt_eval_count` counts what the server's cache held too, so that of the calls on one
        passage, or one manuscript, only the slowest tells how fast it reads. None while nothing is
        known.
        """
        passage = sa.func.coalesce(call.c.passage, analysis.c.manuscript_id, call.c.id)
        calls = (
            sa.select(call.c.id, call.c.last_seq, call.c.attempt, passage.label("passage"))
            .select_from(all_calls)
            .where(
                call.c.owner == self._owner,
                call.c.copied.is_(None),
                call.c.state == State.DONE,
                call.c.digest == digest,
            )
            .order_by(call.c.ended.desc())
            .limit(of)
        )
        reading: dict[str, float] = {}
        writing = []
        with self._database.read() as connection:
            for row, measured in figures(connection, calls):
                rate = measured.prompt_tokens_per_second
                if rate and (measured.prompt_eval_count or 0) >= _TELLING:
                    reading[row.passage] = min(rate, reading.get(row.passage, rate))
                if measured.tokens_per_second:
                    writing.append(measured.tokens_per_second)
        return (median(reading.values()), median(writing)) if reading and writing else None

    def _is_shown(self) -> sa.ColumnElement[bool]:
        is_report = sa.and_(series.c.owner == self._owner, series.c.kind == Kind.REPORT)
        return sa.and_(is_report, series.c.deleted.is_(None))


def _status(row: Row[Any], statistics: Statistics | None, needs: tuple[int, ...]) -> StepStatus:
    error = None
    if row.error is not None:
        try:
            error = unpack_error(row.error)
        except RecordUnreadable as unreadable:
            error = unreadable
    hosts = None if row.attempt else ()
    return StepStatus(
        analysis_id=row.analysis_id,
        call_id=row.id,
        position=row.position,
        question=Question.from_json(row.question),
        state=State(row.state),
        attempt=row.attempt,
        refused=row.refused,
        host=row.host or "",
        answer=row.answer,
        is_copied=row.copied is not None,
        statistics=statistics,
        error=error,
        started=row.started,
        ended=row.ended,
        needs=needs,
        hosts=hosts if row.hosts is None else tuple(row.hosts.split("\n")),
    )
