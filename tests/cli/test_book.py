"""A whole book from a shell and from Python: every chapter, its receipt, an exit status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.analysis import lens
from components.cli import output
from components.cli.__main__ import main
from components.errors import SettingsError
from components.manuscripts import outline_edits
from components.scripting import analyze_book
from components.scripting.analyze import open_file, running
from components.scripting.book import chapters_of
from tests.doubles.scripted_ollama import MODEL, Break, Hold, Refuse, ScriptedOllama
from tests.reports.desk import book
from tests.reports.reading import INVENTED, asks_about, reader, reads
from tests.scripting import playing


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    server = reader()
    with playing(server):
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "book.txt"
    path.write_text(book(4).text, encoding="utf-8")
    return str(path)


def analysed(file: str, *more: str) -> list[str]:
    return ["analyse", file, "--model", MODEL, "--option", "num_ctx=2560", *more]


def test_the_whole_report_with_its_receipts(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = analysed(file, "--lens", "structure", "--lens", "pacing", "--json")
    assert main(given) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["is_complete"] is True
    assert [one["state"] for one in report["receipts"]] == ["complete"] * 4
    assert INVENTED not in book(4).text
    assert json.dumps(INVENTED)[1:-1] in said.out
    assert "0 done before" in said.err
    assert main(given) == 0
    assert "calls, read in 4 passages" in said.err
    again = json.loads(capsys.readouterr().out)
    assert all(one["is_copied"] for one in again["steps"])
    assert again["reports"] == report["reports"]


def test_without_json_it_is_markdown(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(analysed(file, "--lens", "structure", "--depth", "skim")) == 0
    said = capsys.readouterr()
    assert said.out.startswith("# ")
    assert f"## {lens('structure').kinds[0].name}" in said.out
    assert "5 of 5 done" in said.err


def test_chapters_that_were_left_out_are_said_to_be(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--lens", "structure", "--chapters", "1,3-4", "--no-scores", "--json")
    assert main(analysed(file, *more)) == 0
    report = json.loads(capsys.readouterr().out)
    states = [one["state"] for one in report["receipts"]]
    assert states == ["complete", "left out", "complete", "complete"]
    assert main(analysed(file, "--lens", "structure", "--chapters", "9")) == 2
    assert "There is no chapter 9." in capsys.readouterr().err


def test_a_chapter_that_fails_is_told_and_the_status_says_so(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(body: dict[str, Any]) -> Any:
        if asks_about(body, 2, findings=True):
            return (Refuse(500, {"error": "out of luck"}),)
        return reads(body)

    ollama.reads = breaks
    assert main(analysed(file, "--lens", "structure", "--json")) == 1
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["is_complete"] is False
    assert "NOT COMPLETE: Chapter 2: failed." in said.err


def test_what_has_ended_is_said_by_its_own_name(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lenses = ("--lens", "structure", "--lens", "pacing", "--no-scores")
    assert main(analysed(file, *lenses, "--json")) == 0
    said = capsys.readouterr()
    steps = json.loads(said.out)["steps"]
    told = re.findall(r"\[(\d+) of (\d+) done: ([^]]*?)(?:, [\d,]+ tokens? written.*)?\]", said.err)
    assert [int(number) for number, _, _ in told] == list(range(1, len(steps) + 1))
    assert len({name for _, _, name in told}) == len(steps)
    assert told[-1][2] in ("Report of Plot and structure", "Report of Pacing")


def test_while_a_model_reads_it_is_said_what_and_how_much(
    ollama: ScriptedOllama,
    file: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing comes of the model until the line was written."""
    lines: list[str] = []

    def waits(body: dict[str, Any]) -> Any:
        return (Hold(), *reads(body))

    def written(text: str) -> None:
        lines.append(text)
        if "reading" in text:
            ollama.let_go()

    ollama.reads = waits
    monkeypatch.setattr(output, "_write", written)
    assert main(analysed(file, "--lens", "structure", "--depth", "skim")) == 0
    assert any(
        re.fullmatch(r"\[0 of 5 done; Chapter 1, findings for .*: reading .*tokens.*\]\n", one)
        for one in lines
    )
    assert any("4 of 5 done; Report of" in one and "reading its notes" in one for one in lines)


def test_while_ollama_is_away_it_waits_and_says_so(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    breaks = [True]

    def away(body: dict[str, Any]) -> Any:
        if breaks and asks_about(body, 3, findings=True):
            breaks.clear()
            return (Break(),)
        return reads(body)

    ollama.reads = away
    assert main(analysed(file, "--lens", "structure", "--depth", "skim")) == 0
    assert "Ollama does not answer; what is done is kept" in capsys.readouterr().err


def test_from_python(ollama: ScriptedOllama, file: str) -> None:
    seen: list[int] = []
    report = analyze_book(
        file,
        model=MODEL,
        lenses=["structure"],
        depth="skim",
        options={"num_ctx": 2560},
        on_step=lambda now: seen.append(now.done),
    )
    assert report["is_complete"] is True
    assert seen
    assert seen == sorted(seen)
    with pytest.raises(SettingsError, match="no such depth"):
        analyze_book(file, model=MODEL, depth="deep")


def test_quotations_are_of_the_chapters_as_the_editor_has_them(
    ollama: ScriptedOllama, file: str
) -> None:
    with running() as app:
        manuscripts = app.shelf().manuscripts
        kept = manuscripts.keep(open_file(file))
        merged = outline_edits.merge(manuscripts.get(kept), 2)
        app.shelf().outlines.change(kept, merged, done="Joined two chapters", since=0)
    report = analyze_book(file, model=MODEL, lenses=["structure"], options={"num_ctx": 2560})
    assert len(report["receipts"]) == 3
    found = [one for one in report["steps"] if one["part"] == "findings"]
    quoted = [
        (one["chapters"], quote["places"][0]["chapter"])
        for one in found
        for quote in one["quotes"]
        if quote["places"]
    ]
    assert quoted
    assert all(chapter in chapters for chapters, chapter in quoted)


def test_chapters_are_named_by_numbers_and_ranges() -> None:
    assert chapters_of("") == ()
    assert chapters_of(" 7, 1-3,2 ") == (1, 2, 3, 7)
    for wrong in ("a", "3-1", "1-", "-2", "1;2"):
        with pytest.raises(SettingsError):
            chapters_of(wrong)
