"""What is asked of a server now: the calls that run on it and those that wait, by model.

Pages and shells are processes of their own, and all of them ask the same servers; the store knows
the calls of all.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from components.engine import Demand
from components.store.database import Database
from components.store.question import Question
from components.store.states import ENDED, RUNNING, State
from components.store.tables import analysis, call, need

#: A call that needs the answer of one of these waits until somebody runs that again.
_NO_ANSWER = ENDED - {State.DONE}


def demand(database: Database, host: str) -> Mapping[str, Demand]:
    """Return what runs on `host`, and what waits and may yet run by itself, by model.

    Which server takes what waits is decided when one has room. Raises: StoreError.
    """
    needed = call.alias()
    stuck = (
        sa.select(need.c.call_id.label("id"))
        .join(needed, needed.c.id == need.c.of)
        .where(needed.c.state.in_(_NO_ANSWER))
        .cte("stuck", recursive=True)
    )
    stuck = stuck.union(sa.select(need.c.call_id).join(stuck, stuck.c.id == need.c.of))
    waits = sa.and_(call.c.state == State.QUEUED, call.c.id.not_in(sa.select(stuck.c.id)))
    runs = sa.and_(call.c.state.in_(RUNNING), call.c.host == host)
    # The steps of a report have one context: one of them says it for all.
    asked = (
        sa.select(
            call.c.model,
            sa.func.count().label("calls"),
            sa.func.min(analysis.c.id).label("analysis_id"),
        )
        .join(analysis, analysis.c.id == call.c.analysis_id)
        .where(sa.or_(runs, waits))
        .group_by(call.c.model, sa.func.coalesce(analysis.c.series_id, analysis.c.id))
        .subquery()
    )
    found: dict[str, Demand] = {}
    with database.read() as connection:
        rows = connection.execute(
            sa.select(asked.c.model, asked.c.calls, analysis.c.question).join(
                analysis, analysis.c.id == asked.c.analysis_id
            )
        ).all()
    for row in rows:
        before = found.get(row.model, Demand())
        given = Question.for_list(row.question).options.num_ctx or 0
        calls, num_ctx = before.calls + row.calls, max(before.num_ctx, given)
        found[row.model] = Demand(calls, num_ctx)
    return found
