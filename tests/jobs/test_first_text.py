"""How the first text of an answer comes to who reads in the same process: by events alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.store import State
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import LONG, MakeBench


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "first-reader.sqlite"


def test_it_waits_for_no_timer(bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every beat and every poll on the way is longer than the test waits."""
    for name in (
        "jobs.batch_writer.FLUSH_SECONDS",
        "jobs.batch_writer.FLUSH_SECONDS_BUSY",
        "jobs.batch_writer.HEARTBEAT_SECONDS",
        "jobs.batch_writer.GATHER_SECONDS",
        "jobs.batch_writer.JOIN_SECONDS",
        "store.journal._POLL_SQLITE",
    ):
        monkeypatch.setattr(f"components.{name}", 3 * LONG)
    its = bench(Hold(), Say("a"), Hold(), Done())
    analysis = its.ask()
    its.wait(analysis, State.READING)
    its.let_go()
    its.wait_text(analysis, "a")
    its.let_go()
    assert its.wait(analysis) is State.DONE
