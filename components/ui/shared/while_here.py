"""Waiting on a page for what a server does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

T = TypeVar("T")

#: Seconds between two looks whether the page is still there.
_LOOK_SECONDS = 0.5


def still_here() -> Callable[[], bool]:
    """Return what says, in this script's thread, that the page is there, as long as it is.

    Else it raises what ends the script: the window was closed, or something was clicked.
    """
    place = st.empty()

    def is_here() -> bool:
        place.empty()  # Streamlit ends a script at such a line.
        return True

    return is_here


def while_here(work: Future[T]) -> T:
    """Return what `work` comes to; withdraw it when the window is closed that waits for it.

    A click elsewhere in the window ends the waiting alone. Raises: what `work` raises.
    """
    is_here = still_here()
    while not wait([work], timeout=_LOOK_SECONDS).done:
        try:
            is_here()
        except StopException:
            work.cancel()
            raise
    return work.result()
