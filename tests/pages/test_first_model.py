"""The model that is offered where a private Ollama has nothing but a very small one."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.application import PullState, application
from components.engine.private import Folder, first_model
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import button_keys, run, started
from tests.waiting import until

TINY = "tiny:135m"


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(models={TINY: {"parameter_size": "134.52M"}})


@pytest.fixture
def private(app: AppTest) -> Iterator[AppTest]:
    """The analyse page, with the scripted server taken for the private Ollama."""
    (server,) = application()._hosts._servers.values()
    server.host = replace(server.host, is_private=True)
    folder = Folder(application().settings.ollama_folder)
    folder.make()
    with folder.users("private").open("wb") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # As the app that uses the private server.
        yield run(app)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give the program that fetches the model."""

    def use(code: str) -> None:
        command = [sys.executable, "-c", code]
        monkeypatch.setattr(first_model, "command", lambda *_: command)

    return use


def state() -> PullState:
    (pull,) = application().pulls.all()
    return pull.state


def test_it_is_fetched_with_one_click_and_chosen(
    private: AppTest, ollama: ScriptedOllama, program: Callable[[str], None]
) -> None:
    application().shelf().preferences.put_model(TINY)  # Even where the other was chosen once.
    program("""print('{"status": "success"}')""")
    private.button(key="get-first-model").click()
    run(private)
    until(lambda: state() is PullState.DONE)
    ollama.models.add(first_model.NAME, size=first_model.SIZE, parameter_size="1.8B")
    run(private)
    assert "get-first-model" not in button_keys(private)
    assert private.success
    assert private.selectbox(key="model").value == first_model.NAME
    assert started().selectbox(key="model").value == first_model.NAME


def test_it_is_cancelled_and_goes_on(private: AppTest, program: Callable[[str], None]) -> None:
    program('import time\nprint(\'{"status": "pulling"}\', flush=True)\ntime.sleep(600)')
    private.button(key="get-first-model").click()
    run(private)
    until(lambda: application().pulls.all()[0].progress.status == "pulling")
    cancel = next(one for one in private.button if str(one.key).startswith("cancel-"))
    cancel.click()
    run(private)
    until(lambda: state() is PullState.CANCELED)
    run(private)
    program("""print('{"status": "success"}')""")
    next(one for one in private.button if str(one.key).startswith("resume-")).click()
    run(private)
    until(lambda: state() is PullState.DONE)


def test_what_is_wrong_is_said(private: AppTest, program: Callable[[str], None]) -> None:
    line = '{"error": "The disk is full.", "advice": "Make room.", "kind": "PullFailed"}'
    program(f"print({line!r})")
    private.button(key="get-first-model").click()
    run(private)
    until(lambda: state() is PullState.FAILED)
    run(private)
    assert "The disk is full." in private.error[0].value
    assert "Make room." in private.error[0].value


def test_what_came_before_is_told(private: AppTest) -> None:
    folder = Path(application().settings.ollama_folder)
    (folder / "weights").mkdir(parents=True)
    with (folder / "weights" / "first-model.part").open("wb") as file:
        file.truncate(3 * first_model.PART + 5)
    run(private)
    assert "157 MB" in private.button(key="get-first-model").label


@pytest.mark.parametrize("page", ["compare", "models"])
def test_it_is_offered_where_models_are_needed(private: AppTest, page: str) -> None:
    private.switch_page(f"pages/{page}.py")
    run(private)
    assert "get-first-model" in button_keys(private)


def test_an_ollama_of_the_users_own_is_offered_nothing(app: AppTest) -> None:
    assert "get-first-model" not in button_keys(app)


def test_beside_another_model_it_is_not_offered(private: AppTest, ollama: ScriptedOllama) -> None:
    ollama.models.add("larger:3b", parameter_size="3.2B")
    assert "get-first-model" not in button_keys(run(private))
