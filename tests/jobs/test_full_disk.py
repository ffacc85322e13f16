"""A disk that stays full: the text waits in memory, is asked for once, and is all there later."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from components.errors import StoreError, StoreFull
from components.jobs import batch_writer
from components.store import State, Store
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import WHOLE

#: More than has room in the pages that SQLite's file has.
LONG_TEXT = "".join(f"{number} " for number in range(40_000))


class Disk:
    """Where the files of `store` are: SQLite itself says that it is full."""

    def __init__(self, store: Store) -> None:
        self.is_full = False
        self.refused = 0
        self._engine = store._database.engine
        sa.event.listen(self._engine, "begin", self._limit)
        sa.event.listen(self._engine, "handle_error", self._count)

    def _limit(self, connection: sa.Connection) -> None:
        """The limit is a connection's own; it is never below the pages that there are."""
        sqlite: Any = connection.connection.dbapi_connection
        sqlite.execute(f"PRAGMA max_page_count={1 if self.is_full else 1_000_000}")

    def _count(self, _: Any) -> None:
        self.refused += 1


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


def test_room_in_the_middle_of_an_answer_and_nothing_was_lost(bench: MakeBench) -> None:
    its = bench(Say("a "), Hold(), Say(LONG_TEXT), Hold(), Say("z"), Done())
    disk = Disk(its.work.store)
    analysis = its.ask()
    its.wait_text(analysis, "a ")
    disk.is_full = True
    its.let_go()
    its.until(lambda: its.jobs.unwritten(analysis) is not None)
    disk.is_full = False
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
