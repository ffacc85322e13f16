"""Waiting for what happens elsewhere and tells nobody when it has."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds to wait for what must happen; a busy machine is slow, a fault is for ever.
LONG = 30.0


def until(condition: Callable[[], bool]) -> None:
    """Look again and again until `condition` holds."""
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
