"""`quotes`: each quotation of a report, without any Ollama."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from components.cli.__main__ import main
from components.manuscripts import read, sample

TRUE = "Is not that rather a large thing to expect us to begin upon?"
REPORT = f"""He asks “{TRUE}” and “Is that rather a large thing to expect us to begin upon?”

A “hero's journey” of Margaret, she says to Holloway.
"""


def given(monkeypatch: pytest.MonkeyPatch, report: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report.encode())))


def test_each_with_its_place(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, REPORT)
    assert main(["quotes", file, "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    first, second, term = value["quotations"]
    name, data = sample()
    text = read(data, name=name).text
    assert first["verified"] is True
    assert first["chapter"] == 1
    assert text[first["start"] : first["end"]] == TRUE
    assert REPORT[first["report_start"] : first["report_end"]] == TRUE
    assert second["verified"] is False
    assert "chapter" not in second
    assert (term["kind"], term["verified"]) == ("phrase", False)
    assert [one["name"] for one in value["unknown_names"]] == ["Margaret", "Holloway"]
    assert (value["counted"], value["found"]) == (2, 1)


def test_a_list_to_read(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, REPORT)
    assert main(["quotes", file]) == 1
    said = capsys.readouterr()
    assert [line.split("\t")[0] for line in said.out.splitlines()] == [
        "found",
        "NOT FOUND",
        "not found (a term?)",
        "this name is not in the manuscript",
        "this name is not in the manuscript",
    ]
    assert "1 of 2" in said.err


@pytest.mark.parametrize("report", [f"“{TRUE}”", "A “hero's journey”.", ""])
def test_nothing_missing(report: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, report)
    assert main(["quotes", file, "--json"]) == 0


def test_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, REPORT)
    assert main(["quotes", str(tmp_path / "gone.txt"), "--json"]) == 2
