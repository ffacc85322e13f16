"""How long calls take here, by what calls like them took: for the wait that pages show.

A call reads, then writes. Of each the seconds are estimated apart, because what runs has told half
of it: how many tokens it has written and how fast, or how long it has been reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.errors import RecordUnreadable
from components.store.call_events import unpack_statistics
from components.store.question import Question
from components.store.queue.turns import Running, Waiting
from components.store.states import State
from components.store.tables import analysis, call, event

#: So many of the last calls of a kind tell how long the next takes.
_LATEST = 20

#: Tokens after which a call's own speed counts, and not that of those before it.
_TELLING = 16

#: What is longer than any before it is expected to become longer by this share of what it is.
_BEYOND = 0.25

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a call took that is done: seconds before its first token, tokens, seconds of writing.

    `part` is which call of a report it was, `prompt` the tokens that its text was planned with.
    """

    part: str
    prompt: int
    before: float
    tokens: int
    writing: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.before + self.writing


def seconds_left(connection: Connection, running: Running, now: float) -> float | None:
    """Estimate for how long a call that runs goes on; None while nothing is known of such calls.

    `now` is seconds since 1970.
    """
    row = connection.execute(
        sa.select(call.c.model, call.c.attempt, call.c.state, call.c.started, analysis.c.question)
        .join(analysis, analysis.c.id == call.c.analysis_id)
        .where(call.c.id == running.call_id)
    ).one_or_none()
    if row is None or row.state == State.STOPPING:
        return 0.0
    question = _question(row.question)
    like = _like(_taken(connection, row.model, running.series_id), question)
    if not like:
        return None
    pieces, first = _written(connection, running.call_id, row.attempt)
    rates = [one.tokens / one.writing for one in like if one.writing > 0 and one.tokens]
    if not pieces:
        elapsed = now - (row.started or now)
        before = _expected(elapsed, [one.before * _larger(question, one) for one in like])
        return before - elapsed + fmean(one.writing for one in like)
    total = _expected(pieces, [one.tokens for one in like])
    most = question.options.num_predict if question else None
    if most is not None and most > 0:
        total = max(min(total, most), pieces)
    if pieces >= _TELLING and now > first:
        rates = [pieces / (now - first)]
    return (total - pieces) / median(rates) if rates else 0.0


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


def usual_seconds(connection: Connection, waiting: Waiting) -> float | None:
    """Estimate how long a call takes that waits; None while nothing is known of such calls."""
    taken = _taken(connection, waiting.model, waiting.series_id)
    return fmean(one.seconds for one in taken) if taken else None


def _expected(so_far: float, before: Iterable[float]) -> float:
    """Return what becomes of something that is `so_far`, where others became `before`."""
    larger = [one for one in before if one > so_far]
    return fmean(larger) if larger else so_far * (1 + _BEYOND)


def _larger(question: Question | None, other: Taken) -> float:
    """Return how many times the text of `other` the text of a question is."""
    return question.tokens / other.prompt if question and question.tokens and other.prompt else 1.0


def _like(taken: Sequence[Taken], question: Question | None) -> Sequence[Taken]:
    """Return those of a report that were the same call of it, where there were any."""
    part = question.part if question else ""
    return [one for one in taken if one.part == part] or taken


def _taken(connection: Connection, model: str, series_id: str | None) -> list[Taken]:
    """Return what the last calls of the same series took, or else those of the same model."""
    of_it = sa.and_(call.c.model == model, call.c.state == State.DONE, call.c.copied.is_(None))
    for which in (analysis.c.series_id == series_id, sa.true()):
        rows = connection.execute(
            sa.select(call.c.started, call.c.ended, analysis.c.question, event.c.body)
            .join(analysis, analysis.c.id == call.c.analysis_id)
            .join(
                event,
                sa.and_(
                    event.c.call_id == call.c.id,
                    event.c.attempt == call.c.attempt,
                    event.c.kind == "finished",
                ),
            )
            .where(of_it, which)
            .order_by(call.c.ended.desc())
            .limit(_LATEST)
        ).all()
        if taken := [one for one in (_of(row) for row in rows) if one is not None]:
            return taken
    return []


def _of(row: Any) -> Taken | None:
    try:
        figures = unpack_statistics(row.body)
    except RecordUnreadable:
        return None
    all_of_it = max(row.ended - row.started, 0.0)
    waited = ((figures.load_wait or 0) + (figures.time_to_first_token or 0)) / _NANOSECONDS
    question, before = _question(row.question), min(waited, all_of_it)
    return Taken(
        part=question.part if question else "",
        prompt=question.tokens if question else 0,
        before=before,
        tokens=figures.received or figures.eval_count or 0,
        writing=all_of_it - before,
    )


def _question(text: Any) -> Question | None:
    """Return a stored question; None where this version cannot read it."""
    try:
        return Question.from_json(str(text))
    except RecordUnreadable:
        return None
