"""The command that reads a manuscript; there is no Ollama here, and none is looked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from components.cli.__main__ import main
from components.settings import PROJECT
from tests.manuscripts.making import pdf

BODY = "It rained, and nobody in the house spoke of it until the post had come and gone. " * 9
BOOK = (
    "RAIN\n\nby Ann Other\n\n\nPART ONE\n\nPrologue\n\nÀ propos.\n\n"
    f"Chapter 1: The Post\n\n{BODY}\n\n* * *\n\nLater.\n\nChapter 2\n\n{BODY}\n\nEpilogue\n\nDry."
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "rain.txt"
    path.write_text(BOOK, encoding="utf-8")
    return str(path)


def test_json_and_text_agree(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", file, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["read", file, "--text"]) == 0
    text = capsys.readouterr().out
    assert (found["title"], found["author"], found["source"]) == ("RAIN", "Ann Other", "txt")
    assert found["words"] == len(text.split())
    assert [one["heading"] for one in found["chapters"]] == [
        "Prologue", "Chapter 1: The Post", "Chapter 2", "Epilogue",
    ]  # fmt: skip
    for one in found["chapters"]:
        shown = text[one["start"] : one["end"]]
        assert shown.startswith(one["heading"])
        body = text[one["body_start"] : one["end"]]
        assert len(body.split()) == one["words"]
        assert body.split()[:12] == one["first_words"].split()
        assert body == body.strip()
    first = found["chapters"][1]
    assert (first["number"], first["title"], first["part"]) == (1, "The Post", "PART ONE")
    assert text[first["scenes"][0] :].startswith("Later.")
    assert found["front_matter"] == found["back_matter"] == []


def test_a_table(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", file]) == 0
    said = capsys.readouterr().out
    assert said.startswith("RAIN — Ann Other\n")
    assert "Chapter 2" in said


def test_a_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(pdf([["Some text."]], password="foo", owner="bar"))
    assert main(["read", str(path), "--json"]) == 2
    refused = json.loads(capsys.readouterr().out)
    assert refused["kind"] == "PasswordRequired"
    assert main(["read", str(path), "--json", "--password", "foo"]) == 0
    assert json.loads(capsys.readouterr().out)["pages"] == 1


def test_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nothing.txt"
    path.write_bytes(b"")
    assert main(["read", str(path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["kind"] == "EmptyFile"


def test_it_starts_without_the_app() -> None:
    code = (
        "import sys, components.cli.__main__, components.cli.read;"
        "print([name for name in ('streamlit', 'sqlalchemy', 'ollama', 'httpx', 'pypdf', 'lxml')"
        " if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=True)
    assert out.stdout.strip() == b"[]"
