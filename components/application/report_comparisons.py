"""Whole-book reports of several models on one manuscript, begun together and compared.

All are planned before anything is kept, and kept in one transaction: a crash leaves either nothing
or a comparison with all of its columns, which goes on by itself. They run one after another, each
to its end, so that a server loads each model once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from components.application.application import Application
from components.application.report_plans import Counter, counted_setting, in_context
from components.manuscripts import Manuscript
from components.reports import Plan, ReadingRequest, plan, with_minimum_tokens
from components.store import NewReport, Series, UserStore

#: What a step of a context is shortened by, in tokens, until all models read alike; the least.
_STEP, _LEAST = 2048, 4096


@dataclass(frozen=True, slots=True)
class Entrant:
    """A column to be: the plan of its report, and what counted its tokens."""

    plan: Plan
    counter: Counter


def plan_alike(
    app: Application,
    manuscript: Manuscript,
    orders: Sequence[ReadingRequest],
    *,
    exact: bool = True,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[Entrant, ...]:
    """Return a plan for each order, all in the same context: the largest that suits every model.

    Where it would have one model read the book as a whole and another chapter by chapter, it is
    made shorter until they read alike. Where it is not to be `exact`, tokens are estimated and no
    server is asked to count them; `is_wanted` is as `Counter` has it. Raises: ContextExceeded,
    EngineError.
    """
    counters = [Counter(app, order.model, asks=exact, is_wanted=is_wanted) for order in orders]
    context = min(
        in_context(app, manuscript, order, counter).num_ctx
        for order, counter in zip(orders, counters, strict=True)
    )
    while True:
        plans = [
            plan(manuscript, replace(order, num_ctx=context), count=counter)
            for order, counter in zip(orders, counters, strict=True)
        ]
        if len({one.is_whole for one in plans}) == 1 or context - _STEP < _LEAST:
            return tuple(map(Entrant, plans, counters))
        context -= _STEP


def compare_reports(
    app: Application,
    shelf: UserStore,
    manuscript: Manuscript,
    entrants: Sequence[Entrant],
    *,
    blind: bool = False,
    name: str = "",
) -> Series:
    """Begin a report for each entrant and a comparison of them, and return the comparison.

    Its details have the ids of the reports as they are shown, as `reports`; those of a `blind` one
    come in an order of chance. Raises: UnknownManuscript, StoreError.
    """
    details: dict[str, Any] = {"blind": blind, "together": False}
    planned = []
    for entrant in entrants:
        setting = counted_setting(manuscript, entrant.plan, entrant.counter)
        steps = with_minimum_tokens(entrant.plan.steps, is_counted=setting.is_counted)
        planned.append(NewReport(steps, setting.details()))
    comparison = app.jobs.compare_reports(
        shelf,
        planned,
        name=name or f"The whole of {manuscript.title}, compared",
        details=details,
        shuffled=blind,
    )
    for report in shelf.series.reports_of(comparison.id):
        app.own_report(shelf, report.id)
    return comparison
