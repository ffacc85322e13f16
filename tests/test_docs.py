"""What the documents name is there, what they say to type is understood, or done for real."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cli.__main__ import _parser
from components.export import formatting
from components.reports import Read
from components.settings import PROJECT
from components.store import State, Store
from components.store import store as store_module
from components.ui.answer.statistics_panel import _REST as FIGURES
from components.ui.report.report_receipt import _table as receipt_html
from tests.doubles.scripted_ollama import Done, Hold, Refuse, ScriptedOllama, Step
from tests.postgres import Postgres, binaries, store_place
from tests.reports.desk import book, opened_desk
from tests.reports.reading import asks_about, reader, reads
from tests.store import conftest
from tests.store.making import WHALE

DOCUMENTS = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((PROJECT / "docs").glob("*.md")),
    *(path for path in sorted((PROJECT / "deploy").iterdir()) if path.is_file()),
]
TEXTS = {path.relative_to(PROJECT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
VARIABLE = re.compile(r"\bFIRST_READER_[A-Z_]+\b")
READ = {*VARIABLE.findall((PROJECT / "components" / "settings.py").read_text("utf-8"))}

PAGES = [name for name in TEXTS if name.endswith(".md")]

#: Every file of the project that a document may name, by its path.
FILES = [
    path.relative_to(PROJECT).as_posix()
    for folder in ("components", "pages", "tests", "bench", "deploy", ".streamlit", ".")
    for path in (PROJECT / folder).glob("*.*" if folder == "." else "**/*.*")
    if path.is_file()
]

#: Where the words of the app's pages are.
SHOWN = ("components/export/", "components/reports/", "components/ui/", "pages/")

#: The titles of the app's pages.
NAVIGATION = re.findall(
    r'st\.Page\([^)]*title="([^"]+)"', (PROJECT / "streamlit_app.py").read_text("utf-8")
)

#: A block of a shell, with the comment that may stand above it.
SHELL = re.compile(r"(?:<!-- test: (\w+) -->\s*)?^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def bold(text: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*", text)


def plain(words: str) -> str:
    """Return words without what may stand around a part of a message."""
    return " ".join(words.replace("’", "'").split()).strip(" .:,;(")


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def commands() -> Iterator[str]:
    """Yield every line of a shell in the documents, and every `make` in a line of text."""
    for text in TEXTS.values():
        for _, block in SHELL.findall(text):
            yield from map(str.strip, block.replace("\\\n", " ").splitlines())
        yield from re.findall(r"`((?:make|first-reader|docker compose|python -m)\s[^`]*)`", text)


COMMANDS = sorted({" ".join(command.split()) for command in commands()})


@pytest.mark.parametrize("document", TEXTS)
def test_every_variable_that_is_named_is_read(document: str) -> None:
    assert {*VARIABLE.findall(TEXTS[document])} <= READ


def test_every_variable_that_is_read_is_named() -> None:
    assert {*VARIABLE.findall(" ".join(TEXTS.values()))} >= READ


@pytest.mark.parametrize("document", PAGES)
def test_everything_that_is_linked_is_there(document: str) -> None:
    for target, _, heading in re.findall(r"\]\((?!https?:)([^)#]*)(#([^)]+))?\)", TEXTS[document]):
        path = (PROJECT / document).parent.joinpath(target) if target else PROJECT / document
        assert path.exists(), target
        assert not heading or heading in map(slug, headings(path.read_text("utf-8"))), heading


@pytest.mark.parametrize("document", PAGES)
def test_every_file_that_is_named_is_there(document: str) -> None:
    """By the end of its path: a document may leave out the folders that it is about."""
    named = re.compile(r"(?<![\w>*/-])[\w@-][\w@./-]*\.(?:py|toml|yaml|css|service)\b")
    for name in named.findall(TEXTS[document]):
        assert any(f"/{file}".endswith(f"/{name}") for file in FILES), name


@pytest.mark.parametrize("document", PAGES)
def test_every_page_that_is_named_is_in_the_navigation(document: str) -> None:
    assert {*re.findall(r"\b[Pp]ages? ([A-Z][a-z]+)\b", TEXTS[document])} <= {*NAVIGATION}


def test_every_page_is_explained() -> None:
    assert {*headings(TEXTS["docs/editors.md"])} >= {*NAVIGATION}


def test_what_is_bold_is_on_the_page() -> None:
    said: set[str] = set()
    for file in FILES:
        if not file.startswith(SHOWN) or not file.endswith(".py"):
            continue
        nodes = [*ast.walk(ast.parse((PROJECT / file).read_text("utf-8")))]
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and id(node) not in docstrings:
                said |= {plain(words) for words in (str(node.value), *bold(str(node.value)))}
    named = {*map(plain, bold(TEXTS["docs/editors.md"]))}
    phrases = "\n".join(said)
    assert {words for words in named - said if " " not in words or words not in phrases} == set()


def test_every_figure_of_the_sidebar_is_explained() -> None:
    assert {*bold(TEXTS["docs/editors.md"])} >= {name for name, *_ in FIGURES}


@pytest.mark.parametrize("document", PAGES)
def test_options_are_known(document: str) -> None:
    """Those of our own commands, wherever code names one."""
    known = {"--help"}
    for file in FILES:
        if file.endswith(".py"):
            known |= {*re.findall(r'"(--[a-z][a-z-]*)"', (PROJECT / file).read_text("utf-8"))}
    ours = re.compile(r"^(?:--|ARGS=|make |python3? -m |first-reader )|components\.cli ")
    code = [*re.findall(r"`([^`]+)`", TEXTS[document]), *COMMANDS]
    for command in filter(ours.search, code):
        assert {*re.findall(r"(?<!\S)\"?(?:ARGS=)?\"?(--[a-z][a-z-]*)", command)} <= known, command


def test_the_receipt_that_is_shown_is_one(tmp_path: Path) -> None:
    """But for its figures, which follow the prompts."""

    def answers(body: dict[str, Any]) -> Sequence[Step]:
        *said, end = reads(body)
        assert isinstance(end, Done)
        if asks_about(body, 2, findings=True):
            end = replace(end, reason="length")
        if asks_about(body, 3):
            half = end.figures["prompt_eval_count"] // 2
            end = replace(end, figures={**end.figures, "prompt_eval_count": half})
        if asks_about(body, 4):
            return (Refuse(500, {"error": "out of memory"}),)
        return (*said, end)

    def shape(row: str) -> list[str]:
        return re.findall(r"[^\W\d]+|\d+", re.sub(r"\d[\d,]{2,}", "0", row))

    with opened_desk(ScriptedOllama(reads=answers), tmp_path) as desk:
        report = desk.finished(desk.begin(book(), chapters=(1, 2, 3, 4)))
    shown = [re.sub(r"<[^>]+>", " ", row) for row in receipt_html(report).split("<tr>")[1:]]
    table = TEXTS["docs/editors.md"].split("<!-- test: receipt -->")[1].split("\n\n")[0]
    rows = [row for row in table.strip().splitlines() if not row.startswith("|--")]
    assert [*map(shape, rows)] == [*map(shape, shown)]
    explained = {*bold(TEXTS["docs/editors.md"])}
    assert explained >= {formatting.read(state) for state in Read}
    columns = {*re.findall(r"<th>([^<]+?) *<", receipt_html(report))}
    assert explained >= columns - {"Chapter", "State"}


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
    verb = next(verb for verb in ("run", "exec", "stop", "up") if verb in words)
    named = [word for word in words[words.index(verb) + 1 :] if not word.startswith("-")]
    assert {*(named if verb in ("stop", "up") else named[:1])} <= {*services}


@pytest.mark.parametrize("command", starting(r"^systemctl .*first-reader"))
def test_units_are_there(command: str) -> None:
    for unit in re.findall(r"first-reader[\w@*-]*", command):
        assert (PROJECT / "deploy" / f"{re.sub(r'@.*', '@', unit)}.service").is_file(), unit


def test_a_backup_is_restored_by_hand(tmp_path: Path) -> None:
    (block,) = [block for of, block in SHELL.findall(TEXTS["docs/backups.md"]) if of == "damaged"]
    file = tmp_path / "first-reader.sqlite"
    with closing(Store(file)) as store:
        store.shelf().manuscripts.keep(WHALE)
    backup = tmp_path / re.findall(r"backups/\S+", block)[0]
    backup.parent.mkdir()
    shutil.copy(file, backup)
    file.write_bytes(b"damaged")
    subprocess.run(["sh", "-ec", block], cwd=tmp_path, check=True)
    with closing(Store(file)) as store:
        assert [one.title for one in store.shelf().manuscripts.all()] == [WHALE.title]


add_migration = conftest.add_migration


def type_in(block: str, folder: Path, environ: dict[str, str]) -> None:
    """Run a block of a shell in `folder`, where Postgres' own programs can be found."""
    path = f"{binaries()}{os.pathsep}{environ['PATH']}"
    subprocess.run(["sh", "-ec", block], cwd=folder, env={**environ, "PATH": path}, check=True)


class TestCopies:
    """The blocks of docs/install.md that make a copy and bring it back, as they stand there."""

    @pytest.fixture(params=["file", "postgres"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        if request.param == "postgres":
            request.getfixturevalue("postgres")
        return str(request.param)

    def test_a_copy_while_analyses_run_is_the_library_on_an_empty_machine(
        self, postgres: Postgres, tmp_path: Path
    ) -> None:
        """Where they go on from what was written, and end."""
        copy, restore = [
            block for of, block in SHELL.findall(TEXTS["docs/install.md"]) if of == "postgres"
        ]
        written = []

        def answers(body: dict[str, Any]) -> Sequence[Step]:
            first, *said = reads(body)
            written.append(body)
            return (first, Hold(), *said) if len(written) == 3 else (first, *said)

        here, there = postgres.new_database(), postgres.new_database()
        for name in ("old", "new", "copies"):
            (tmp_path / name / "data" / "lenses").mkdir(parents=True)

        def typed(block: str, where: str, database: str) -> None:
            environ = {
                "FIRST_READER_DATA_DIR": str(tmp_path / where / "data"),
                "FIRST_READER_DATABASE": database,
            }
            type_in(block, tmp_path / "copies", {**os.environ, **environ})

        scripted = ScriptedOllama(reads=answers)
        with opened_desk(scripted, tmp_path / "old", database=here) as desk:
            report = desk.until(desk.begin(book()), lambda now: len(written) == 3)
            done = {one.call_id: one.answer for one in report.steps if one.state is State.DONE}
            typed(copy, "old", here)
            scripted.let_go()
            desk.finished(report)
        typed(restore, "new", there)
        with opened_desk(reader(), tmp_path / "new", database=there) as desk:
            assert [one.title for one in desk.app.shelf().manuscripts.all()] == [book().title]
            restored = desk.finished(desk.now(report))
            assert done
            assert done.items() <= {one.call_id: one.answer for one in restored.steps}.items()
            assert {one.state for one in restored.steps} == {State.DONE}
            anew = [body.get("messages") for _, body in desk.server.requests]
            assert not [body for body in written[:2] if body["messages"] in anew]

    def test_what_was_kept_comes_back_after_an_upgrade(
        self,
        kind: str,
        request: pytest.FixtureRequest,
        tmp_path: Path,
        add_migration: conftest.AddMigration,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The newer version was killed, so that its log of writes lies beside the file."""
        copy, restore = [
            block for of, block in SHELL.findall(TEXTS["docs/install.md"]) if of == kind
        ]
        data, folder, older = tmp_path / "data", tmp_path / "copies", store_module._SCRIPTS
        (data / "lenses").mkdir(parents=True)
        folder.mkdir()
        lens = data / "lenses" / "own.md"
        lens.write_text("A lens.")
        with store_place("sqlite" if kind == "file" else kind, request, tmp_path) as place:
            environ = {**os.environ, "FIRST_READER_DATA_DIR": str(data)}
            if kind == "postgres":
                environ["FIRST_READER_DATABASE"] = str(place)

            def typed(block: str) -> None:
                type_in(block, folder, environ)

            def titles() -> list[str]:
                with closing(Store(place)) as store:
                    return [one.title for one in store.shelf("anna").manuscripts.all()]

            with closing(Store(place)) as store:
                kept = store.shelf("anna").manuscripts.keep(WHALE)
            typed(copy)
            add_migration()
            newer = store_module._SCRIPTS
            with closing(Store(place)) as store:
                store.shelf("anna").manuscripts.delete(kept)
                log = Path(f"{place}-wal")
                written = log.read_bytes() if kind == "file" else b""
            lens.unlink()
            assert titles() == []
            if written:
                log.write_bytes(written)
            typed(restore)
            for version in (older, newer):
                monkeypatch.setattr(store_module, "_SCRIPTS", version)
                assert titles() == [WHALE.title]
            assert lens.read_text() == "A lens."
            typed(copy)  # What was restored can be copied and restored again.
            typed(restore)
            assert titles() == [WHALE.title]
