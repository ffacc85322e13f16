"""Without a command's name the page is opened, after the setup's last step."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from components.cli import page
from components.cli.__main__ import main


@pytest.mark.parametrize(("arguments", "opens"), [([], True), (["--no-browser"], False)])
@pytest.mark.parametrize("setup", [0, 130])
def test_the_setup_and_then_the_page(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], opens: bool, setup: int
) -> None:
    calls: list[object] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        calls.append(command)
        return SimpleNamespace(returncode=setup)

    def serve(*, open_browser: bool) -> int:
        calls.append(open_browser)
        return 2

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(page, "serve", serve)
    step = [sys.executable, "-m", "components.engine.private", "--first-model"]
    assert main(arguments) == (setup or 2)
    assert calls == ([step] if setup else [step, opens])
