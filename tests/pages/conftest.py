"""The app's own parts, new for each test of a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from components.application import application, close_application
from components.settings import PROJECT
from components.store import Analysis, Question, State, StateChanged
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing


@pytest.fixture
def scripted() -> ScriptedOllama:
    """The server's script; a test may replace it with a fixture of its own."""
    return ScriptedOllama()


@pytest.fixture
def ollama(scripted: ScriptedOllama, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    """A scripted Ollama that the app is told to use."""
    with playing(scripted):
        monkeypatch.setenv("OLLAMA_HOST", scripted.url)
        yield scripted
        close_application()


@pytest.fixture
def app(ollama: ScriptedOllama) -> AppTest:
    """The app, connected and run once."""
    application().wait_connected(10)
    return started()


def latest() -> Analysis:
    """The newest analysis of the only user."""
    return application().shelf().analyses.all()[0]


def question(manuscript_id: str) -> Question:
    """A question to the sample, as the page asks it."""
    return Question(
        manuscript_id=manuscript_id,
        title="The Time Machine",
        scope="the whole manuscript",
        ranges=((0, 100),),
        words=20,
        tokens=30,
        lens="Analysis",
        prompt="What happens?",
        model="scripted:1b",
    )


def until(analysis: Analysis, state: State) -> None:
    """Wait until the analysis has entered `state`."""
    seq = 0
    while entries := application().store.journal.after(analysis.call_id, seq, timeout=30):
        seq = entries[-1].seq
        if any(entry.event == StateChanged(state) for entry in entries):
            return
    raise AssertionError(f"it never was {state}")


def statements(page: AppTest) -> list[str]:
    """What a run of the page asks of the store."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if threading.current_thread().name.startswith("ScriptRunner"):
            asked.append(statement)

    engine = application().store._database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        page.run()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return asked


def started() -> AppTest:
    """Run the app once, as a browser that opens it."""
    return AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=30).run()
