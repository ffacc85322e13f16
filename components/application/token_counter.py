"""Tokens of texts, counted by a server that has the model, or else estimated."""

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import dataclass, field
from math import ceil

from components.application.application import Application
from components.engine import Model
from components.errors import EngineError

#: What estimates of tokens are multiplied by: a plan that is too tight fails in the middle.
_MARGIN = 1.15

#: Seconds after which a server that did not count is asked again.
AGAIN_SECONDS = 60.0

#: Seconds between two looks whether a count is wanted.
_LOOK_SECONDS = 1.0


@dataclass(slots=True)
class Counter:
    """Counts the tokens of texts for `model`.

    `is_exact` until a text had to be estimated; with `asks` set to False all that no server has
    counted yet are. A request is withdrawn when it is not `is_wanted` any more, or when that
    raises. `hosts` are the addresses of the servers that were sent a text to count.
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

    @property
    def known(self) -> int:
        """How many texts were counted by now."""
        return len(self._known)

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
