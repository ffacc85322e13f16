"""Each row of what First Reader grew from, walked against a real Ollama.

| what there was                                   | walked by                                     |
|--------------------------------------------------|-----------------------------------------------|
| talking with a model in a terminal               | `test_a_talk_in_a_terminal_remembers`;        |
|                                                  | on the page `tests/pages/test_ask.py`        |
| a picture analysed by a model that sees          | `tests/pictures/test_true_path.py`;           |
|                                                  | `tests/browser/test_pictures.py`              |
| the server's API, streaming and not              | `test_the_api_says_the_same_streaming_or_not`,|
|                                                  | `test_streaming_or_not_from_a_shell`          |
| choosing a model                                 | `test_models_to_choose_from`,                 |
|                                                  | `test_a_model_that_is_not_there_is_refused`;  |
|                                                  | `tests/browser/test_models.py`                |
| uploading a manuscript, plain text or PDF        | `test_a_manuscript_as_text_or_pdf`;           |
|                                                  | `tests/browser/test_analyse.py`               |
| streaming the storyteller's analysis             | `test_the_storytellers_analysis_streams`;     |
|                                                  | `tests/browser/test_analyse.py`               |
| the sidebar's reason, counts, durations and speed| `test_the_sidebar_shows_ollamas_figures`      |
| comparing models interactively                   | `test_models_are_compared_from_a_shell`;      |
|                                                  | `tests/browser/test_compare.py`               |
| a function that returns a dict of Ollama's fields| `test_a_function_returns_ollamas_fields`      |

`test_the_table_names_tests_that_there_are` holds the table. Only what the server and the small
model promise is asserted, never what the model writes.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import ollama
import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import lens
from components.application import application, close_application
from components.engine.private.pins import MODEL
from components.scripting import analyze_file
from components.settings import PROJECT, Settings
from components.store import State, Store
from tests.engine.calls import engine_at, make_call, run_call, text_of
from tests.manuscripts.making import pdf
from tests.waiting import LONG

TEXT = "The ship sailed at dawn. Nobody on the quay had slept, and nobody waved."

#: Enough for a few words, and always the same ones.
SHORT = ("temperature=0", "seed=1", "num_predict=8")
OPTIONS = {"temperature": 0.0, "seed": 1, "num_predict": 8}

#: Ollama's fields of a final response.
FIELDS = (
    "model",
    "response",
    "done_reason",
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
)

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def ollama_host(ollama_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    names = [one["name"] for one in httpx.get(f"{ollama_url}/api/tags").json()["models"]]
    if MODEL not in names:
        pytest.skip(f"this Ollama has no {MODEL}")
    monkeypatch.setenv("OLLAMA_HOST", ollama_url)
    return ollama_url


@pytest.fixture
def shell() -> Shell:
    """Run a command of the shell in a process of its own; it must end well."""

    def run(*arguments: str, said: str = "", status: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "components.cli", *arguments],
            cwd=PROJECT,
            env=dict(os.environ),
            input=said,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "ship.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


@pytest.fixture
def store() -> Iterator[Store]:
    """What was kept, opened once the processes that wrote it have ended."""
    opened = Store(Settings.from_environment().data_folder / "first-reader.sqlite")
    yield opened
    opened.close()


def options() -> list[str]:
    return [word for one in SHORT for word in ("--option", one)]


def test_the_table_names_tests_that_there_are() -> None:
    assert __doc__ is not None
    named = set(re.findall(r"`(\w[\w/.]+)`", __doc__))
    files = {name for name in named if "/" in name}
    assert files
    assert [name for name in files if not (PROJECT / name).is_file()] == []
    walks = {name for name in globals() if name.startswith("test_")}
    assert named - files == walks


def test_a_talk_in_a_terminal_remembers(shell: Shell, store: Store) -> None:
    done = shell("chat", "--model", MODEL, *options(), said="Name a ship.\nAnd another?\n")
    second, first = store.shelf().analyses.all()
    answers = [store.journal.outcome(one.call_id) for one in (first, second)]
    assert [one.state for one in answers] == [State.DONE] * 2
    assert all(one.text.strip() for one in answers)
    assert all(one.text.strip() in done.stdout for one in answers)
    assert second.parent_id == first.id
    read = [one.statistics.prompt_eval_count for one in answers if one.statistics]
    # The second prompt holds the first question and its answer as well.
    assert len(read) == 2
    assert read[1] is not None
    assert read[0] is not None
    assert read[1] > read[0] + 8


def test_the_api_says_the_same_streaming_or_not(ollama_host: str) -> None:
    async def streamed() -> str:
        async with engine_at(ollama_host) as engine:
            events, error = await run_call(engine, make_call(TEXT, model=MODEL, num_predict=8))
            assert error is None
            return text_of(events)

    with ollama.Client(host=ollama_host, trust_env=False) as client:
        whole = client.chat(
            model=MODEL, messages=[{"role": "user", "content": TEXT}], options=OPTIONS
        )
    assert asyncio.run(streamed()) == whole.message.content


def test_streaming_or_not_from_a_shell(shell: Shell, file: str) -> None:
    asked = ["analyse", file, "--model", MODEL, "--prompt", "Who waved?", *options()]
    streamed = shell(*asked).stdout
    assert streamed.strip()
    assert shell(*asked, "--no-stream").stdout == streamed
    value = json.loads(shell(*asked, "--json").stdout)
    assert value["response"].strip() == streamed.strip()
    assert value["state"] == "done"


def test_models_to_choose_from(shell: Shell) -> None:
    listed = [one["name"] for one in json.loads(shell("models", "--json").stdout)]
    assert MODEL in listed
    assert [line.split("\t")[0] for line in shell("models").stdout.splitlines()] == listed


def test_a_model_that_is_not_there_is_refused(shell: Shell, file: str) -> None:
    refused = shell("analyse", file, "--model", "unicorn:1b", status=1)
    assert "unicorn:1b" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("name", ["ship.txt", "ship.pdf"])
def test_a_manuscript_as_text_or_pdf(tmp_path: Path, name: str, store: Store) -> None:
    path = tmp_path / name
    path.write_bytes(pdf([[TEXT]]) if name.endswith(".pdf") else TEXT.encode())
    value = analyze_file(path, model=MODEL, prompt="Who waved?", options=OPTIONS)
    assert value["response"].strip()
    (kept,) = store.shelf().manuscripts.all()
    assert kept.words == len(TEXT.split())


def test_the_storytellers_analysis_streams(file: str) -> None:
    pieces: list[str] = []
    value = analyze_file(file, model=MODEL, options=OPTIONS, on_text=pieces.append)
    assert len(pieces) > 1
    assert "".join(pieces) == value["response"]
    # It is the storyteller's question that was asked: it is far longer than the manuscript.
    assert value["prompt_eval_count"] > len(lens().prompt.split())


def test_a_function_returns_ollamas_fields(file: str) -> None:
    value = analyze_file(file, model=MODEL, prompt="Who waved?", options=OPTIONS)
    assert [name for name in FIELDS if value.get(name) is None] == []
    assert value["model"] == MODEL
    assert value["done_reason"] in {"stop", "length"}
    assert value["eval_count"] <= 8
    assert value["total_duration"] >= value["eval_duration"] > 0
    speed = value["eval_count"] / (value["eval_duration"] / 1e9)
    assert value["tokens_per_second"] == pytest.approx(speed)
    json.dumps(value)  # It may be kept or sent as it is.


def test_models_are_compared_from_a_shell(shell: Shell, file: str) -> None:
    asked = ["compare", file, "--model", MODEL, "--model", MODEL, "--prompt", "Who waved?"]
    values = json.loads(shell(*asked, "--json", *options()).stdout)
    assert [one["model"] for one in values] == [MODEL] * 2
    assert [one["state"] for one in values] == ["done"] * 2
    # The same model, asked the same with the same seed.
    assert len({one["response"] for one in values}) == 1
    assert all(one[name] is not None for one in values for name in FIELDS)


def test_the_sidebar_shows_ollamas_figures(file: str) -> None:
    value = analyze_file(file, model=MODEL, prompt="Who waved?", options=OPTIONS)
    try:
        assert application().wait_connected(LONG)
        page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=30)
        page.query_params["manuscript"] = application().shelf().manuscripts.all()[0].id
        page.query_params["analysis"] = value["analysis"]
        page.run()
        assert not page.exception
        shown = "\n".join(one.proto.body for one in page.sidebar.get("html"))
    finally:
        close_application()
    for term in ("done_reason", "eval_count", "prompt_eval_count", "total_duration", "tokens/s"):
        assert term in shown
    assert f"({value['done_reason']})" in shown
    assert f"{value['prompt_eval_count']:,}" in shown
