"""What a report has had read stays read, by the server's own counts, whatever else is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.application import Application, application, close_application
from components.engine import Options
from components.engine.private import Folder, OllamaProcess
from components.engine.private.pins import MODEL
from components.engine.private.start import import_model
from components.errors import ServerBusy
from components.manuscripts import read, sample
from components.store import Analysis, Kind, Question, Series, State, StateChanged, Step
from tests.pages.actions import started

#: The context of the report. Its text takes about half, its answers next to nothing.
CONTEXT = 3072
ANSWER = 24

#: Far beyond what any step takes: reached only where something hangs.
LONG = 300.0

#: Tokens that a step evaluates at most where the text before its question was read already.
QUESTION = 150

PAGES = ("analyse", "manuscript", "compare", "ask", "library", "pictures")

#: llama.cpp's own words: a model begins to be loaded, and what of a prompt was not in its cache.
_LAUNCH = re.compile(r'msg="starting llama-server" cmd=".*? -c (\d+) ')
_EVALUATED = re.compile(r"prompt eval time = +[\d.]+ ms / +(\d+) tokens")


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    log: Path

    def launched(self) -> list[int]:
        """The contexts that a model was loaded with, in order."""
        return [int(one) for one in _LAUNCH.findall(self._said())]

    def evaluated(self) -> list[int]:
        """The tokens of each prompt that the server read anew, in order."""
        return [int(one) for one in _EVALUATED.findall(self._said())]

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def server(private_root: Path, tmp_path: Path) -> Iterator[Server]:
    """A real Ollama with a log of its own."""
    built, folder = Folder(private_root), Folder(tmp_path / "ollama")
    with OllamaProcess(built.binary, folder, private=True) as process:
        import_model(process.url, MODEL, built.weights)
        yield Server(process.url, folder.serve_log)


@pytest.fixture
def app(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    app = application()
    assert app.wait_connected(60)
    yield app
    close_application()


@pytest.fixture
def manuscript_id(app: Application) -> str:
    name, data = sample()
    text = " ".join(data.decode().split(" ")[:1000])
    return app.shelf().manuscripts.keep(read(text.encode(), name=name))


def question(app: Application, manuscript_id: str, asked: str, **changes: object) -> Question:
    model = next(one for one in app.models()[0] if one.name == MODEL)
    of = len(app.shelf().manuscripts.get(manuscript_id).text) if manuscript_id else 0
    fields: dict[str, object] = {
        "ranges": ((0, of),) if of else (),
        "options": Options(num_predict=ANSWER, num_ctx=CONTEXT, temperature=0.0, seed=1),
    }
    return Question(
        manuscript_id=manuscript_id,
        title="The Time Machine",
        scope="the whole manuscript",
        words=1000,
        tokens=1500,
        lens="Notes",
        prompt=asked,
        model=model.name,
        digest=model.digest,
        **{**fields, **changes},  # type: ignore[arg-type]
    )


def report_of(app: Application, manuscript_id: str) -> Series:
    """A report whose steps ask of the same text, each after the one before."""
    asked = ("Who speaks here?", "Where is it set?", "What is the machine?", "How does it end?")
    steps = [
        Step(
            question(app, manuscript_id, one, part="notes", passage=1),
            needs=(at - 1,) if at else (),
            passage="1",
        )
        for at, one in enumerate(asked)
    ]
    report = app.shelf().series.begin(Kind.REPORT, steps, name="r", manuscript_id=manuscript_id)
    app.jobs.perform(report.id)
    return report


def chat(app: Application, asked: str, **options: object) -> Analysis:
    shelf = app.shelf()
    talk = shelf.series.begin(Kind.CHAT, name=asked, manuscript_id="")
    said = Options(num_predict=8, **options)  # type: ignore[arg-type]
    put = question(app, "", asked, options=said)
    return app.jobs.submit(shelf, put, name=asked, chat_id=talk.id)


def reached(app: Application, call_id: str, state: State) -> None:
    """Wait until a call has entered `state`."""
    seq = 0
    while entries := app.store.journal.after(call_id, seq, timeout=LONG):
        seq = entries[-1].seq
        if any(entry.event == StateChanged(state) for entry in entries):
            return
    raise AssertionError(f"it never was {state}")


def test_pages_and_chats_beside_a_report_cost_it_nothing_that_it_has_had_read(
    app: Application, server: Server, manuscript_id: str
) -> None:
    report = report_of(app, manuscript_id)
    first = app.shelf().reports.steps(report.id)[0]
    reached(app, first.call_id, State.READING)
    chats = [
        chat(app, "Good day?"),  # Without a context of its own,
        chat(app, "And now?", num_ctx=2048, keep_alive="0"),  # and with another one.
    ]
    for name in PAGES:
        page = started()
        page.query_params["manuscript"] = manuscript_id
        page.switch_page(f"pages/{name}.py").run()
        assert not page.exception
    loaded = app.manage(server.url, lambda its: its.keep(MODEL, "30m"))
    with pytest.raises(ServerBusy):
        app.manage(server.url, lambda its: its.unload(MODEL)).result()
    wait([loaded])
    for call_id in [one.call_id for one in (*chats, *app.shelf().reports.steps(report.id))]:
        reached(app, call_id, State.DONE)
    steps = app.shelf().reports.steps(report.id)
    assert server.launched() == [CONTEXT]
    whole = steps[0].statistics
    assert whole is not None
    assert whole.prompt_eval_count
    read_anew = server.evaluated()
    # Four steps and two chats; what was read of the text was read once.
    assert len(read_anew) == 6, read_anew
    assert read_anew[0] == whole.prompt_eval_count > CONTEXT // 4
    assert max(read_anew[1:]) <= QUESTION, read_anew
