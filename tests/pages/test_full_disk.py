"""What a page says of what cannot be written down now."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from components.application import application
from components.manuscripts import sample
from components.store import State
from tests.doubles.scripted_ollama import Break, Say, ScriptedOllama
from tests.pages.actions import (
    analysed,
    clicked,
    keep_sample,
    latest,
    run,
    started,
    until,
    with_sample,
)
from tests.store.making import Disk


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
    app = AppTest.from_function(live, default_timeout=120)
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


class TestPages:
    """Every page is shown, what is asked of it is refused in words, and done once there is room."""

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(answers=[[Say("Before"), Break()]])

    @pytest.fixture
    def app(self, ollama: ScriptedOllama, monkeypatch: pytest.MonkeyPatch) -> AppTest:
        """As in the server, and unlike AppTest, each run begins with the app's entry."""
        monkeypatch.setattr("components.store.database._BUSY_SECONDS", 0.01)
        monkeypatch.setattr(
            script_runner, "PagesManager", SimpleNamespace(uses_pages_directory=False)
        )
        application().wait_connected(10)
        return started()

    def test_an_upload(self, app: AppTest) -> None:
        disk = Disk(application().store)
        disk.is_full = True
        name, data = sample()
        app.file_uploader[0].upload(name, data * 20, "text/plain")
        run(app)
        (error,) = app.error
        assert "disk is full" in error.value
        assert "Make room" in error.value
        assert application().shelf().manuscripts.all() == []
        disk.is_full = False
        app.file_uploader[0].upload(f"again-{name}", data, "text/plain")
        run(app)
        assert len(application().shelf().manuscripts.all()) == 1

    @pytest.mark.parametrize(
        ("how", "says"), [("is_read_only", "not written"), ("is_locked", "another program")]
    )
    def test_a_button(self, app: AppTest, how: str, says: str) -> None:
        analysed(with_sample(app))
        until(latest(), State.FAILED)
        run(app)
        disk = Disk(application().store)
        setattr(disk, how, True)
        clicked(app, "again")
        assert any(says in one.value for one in app.error)
        assert latest().state is State.FAILED
        setattr(disk, how, False)
        clicked(app, "again")
        until(latest(), State.DONE)

    @pytest.mark.parametrize("how", ["is_full", "is_read_only", "is_locked"])
    def test_every_page_can_be_read(self, app: AppTest, how: str) -> None:
        app.query_params["manuscript"] = keep_sample()
        disk = Disk(application().store)
        setattr(disk, how, True)
        for page in ("analyse", "manuscript", "compare", "ask", "library", "pictures", "models"):
            app.switch_page(f"pages/{page}.py")
            run(app)
            assert not app.error, page
        setattr(disk, how, False)
