"""Waiting for what happens elsewhere and tells nobody when it has."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds to wait for what must happen; a busy machine is slow, a fault is for ever.
LONG = 30.0


def until(condition: Callable[[], bool], *, seconds: float = LONG) -> None:
    """Look again and again until `condition` holds, for at most `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)
