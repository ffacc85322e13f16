"""`ask`: the passages for a question, without any Ollama."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components.cli.__main__ import main
from components.manuscripts import read, sample

QUESTION = "Who says that there is no difference between time and space?"


@pytest.fixture(autouse=True)
def _no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("Ollama was wanted")

    monkeypatch.setattr("components.scripting.analyze.Application", refuse)


def test_one_question(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", file, QUESTION, "--retrieve-only", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    name, data = sample()
    text = read(data, name=name).text
    assert value["question"] == QUESTION
    assert (
        "no difference between Time and any of the three dimensions"
        in (value["passages"][0]["text"])
    )
    for passage in value["passages"]:
        assert [*passage] == ["chapter", "start", "end", "text"]
        assert passage["text"] == text[passage["start"] : passage["end"]]
        assert passage["chapter"] == "Chapter 1"


def test_a_line_for_each_question_of_a_file(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "questions.txt"
    lines.write_text(f"\ufeff{QUESTION}\n\nWho is Weena?\r\n", encoding="utf-8")
    assert main(["ask", file, "--questions", str(lines), "--retrieve-only", "--json"]) == 0
    said = capsys.readouterr()
    values = [json.loads(line) for line in said.out.splitlines()]
    assert [value["question"] for value in values] == [QUESTION, "Who is Weena?"]
    assert all(0 < len(value["passages"]) <= 20 for value in values)
    assert "Weena" in said.err


def test_passages_to_read(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", file, QUESTION, "--retrieve-only"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"# {QUESTION}\n\n[1] Chapter 1, ")
    assert "no difference between Time" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["--retrieve-only"],
        [QUESTION, "--questions", "lines.txt", "--retrieve-only"],
        ["--questions", "missing.txt", "--retrieve-only"],
        ["  ", "--retrieve-only"],
    ],
    ids=["no question", "two", "no file", "an empty one"],
)
def test_what_cannot_be_asked(
    arguments: list[str], file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", file, *arguments]) == 2
    assert capsys.readouterr().err
