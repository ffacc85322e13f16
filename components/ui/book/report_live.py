"""A report while it goes on: the call that runs is written in one place, the rest is kept true.

The page only reads the store. It is run anew where something that it shows came to be there: a note
of the chapter that is open, the report of the lens that is open. Everything else (the line above,
the marks of the chapters) is sent in its place, so that nothing that is being read moves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import streamlit as st

from components.reports import Report, open_report
from components.store import State, StepStatus
from components.ui.answer.live_answer import Watched
from components.ui.answer.quote_marks import Marking
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.book.report_chapters import ChapterList
from components.ui.book.report_head import ReportHead
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit

#: Seconds between two looks at the whole report while one call runs.
_LOOK = 1.0

#: Pixels: the place keeps its height whatever is written there.
_HEIGHT = 260


class LivePlace:
    """The place where the call that runs is written.

    Two that take turns: what is put where something was keeps, on the page, what that held until
    the run ends, and here a run lasts as long as the report.
    """

    def __init__(self) -> None:
        with st.container(height=_HEIGHT, key="book-live", autoscroll=True):
            self._now, self._next = st.empty(), st.empty()

    def watch(
        self, visit: Visit, step: StepStatus, marking: Marking, panel: StatisticsPanel
    ) -> Watched[StepStatus]:
        """Give the place to a step, and its figures to `panel`."""
        self._now.empty()
        self._now, self._next = self._next, self._now
        with self._now.container():
            # Scores are JSON: they are shown when they are there, and not while they are written.
            shows = step.question.part != "scores" and not step.question.options.format
            return Watched(visit, step, marking=marking, shows_text=shows, panel=panel)


def follow_report(
    visit: Visit,
    report: Report,
    live: LivePlace,
    head: ReportHead,
    chapters: ChapterList,
    panel: StatisticsPanel,
    active: ActiveAnalyses,
    marking: Marking,
    keep_true: Callable[[Report], None],
    shown: Callable[[Report], object],
) -> None:
    """Show the report as it goes on, until it does not; then, and where `shown` changed, run anew.

    `keep_true` sends what can be sent in its place. `shown` returns what the page shows of a report
    beside that.
    """
    before = shown(report)
    while report.is_active:
        step = _current(report)
        watched = live.watch(visit, step, marking, panel)
        _watch(visit, report, watched, head)
        report = open_report(visit.shelf, report.series)
        chapters.show(report)
        keep_true(report)
        active.refresh()
        head.look(report)
        if shown(report) != before:
            st.rerun()
    st.rerun()


def _watch(visit: Visit, report: Report, watched: Watched[StepStatus], head: ReportHead) -> None:
    """Show one call until it has ended, or something else of the report has changed."""
    step = report.steps[watched.analysis.position]
    counted = _counted(visit, report)
    looked, wait = time.monotonic(), 0.0
    while not watched.has_ended:
        found = visit.app.store.journal.after_each({step.call_id: watched.seq}, timeout=wait)
        watched.add(found.get(step.call_id, ()))
        _, rest = watched.show()
        head.show(report, step, watched.outcome.state)
        if time.monotonic() - looked >= _LOOK:
            looked, now = time.monotonic(), _counted(visit, report)
            if _is_other(now, counted, watched.outcome.state):
                return
        wait = min(_LOOK / 2, _LOOK if rest is None else rest)


def _counted(visit: Visit, report: Report) -> Counter[State]:
    return visit.shelf.reports.counts([report.id])[report.id]


def _is_other(now: Counter[State], before: Counter[State], state: State) -> bool:
    """Whether a call beside the one that is watched ended, or began while that one waits."""
    ended = [one for one in State if one.has_ended]
    if any(now[one] != before[one] for one in ended):
        return True
    runs = sum(now[one] for one in State if one.is_running)
    return state is State.QUEUED and runs > 0


def _current(report: Report) -> StepStatus:
    """Return the step that runs, else the one that is next."""
    if report.running:
        return report.running[0]
    done = {step.position for step in report.steps if step.state is State.DONE}
    return next(
        step for step in report.steps if step.state is State.QUEUED and done.issuperset(step.needs)
    )
