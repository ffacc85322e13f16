"""Looking at pictures from a shell and from Python, against a scripted Ollama."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.cli.__main__ import main
from components.errors import ModelCannot
from components.manuscripts import sample
from components.scripting import analyze_pictures
from components.settings import Settings
from components.store import Store
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.pictures.making import halves, saved
from tests.scripting import playing

SEEING, BLIND = "seeing:4b", "text:1b"


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    answer = [Say("A red "), Say("sky."), Done()]
    server = ScriptedOllama(answer, models=(SEEING, BLIND), capabilities=["completion"])
    server.models.models[SEEING]["capabilities"] = ["completion", "vision"]
    with playing(server):
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


@pytest.fixture
def cover(tmp_path: Path) -> str:
    path = tmp_path / "cover.png"
    path.write_bytes(saved(halves()))
    return str(path)


def sent(ollama: ScriptedOllama) -> dict[str, object]:
    last: dict[str, object] = ollama.requests[-1][1]["messages"][-1]
    return last


def test_the_text_is_the_output(
    ollama: ScriptedOllama, cover: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pictures", cover, cover, "--model", SEEING, "--prompt", "Which?"]) == 0
    said = capsys.readouterr()
    assert said.out == "A red sky.\n"
    assert "done_reason stop" in said.err
    message = sent(ollama)
    assert message["content"] == "Which?"
    images = [base64.b64decode(one) for one in message["images"]]
    assert [one[:3] for one in images] == [b"\xff\xd8\xff"] * 2


def test_against_a_manuscript_as_json(
    ollama: ScriptedOllama, cover: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, data = sample()
    book = tmp_path / name
    book.write_bytes(data)
    arguments = ["pictures", cover, "--model", SEEING, "--manuscript", str(book), "--json"]
    assert main(arguments) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["response"], value["title"]) == ("A red sky.", "The Time Machine")
    content = str(sent(ollama)["content"])
    assert "The Time Traveller" in content
    assert "Does this cover fit this book?" in content


def test_it_is_kept_in_the_same_library_with_its_pictures(
    ollama: ScriptedOllama, cover: str
) -> None:
    assert main(["pictures", cover, "--model", SEEING]) == 0
    store = Store(Settings.from_environment().data_folder / "first-reader.sqlite")
    (analysis,) = store.shelf().analyses.all()
    assert analysis.name == "Description of cover.png"
    assert len(store.shelf().analyses.pictures(analysis.id)) == 1
    store.close()


class TestRefusals:
    def refused(
        self, capsys: pytest.CaptureFixture[str], *arguments: str, status: int
    ) -> dict[str, str]:
        assert main(["pictures", *arguments, "--json"]) == status
        value: dict[str, str] = json.loads(capsys.readouterr().out)
        return value

    def test_a_model_without_eyes_before_anything_is_sent(
        self, ollama: ScriptedOllama, cover: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = self.refused(capsys, cover, "--model", BLIND, status=1)
        assert said["kind"] == "ModelCannot"
        assert said["error"].startswith("text:1b cannot see pictures.")
        assert not [path for path, _ in ollama.requests if path == "/api/chat"]
        with pytest.raises(ModelCannot):
            analyze_pictures([cover], model=BLIND)

    def test_a_file_that_is_no_picture(
        self, ollama: ScriptedOllama, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "cover.png"
        path.write_text("words")
        said = self.refused(capsys, str(path), "--model", SEEING, status=2)
        assert said["kind"] == "NotAPicture"

    def test_too_many(
        self, ollama: ScriptedOllama, cover: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = self.refused(capsys, *[cover] * 9, "--model", SEEING, status=2)
        assert said["kind"] == "TooManyPictures"


def test_the_function_returns_ollamas_fields(ollama: ScriptedOllama, cover: str) -> None:
    pieces: list[str] = []
    value = analyze_pictures([cover], model=SEEING, options={"seed": 7}, on_text=pieces.append)
    assert value["response"] == "".join(pieces) == "A red sky."
    assert value["done_reason"] == "stop"
    assert ollama.requests[-1][1]["options"]["seed"] == 7
