"""What a test does on a page, as an editor does, and what it reads there."""

from __future__ import annotations

import json
import threading
from typing import Any

import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from components.application import application
from components.manuscripts import read, sample
from components.settings import PROJECT
from components.store import Analysis, Question, State, StateChanged


def started() -> AppTest:
    """Run the app once, as a browser that opens it."""
    return AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=120).run()


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def at(app: AppTest, page: str) -> AppTest:
    """Go to a page by the name of its file."""
    app.switch_page(f"pages/{page}.py")
    return run(app)


def clicked(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run(app)


def pressed(app: AppTest, label: str) -> AppTest:
    """Click the first button with a label."""
    next(button for button in app.button if button.label == label).click()
    return run(app)


def with_sample(app: AppTest) -> AppTest:
    """Open the first chapter of The Time Machine."""
    return pressed(app, "Try its first chapter")


def analysed(app: AppTest) -> AppTest:
    return clicked(app, "analyse")


def html(app: AppTest) -> str:
    return "\n".join(block.proto.body for block in app.get("html"))


def notifier(app: AppTest) -> dict[str, Any]:
    """What the script that notifies is told."""
    islands = [one.proto for one in app.get("bidi_component")]
    (mounted,) = [one for one in islands if one.component_name.endswith("notifier")]
    (data,) = json.loads(mounted.json)
    return dict(data)


def messages(app: AppTest) -> str:
    """The boxes and the HTML of a page."""
    return "\n".join([*(box.value for box in (*app.error, *app.warning, *app.info)), html(app)])


def button_labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def button_keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def query(app: AppTest, name: str) -> str:
    """A parameter of the page's address."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def keep_sample() -> str:
    """Store the first chapter of The Time Machine; return its id."""
    name, data = sample()
    return application().shelf().manuscripts.keep(read(data, name=name))


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
