"""Waiting on a page for what a server does."""

from __future__ import annotations

from concurrent.futures import Future, wait
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

T = TypeVar("T")

#: Seconds between two looks whether the page is still there.
_LOOK_SECONDS = 0.5


def while_here(work: Future[T]) -> T:
    """Return what `work` comes to; withdraw it when the window is closed that waits for it.

    A click elsewhere in the window ends the waiting alone. Raises: what `work` raises.
    """
    place = st.empty()
    while not wait([work], timeout=_LOOK_SECONDS).done:
        try:
            place.empty()  # Streamlit ends a script at such a line.
        except StopException:
            work.cancel()
            raise
    return work.result()
