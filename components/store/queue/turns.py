"""Whose call is next, and when: what is shown as a place in the queue is what workers do."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.states import RUNNING, State
from components.store.tables import analysis, call, need, series


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call in the queue: of which user, for which model, since when (seconds since 1970).

    Calls of the same `together` share one place on a host; those of the same `passage` read the
    same text, which the host that had the first of them still has in its cache. Those of a report
    in a `comparison` wait while one of an earlier `turn` of it may run. What `is_step` of a report
    takes turns with what its owner asks meanwhile. `series_id` is what the call is a part of.
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
    series_id: str | None = None

    @property
    def work(self) -> str:
        """What the call is a part of, or the call itself where it stands alone."""
        return self.series_id or self.call_id


@dataclass(frozen=True, slots=True)
class Running:
    """A call that a worker has: the part of its row that decides whose turn is next."""

    call_id: str
    owner: str
    host: str | None
    together: str | None
    comparison: str | None
    turn: int
    series_id: str | None

    @property
    def work(self) -> str:
        """What the call is a part of, or the call itself where it stands alone."""
        return self.series_id or self.call_id


@dataclass(frozen=True, slots=True)
class Served:
    """The call that an owner was last given a turn for: when (seconds since 1970), and its kind."""

    at: float
    is_step: bool


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


_IS_STEP = sa.func.coalesce(series.c.kind, "") == "report"


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
            _IS_STEP,
            analysis.c.series_id,
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


def under_way(connection: Connection) -> list[Running]:
    """Return the calls that workers have."""
    rows = connection.execute(
        sa.select(
            call.c.id,
            call.c.owner,
            call.c.host,
            call.c.together,
            series.c.comparison,
            sa.func.coalesce(series.c.position, 0),
            analysis.c.series_id,
        )
        .select_from(call)
        .join(analysis, analysis.c.id == call.c.analysis_id)
        .outerjoin(series, series.c.id == analysis.c.series_id)
        .where(call.c.state.in_(RUNNING))
    )
    return [Running(*row) for row in rows]


def served(connection: Connection) -> dict[str, Served]:
    """Return the last turn of each owner who waits and had one."""
    waiting = sa.select(call.c.owner).where(call.c.state == State.QUEUED)
    last = (
        sa.select(call.c.owner, sa.func.max(call.c.started).label("at"))
        .where(call.c.owner.in_(waiting), call.c.started.is_not(None))
        .group_by(call.c.owner)
        .subquery()
    )
    rows = connection.execute(
        sa.select(call.c.owner, call.c.started, _IS_STEP)
        .join(last, sa.and_(last.c.owner == call.c.owner, last.c.at == call.c.started))
        .join(analysis, analysis.c.id == call.c.analysis_id)
        .outerjoin(series, series.c.id == analysis.c.series_id)
    )
    return {owner: Served(at, bool(is_step)) for owner, at, is_step in rows}


def fair(
    waiting: Iterable[Waiting],
    running: Iterable[str],
    served: Mapping[str, Served] = MappingProxyType({}),
) -> list[Waiting]:
    """Return `waiting` in the order of their turns.

    `running` names the owner of each running call, `served` says what each owner had the last turn
    for. Everybody's first call comes before anybody's second, so that one who submits a hundred
    keeps nobody waiting; within a turn, whoever has waited longest for one, then who asked first.
    The questions of one owner and the steps of their reports take turns, a question first unless
    the last turn was one: neither waits for more than one call of the other kind.
    """
    turns = Counter(running)
    kinds: dict[str, tuple[list[Waiting], list[Waiting]]] = {}
    for one in sorted(waiting, key=lambda call: (call.queued, call.call_id)):
        kinds.setdefault(one.owner, ([], []))[one.is_step].append(one)
    ranked = []
    for owner, (questions, steps) in kinds.items():
        last = served.get(owner, Served(0.0, is_step=True))
        pairs = zip_longest(questions, steps) if last.is_step else zip_longest(steps, questions)
        mine = [one for pair in pairs for one in pair if one is not None]
        for turn, one in enumerate(mine, turns[owner]):
            ranked.append((turn, last.at, one.queued, one.call_id, one))
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:4])]


def order(connection: Connection, running: Sequence[Running]) -> list[Waiting]:
    """Return the calls that may run in the order of their turns: the same for all processes."""
    ready = in_turn(queued(connection), [(one.comparison, one.turn) for one in running])
    return fair(ready, [one.owner for one in running], served(connection))


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
