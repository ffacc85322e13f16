"""Reports planned and begun: the plan is kept with its steps.

Several models that read one manuscript are planned before anything is stored, and stored in one
transaction: a crash leaves either nothing or a comparison with all of its columns, which goes on by
itself. They run one after another, each to its end, so that a server loads each model once.

A page plans at once by what is known of the tokens, and exactly as soon as a server has counted.
Counting is quick for a model that is loaded on a server with nothing to do; to have it loaded first
takes minutes. No page waits for either.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from components.application.application import Application
from components.application.token_counter import AGAIN_SECONDS, Counter
from components.engine import Model, described
from components.manuscripts import Manuscript
from components.reports import (
    Plan,
    ReadingRequest,
    chosen_chapters,
    in_context,
    plan,
    setting_of,
    with_minimum_tokens,
)
from components.store import Kind, NewReport, Series, UserStore

_log = logging.getLogger(__name__)

#: Seconds after which a window that asks no more is taken to be gone, or at another page.
_GONE_SECONDS = 5.0


#: Its estimate tells whether a model's tokens are estimated as they were before.
_SAMPLE = "x" * 10_000


def begin_report(
    app: Application,
    shelf: UserStore,
    manuscript: Manuscript,
    planned: Plan,
    counter: Counter,
    *,
    name: str = "",
) -> Series:
    """Queue the steps of a plan and return the report. Raises: UnknownManuscript, StoreError."""
    new = _new_report(manuscript, planned, counter)
    report = shelf.series.begin(
        Kind.REPORT,
        new.steps,
        name=name or f"The whole of {manuscript.title}",
        manuscript_id=new.steps[0].question.manuscript_id,
        details=new.details,
    )
    app.jobs.perform(report.id)
    return report


def _new_report(manuscript: Manuscript, planned: Plan, counter: Counter) -> NewReport:
    """Return the steps of a plan, and what is stored of it, the tokens of each chapter counted."""
    chapters = chosen_chapters(manuscript, planned.order)
    counted = counter.all([manuscript.chapter_text(chapter) for chapter in chapters])
    tokens = {chapter.index: count for chapter, count in zip(chapters, counted, strict=True)}
    if not manuscript.chapters:
        tokens = {0: planned.book_tokens}
    setting = setting_of(
        planned,
        manuscript,
        tokens=tokens,
        is_counted=counter.is_exact,
        counted_on=tuple(counter.hosts),
    )
    steps = with_minimum_tokens(planned.steps, is_counted=setting.is_counted)
    return NewReport(steps, asdict(setting))


@dataclass(frozen=True, slots=True)
class Entrant:
    """A column to be: the plan of its report, and what counted its tokens."""

    plan: Plan
    counter: Counter


def plan_alike(
    app: Application,
    manuscript: Manuscript,
    requests: Sequence[ReadingRequest],
    *,
    exact: bool = True,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[Entrant, ...]:
    """Return a plan for each request, all in the same context: the largest that suits every model.

    Where it is not to be `exact`, tokens are estimated and no
    server is asked to count them; `is_wanted` is as `Counter` has it. Raises: ContextExceeded,
    EngineError.
    """
    counters = [
        Counter(app, request.model, asks=exact, is_wanted=is_wanted) for request in requests
    ]
    context = min(
        in_context(manuscript, request, counter.all).num_ctx
        for request, counter in zip(requests, counters, strict=True)
    )
    plans = [
        plan(manuscript, replace(request, num_ctx=context), count=counter)
        for request, counter in zip(requests, counters, strict=True)
    ]
    return tuple(map(Entrant, plans, counters))


def compare_reports(
    app: Application,
    shelf: UserStore,
    manuscript: Manuscript,
    entrants: Sequence[Entrant],
    *,
    blind: bool = False,
) -> Series:
    """Begin a report for each entrant and a comparison of them, and return the comparison.

    Its details have the ids of the reports as they are shown, as `reports`; those of a `blind` one
    come in random order. Raises: UnknownManuscript, StoreError.
    """
    reports = [_new_report(manuscript, entrant.plan, entrant.counter) for entrant in entrants]
    if blind:
        reports = secrets.SystemRandom().sample(reports, len(reports))
    comparison = shelf.series.begin_comparison(
        reports,
        name=f"The whole of {manuscript.title}, compared",
        manuscript_id=reports[0].steps[0].question.manuscript_id,
        details={"blind": blind, "together": False},
    )
    app.jobs.perform(*comparison.details["reports"])
    return comparison


def decided_by(app: Application, request: ReadingRequest) -> tuple[object, ...]:
    """Return what decides the plan of `request` on one manuscript while no server has counted.

    Of what is in the server's memory only the context decides (`in_context`).
    """
    model = request.model
    loaded = model.loaded.context_length if model.loaded else 0
    return (
        replace(request, model=replace(model, loaded=None)),
        loaded,
        app.token_counter(model)(_SAMPLE),
    )


class Planning:
    """The plans of one window for reading `manuscript` with `model`.

    `counter` counted for the last of them. What the server is to count for it is withdrawn a few
    seconds after the last call of `plan` or `wait`.
    """

    def __init__(self, app: Application, model: Model, manuscript: Manuscript) -> None:
        self.counter = Counter(app, model, asks=False)
        self._app = app
        self._manuscript = manuscript
        #: What decided the last plan, it, and whether its counts were exact.
        self._planned: tuple[tuple[object, ...], Plan, bool] | None = None
        self._counting: threading.Thread | None = None
        self._asked: ReadingRequest | None = None
        self._asks_at = 0.0
        self._wanted_at = 0.0

    @property
    def is_counting(self) -> bool:
        """Whether a server is counting what the last plan had to estimate."""
        return self._counting is not None and self._counting.is_alive()

    def plan(self, request: ReadingRequest) -> Plan:
        """Return the plan of `request` by what is known now; have the rest counted meanwhile.

        Raises: ContextExceeded, LensError, EngineError.
        """
        self._wanted_at = time.monotonic()
        decides = (*decided_by(self._app, request), self.counter.known)
        if self._planned is None or self._planned[0] != decides:
            self.counter.is_exact = True
            self._planned = decides, self._plan(request, self.counter), self.counter.is_exact
        _, planned, self.counter.is_exact = self._planned
        if not self.counter.is_exact:
            self._count(request)
        return planned

    def wait(self, seconds: float) -> bool:
        """Wait so long for what is being counted; return whether nothing is, or not any more."""
        self._wanted_at = time.monotonic()
        if self._counting is not None:
            self._counting.join(seconds)
        return not self.is_counting

    def _count(self, request: ReadingRequest) -> None:
        # What is in the server's memory changes from one look to the next, and is not asked for.
        asked = replace(request, model=replace(request.model, loaded=None))
        if asked == self._asked and (self.is_counting or time.monotonic() < self._asks_at):
            return
        self._asked, self._asks_at = asked, time.monotonic() + AGAIN_SECONDS

        def is_wanted() -> bool:
            is_there = time.monotonic() - self._wanted_at < _GONE_SECONDS
            return is_there and self._asked is asked

        counter = replace(self.counter, asks=True, is_wanted=is_wanted)  # It fills the same counts.

        def count() -> None:
            try:
                self._plan(request, counter)
            except Exception as error:  # noqa: BLE001 - the page's own plan says what is wrong
                _log.warning("tokens could not be counted: %s", described(error))

        self._counting = threading.Thread(target=count, name="first-reader-count", daemon=True)
        self._counting.start()

    def _plan(self, request: ReadingRequest, counter: Counter) -> Plan:
        wide = in_context(self._manuscript, request, counter.all)
        return plan(self._manuscript, wide, count=counter)
