"""What a page has asked of a server is withdrawn when the window is closed."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from components.ui.shared import waiting
from components.ui.shared.waiting import while_here


class Place:
    """Where a script writes to that Streamlit ends by `error`."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def empty(self) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "withdrawn"), [(StopException(), True), (RerunException(RerunData()), False)]
)
def test_a_closed_window_withdraws_and_a_click_does_not(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, withdrawn: bool
) -> None:
    monkeypatch.setattr(waiting, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(st, "empty", lambda: Place(error))
    work: Future[None] = Future()
    with pytest.raises(type(error)):
        while_here(work)
    assert work.cancelled() is withdrawn


def test_it_returns_what_it_comes_to() -> None:
    work: Future[int] = Future()
    work.set_result(3)
    assert while_here(work) == 3
