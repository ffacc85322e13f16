"""What the documents say to type: it is understood, and copies are made and restored for real."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from components.cli.__main__ import _parser
from components.settings import PROJECT
from components.store import Store
from tests.postgres import binaries, store_place
from tests.store.making import WHALE

DOCUMENTS = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((PROJECT / "docs").glob("*.md")),
    *(path for path in sorted((PROJECT / "deploy").iterdir()) if path.is_file()),
]
TEXTS = {path.relative_to(PROJECT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
VARIABLE = re.compile(r"\bFIRST_READER_[A-Z_]+\b")
READ = {*VARIABLE.findall((PROJECT / "components" / "settings.py").read_text("utf-8"))}

#: A block of a shell, with the comment that may stand above it.
SHELL = re.compile(r"(?:<!-- test: (\w+) -->\s*)?^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def commands() -> Iterator[str]:
    """Yield every line of a shell in the documents, and every `make` in a line of text."""
    for text in TEXTS.values():
        for _, block in SHELL.findall(text):
            yield from map(str.strip, block.replace("\\\n", " ").splitlines())
        yield from re.findall(r"`((?:make|first-reader|docker compose)\s[^`]*)`", text)


COMMANDS = sorted({" ".join(command.split()) for command in commands()})


@pytest.mark.parametrize("document", TEXTS)
def test_every_variable_that_is_named_is_read(document: str) -> None:
    assert {*VARIABLE.findall(TEXTS[document])} <= READ


def test_every_variable_that_is_read_is_named() -> None:
    assert {*VARIABLE.findall(" ".join(TEXTS.values()))} >= READ


@pytest.mark.parametrize("document", [name for name in TEXTS if name.endswith(".md")])
def test_every_file_that_is_linked_is_there(document: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXTS[document]):
        assert (PROJECT / document).parent.joinpath(target).exists(), target


def starting(with_: str) -> list[str]:
    return [command for command in COMMANDS if re.search(with_, command)]


@pytest.mark.parametrize("command", starting(r"^first-reader |components\.cli "))
def test_commands_of_a_shell_are_understood(command: str) -> None:
    arguments = shlex.split(command, comments=True)
    end = next((at for at, word in enumerate(arguments) if word in "<>|"), len(arguments))
    start = 1 + next(at for at, word in enumerate(arguments) if word.endswith(("cli", "reader")))
    _parser().parse_args(arguments[start:end])


@pytest.mark.parametrize("command", starting(r"\bpython3? -m "))
def test_modules_are_there(command: str) -> None:
    assert importlib.util.find_spec(re.findall(r"-m (\S+)", command)[0])


@pytest.mark.parametrize("command", starting(r"^(\w+=\S+ )*make "))
def test_targets_of_make_are_there(command: str) -> None:
    targets = re.findall(
        r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    words = [word for word in shlex.split(command, comments=True) if "=" not in word]
    assert {*words} <= {"make", *" ".join(targets).split()}


@pytest.mark.parametrize("command", starting(r"^docker compose "))
def test_compositions_have_what_is_named(command: str) -> None:
    words = shlex.split(command)
    compose = yaml.safe_load((PROJECT / words[words.index("-f") + 1]).read_text("utf-8"))
    services = compose["services"]
    if "--profile" in words:
        profile = words[words.index("--profile") + 1]
        assert any(profile in service.get("profiles", ()) for service in services.values())
    after = next((words.index(verb) for verb in ("run", "exec") if verb in words), None)
    if after is not None:
        assert next(word for word in words[after + 1 :] if not word.startswith("-")) in services


class TestCopies:
    """The blocks of docs/install.md that make a copy and bring it back, as they stand there."""

    @pytest.fixture(params=["file", "postgres"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        if request.param == "postgres":
            request.getfixturevalue("postgres")
        return str(request.param)

    def test_what_was_kept_comes_back(
        self, kind: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        blocks = [block for of, block in SHELL.findall(TEXTS["docs/install.md"]) if of == kind]
        copy, restore = blocks
        data = tmp_path / "data"
        (data / "lenses").mkdir(parents=True)
        place_kind = "sqlite" if kind == "file" else kind
        with store_place(place_kind, request, tmp_path) as place:
            environ = {**os.environ, "FIRST_READER_DATA_DIR": str(data)}
            if kind == "postgres":
                environ["FIRST_READER_DATABASE"] = str(place)
                environ["PATH"] = f"{binaries()}{os.pathsep}{environ['PATH']}"

            def typed(block: str) -> None:
                folder = tmp_path / "copies"
                folder.mkdir(exist_ok=True)
                subprocess.run(["sh", "-ec", block], cwd=folder, env=environ, check=True)

            def titles() -> list[str]:
                with closing(Store(place)) as store:
                    return [one.title for one in store.shelf("anna").manuscripts.all()]

            with closing(Store(place)) as store:
                kept = store.shelf("anna").manuscripts.keep(WHALE)
            lens = data / "lenses" / "own.md"
            lens.write_text("A lens.")
            typed(copy)
            with closing(Store(place)) as store:
                store.shelf("anna").manuscripts.delete(kept)
            lens.unlink()
            assert titles() == []
            typed(restore)
            assert titles() == [WHALE.title]
            assert lens.read_text() == "A lens."
