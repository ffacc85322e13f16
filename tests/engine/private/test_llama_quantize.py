from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from components.engine.private import Folder, llama_quantize
from components.engine.private.launchers import write_launchers


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A stand-in for the package gguf, which only the private build has."""
    seen = SimpleNamespace(tensors=[SimpleNamespace(data_offset=8, n_bytes=8)], error=None)

    class GGUFReader:
        def __init__(self, path: Path) -> None:
            if seen.error is not None:
                raise seen.error
            self.tensors = seen.tensors

    module = ModuleType("gguf")
    module.GGUFReader = GGUFReader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gguf", module)
    return seen


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<I", 3) + bytes(8))
    return path


def run(source: Path, target: Path, kind: str = "COPY") -> int:
    return llama_quantize.main(["--allow-requantize", str(source), str(target), kind])


def test_a_whole_file_is_copied(model: Path, tmp_path: Path, reader: SimpleNamespace) -> None:
    assert run(model, tmp_path / "copy") == 0
    assert (tmp_path / "copy").read_bytes() == model.read_bytes()


def test_what_is_refused(
    model: Path, tmp_path: Path, reader: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "copy"
    assert run(model, target, "Q4_K_M") == 1
    assert "plain import" in capsys.readouterr().err
    assert run(tmp_path / "absent", target) == 1
    assert "cannot read" in capsys.readouterr().err
    reader.tensors = [SimpleNamespace(data_offset=8, n_bytes=9)]
    assert run(model, target) == 1
    assert "ends too early" in capsys.readouterr().err
    reader.tensors = []
    assert run(model, target) == 1
    assert "no weights" in capsys.readouterr().err
    reader.error = ValueError("bad magic")
    assert run(model, target) == 1
    assert "damaged" in capsys.readouterr().err
    model.write_bytes(b"PK\x03\x04")
    assert run(model, target) == 1
    assert "not a GGUF" in capsys.readouterr().err
    assert not target.exists()


def test_its_version_needs_no_model() -> None:
    assert llama_quantize.main(["--version"]) == 0


def test_the_real_reader_and_a_file_that_was_cut(private_root: Path, tmp_path: Path) -> None:
    """Through the launcher, as Ollama calls it."""
    folder = Folder(private_root)
    write_launchers(folder)
    cut = tmp_path / "cut.gguf"
    with folder.weights.open("rb") as whole:
        cut.write_bytes(whole.read(8_000_000))
    copy = tmp_path / "copy.gguf"
    command = [folder.launchers / "llama-quantize", "--allow-requantize"]
    done = subprocess.run([*command, cut, copy, "COPY"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error: this GGUF file")
    done = subprocess.run([*command, folder.weights, copy, "COPY"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert copy.stat().st_size == folder.weights.stat().st_size
