"""The commands of the shell and the function of Python, against a scripted Ollama."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from components.cli import output
from components.cli.__main__ import main
from components.errors import ServerError, SettingsError
from components.manuscripts import read, sample
from components.scripting import analyze_file, ask_manuscript
from components.settings import Settings
from components.store import Kind, State, Store
from tests import no_use
from tests.doubles.scripted_ollama import Done, Hold, Refuse, Say, ScriptedOllama
from tests.no_use import NoUseAnswer
from tests.scripting import playing

NAMES = ("albatross:1b", "barnacle:1b")


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    server = ScriptedOllama([Say("Once "), Say("upon"), Done()], models=NAMES)
    with playing(server):
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(Settings.from_environment().data_folder / "first-reader.sqlite")
    yield opened
    opened.close()


def test_the_text_is_the_output_and_all_else_is_beside_it(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", file, "--model", NAMES[0], "--prompt", "Who?"]) == 0
    said = capsys.readouterr()
    assert said.out == "Once upon\n"
    assert "done_reason stop" in said.err
    sent = ollama.requests[-1][1]
    assert sent["messages"][-1]["content"].endswith("Who?")


class TestAsk:
    """Answers to a whole manuscript, whose every citation is checked."""

    @pytest.fixture(autouse=True)
    def answers(self, ollama: ScriptedOllama) -> None:
        stated = ["His grey eyes shone and twinkled.", "His grey eyes were made of glass."]
        items = [{"statement": statement} for statement in stated]
        ollama.answer = (Say(json.dumps({"statements": items})), Done())

    def test_it_has_citations(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        asked = "What do his eyes look like?"
        assert main(["ask", file, asked, "--model", NAMES[0], "--json"]) == 0
        value = json.loads(capsys.readouterr().out)
        self.checked(value)
        assert (value["question"], value["state"], value["model"]) == (asked, "done", NAMES[0])
        assert value["done_reason"] == "stop"
        assert value["missing_words"] == []

    def test_words_that_the_manuscript_lacks_are_said(
        self, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = "What do his eyes look like in the volcano?"
        assert main(["ask", file, asked, "--model", NAMES[0], "--json"]) == 0
        said = capsys.readouterr()
        assert json.loads(said.out)["missing_words"] == ["volcano"]
        assert "volcano" in said.err

    def checked(self, value: dict[str, Any]) -> None:
        name, data = sample()
        text = read(data, name=name).text
        supported, lie = value["answer"]
        assert supported["is_supported"]
        assert not lie["is_supported"]
        assert supported["words"] == text[supported["start"] : supported["end"]]
        assert any(
            passage["start"] <= supported["start"] < passage["end"]
            and passage["text"] == text[passage["start"] : passage["end"]]
            for passage in value["passages"]
        )

    def test_a_line_a_question(
        self, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], ollama: ScriptedOllama
    ) -> None:
        lines = tmp_path / "questions.txt"
        lines.write_text("What do his eyes look like?\nWhere is Filby first mentioned?\n")
        assert main(["ask", file, "--questions", str(lines), "--model", NAMES[0], "--json"]) == 0
        first, second = map(json.loads, capsys.readouterr().out.splitlines())
        self.checked(first)
        assert second["answer"][0]["words"].endswith(
            "said Filby, an argumentative person with red hair."
        )
        assert second["model"] == ""
        asked = [path for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
        assert len(asked) == 1

    def test_as_text_each_statement_has_its_words_below(
        self, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["ask", file, "What do his eyes look like?", "--model", NAMES[0]]) == 0
        assert "> His grey eyes shone and twinkled, and" in capsys.readouterr().out

    def test_from_python(self, file: str) -> None:
        self.checked(ask_manuscript(file, "What do his eyes look like?", model=NAMES[0]))


class TestWhileItGoesOn:
    """Nothing comes of the model until the line on standard error was written."""

    @pytest.fixture
    def written(self, monkeypatch: pytest.MonkeyPatch, ollama: ScriptedOllama) -> list[str]:
        lines: list[str] = []

        def write(text: str) -> None:
            lines.append(text)
            if "reading the" in text:
                self.seen(ollama)

        ollama.answer = (Hold(), Say("Once "), Say("upon"), Done())
        monkeypatch.setattr(output, "_write", write)
        return lines

    def seen(self, ollama: ScriptedOllama) -> None:
        ollama.let_go()

    @pytest.mark.parametrize("more", [[], ["--json"], ["--no-stream"]])
    def test_what_is_read_is_said(
        self,
        ollama: ScriptedOllama,
        file: str,
        written: list[str],
        capsys: pytest.CaptureFixture[str],
        more: list[str],
    ) -> None:
        assert main(["analyse", file, "--model", NAMES[0], *more]) == 0
        assert any("reading the manuscript, about" in one for one in written)
        assert "reading" not in capsys.readouterr().out

    def test_in_a_talk_too(
        self, ollama: ScriptedOllama, written: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("Who are you?\n"))
        assert main(["chat", "--model", NAMES[0]]) == 0
        assert any("reading the question" in one for one in written)

    def test_a_speed_that_was_measured_before_says_how_long_it_takes(
        self, ollama: ScriptedOllama, file: str, written: list[str]
    ) -> None:
        slow = {
            "prompt_eval_count": 4000,
            "prompt_eval_duration": 40 * 10**9,
            "eval_count": 10,
            "eval_duration": 10**9,
        }
        ollama.answers.append((Say("Once"), Done(figures=slow)))
        with pytest.MonkeyPatch.context() as first:
            first.setattr(self, "seen", lambda _: None)
            assert main(["analyse", file, "--model", NAMES[0]]) == 0
        written.clear()
        assert main(["analyse", file, "--model", NAMES[0]]) == 0
        (reading,) = [one for one in written if "reading the" in one]
        assert re.search(r"about [\d,]+ of [\d,]+ tokens, .*about \d+ s left", reading)

    def test_a_stop_leaves_a_clean_line(
        self,
        ollama: ScriptedOllama,
        file: str,
        store: Store,
        written: list[str],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def interrupt(_: ScriptedOllama) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(self, "seen", interrupt)
        monkeypatch.setattr(output, "_is_terminal", lambda: True)
        assert main(["analyse", file, "--model", NAMES[0], "--json"]) == 130
        (analysis,) = store.shelf().analyses.all()
        assert analysis.state is State.STOPPED
        assert capsys.readouterr().out == ""
        assert written[-1].endswith("]\n")
        assert written[-2] == "\r\x1b[K"


def test_at_the_end_only(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", file, "--model", NAMES[0], "--no-stream"]) == 0
    assert capsys.readouterr().out == "Once upon\n"


def test_as_json_with_ollamas_figures(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", file, "--model", NAMES[0], "--json", "--option", "seed=7"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["response"], value["done_reason"], value["eval_count"]) == (
        "Once upon",
        "stop",
        2,
    )
    assert (value["model"], value["state"], value["error"]) == (NAMES[0], "done", None)
    assert ollama.requests[-1][1]["options"]["seed"] == 7


def test_it_is_kept_in_the_same_library(ollama: ScriptedOllama, file: str, store: Store) -> None:
    assert main(["analyse", file, "--model", NAMES[0]]) == 0
    (analysis,) = store.shelf().analyses.all()
    assert analysis.state is State.DONE
    assert store.journal.outcome(analysis.call_id).text == "Once upon"


def test_what_the_page_has_queued_is_left_to_it(
    ollama: ScriptedOllama, file: str, store: Store
) -> None:
    assert main(["analyse", file, "--model", NAMES[0]]) == 0
    (done,) = store.shelf().analyses.all()
    waiting = store.shelf().analyses.begin(done.question)
    assert main(["analyse", file, "--model", NAMES[1]]) == 0
    assert store.shelf().analyses.get(waiting.id).state is State.QUEUED


def test_a_comparison_prints_one_column_after_the_other(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str], store: Store
) -> None:
    asked = ["compare", file, "--model", NAMES[0], "--model", NAMES[1]]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert said.split("\n# ")[1:] == [f"{name}\n\nOnce upon\n" for name in NAMES]
    assert main([*asked, "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert [one["model"] for one in values] == list(NAMES)
    assert len(store.shelf().series.all(Kind.COMPARISON)) == 2


def test_models_are_listed(ollama: ScriptedOllama, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == list(NAMES)
    assert main(["models", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == list(NAMES)


def test_a_chat_remembers_what_was_said(
    ollama: ScriptedOllama, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Who are you?\n\nReally?\n"))
    assert main(["chat", "--model", NAMES[0], "--system", "Be brief."]) == 0
    assert capsys.readouterr().out.count("Once upon") == 2
    sent = ollama.requests[-1][1]["messages"]
    assert [one["content"] for one in sent] == ["Be brief.", "Who are you?", "Once upon", "Really?"]


def test_a_chat_about_a_manuscript(
    ollama: ScriptedOllama, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Who tells it?\n"))
    assert main(["chat", "--model", NAMES[0], "--file", file]) == 0
    assert "The Time Traveller" in ollama.requests[-1][1]["messages"][-1]["content"]


class TestRefusals:
    def refused(
        self, capsys: pytest.CaptureFixture[str], *arguments: str, status: int
    ) -> dict[str, str]:
        assert main([*arguments, "--json"]) == status
        value: dict[str, str] = json.loads(capsys.readouterr().out)
        return value

    def test_a_file_that_is_no_manuscript(
        self, ollama: ScriptedOllama, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "empty.txt"
        path.touch()
        said = self.refused(capsys, "analyse", str(path), "--model", NAMES[0], status=2)
        assert said["kind"] == "EmptyFile"

    def test_a_file_that_is_not_there(
        self, ollama: ScriptedOllama, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = self.refused(capsys, "analyse", "nowhere.txt", "--model", NAMES[0], status=2)
        assert said["kind"] == "FileNotFoundError"

    def test_a_model_that_is_not_there(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = self.refused(capsys, "analyse", file, "--model", "gone:1b", status=1)
        assert said["kind"] == "ModelNotFound"

    @pytest.mark.parametrize(
        "option",
        [
            "heat=1",
            "format=nonsense",
            "stop=1",
            "stop=[1]",
            "temperature=hot",
            "temperature=true",
            "temperature=NaN",
            "num_ctx=8192.5",
            "num_ctx=many",
            "num_predict=null",
            "seed=",
            "think=3",
        ],
    )
    def test_an_option_that_cannot_be(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str], option: str
    ) -> None:
        arguments = ["analyse", file, "--model", NAMES[0], "--option", option]
        assert self.refused(capsys, *arguments, status=2)["kind"] == "SettingsError"

    @pytest.mark.parametrize("prompt", ["", " \n"])
    @pytest.mark.parametrize("command", ["analyse", "compare", "pictures"])
    def test_an_empty_prompt_is_no_other_question(
        self,
        ollama: ScriptedOllama,
        file: str,
        tmp_path: Path,
        store: Store,
        capsys: pytest.CaptureFixture[str],
        command: str,
        prompt: str,
    ) -> None:
        if command == "pictures":
            path = tmp_path / "cover.png"
            Image.new("RGB", (64, 64)).save(path)
            file = str(path)
        models = [one for name in NAMES for one in ("--model", name)]
        given = [command, file, *models, "--prompt", prompt]
        assert self.refused(capsys, *given, status=2)["kind"] == "SettingsError"
        assert not store.shelf().analyses.all()

    def test_one_model_is_no_comparison(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = self.refused(capsys, "compare", file, "--model", NAMES[0], status=2)
        assert said["kind"] == "SettingsError"

    def test_an_analysis_that_fails(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ollama.answers.append((Refuse(500, {"error": "it fell"}),))
        assert main(["analyse", file, "--model", NAMES[0], "--json"]) == 1
        assert "it fell" in json.loads(capsys.readouterr().out)["error"]

    def test_what_a_server_says_gives_the_terminal_no_orders(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ollama.answers.append((Refuse(500, {"error": "it \x1b]0;owned\x07 \u202efell"}),))
        assert main(["analyse", file, "--model", NAMES[0]]) == 1
        said = capsys.readouterr().err
        assert "owned" in said
        assert not {"\x1b", "\x07", "\u202e"} & set(said)


@pytest.mark.parametrize("answer", no_use.ALL, ids=lambda one: one.error.__name__)
class TestNoUse:
    """An answer that is no use: said by its name, kept with its text, and no success."""

    def test_in_a_shell(
        self,
        ollama: ScriptedOllama,
        file: str,
        store: Store,
        capsys: pytest.CaptureFixture[str],
        answer: NoUseAnswer,
    ) -> None:
        ollama.answers.append(answer.steps)
        assert main(["analyse", file, "--model", NAMES[0]]) == 1
        said = capsys.readouterr()
        assert answer.begins in said.out.replace("\n", " ")
        (analysis,) = store.shelf().analyses.all()
        assert type(analysis.error) is answer.error
        assert str(analysis.error) in said.err
        assert answer.begins in store.journal.outcome(analysis.call_id).text

    def test_as_json(
        self,
        ollama: ScriptedOllama,
        file: str,
        capsys: pytest.CaptureFixture[str],
        answer: NoUseAnswer,
    ) -> None:
        ollama.answers.append(answer.steps)
        assert main(["analyse", file, "--model", NAMES[0], "--json"]) == 1
        value = json.loads(capsys.readouterr().out)
        assert (value["kind"], value["state"]) == (answer.error.__name__, "failed")
        assert answer.begins in value["response"]
        assert value["error"]

    def test_a_talk_goes_on_after_it(
        self,
        ollama: ScriptedOllama,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        answer: NoUseAnswer,
    ) -> None:
        ollama.answers.append(answer.steps)
        monkeypatch.setattr("sys.stdin", io.StringIO("Who is the traveller?\nAnd now?\n"))
        assert main(["chat", "--model", NAMES[0]]) == 1
        assert "Once upon" in capsys.readouterr().out
        last = ollama.requests[-1][1]["messages"]
        assert [one["role"] for one in last] == ["user"]

    def test_a_function_raises_it(
        self, ollama: ScriptedOllama, file: str, answer: NoUseAnswer
    ) -> None:
        ollama.answers.append(answer.steps)
        with pytest.raises(answer.error):
            analyze_file(file, model=NAMES[0])


class TestFunction:
    def test_it_returns_the_response_with_ollamas_fields(
        self, ollama: ScriptedOllama, file: str
    ) -> None:
        pieces: list[str] = []
        value = analyze_file(
            file, model=NAMES[0], options={"temperature": 0.1}, on_text=pieces.append
        )
        assert value["response"] == "".join(pieces) == "Once upon"
        assert value["done_reason"] == "stop"
        assert ollama.requests[-1][1]["options"]["temperature"] == 0.1

    def test_an_option_of_another_type_is_refused(self, ollama: ScriptedOllama, file: str) -> None:
        with pytest.raises(SettingsError):
            analyze_file(file, model=NAMES[0], options={"temperature": "hot"})

    def test_it_raises_what_went_wrong(self, ollama: ScriptedOllama, file: str) -> None:
        ollama.answers.append((Refuse(500, {"error": "it fell"}),))
        with pytest.raises(ServerError, match="it fell"):
            analyze_file(file, model=NAMES[0])


def test_a_glance_needs_no_model(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glance", file, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["language"] == "en"
    assert sum(one["words"] for one in told["chapters"]) == told["book"]["words"] > 1000
    assert {one["label"] for one in told["names"]} >= {"Time Traveller", "Psychologist"}
    assert "places" not in told["names"][0]
    assert main(["glance", file]) == 0
    assert "All chapters" in capsys.readouterr().out


class TestWhichModel:
    @pytest.fixture
    def ollama(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
        models: dict[str, dict[str, Any]] = {
            "embeds:1b": {"capabilities": ["embedding"], "size": 9_000_000},
            "large:4b": {"size": 4_000_000},
            "small:1b": {"size": 1_000_000},
        }
        server = ScriptedOllama(models=models, capabilities=["completion"])
        with playing(server):
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            yield server

    def asked(self, ollama: ScriptedOllama) -> str:
        return str(ollama.requests[-1][1]["model"])

    def test_one_that_cannot_write_is_refused_and_one_that_can_is_named(
        self, ollama: ScriptedOllama, file: str, store: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for lens in ([], ["--lens", "continuity"]):
            assert main(["analyse", file, "--model", "embeds:1b", "--json", *lens]) == 1
            said = json.loads(capsys.readouterr().out)
            assert said["kind"] == "ModelCannot"
            assert said["error"].startswith("embeds:1b cannot write")
            assert "large:4b" in said["error"]
        assert "/api/chat" not in [path for path, _ in ollama.requests]
        assert not store.shelf().manuscripts.all()

    def test_without_a_name_it_is_the_largest_that_fits(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["analyse", file]) == 0
        said = capsys.readouterr()
        assert "[model large:4b]" in said.err
        assert said.out == "Hello\n"
        assert self.asked(ollama) == "large:4b"

    def test_or_the_one_that_was_chosen_last(
        self,
        ollama: ScriptedOllama,
        file: str,
        store: Store,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        store.shelf().preferences.put_model("small:1b")
        monkeypatch.setattr("sys.stdin", io.StringIO("Hello\n"))
        assert main(["chat"]) == 0
        assert "[model small:1b]" in capsys.readouterr().err
        assert analyze_file(file)["model"] == "small:1b"
        assert self.asked(ollama) == "small:1b"

    def test_the_list_says_which_cannot_write(
        self, ollama: ScriptedOllama, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["models"]) == 0
        rows = capsys.readouterr().out.splitlines()
        assert ["cannot write" in row for row in rows] == [True, False, False]

    def test_where_none_writes_it_is_said(
        self, ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("large:4b", "small:1b"):
            del ollama.models.models[name]
        assert main(["analyse", file, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["kind"] == "ModelNotFound"


def test_usage_says_how_much_and_no_text(
    ollama: ScriptedOllama, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", file, "--model", NAMES[0]]) == 0
    capsys.readouterr()
    assert main(["usage", "--json"]) == 0
    (user,) = json.loads(capsys.readouterr().out)
    assert (user["owner"], user["manuscripts"], user["calls"]) == ("", 1, 1)
    assert user["tokens_written"] > 0
    assert main(["usage"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert f"{user['words']:,} words" in line
