from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.application import Application, application, close_application, ollama_connection
from components.engine import Engine, Host, Hosts, hosts
from components.engine.private import Located
from components.errors import (
    BadResponse,
    EngineError,
    FirstReaderError,
    OllamaUnavailable,
    SettingsError,
    SetupFailed,
)
from components.settings import Settings
from components.store import Analysis, State, StateChanged, Store
from tests.doubles.scripted_ollama import Done, Refuse, Say, ScriptedOllama, Wait
from tests.jobs.making import question
from tests.scripting import playing

LONG = 30.0


def wait_for(app: Application, analysis: Analysis, state: State | None = None) -> State:
    """Wait until the analysis has entered `state`, or has ended when None; return its state."""
    seq = 0
    while entries := app.store.journal.after(analysis.call_id, seq, timeout=LONG):
        seq = entries[-1].seq
        for entry in entries:
            if isinstance(entry.event, StateChanged):
                entered = entry.event.state
                if entered is state or (state is None and entered.has_ended):
                    return entered
    raise AssertionError("nothing happens any more")


def submitted(app: Application) -> Analysis:
    shelf = app.shelf()
    return app.jobs.submit(shelf, question(shelf))


CLOUD = "https://ollama.com:443"


@pytest.fixture
def made() -> Iterator[Callable[..., Application]]:
    """Make applications from settings of the environment; all are closed at the end."""
    all_made: list[Application] = []

    def make(**environ: str) -> Application:
        app = Application(Settings.from_environment(environ))
        all_made.append(app)
        return app

    yield make
    for app in all_made:
        if app._loop._thread.is_alive():
            app.close()


@pytest.fixture
def connected(
    made: Callable[..., Application], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Application]:
    """Make an application that has looked for the server at an address."""

    def connect(url: str, **environ: str) -> Application:
        monkeypatch.setenv("OLLAMA_HOST", url)
        app = made(**environ)
        app.start()
        assert app.wait_connected(LONG)
        return app

    return connect


Connect = Callable[..., Application]


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def silent() -> Iterator[tuple[str, threading.Event]]:
    """A server that takes connections and says nothing; the event tells that one came."""
    came = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve() -> None:
            kept.append(server.accept()[0])
            came.set()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        thread.join(LONG)
        for connection in kept:
            connection.close()


class TestConnected:
    def test_host_and_models(self, connected: Connect) -> None:
        with playing(ScriptedOllama()) as server:
            app = connected(server.url)
            assert app.host() == Host(server.url, version="scripted")
            assert app.servers() == [(app.host(), None)]
            assert app.is_connected
            models, left_out = app.models()
            assert [model.name for model in models] == ["scripted:1b"]
            assert left_out == 0

    def test_cloud_models_are_left_out_and_counted(self, connected: Connect) -> None:
        with playing(ScriptedOllama(remote_host=CLOUD)) as server:
            assert connected(server.url).models() == ([], 1)

    def test_unless_they_are_allowed(self, connected: Connect) -> None:
        with playing(ScriptedOllama(remote_host=CLOUD)) as server:
            models, left_out = connected(server.url, FIRST_READER_ALLOW_CLOUD="1").models()
            assert [model.remote_host for model in models] == [CLOUD]
            assert left_out == 0

    @pytest.mark.parametrize(("memory", "first"), [(2_000_000, "a:1b"), (9_000_000, "b:4b")])
    def test_models_are_ranked_by_the_memory_of_this_computer(
        self, connected: Connect, monkeypatch: pytest.MonkeyPatch, memory: int, first: str
    ) -> None:
        monkeypatch.setattr(sys.modules[Application.__module__], "memory", lambda: memory)
        sizes = {"a:1b": {"size": 1_000_000}, "b:4b": {"size": 4_000_000}}
        with playing(ScriptedOllama(models=sizes)) as server:
            app = connected(server.url)
            models, _ = app.models()
            assert app.ranked(models)[0].name == first
            other = {"a:1b": "b:4b", "b:4b": "a:1b"}[first]
            assert app.ranked(models, other)[0].name == other
            elsewhere = Host("http://ollama.example:11434")
            monkeypatch.setattr(app, "servers", lambda: [(elsewhere, None)])
            assert app.ranked(models)[0].name == "b:4b"  # A usual computer is assumed.

    def test_an_analysis(self, connected: Connect) -> None:
        figures = {"prompt_eval_count": 400, "prompt_eval_duration": 2_000_000_000}
        with playing(ScriptedOllama([Say("a"), Done(figures=figures)])) as server:
            app = connected(server.url)
            (model,), _ = app.models()
            asked = question(app.shelf())
            assert app.reading_seconds(asked) is None
            before = app.token_counter(model)("x" * 4200)
            assert wait_for(app, submitted(app)) is State.DONE
            assert app.reading_seconds(asked) == asked.tokens / 200
            # Some hundred letters were 400 tokens, says the server.
            assert app.token_counter(model)("x" * 4200) > before
            assert app.token_counter(None)("x" * 4200) == before

    def test_a_server_that_goes_away(self, connected: Connect) -> None:
        with playing(ScriptedOllama()) as server:
            app = connected(server.url)
        with pytest.raises(OllamaUnavailable):
            app.models()


class TestNotConnected:
    def test_before_it_has_looked(self, made: Connect) -> None:
        app = made()
        assert not app.wait_connected(0)
        with pytest.raises(OllamaUnavailable, match="still starting"):
            app.host()
        assert app.token_counter(None)("x" * 42) == 10
        assert app.reading_seconds(question(app.shelf())) is None

    def test_nothing_answers(self, connected: Connect, closed_port: str) -> None:
        app = connected(closed_port)
        for what in (app.host, app.models):
            with pytest.raises(OllamaUnavailable, match="does not answer"):
                what()
        assert not app.is_connected
        # What is asked meanwhile waits.
        assert submitted(app).state is State.QUEUED

    def test_looking_again_finds_it(
        self, connected: Connect, closed_port: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = connected(closed_port)
        with playing(ScriptedOllama()) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            waiting = submitted(app)
            app.look_again()
            assert app.wait_connected(LONG)
            assert app.host().url == server.url
            assert len(app.models()[0]) == 1
            assert wait_for(app, waiting) is State.DONE

    def test_looking_again_begins_a_watch_that_has_ended_anew(self, connected: Connect) -> None:
        with playing(ScriptedOllama()) as server:
            app = connected(server.url)
            connection = app._connection
            ended = connection._watching
            assert ended is not None
            ended.cancel()
            app.look_again()
            assert app.wait_connected(LONG)
            assert connection._watching is not ended
            assert not connection._watching.done()
            app.close()

    def test_the_watch_goes_on_after_anything(
        self, connected: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ollama_connection, "_CHECK_SECONDS", 0.01)
        whole, again = Hosts.check, threading.Event()
        left = [OverflowError(), KeyError()]

        async def check(hosts: Hosts, *, up_only: bool = False) -> None:
            if not left:
                again.set()
            elif asyncio.current_task().get_coro().__name__ != "use":  # type: ignore[union-attr]
                raise left.pop()
            await whole(hosts, up_only=up_only)

        monkeypatch.setattr(Hosts, "check", check)
        with playing(ScriptedOllama()) as server:
            app = connected(server.url)
            assert again.wait(LONG)
            app.close()

    def test_the_reason_may_go_while_it_is_asked_for(self) -> None:
        class Vanishing(ollama_connection.Connection):
            reads = 0

            @property
            def _problem(self) -> FirstReaderError | None:  # type: ignore[override]
                self.reads += 1
                return OllamaUnavailable("Not there.") if self.reads == 1 else None

        asked = Vanishing.__new__(Vanishing)
        with pytest.raises(OllamaUnavailable, match="Not there"):
            asked.host()

    def test_no_engine_is_left_open(
        self, connected: Connect, closed_port: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []

        class Counted(Engine):
            def __init__(self, url: str, **more: object) -> None:
                super().__init__(url, **more)  # type: ignore[arg-type]
                opened.append(url)

            async def close(self) -> None:
                await super().close()
                opened.remove(self.url)

        monkeypatch.setattr(hosts, "Engine", Counted)
        app = connected(closed_port)
        assert len(opened) == 1
        with playing(ScriptedOllama()) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            for _ in range(2):
                app.look_again()
                assert app.wait_connected(LONG)
            # The event is set when all is done, and the one before is closed by then.
            assert opened == [server.url]
        app.close()
        assert opened == []

    def test_an_address_that_is_none(self, connected: Connect) -> None:
        app = connected("ftp://nowhere")
        with pytest.raises(SettingsError, match="OLLAMA_HOST"):
            app.host()

    def test_a_server_that_is_not_ollama(self, connected: Connect) -> None:
        class Other(ScriptedOllama):
            """Something else that listens there."""

            async def _answer(self, request, body, reader, writer) -> None:  # type: ignore[no-untyped-def]
                await self._play([Refuse(404, {"detail": "Not Found"})], writer)

        with playing(Other()) as server:
            app = connected(server.url)
            with pytest.raises(BadResponse, match="not Ollama"):
                app.host()

    def test_none_on_this_computer(
        self, connected: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: Located("missing"))
        monkeypatch.setattr(ollama_connection, "problem", lambda _: "The setup had no network.")
        with pytest.raises(OllamaUnavailable, match="no network"):
            connected("").host()

    def test_a_fault_is_said_and_not_swallowed(
        self, connected: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> Located:
            raise ZeroDivisionError

        monkeypatch.setattr(ollama_connection, "locate", fail)
        with pytest.raises(OllamaUnavailable, match="ZeroDivisionError"):
            connected("").host()

    def test_asking_often_holds_on_to_nothing(self, connected: Connect, closed_port: str) -> None:
        """A page asks at each run, and every run would leave its frames in the traceback."""
        app = connected(closed_port)
        lengths = []
        for _ in range(3):
            with pytest.raises(FirstReaderError) as raised:
                app.host()
            lengths.append(len(raised.traceback))
        assert lengths[0] == lengths[1] == lengths[2]


class FakeProcess:
    """Stands for an Ollama that the app starts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.running = False
        self.started = 0
        self.parallel = 1

    def start(self) -> None:
        self.running = True
        self.started += 1

    def stop(self) -> None:
        self.running = False


class TestAnOllamaOfOurOwn:
    @pytest.mark.parametrize("kind", ["installed", "private"])
    def test_is_started_kept_and_stopped(
        self, kind: str, made: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with playing(ScriptedOllama()) as server:
            process = FakeProcess(server.url)

            def start_private(_: Path, **__: object) -> FakeProcess:
                process.start()
                return process

            found = Located(kind, binary=Path("/opt/ollama"))  # type: ignore[arg-type]
            monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: found)
            monkeypatch.setattr(ollama_connection, "start_private", start_private)
            monkeypatch.setattr(ollama_connection, "OllamaProcess", lambda *_, **__: process)
            app = Application(Settings.from_environment({}))
            for look in (app.start, app.look_again):  # The second starts none, and is what it was.
                look()
                assert app.wait_connected(LONG)
                assert app.host() == Host(server.url, 1, kind == "private", "scripted")
            assert process.started == 1
            app.close()
            assert not process.running

    def test_one_that_ended_is_started_again(
        self, made: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with playing(ScriptedOllama()) as server:
            process = FakeProcess(server.url)
            found = Located("installed", binary=Path("/opt/ollama"))
            monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: found)
            monkeypatch.setattr(ollama_connection, "OllamaProcess", lambda *_, **__: process)
            app = made()
            for started, look in ((1, app.start), (2, app.look_again)):
                look()
                assert app.wait_connected(LONG)
                assert app.host().version == "scripted"
                assert process.started == started
                process.running = False

    def test_one_that_cannot_be_made(self, made: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        def start_private(_: Path, **__: object) -> None:
            raise SetupFailed("The model cannot be imported.")

        found = Located("private", binary=Path("/opt/ollama"))
        monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: found)
        monkeypatch.setattr(ollama_connection, "start_private", start_private)
        app = made()
        app.start()
        assert app.wait_connected(LONG)
        with pytest.raises(SetupFailed):
            app.host()


class TestClose:
    def test_before_it_has_looked(self) -> None:
        Application(Settings.from_environment({})).close()

    def test_gives_back_what_runs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with playing(ScriptedOllama([Say("a"), Wait(), Done()])) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            app = Application(Settings.from_environment({}))
            app.start()
            assert app.wait_connected(LONG)
            asked = submitted(app)
            wait_for(app, asked, State.WRITING)
            path = app.store.path
            assert path is not None
            app.close()
            assert server.generating == 0
            assert not app._loop._thread.is_alive()
            store = Store(path)
            assert store.shelf().analyses.get(asked.id).state is State.QUEUED
            assert store.journal.outcome(asked.call_id).text == "a"
            store.close()

    def test_while_it_looks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with silent() as (url, came):
            monkeypatch.setenv("OLLAMA_HOST", url)
            app = Application(Settings.from_environment({}))
            app.start()
            assert came.wait(LONG)
            app.close()
            assert app.wait_connected(LONG)
            with pytest.raises(EngineError):
                app.host()

    def test_before_it_has_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A private Ollama takes seconds to start; closing in between ends it too."""
        looking, go_on = threading.Event(), threading.Event()
        process = FakeProcess("http://127.0.0.1:9")

        def start_private(_: Path, **__: object) -> FakeProcess:
            looking.set()
            assert go_on.wait(LONG)
            process.start()
            return process

        found = Located("private", binary=Path("/opt/ollama"))
        monkeypatch.setattr(ollama_connection, "locate", lambda *_, **__: found)
        monkeypatch.setattr(ollama_connection, "start_private", start_private)
        app = Application(Settings.from_environment({}))
        app.start()
        assert looking.wait(LONG)
        closing = threading.Thread(target=app.close)
        closing.start()
        app._loop._thread.join(LONG)  # It is past ending the loop.
        go_on.set()
        closing.join(LONG)
        assert not closing.is_alive()
        assert process.started == 1
        assert not process.running


class TestTheProcesssOwn:
    def test_is_made_once_and_closed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with playing(ScriptedOllama()) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            app = application()
            assert application() is app
            assert app.wait_connected(LONG)
            close_application()
            close_application()
            assert not app._loop._thread.is_alive()
            another = application()
            assert another is not app
            assert another.wait_connected(LONG)
            close_application()

    def test_settings_that_are_wrong_make_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIRST_READER_PORT", "none")
        with pytest.raises(SettingsError):
            application()
        close_application()


class TestHost:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:11434",
            "http://127.1.2.3:11434",
            "https://localhost:443",
            "http://[::1]:11434",
            "http://localhost:11434/ollama",
            "http://127.0.0.1:11434/a:b",
        ],
    )
    def test_this_computer(self, url: str) -> None:
        assert Host(url).is_local

    @pytest.mark.parametrize(
        "url",
        [
            "http://10.0.0.5:11434",
            "http://ollama.example:11434",
            "http://127.0.0.1.example:11434",
            "http://127.example:11434",
            "http://localhost.example:11434",
            "http://[fe80::1]:11434",
            "http://ollama.example:80/localhost",
        ],
    )
    def test_another(self, url: str) -> None:
        assert not Host(url).is_local
