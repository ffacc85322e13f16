"""Reports as they stand: each step with its state, its answer and Ollama's figures, in one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from components.engine import Statistics
from components.errors import FirstReaderError, RecordUnreadable
from components.store.call_events import unpack_error, unpack_statistics
from components.store.database import Database
from components.store.question import Question
from components.store.queue.turns import is_ready
from components.store.search import around, holds
from components.store.series import Kind
from components.store.states import RUNNING, State
from components.store.steps import Step, served
from components.store.tables import analysis, call, event, manuscript, need, series

#: Tokens of a prompt that say how fast a model reads: fewer take no time that could be told.
_TELLING = 256

#: What an editor opens: a report, or the comparison of which it is a column. So nothing is told of
#: a blind one but that it is there.
_OPENED = sa.func.coalesce(series.c.comparison, series.c.id)


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


class Reports:
    """The reports of `owner`. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def steps(self, series_id: str) -> list[StepStatus]:
        """Return the steps of a report in the order of its plan; empty for what is none."""
        of_it = sa.and_(analysis.c.series_id == series_id, analysis.c.owner == self._owner)
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(
                    analysis.c.id.label("analysis_id"),
                    analysis.c.position,
                    analysis.c.question,
                    call,
                )
                .join(call, call.c.analysis_id == analysis.c.id)
                .where(of_it)
                .order_by(analysis.c.position)
            ).all()
            ends = connection.execute(
                sa.select(event.c.call_id, event.c.attempt, event.c.kind, event.c.body)
                .join(call, call.c.id == event.c.call_id)
                .join(analysis, analysis.c.id == call.c.analysis_id)
                .where(
                    of_it,
                    event.c.kind.in_(("finished", "failed")),
                    event.c.attempt == call.c.attempt,
                )
                .order_by(event.c.call_id, event.c.seq)
            ).all()
            needed = connection.execute(
                sa.select(need.c.call_id, need.c.of)
                .join(call, call.c.id == need.c.call_id)
                .join(analysis, analysis.c.id == call.c.analysis_id)
                .where(of_it)
                .order_by(need.c.call_id, need.c.position)
            ).all()
        last = {(row.call_id, row.kind): row.body for row in ends}
        places = {row.id: row.position for row in rows}
        needs: dict[str, list[int]] = {}
        for row in needed:
            needs.setdefault(row.call_id, []).append(places[row.of])
        return [_done(row, last, tuple(needs.get(row.id, ()))) for row in rows]

    def counts(self, series_ids: Sequence[str]) -> dict[str, Counter[State]]:
        """Return how many steps of each report are in each state."""
        found: dict[str, Counter[State]] = {series_id: Counter() for series_id in series_ids}
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(analysis.c.series_id, call.c.state, sa.func.count().label("steps"))
                .join(call, call.c.analysis_id == analysis.c.id)
                .where(analysis.c.series_id.in_(series_ids), analysis.c.owner == self._owner)
                .group_by(analysis.c.series_id, call.c.state)
            )
            for row in rows:
                found[row.series_id][State(row.state)] = row.steps
        return found

    def answered(self, steps: Sequence[Step]) -> frozenset[int]:
        """Return the places of those of a plan that were answered before and are not asked."""
        with self._database.read() as connection:
            return frozenset(served(connection, self._owner, steps))

    def active(self) -> list[str]:
        """Return the ids of those of which a step runs or may run, newest first.

        For columns of a comparison that one's id. One whose next steps need one that failed or was
        stopped is not active: it waits for the editor.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(_OPENED.label("opened"))
                .join(analysis, analysis.c.series_id == series.c.id)
                .join(call, call.c.analysis_id == analysis.c.id)
                .outerjoin(manuscript, manuscript.c.id == series.c.manuscript_id)
                .where(
                    series.c.owner == self._owner,
                    series.c.kind == Kind.REPORT,
                    series.c.deleted.is_(None),
                    manuscript.c.deleted.is_(None),
                    sa.or_(call.c.state.in_(RUNNING), is_ready()),
                )
                .group_by(_OPENED)
                .order_by(sa.func.max(series.c.created).desc())
            ).all()
        return [row.opened for row in rows]

    def search(self, words: str) -> dict[str, str]:
        """Return the ids of those whose name, or an answer, holds `words`, newest first.

        For columns of a comparison that one's id. With each goes the text around the first place
        in an answer, empty where only the name holds it.
        """
        of_it = sa.and_(
            series.c.owner == self._owner,
            series.c.kind == Kind.REPORT,
            series.c.deleted.is_(None),
        )
        opened = _OPENED.label("opened")
        with self._database.read() as connection:
            named = connection.scalars(
                sa.select(opened)
                .where(of_it, holds(words, series.c.name))
                .order_by(series.c.created.desc())
            ).all()
            answers = connection.execute(
                sa.select(opened, call.c.answer)
                .join(analysis, analysis.c.series_id == series.c.id)
                .join(call, call.c.analysis_id == analysis.c.id)
                .where(of_it, holds(words, call.c.answer))
                # What a lens came to says more than a note.
                .order_by(series.c.created.desc(), analysis.c.position.desc())
            )
            found: dict[str, str] = {}
            for row in answers:
                found.setdefault(row.opened, around(row.answer, words))
        return found | {one: "" for one in named if one not in found}

    def speeds(self, digest: str, *, of: int = 200) -> tuple[float, float] | None:
        """Return how fast a model lately read and wrote here, in tokens a second.

        `prompt_eval_count` counts what the server's cache held too, so that of the calls on one
        passage, or one manuscript, only the slowest tells how fast it reads. None while nothing is
        known.
        """
        lately = (  # First the calls: of each there may be thousands of events.
            sa.select(
                call.c.id,
                sa.func.coalesce(call.c.passage, analysis.c.manuscript_id, call.c.id).label(
                    "passage"
                ),
            )
            .join(analysis, analysis.c.id == call.c.analysis_id)
            .where(
                call.c.owner == self._owner,
                call.c.copied.is_(None),
                call.c.state == State.DONE,
                analysis.c.question.contains(f'"digest": "{digest}"'),
            )
            .order_by(call.c.ended.desc())
            .limit(of)
            .subquery()
        )
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(lately.c.passage, event.c.body)
                .join(event, event.c.call_id == lately.c.id)
                .where(event.c.kind == "finished")
            ).all()
        reading: dict[str, float] = {}
        writing = []
        for passage, body in rows:
            try:
                one = unpack_statistics(body)
            except RecordUnreadable:
                continue  # There are others to estimate by.
            rate = one.prompt_tokens_per_second
            if rate and (one.prompt_eval_count or 0) >= _TELLING:
                reading[passage] = min(rate, reading.get(passage, rate))
            if one.tokens_per_second:
                writing.append(one.tokens_per_second)
        if not reading or not writing:
            return None
        return median(reading.values()), median(writing)


def _done(row: Row[Any], last: dict[tuple[str, str], str], needs: tuple[int, ...]) -> StepStatus:
    state = State(row.state)
    figures = last.get((row.id, "finished")) if state.has_ended else None
    error = last.get((row.id, "failed")) if state is State.FAILED else None
    return StepStatus(
        analysis_id=row.analysis_id,
        call_id=row.id,
        position=row.position,
        question=Question.from_json(row.question),
        state=state,
        attempt=row.attempt,
        refused=row.refused,
        host=row.host or "",
        answer=row.answer,
        is_copied=row.copied is not None,
        statistics=_figures(figures) if figures else None,
        error=_error(error) if error else None,
        started=row.started,
        ended=row.ended,
        needs=needs,
        hosts=_hosts(row),
    )


def _figures(body: str) -> Statistics | None:
    """Return the figures; none where they cannot be read, as of a server that sends none."""
    try:
        return unpack_statistics(body)
    except RecordUnreadable:
        return None


def _error(body: str) -> FirstReaderError:
    try:
        return unpack_error(body)
    except RecordUnreadable as error:
        return error


def _hosts(row: Row[Any]) -> tuple[str, ...] | None:
    if row.hosts is None:
        return None if row.attempt else ()
    return tuple(row.hosts.split("\n"))
