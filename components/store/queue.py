"""Whose call is next, and when: what is shown as a place in the queue is what workers do."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.states import State
from components.store.tables import analysis, call, need, series


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call in the queue: of which user, for which model, since when (seconds since 1970).

    Calls of the same `together` share one place on a host; those of the same `passage` read the
    same text, which the host that had the first of them still has in its cache. Those of a report
    in a `comparison` wait while one of an earlier `turn` of it may run. What `is_step` of a report
    gives way to what its owner asks meanwhile.
    """

    call_id: str
    owner: str
    model: str
    queued: float
    together: str | None = None
    passage: str | None = None
    comparison: str | None = None
    turn: int = 0
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A host that takes calls: at most `slots` at once, for `models` (None: not known).

    One without slots does not answer now.
    """

    url: str
    slots: int
    models: frozenset[str] | None = None

    def has(self, model: str) -> bool:
        """Whether the host has `model`, as far as is known."""
        return self.models is None or model in self.models or f"{model}:latest" in self.models


def is_ready() -> sa.ColumnElement[bool]:
    """Say of a call that it waits, and for no other's answer."""
    needed = call.alias()
    missing = (
        sa.select(need.c.call_id)
        .join(needed, needed.c.id == need.c.of)
        .where(need.c.call_id == call.c.id, needed.c.state != State.DONE)
        .correlate(call)
    )
    return sa.and_(call.c.state == State.QUEUED, ~missing.exists())


def queued(connection: Connection, limit: int | None = None) -> list[Waiting]:
    """Return the calls that may run, in no order, at most `limit`.

    One that needs the answer of another waits until that is done.
    """
    rows = connection.execute(
        sa.select(
            call.c.id,
            call.c.owner,
            call.c.model,
            call.c.queued,
            call.c.together,
            call.c.passage,
            series.c.comparison,
            sa.func.coalesce(series.c.position, 0),
            sa.func.coalesce(series.c.kind, "") == "report",
        )
        .select_from(call)
        .join(analysis, analysis.c.id == call.c.analysis_id)
        .outerjoin(series, series.c.id == analysis.c.series_id)
        .where(is_ready())
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def in_turn(waiting: Sequence[Waiting], running: Iterable[tuple[str | None, int]]) -> list[Waiting]:
    """Return those of `waiting` for which no earlier report of their comparison is under way.

    `running` has comparison and turn of each call that runs. A host that answered one model's step
    between two of another's would load each of them anew, every time. A report that cannot go on
    by itself, because a step of it failed, has nothing that waits here and holds nobody up.
    """
    first: dict[str, int] = {}
    for comparison, turn in [*((one.comparison, one.turn) for one in waiting), *running]:
        if comparison is not None:
            first[comparison] = min(first.get(comparison, turn), turn)
    return [one for one in waiting if first.get(one.comparison or "", one.turn) == one.turn]


def readers(connection: Connection, waiting: Iterable[Waiting]) -> dict[str, str]:
    """Return the host that has read each passage of `waiting`; the last one where several have."""
    passages = {one.passage for one in waiting if one.passage}
    if not passages:
        return {}
    rows = connection.execute(
        sa.select(call.c.passage, call.c.host)
        .where(call.c.passage.in_(passages), call.c.host.is_not(None), call.c.copied.is_(None))
        .order_by(call.c.started)
    )
    return {row.passage: row.host for row in rows}


def served(connection: Connection) -> dict[str, float]:
    """Return when each who waits was last given a turn, in seconds since 1970."""
    waiting = sa.select(call.c.owner).where(call.c.state == State.QUEUED)
    rows = connection.execute(
        sa.select(call.c.owner, sa.func.max(call.c.started).label("at"))
        .where(call.c.owner.in_(waiting), call.c.started.is_not(None))
        .group_by(call.c.owner)
    )
    return {row.owner: row.at for row in rows}


def fair(
    waiting: Iterable[Waiting],
    running: Iterable[str],
    served: Mapping[str, float] = MappingProxyType({}),
) -> list[Waiting]:
    """Return `waiting` in the order of their turns.

    `running` names the owner of each running call, `served` says when each owner had the last
    turn. Everybody's first call comes before anybody's second, so that one who submits a hundred
    keeps nobody waiting; within a turn, whoever has waited longest for one, then who asked first.
    A report has hundreds of steps: a question that its owner asks meanwhile comes before the next.
    """
    turns = Counter(running)
    ranked = []
    for one in sorted(waiting, key=lambda call: (call.is_step, call.queued, call.call_id)):
        last = served.get(one.owner, 0.0)
        ranked.append((turns[one.owner], last, one.queued, one.call_id, one))
        turns[one.owner] += 1
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:4])]


def place(
    call: Waiting,
    offers: Sequence[Offer],
    busy: Counter[str | None],
    beside: Mapping[str, str] = MappingProxyType({}),
    read: Mapping[str, str] = MappingProxyType({}),
) -> Offer | None:
    """Return the host for a call: the one with most room; None while all are full.

    `busy` counts the places that are taken of each host; `beside` says on which host a call of
    the same `together` runs, where this one needs no place of its own; `read` which host has read
    a passage: a call of it waits for that host while it answers, since reading takes the longest.
    A model that no host is known to have goes to any host, which then says that it does not have
    it; but a step of a report waits for a host that has it and does not answer now.
    """
    answering = [one for one in offers if one.slots]
    having = [one for one in answering if one.has(call.model)]
    if not having and call.is_step and any(one.has(call.model) for one in offers):
        return None
    having = having or answering
    having = [one for one in having if one.url == read.get(call.passage or "")] or having
    free = [one for one in having if busy[one.url] < one.slots]
    if free:
        return min(free, key=lambda one: busy[one.url] / one.slots)
    there = beside.get(call.together or "")
    return next((one for one in having if one.url == there), None)


def starts_in(ahead: Sequence[float], running: Sequence[float], slots: int) -> float:
    """Estimate the seconds until a call starts.

    `ahead` are the expected seconds of the calls before it, in order, `running` what is left of
    those that run; each of `slots` takes the next as it becomes free.
    """
    free_at = sorted(running) + [0.0] * max(slots - len(running), 0)
    heapq.heapify(free_at)
    for seconds in ahead:
        heapq.heapreplace(free_at, free_at[0] + seconds)
    return free_at[0] if free_at else 0.0
