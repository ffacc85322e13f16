"""The setup step as `make` calls it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from components.engine.private import __main__, locate, problem
from components.engine.private.locate import Located
from components.errors import SetupFailed
from tests.engine.private.helpers import program


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRST_READER_OLLAMA_DIR", str(tmp_path / "ollama"))
    monkeypatch.setattr(
        __main__,
        "locate",
        lambda _environ, *, root: Located("missing"),
    )
    monkeypatch.setattr(__main__.signal, "signal", lambda *_: None)
    return tmp_path / "ollama"


def fail(*_: object, **__: object) -> None:
    raise SetupFailed("Go is not installed.")


def test_a_failure_is_kept_for_the_page_and_the_app_opens(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(__main__, "build", fail)
    assert __main__.main([]) == 0
    said = capsys.readouterr().out
    for text in (said, problem(root) or ""):
        assert "Go is not installed." in text
        assert SetupFailed.default_advice in text
    assert __main__.main(["--strict"]) == 1


def test_success_forgets_the_problem(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "build", fail)
    __main__.main([])
    assert problem(root) is not None
    monkeypatch.setattr(__main__, "build", lambda *_, **__: None)
    assert __main__.main([]) == 0
    assert problem(root) is None


def test_an_interruption_is_not_a_success(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(__main__, "build", interrupted)
    assert __main__.main([]) == __main__.INTERRUPTED


def test_a_machine_that_has_ollama_builds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(__main__.signal, "signal", lambda *_: None)
    monkeypatch.setattr(__main__, "build", fail)
    monkeypatch.setenv("FIRST_READER_OLLAMA_DIR", str(tmp_path / "ollama"))
    monkeypatch.setenv("OLLAMA_HOST", "books.example")
    assert __main__.main(["--strict"]) == 0
    assert "books.example" in capsys.readouterr().out
    monkeypatch.delenv("OLLAMA_HOST")
    monkeypatch.setattr(__main__, "locate", partial(locate, default_url="http://127.0.0.1:1"))
    program(tmp_path / "bin", "ollama", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert __main__.main(["--strict"]) == 0
    assert "installed here" in capsys.readouterr().out
    assert not (tmp_path / "ollama").exists()


def test_a_setting_that_cannot_be_understood(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRST_READER_PORT", "door")
    assert __main__.main([]) == 0
    assert "FIRST_READER_PORT" in capsys.readouterr().out
