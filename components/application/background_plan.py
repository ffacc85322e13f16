"""Plans for a page: at once by what is known of the tokens, exact as soon as a server has counted.

Counting is quick for a model that is loaded on a server with nothing to do; to have it loaded first
takes minutes. No page waits for either.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from components.application.application import Application
from components.application.report_plans import AGAIN_SECONDS, Counter, in_context
from components.engine import Model, described
from components.manuscripts import Manuscript
from components.reports import Plan, ReadingRequest, plan

_log = logging.getLogger(__name__)

#: Seconds after which a window that asks no more is taken to be gone, or at another page.
_GONE_SECONDS = 5.0


class Planning:
    """The plans of one window for reading `manuscript` with `model`.

    `counter` counted for the last of them. What the server is to count for it is withdrawn a few
    seconds after the last call of `plan` or `wait`.
    """

    def __init__(self, app: Application, model: Model, manuscript: Manuscript) -> None:
        self.counter = Counter(app, model, asks=False)
        self._app = app
        self._manuscript = manuscript
        self._counting: threading.Thread | None = None
        self._asked: ReadingRequest | None = None
        self._asks_at = 0.0
        self._wanted_at = 0.0

    @property
    def is_counting(self) -> bool:
        """Whether a server is counting what the last plan had to estimate."""
        return self._counting is not None and self._counting.is_alive()

    def plan(self, order: ReadingRequest) -> Plan:
        """Return the plan of `order` by what is known now; have the rest counted meanwhile.

        Raises: ContextExceeded, LensError, EngineError.
        """
        self._wanted_at = time.monotonic()
        self.counter.is_exact = True
        made = self._plan(order, self.counter)
        if not self.counter.is_exact:
            self._count(order)
        return made

    def wait(self, seconds: float) -> bool:
        """Wait so long for what is being counted; return whether nothing is, or not any more."""
        self._wanted_at = time.monotonic()
        if self._counting is not None:
            self._counting.join(seconds)
        return not self.is_counting

    def _count(self, order: ReadingRequest) -> None:
        # What is in the server's memory changes from one look to the next, and is not asked for.
        asked = replace(order, model=replace(order.model, loaded=None))
        if asked == self._asked and (self.is_counting or time.monotonic() < self._asks_at):
            return
        self._asked, self._asks_at = asked, time.monotonic() + AGAIN_SECONDS

        def is_wanted() -> bool:
            is_there = time.monotonic() - self._wanted_at < _GONE_SECONDS
            return is_there and self._asked is asked

        asking = replace(self.counter, asks=True, is_wanted=is_wanted)  # It fills the same counts.

        def count() -> None:
            try:
                self._plan(order, asking)
            except Exception as error:  # noqa: BLE001 - the page's own plan says what is wrong
                _log.warning("tokens could not be counted: %s", described(error))

        self._counting = threading.Thread(target=count, name="first-reader-count", daemon=True)
        self._counting.start()

    def _plan(self, order: ReadingRequest, counter: Counter) -> Plan:
        wide = in_context(self._app, self._manuscript, order, counter)
        return plan(self._manuscript, wide, count=counter)
