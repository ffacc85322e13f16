"""How long calls take here, by what calls like them took: for the wait that pages show.

A call reads, then writes. The seconds of each are estimated apart, because of a call that runs half
is known: how many tokens it has written and how fast, or how long it has been reading.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.engine import Statistics
from components.store.call_states import State
from components.store.journal import figures
from components.store.question import Question
from components.store.queue.turns import QueuedCall
from components.store.tables import all_calls, analysis, call, event

#: So many of the last calls of a kind tell how long the next takes.
_LATEST = 20

#: Tokens after which a call's own speed counts, and not that of those before it.
_TELLING = 16

#: What is longer than any before it is expected to become longer by this share of what it is.
_BEYOND = 0.25

_NANOSECONDS = 1_000_000_000

_IS_DONE = sa.and_(call.c.state == State.DONE, call.c.copied.is_(None))
_DONE = (
    sa.select(call.c.id, call.c.model, call.c.last_seq, call.c.attempt, call.c.started)
    .add_columns(call.c.ended, analysis.c.series_id, analysis.c.question)
    .select_from(all_calls)
    .where(_IS_DONE)
)


@dataclass(frozen=True, slots=True)
class Duration:
    """What a call took that is done: seconds before its first token, tokens, seconds of writing.

    `part` is which call of a report it was, `prompt` the tokens that its text was planned with.
    """

    part: str
    prompt: int
    before: float
    tokens: int
    writing: float


def seconds_left(
    connection: Connection, running: Sequence[QueuedCall], waiting: Sequence[QueuedCall], now: float
) -> dict[str, float | None]:
    """Estimate how long each call that runs goes on and each that waits takes, by its id.

    None while nothing is known of such calls. `now` is seconds since 1970.
    """
    durations = _durations(connection, [*running, *waiting])
    usual = {
        kind: fmean(done.before + done.writing for done in like) if like else None
        for kind, like in durations.items()
    }
    written = _written(connection, [one.call_id for one in running])
    left: dict[str, float | None] = {one.call_id: usual[_kind(one)] for one in waiting}
    for one in running:
        row = written.get(one.call_id)
        if row is None or row.state == State.STOPPING:
            left[one.call_id] = 0.0
        else:
            left[one.call_id] = _left(row, durations[_kind(one)], now)
    return left


def _left(running: Row[Any], durations: Sequence[Duration], now: float) -> float | None:
    """Estimate for how long a call that runs goes on, by what those like it took."""
    question = Question.for_list(running.question)
    # Of a report those that were the same call of it, where there are any.
    like = [done for done in durations if done.part == question.part] or durations
    if not like:
        return None
    pieces, first = running.pieces or 0, running.first or 0.0
    if not pieces:
        elapsed = now - (running.started or now)
        before = _expected(elapsed, [done.before * _larger(question, done) for done in like])
        return before - elapsed + fmean(done.writing for done in like)
    total = _expected(pieces, [done.tokens for done in like])
    most = question.options.num_predict
    if most and most > 0:
        total = max(min(total, most), pieces)
    rates = [done.tokens / done.writing for done in like if done.writing > 0 and done.tokens]
    if pieces >= _TELLING and now > first:
        rates = [pieces / (now - first)]
    return (total - pieces) / median(rates) if rates else 0.0


def _written(connection: Connection, call_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Return each call, with the tokens that its attempt has brought and when the first came."""
    is_text = sa.and_(
        event.c.call_id == call.c.id,
        event.c.attempt == call.c.attempt,
        event.c.kind.in_(("text", "thought")),
    )
    pieces, first = sa.func.sum(event.c.count), sa.func.min(event.c.at)
    rows = connection.execute(
        sa.select(call.c.id, call.c.state, call.c.started, analysis.c.question)
        .add_columns(pieces.label("pieces"), first.label("first"))
        .select_from(all_calls.outerjoin(event, is_text))
        .where(call.c.id.in_(call_ids))
        .group_by(call.c.id, analysis.c.id)
    )
    return {row.id: row for row in rows}


def _expected(so_far: float, before: Iterable[float]) -> float:
    """Return what something that is `so_far` comes to, where others came to `before`."""
    larger = [total for total in before if total > so_far]
    return fmean(larger) if larger else so_far * (1 + _BEYOND)


def _larger(question: Question, other: Duration) -> float:
    """Return how many times the text of `other` the text of a question is."""
    return question.tokens / other.prompt if question.tokens and other.prompt else 1.0


def _kind(one: QueuedCall) -> tuple[str, str | None]:
    """Return what calls that take as long as each other have in common."""
    return one.model, one.series_id


def _durations(
    connection: Connection, calls: Sequence[QueuedCall]
) -> dict[tuple[str, str | None], list[Duration]]:
    """Return by kind what the last calls of the same series took, or else of the same model.

    Those that are in no series count as one: a question to a whole manuscript takes much longer
    than a step of a report.
    """
    kinds = {_kind(one) for one in calls}
    by_kind: dict[tuple[str, str | None], list[Duration]] = {kind: [] for kind in kinds}
    number = sa.func.row_number().over(
        partition_by=(call.c.model, analysis.c.series_id), order_by=call.c.ended.desc()
    )
    in_series: sa.ColumnElement[bool]
    in_series = analysis.c.series_id.in_({series for _, series in kinds if series})
    if any(series is None for _, series in kinds):
        in_series |= analysis.c.series_id.is_(None)
    of_series = (
        sa.select(call.c.id, number.label("number"))
        .select_from(all_calls)
        .where(_IS_DONE, call.c.model.in_({model for model, _ in kinds}), in_series)
        .subquery()
    )
    latest = _DONE.join(of_series, of_series.c.id == call.c.id).where(of_series.c.number <= _LATEST)
    for row, measured in figures(connection, latest):
        if (row.model, row.series_id) in by_kind:
            by_kind[row.model, row.series_id].append(_duration(row, measured))
    for model in {model for (model, _), durations in by_kind.items() if not durations}:
        latest = _DONE.where(call.c.model == model).order_by(call.c.ended.desc()).limit(_LATEST)
        durations = [_duration(*its) for its in figures(connection, latest)]
        by_kind |= {kind: durations for kind in kinds if kind[0] == model and not by_kind[kind]}
    return by_kind


def _duration(row: Row[Any], measured: Statistics) -> Duration:
    total = max(row.ended - row.started, 0.0)
    waited = ((measured.load_wait or 0) + (measured.time_to_first_token or 0)) / _NANOSECONDS
    question, before = Question.for_list(row.question), min(waited, total)
    return Duration(
        part=question.part,
        prompt=question.tokens,
        before=before,
        tokens=measured.received or measured.eval_count or 0,
        writing=total - before,
    )
