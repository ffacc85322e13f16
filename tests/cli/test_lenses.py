"""Lenses in a shell: listed without Ollama, asked by name."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from components.analysis import OwnLenses, lens, lenses
from components.application import own_lenses
from components.cli.__main__ import main
from components.scripting import analyze_file
from components.settings import Settings
from components.store import Question, Store
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.scripting import playing

MODEL = "albatross:1b"


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    server = ScriptedOllama([Say("Once"), Done()], models=(MODEL, "barnacle:1b"))
    with playing(server):
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


@pytest.fixture
def own() -> OwnLenses:
    return own_lenses(Settings.from_environment())


def asked() -> list[Question]:
    store = Store(Settings.from_environment().data_folder / "first-reader.sqlite")
    try:
        return [one.question for one in store.shelf().analyses.all()]
    finally:
        store.close()


def test_they_are_listed_without_ollama(own: OwnLenses, capsys: pytest.CaptureFixture[str]) -> None:
    own.save("Wer spricht?", "Who speaks?", '{"type": "object"}')
    (own.folder / "broken.md").touch()
    assert main(["lenses"]) == 0
    said = capsys.readouterr()
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert lines[0] == ["wer-spricht", "Wer spricht?", "yours"]
    assert lines[1:] == [[one.name, one.title] for one in lenses()]
    assert "broken.md: The lens has no title." in said.err
    assert main(["lenses", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["schema"] == {"type": "object"}
    assert [one["own"] for one in rows] == [True] + [False] * len(lenses())
    assert rows[1]["prompt"] == lens().prompt


def test_ones_own_goes_before_a_shipped_one_and_brings_its_schema(
    ollama: ScriptedOllama, own: OwnLenses, file: str
) -> None:
    own.save("Mine", "Who speaks?", '{"type": "object"}', name="dialogue")
    ollama.answer = (Say("{}"), Done())
    models = ["--model", MODEL, "--model", "barnacle:1b"]
    assert main(["compare", file, *models, "--lens", "dialogue"]) == 0
    assert {(one.lens, one.prompt) for one in asked()} == {("Mine", "Who speaks?")}
    assert ollama.requests[-1][1]["format"] == {"type": "object"}
    assert main(["compare", file, *models, "--lens", "dialogue", "--option", "format=json"]) == 0
    assert ollama.requests[-1][1]["format"] == "json"


def test_all_columns_of_a_comparison_are_asked_it(ollama: ScriptedOllama, file: str) -> None:
    models = ["--model", MODEL, "--model", "barnacle:1b"]
    assert main(["compare", file, *models, "--lens", "pacing"]) == 0
    assert {one.lens for one in asked()} == {"Pacing"}


def test_from_python(ollama: ScriptedOllama, file: str) -> None:
    analyze_file(file, model=MODEL, lens="opening")
    analyze_file(file, model=MODEL, prompt="Who?")
    analyze_file(file, model=MODEL, prompt=lens("letter").prompt)
    titles = {"Opening pages", "Analysis", "Market letter to the author"}
    assert {one.lens for one in asked()} == titles


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are(
    own: OwnLenses, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own.save("Mine", "Who speaks?")
    for name in ("gone", "picture-fit", "../mine"):
        assert main(["analyse", file, "--model", MODEL, "--lens", name, "--json"]) == 2
        said = json.loads(capsys.readouterr().out)
        assert said["kind"] == "UnknownLens"
        assert "There are: mine, storyteller, structure" in said["error"]


def test_a_lens_and_a_prompt_are_one_too_many(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["analyse", file, "--model", MODEL, "--lens", "pacing", "--prompt", "Who?"]
    assert main(given) == 2
    assert "Give one of them" in capsys.readouterr().err
