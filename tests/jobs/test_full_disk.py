"""A store that takes nothing: text waits in memory, is asked for once, is all there later."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.errors import StoreError, StoreFull
from components.jobs import batch_writer
from components.store import State
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import WHOLE
from tests.store.making import Disk

#: More than has room in the pages that SQLite's file has.
LONG_TEXT = "".join(f"{number} " for number in range(40_000))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "first-reader.sqlite"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "batch_writer.HEARTBEAT_SECONDS",
        "batch_writer.AGAIN_SECONDS",
        "embedded.SWEEP_SECONDS",
    ):
        monkeypatch.setattr(f"components.jobs.{name}", 0.01)


def asked_of(its: Bench) -> int:
    """How often the server was asked for an answer."""
    return sum(path == "/api/chat" and bool(body["messages"]) for path, body in its.server.requests)


def test_an_answer_that_ends_meanwhile_waits_as_long_as_it_takes(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    its = bench(Say("a "), Hold(), Say(LONG_TEXT), Hold(), Say("z"), Done())
    disk = Disk(its.work.store)
    analysis = its.ask()
    its.wait_text(analysis, "a ")
    assert its.jobs.unwritten(analysis) is None
    disk.is_full = True
    with caplog.at_level(logging.WARNING):
        its.let_go()
        its.until(lambda: its.jobs.unwritten(analysis) is not None)
        its.let_go()
        its.until(lambda: not its.server.generating)
        refused = disk.refused
        its.until(lambda: disk.refused > refused + 2 * batch_writer.TRIES)
        held = its.jobs.unwritten(analysis)
        assert held is not None
        assert isinstance(held.problem, StoreFull)
        assert not held.is_stopped
        assert its.outcome(analysis).text == "a "
        disk.is_full = False
        assert its.wait(analysis) is State.DONE
        its.until(lambda: its.jobs.unwritten(analysis) is None)
    assert its.outcome(analysis).text == "a " + LONG_TEXT + "z"
    assert its.states(analysis) == WHOLE
    assert asked_of(its) == 1
    said = [record for record in caplog.records if record.name.startswith("components.jobs")]
    assert [record.levelname for record in said] == ["ERROR", "WARNING"]


@pytest.mark.parametrize(
    ("how", "says"),
    [("is_full", "full"), ("is_read_only", "not written"), ("is_locked", "another program")],
)
def test_in_the_middle_of_an_answer_nothing_is_lost(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch, how: str, says: str
) -> None:
    monkeypatch.setattr("components.store.database._BUSY_SECONDS", 0.01)
    its = bench(Say("a "), Hold(), Say(LONG_TEXT), Hold(), Say("z"), Done())
    disk = Disk(its.work.store)
    analysis = its.ask()
    its.wait_text(analysis, "a ")
    setattr(disk, how, True)
    its.let_go()
    its.until(lambda: its.jobs.unwritten(analysis) is not None)
    held = its.jobs.unwritten(analysis)
    assert held is not None
    assert says in str(held.problem)
    with pytest.raises(StoreError, match=says):
        its.ask(asked=LONG_TEXT)
    assert its.outcome(analysis).text == "a "
    setattr(disk, how, False)
    its.wait_text(analysis, "a " + LONG_TEXT)
    its.let_go()
    assert its.wait(analysis) is State.DONE
    assert its.outcome(analysis).text == "a " + LONG_TEXT + "z"
    assert its.states(analysis) == WHOLE


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> Callable[[Bench, Disk], None]:
    """Have the store refuse even the few bytes of a stop while the disk is full."""

    def refuse(its: Bench, disk: Disk) -> None:
        real = its.store.control.stop

        def stop(analysis_id: str) -> Any:
            if disk.is_full:
                disk.refused += 1
                raise StoreFull("The disk is full.")
            return real(analysis_id)

        monkeypatch.setattr(its.store.control, "stop", stop)

    return refuse


def test_a_stop_closes_the_connection_at_once_and_is_written_later(
    bench: MakeBench, untold: Callable[[Bench, Disk], None]
) -> None:
    its = bench(Say("a "), Hold(), Say(LONG_TEXT), Hold(), Say("z"), Done())
    disk = Disk(its.work.store)
    untold(its, disk)
    analysis = its.ask()
    its.wait_text(analysis, "a ")
    disk.is_full = True
    its.let_go()
    its.until(lambda: its.jobs.unwritten(analysis) is not None)
    its.stop(analysis)
    its.told()
    refused = disk.refused
    its.until(lambda: disk.refused > refused + 2)
    held = its.jobs.unwritten(analysis)
    assert held is not None
    assert held.is_stopped
    disk.is_full = False
    assert its.wait(analysis) is State.STOPPED
    assert its.outcome(analysis).text == "a " + LONG_TEXT
    assert asked_of(its) == 1


def test_what_runs_elsewhere_cannot_be_stopped_without_the_store(
    bench: MakeBench, untold: Callable[[Bench, Disk], None]
) -> None:
    its = bench(works=False)
    disk = Disk(its.work.store)
    untold(its, disk)
    analysis = its.ask()
    disk.is_full = True
    with pytest.raises(StoreError):
        its.stop(analysis)
    disk.is_full = False
