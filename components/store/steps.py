"""The calls of a report: each knows whose answers it needs, and an answer may serve again.

All are queued when the report is begun, in one transaction. Which may run is asked of the store at
every claim, so that nothing has to be awake between two calls: an app that was killed goes on with
the next one, and what is done is never done again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from components.store.answer_cache import copy_answer, done_before
from components.store.create import Beginning, begin_all
from components.store.question import Question
from components.store.tables import need


@dataclass(frozen=True, slots=True)
class Step:
    """A call that is planned.

    `needs` are the places, in the plan, of those whose answers it is given, in that order. `key`
    names all that decides its answer; one that `is_anew` is asked though that was answered before.
    `least` are the tokens that the server must say it has read, or the answer serves no other.
    `passage` is shared by those that read the same text; one without is made from answers alone.
    """

    question: Question
    needs: tuple[int, ...] = ()
    key: str = ""
    passage: str = ""
    is_anew: bool = False
    least: int = 0

    def is_there(self, answered: Collection[str]) -> bool:
        """Whether its answer is among those of the keys that were answered before."""
        return bool(self.key) and not self.is_anew and self.key in answered


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be begun with others: its `steps`, and `details` as its series keeps them."""

    steps: Sequence[Step]
    details: Mapping[str, Any]


def begin_steps(
    connection: Connection,
    owner: str,
    steps: Sequence[Step],
    *,
    series_id: str,
    name: str,
    since: float | None = None,
) -> int:
    """Queue the calls of a report; return how many were done before and are copied.

    `since` is when the first of them has its place in the queue, now unless given. Raises:
    UnknownManuscript.
    """
    begun = begin_all(
        connection,
        owner,
        [
            Beginning(
                step.question,
                name=name,
                series_id=series_id,
                position=position,
                passage=f"{series_id}/{step.passage}" if step.passage else None,
                key=step.key or None,
                is_anew=step.is_anew,
                least=step.least,
            )
            for position, step in enumerate(steps)
        ],
        since=since,
    )
    calls = [call_id for _, call_id in begun]
    needed = [
        {"call_id": call_id, "position": at, "of": calls[one]}
        for call_id, step in zip(calls, steps, strict=True)
        for at, one in enumerate(step.needs)
    ]
    if needed:
        connection.execute(sa.insert(need), needed)
    found = served(connection, owner, steps)
    for at, before in found.items():
        copy_answer(connection, before, calls[at])
    return len(found)


def served(connection: Connection, owner: str, steps: Sequence[Step]) -> dict[int, Row[Any]]:
    """Return the calls that were done before for steps of a plan, by their places in it.

    What is made from answers alone is there only where all of those are.
    """
    least: dict[str, int] = {}
    for step in steps:
        if step.key and not step.is_anew:
            least[step.key] = max(least.get(step.key, 0), step.least)
    done = done_before(connection, owner, least)
    found: dict[int, Row[Any]] = {}
    for at, step in enumerate(steps):  # Each comes after those that it needs.
        if step.is_there(done) and (step.passage or found.keys() >= set(step.needs)):
            found[at] = done[step.key]
    return found
