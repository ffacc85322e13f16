"""What a page says of a text that cannot be written down now."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def live() -> None:
    """An analysis that is written; its text waits in memory, or not, by turns."""
    from pathlib import Path
    from types import SimpleNamespace
    from typing import Any, cast

    import streamlit as st

    from components.engine import Text
    from components.errors import StoreFull, StoreUnavailable
    from components.jobs import Unwritten
    from components.store import JournalEntry, State, StateChanged
    from components.ui.answer.live_answer import Watched
    from components.ui.shared.visit import Visit

    said = {
        "full": Unwritten(StoreFull("The disk is full."), is_stopped=False),
        "stopped": Unwritten(StoreFull("The disk is full."), is_stopped=True),
        "away": Unwritten(StoreUnavailable("No answer."), is_stopped=False),
        "room": None,
    }
    steps = list(st.session_state["steps"])
    jobs = SimpleNamespace(unwritten=lambda _: said[steps[0]])
    store = SimpleNamespace(path=Path("/books/first-reader.sqlite"))
    app = SimpleNamespace(jobs=jobs, store=store, reading_seconds=lambda _: None)
    question: Any = SimpleNamespace(
        part="", options=SimpleNamespace(format=None), manuscript_id="", tokens=1, pictures=()
    )
    analysis = SimpleNamespace(question=question, call_id="c")
    visit = cast("Visit", SimpleNamespace(app=app))
    one: Any = Watched(visit, analysis)  # type: ignore[type-var]
    one.add(
        [
            JournalEntry(1, 1.0, 1, StateChanged(State.WRITING)),
            JournalEntry(2, 1.0, 1, Text("Before.")),
        ]
    )
    while steps:
        one._next_line = 0.0  # A second later.
        one.show()
        steps.pop(0)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["room"], None),
        (["full"], ["The disk is full.", "in memory", "/books"]),
        (["full", "stopped"], ["The disk is full.", "stopped", "/books"]),
        (["away"], ["No answer.", "in memory"]),
        (["full", "room"], None),
    ],
)
def test_a_page_says_what_is_wrong_what_is_kept_and_where(
    steps: list[str], words: list[str] | None
) -> None:
    app = AppTest.from_function(live)
    app.session_state["steps"] = steps
    app.run()
    assert not app.exception
    alerts = [body for one in app.get("html") if 'role="alert"' in (body := one.proto.body)]
    if words is None:
        assert alerts == []
    else:
        (alert,) = alerts
        assert all(word in alert for word in words)
        assert ("/books" in alert) is ("/books" in words)
    assert any("Before." in one.proto.body for one in app.get("html"))
