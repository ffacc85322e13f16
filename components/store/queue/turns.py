"""Whose call is next, and when: the position that pages show is the order that workers take."""

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.call_states import RUNNING, State
from components.store.tables import all_calls, analysis, call, need, series

#: Seconds for which anything is put off at most: until tonight. What seems to be put off for longer
#: was put off by a clock that has been put back since, and is due.
LONGEST_PUT_OFF = 86_400.0


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call that waits or, on `host`, runs: of which user, for which model, since when.

    `queued` is seconds since 1970. Calls of the same `together` share one slot on a host; those of
    the same `passage` read the same text, which the host that had the first of them still has in
    its cache. Those of a report in a `comparison` wait while one of an earlier `turn` of it may
    run. What `is_step` of a report takes turns with what its owner asks meanwhile. `series_id` is
    what the call is a part of. `put_first` is when its owner put it before their other work, 0
    where they did not; `not_before` until when they put it off.
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
    host: str | None = None
    put_first: float = 0.0
    not_before: float = 0.0

    @property
    def work(self) -> str:
        """What the call is a part of, or the call itself where it stands alone."""
        return self.series_id or self.call_id


@dataclass(frozen=True, slots=True)
class LastTurn:
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


def is_due() -> sa.ColumnElement[bool]:
    """Say of a call that it is not put off any more."""
    now = time.time()
    return sa.or_(call.c.not_before <= now, call.c.not_before > now + LONGEST_PUT_OFF)


def is_put_off(until: float) -> bool:
    """Whether what is put off until then, in seconds since 1970, waits now."""
    return 0 < until - time.time() <= LONGEST_PUT_OFF


_IS_STEP = sa.func.coalesce(series.c.kind, "") == "report"


def under_way(connection: Connection) -> list[QueuedCall]:
    """Return the calls that workers have."""
    return calls(connection, call.c.state.in_(RUNNING))


def calls(connection: Connection, which: sa.ColumnElement[bool]) -> list[QueuedCall]:
    """Return the calls that `which` says."""
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
            call.c.host,
            call.c.put_first,
            call.c.not_before,
        )
        .select_from(all_calls)
        .where(which)
    )
    return [QueuedCall(*row) for row in rows]


def in_turn(waiting: Sequence[QueuedCall], running: Sequence[QueuedCall] = ()) -> list[QueuedCall]:
    """Return those of `waiting` for which no earlier report of their comparison is under way.

    A host that answered one model's step between two of another's would load each of them anew,
    every time. A report that cannot go on by itself, because a step of it failed, has nothing that
    waits here and holds nobody up.
    """
    first: dict[str, int] = {}
    for entry in (*waiting, *running):
        if entry.comparison is not None:
            first[entry.comparison] = min(first.get(entry.comparison, entry.turn), entry.turn)
    return [call for call in waiting if first.get(call.comparison or "", call.turn) == call.turn]


def last_turns(connection: Connection) -> dict[str, LastTurn]:
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
        .select_from(all_calls)
        .join(last, sa.and_(last.c.owner == call.c.owner, last.c.at == call.c.started))
    )
    return {owner: LastTurn(at, bool(is_step)) for owner, at, is_step in rows}


def fair(
    waiting: Iterable[QueuedCall],
    running: Iterable[str],
    last_turns: Mapping[str, LastTurn] = MappingProxyType({}),
) -> list[QueuedCall]:
    """Return `waiting` in the order of their turns.

    `running` names the owner of each running call. Everybody's first call comes before anybody's
    second, so that one who submits a hundred keeps nobody waiting; within a turn, whoever has
    waited longest for one, then who asked first. The questions of one owner and the steps of their
    reports take turns, a question first unless the last turn was one: neither waits for more than
    one call of the other kind. Among either comes first what the owner put first, which changes
    nothing for others.
    """
    turns = Counter(running)
    by_owner = defaultdict[str, tuple[list[QueuedCall], list[QueuedCall]]](lambda: ([], []))
    for entry in sorted(waiting, key=lambda it: (-it.put_first, it.queued, it.call_id)):
        by_owner[entry.owner][entry.is_step].append(entry)
    ranked = []
    for owner, (questions, steps) in by_owner.items():
        last = last_turns.get(owner, LastTurn(0.0, is_step=True))
        pairs = zip_longest(questions, steps) if last.is_step else zip_longest(steps, questions)
        mine = [entry for pair in pairs for entry in pair if entry is not None]
        for turn, entry in enumerate(mine, turns[owner]):
            ranked.append(((turn, last.at, entry.queued, entry.call_id), entry))
    return [entry for _, entry in sorted(ranked, key=lambda ranked: ranked[0])]


def in_order(connection: Connection, running: Sequence[QueuedCall]) -> list[QueuedCall]:
    """Return the calls that may run in the order of their turns: the same for all processes."""
    ready = in_turn(calls(connection, sa.and_(is_ready(), is_due())), running)
    return fair(ready, [entry.owner for entry in running], last_turns(connection))


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
