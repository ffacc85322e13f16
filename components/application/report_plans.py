"""Reports begun: the context chosen, tokens counted by the server, the plan kept with its steps."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import dataclass, field, replace
from math import ceil

from components.application.application import Application
from components.engine import Model, free_memory
from components.errors import EngineError
from components.manuscripts import Manuscript
from components.reports import (
    LENGTHS,
    Plan,
    ReadingRequest,
    ReportSettings,
    setting_of,
    with_minimum_tokens,
)
from components.store import Series, UserStore

#: Contexts in tokens that a report asks for. A local model reads well what is not much longer than
#: the larger one, and a server without a graphics card reads no faster in more.
SMALL, LARGE = 8192, 32768

#: Tokens around a text that is read as a whole, beside the lens: instructions, marks.
_AROUND = 500

#: The share of the free memory that a context may take.
_SHARE = 0.5


#: What an estimate of tokens is taken for more: a plan that is too tight fails in the middle.
_MARGIN = 1.15

#: Seconds after which a server that did not count is asked again.
AGAIN_SECONDS = 60.0

#: Seconds between two looks whether a count is wanted.
_LOOK_SECONDS = 1.0


@dataclass(slots=True)
class Counter:
    """Counts the tokens of texts for `model`.

    `is_exact` until a text had to be estimated; with `asks` set to False all that no server has
    counted yet are. What is asked is withdrawn when it is not `is_wanted` any more, or when asking
    that raises. `hosts` are the addresses of the servers
    that were sent a text to count.
    """

    app: Application
    model: Model
    asks: bool = True
    is_wanted: Callable[[], bool] = lambda: True
    is_exact: bool = True
    hosts: list[str] = field(default_factory=list)
    #: By SHA-256: a page keeps this for its window, and the text of a book is kept once.
    _known: dict[bytes, int] = field(default_factory=dict, repr=False)
    _asks_at: float = 0.0

    def __call__(self, text: str) -> int:
        """Return the tokens of `text`."""
        return self.all([text])[0]

    def all(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text, with one look where none is known."""
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new and self.asks and time.monotonic() >= self._asks_at:
            counted = self._counted(list(new.values()))
            if counted is None:
                self._asks_at = time.monotonic() + AGAIN_SECONDS
            else:
                self._known |= dict(zip(new, counted, strict=True))
                new = {}
        if not new:
            return [self._known[key] for key in keys]
        self.is_exact = False
        estimate = self.app.token_counter(self.model)
        return [
            self._known.get(key) or ceil(estimate(text) * _MARGIN)
            for key, text in zip(keys, texts, strict=True)
        ]

    def _counted(self, texts: Sequence[str]) -> list[int] | None:
        try:
            host = self.app.host_of(self.model)
            if host.url not in self.hosts:
                self.hosts.append(host.url)
            counted = self.app.count_tokens(host, self.model, texts)
            try:
                while not wait([counted], timeout=_LOOK_SECONDS).done and self.is_wanted():
                    pass
            finally:
                counted.cancel()  # Unless it is done.
            return counted.result()
        except (EngineError, CancelledError):
            return None


def in_context(
    app: Application, manuscript: Manuscript, order: ReadingRequest, counter: Counter
) -> ReadingRequest:
    """Return `order` with the context, in tokens, that its options give, or else one that suits.

    No more is asked for than the model was made for: Ollama would not give it. What suits is one
    in which all that is to be read fits, if the model reads so much well and this computer has
    the memory; else one for a chapter. Raises: EngineError.
    """
    chosen = frozenset(order.chapters)
    texts = [
        manuscript.chapter_text(chapter)
        for chapter in manuscript.chapters
        if chapter.index in chosen
    ]
    book = sum(counter.all(texts or [manuscript.text]))  # In one look: the plan asks for each.
    if order.options.num_ctx:
        most = order.model.context_length or order.options.num_ctx
        return replace(order, num_ctx=min(order.options.num_ctx, most))
    asked = max(counter.all([lens.prompt for lens in order.lenses]))
    wanted = book + asked + _AROUND + LENGTHS[order.depth].report
    return replace(order, num_ctx=_context(app, order.model, wanted))


def _context(app: Application, model: Model, wanted: int) -> int:
    """Return `wanted` tokens, rounded up, where they may be had; else what a chapter needs."""
    limit = model.context_length or SMALL
    if wanted <= min(limit, LARGE) and _fits_memory(app, model, wanted):
        return min(limit, -(-wanted // 2048) * 2048)
    loaded = model.loaded.context_length if model.loaded else 0
    if SMALL <= loaded <= LARGE:
        return loaded
    return min(limit, SMALL)


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
    setting = counted_setting(manuscript, planned, counter)
    report = app.jobs.report(
        shelf,
        with_minimum_tokens(planned.steps, is_counted=setting.is_counted),
        name=name or f"The whole of {manuscript.title}",
        details=setting.details(),
    )
    app.own_report(shelf, report.id)
    return report


def counted_setting(manuscript: Manuscript, planned: Plan, counter: Counter) -> ReportSettings:
    """Return what is kept of a plan beside its steps, the tokens of each chapter counted."""
    chosen = frozenset(planned.order.chapters)
    chapters = [chapter for chapter in manuscript.chapters if chapter.index in chosen]
    counted = counter.all([manuscript.chapter_text(chapter) for chapter in chapters])
    tokens = {one.index: tokens for one, tokens in zip(chapters, counted, strict=True)}
    if not manuscript.chapters:
        tokens = {0: planned.book_tokens}
    return setting_of(
        planned,
        manuscript,
        tokens=tokens,
        is_counted=counter.is_exact,
        counted_on=tuple(counter.hosts),
    )


def _fits_memory(app: Application, model: Model, tokens: int) -> bool:
    """Whether this computer has the memory for a context; of another one nothing is known."""
    if model.loaded and model.loaded.context_length >= tokens:
        return True
    try:
        host, each = app.host_of(model), app.details(model).bytes_per_token
    except EngineError:
        return False
    free = free_memory() if host.is_local else None
    # Each of the calls that run at once has a context of its own.
    needed = None if each is None else tokens * each * host.slots
    return free is not None and needed is not None and needed <= free * _SHARE
