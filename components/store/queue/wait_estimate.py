"""How long calls take here, by what calls like them took: for the wait that pages show.

A call reads, then writes. The seconds of each are estimated apart, because of a call that runs half
is known: how many tokens it has written and how fast, or how long it has been reading.
"""

from collections.abc import Iterable
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


def seconds_left(connection: Connection, running: QueuedCall, now: float) -> float | None:
    """Estimate for how long a call that runs goes on; None while nothing is known of such calls.

    `now` is seconds since 1970.
    """
    row = connection.execute(
        sa.select(call.c.attempt, call.c.state, call.c.started, analysis.c.question)
        .select_from(all_calls)
        .where(call.c.id == running.call_id)
    ).one_or_none()
    if row is None or row.state == State.STOPPING:
        return 0.0
    question = Question.for_list(row.question)
    durations = _durations(connection, running.model, running.series_id)
    # Of a report those that were the same call of it, where there are any.
    like = [done for done in durations if done.part == question.part] or durations
    if not like:
        return None
    pieces, first = _written(connection, running.call_id, row.attempt)
    if not pieces:
        elapsed = now - (row.started or now)
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


def usual_seconds(connection: Connection, waiting: QueuedCall) -> float | None:
    """Estimate how long a call takes that waits; None while nothing is known of such calls."""
    durations = _durations(connection, waiting.model, waiting.series_id)
    return fmean(done.before + done.writing for done in durations) if durations else None


def _written(connection: Connection, call_id: str, attempt: int) -> tuple[int, float]:
    """Return the tokens that an attempt of a call has brought, and when the first came."""
    pieces, first = connection.execute(
        sa.select(sa.func.sum(event.c.count), sa.func.min(event.c.at)).where(
            event.c.call_id == call_id,
            event.c.attempt == attempt,
            event.c.kind.in_(("text", "thought")),
        )
    ).one()
    return pieces or 0, first or 0.0


def _expected(so_far: float, before: Iterable[float]) -> float:
    """Return what something that is `so_far` comes to, where others came to `before`."""
    larger = [total for total in before if total > so_far]
    return fmean(larger) if larger else so_far * (1 + _BEYOND)


def _larger(question: Question, other: Duration) -> float:
    """Return how many times the text of `other` the text of a question is."""
    return question.tokens / other.prompt if question.tokens and other.prompt else 1.0


def _durations(connection: Connection, model: str, series_id: str | None) -> list[Duration]:
    """Return what the last calls of the same series took, or else those of the same model."""
    columns = (call.c.id, call.c.last_seq, call.c.attempt, call.c.started, call.c.ended)
    is_like = sa.and_(call.c.model == model, call.c.state == State.DONE, call.c.copied.is_(None))
    for which in (analysis.c.series_id == series_id, sa.true()):
        calls = (
            sa.select(*columns, analysis.c.question)
            .select_from(all_calls)
            .where(is_like, which)
            .order_by(call.c.ended.desc())
            .limit(_LATEST)
        )
        if durations := [_duration(*its) for its in figures(connection, calls)]:
            return durations
    return []


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
