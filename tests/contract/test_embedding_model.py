"""A real Ollama with a model that only embeds: it is never offered, never chosen, never asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import ollama
import pytest
from streamlit.testing.v1 import AppTest

from components.application import Application, application, close_application
from components.cli.__main__ import main
from components.engine.private import OllamaProcess
from components.errors import ModelCannot
from components.scripting import analyze_file
from components.store import State
from tests.embedding import EMBEDDING, make_embedding_model
from tests.pages.actions import question, started, until

WRITER = "writer:135m"


@pytest.fixture
def server(
    empty_ollama: OllamaProcess,
    private_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """The address of a server with a small model that writes and one that only embeds."""
    weights = min(
        (private_root / "weights").glob("**/*.gguf"), key=lambda path: path.stat().st_size
    )
    with ollama.Client(host=empty_ollama.url, trust_env=False) as client:
        client.create(model=WRITER, files={weights.name: client.create_blob(weights)})
    make_embedding_model(empty_ollama.url, tmp_path)
    monkeypatch.setenv("OLLAMA_HOST", empty_ollama.url)
    return empty_ollama.url


@pytest.fixture
def app(server: str) -> Iterator[Application]:
    running = application()
    assert running.wait_connected(60)
    yield running
    close_application()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "chapter.txt"
    path.write_text("The ship sailed at dawn. Nobody on the quay had slept.", encoding="utf-8")
    return str(path)


def test_the_server_says_what_it_is_and_it_is_none_of_those_that_may_answer(
    server: str, app: Application
) -> None:
    said = httpx.post(f"{server}/api/show", json={"model": EMBEDDING}).json()
    assert said["capabilities"] == ["embedding"]
    assert [model.name for model in app.models()[0]] == [WRITER]
    ((_, installed),) = app.installed()
    (embeds,) = [model for model in installed if model.name == EMBEDDING]
    assert embeds.capabilities == {"embedding"}
    assert embeds.context_length == 64


def test_no_page_offers_or_chooses_it(app: Application) -> None:
    window = started()
    next(one for one in window.button if "sample" in one.label).click()
    run(window)
    kept = app.shelf().manuscripts.all()[0].id
    asked = app.jobs.submit(app.shelf(), replace(question(kept), model=EMBEDDING))
    until(asked, State.FAILED)
    assert isinstance(app.store.journal.outcome(asked.call_id).error, ModelCannot)
    for page, key in (
        ("analyse", "model"),
        ("ask", "model"),
        ("compare", "compare-model-0"),
        ("compare", "compare-model-1"),
        ("library", f"ask-{asked.id}"),
    ):
        window.switch_page(f"pages/{page}.py")
        run(window)
        if page == "library":
            window.button(key=f"manage-{asked.id}").click()
            run(window)
        assert window.selectbox(key=key).value == WRITER
        assert EMBEDDING not in str([one.options for one in window.selectbox])
    window.switch_page("pages/pictures.py")
    run(window)
    assert not [one for one in window.selectbox if one.key == "model"]
    window.switch_page("pages/models.py")
    run(window)
    listed = {one.value.replace("\\", "") for one in window.header}
    assert {WRITER, EMBEDDING} <= listed
    html = [one.proto.body for one in window.get("html")]
    assert any("embeds; cannot write an analysis" in body for body in html)


def test_the_shell_refuses_it_and_takes_the_other_where_none_is_named(
    server: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", file, "--model", EMBEDDING, "--json"]) == 1
    refused = json.loads(capsys.readouterr().out)
    assert refused["kind"] == "ModelCannot"
    assert WRITER in refused["error"]
    with pytest.raises(ModelCannot):
        analyze_file(file, model=EMBEDDING)
    assert main(["analyse", file, "--option", "num_predict=3"]) == 0
    assert f"[model {WRITER}]" in capsys.readouterr().err


def run(window: AppTest) -> None:
    window.run()
    assert not window.exception
