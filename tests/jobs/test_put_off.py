"""What is put first or put off, through a worker: begun by itself at its time, by either way."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from components.errors import UnknownAnalysis
from components.jobs import tonight
from components.jobs.jobs import NIGHT
from components.store import State
from components.store.queue import call_control, turns
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import MakeBench

DISPATCHES = ("embedded", "distributed")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which calls are put off; it goes on when it is changed."""
    at = [time.time()]
    for module in (call_control, turns):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: at[0]))
    return at


def later(clock: list[float]) -> datetime:
    return datetime.fromtimestamp(clock[0], UTC) + timedelta(hours=1)


def test_it_begins_by_itself_at_its_time(bench: MakeBench, clock: list[float]) -> None:
    its = bench(Say("a"), Hold(), Done())
    running = its.ask()
    its.wait(running, State.WRITING)
    put_off, other = its.ask(), its.ask()
    its.jobs.put_off(its.shelf, put_off.id, later(clock))
    its.let_go()
    its.wait(other, State.WRITING)
    its.let_go()
    its.wait(other)
    assert its.now(put_off).state is State.QUEUED
    clock[0] += 3601
    its.wait(put_off, State.WRITING)
    its.let_go()
    assert its.wait(put_off) is State.DONE


def test_it_begins_at_its_time_after_another_start(bench: MakeBench, clock: list[float]) -> None:
    its = bench(works=False)
    put_off, other = its.ask(), its.ask()
    its.jobs.put_off(its.shelf, put_off.id, later(clock))
    its.again()
    its.wait(other)
    assert its.now(put_off).state is State.QUEUED
    clock[0] += 3601
    assert its.wait(put_off) is State.DONE


def test_put_off_no_longer_it_begins_at_once(bench: MakeBench, clock: list[float]) -> None:
    its = bench(Say("a"), Hold(), Done())
    running, put_off = its.ask(), its.ask()
    its.jobs.put_off(its.shelf, put_off.id, later(clock))
    its.wait(running, State.WRITING)
    its.jobs.put_off(its.shelf, put_off.id, None)
    its.let_go(times=2)
    assert its.wait(put_off) is State.DONE


def test_what_is_put_first_is_performed_next(bench: MakeBench) -> None:
    its = bench(Say("a"), Hold(), Done())
    running, second, third = (its.ask() for _ in range(3))
    its.wait(running, State.WRITING)
    its.jobs.put_first(its.shelf, third.id)
    its.let_go()
    its.wait(third, State.WRITING)
    assert its.now(second).state is State.QUEUED
    assert its.jobs.outlooks(its.shelf)[second.call_id].waits
    its.let_go(times=2)
    assert its.wait(second) is State.DONE


def test_nobody_puts_anothers_off(bench: MakeBench, clock: list[float]) -> None:
    its = bench(works=False)
    theirs = its.ask(owner="ada")
    with pytest.raises(UnknownAnalysis):
        its.jobs.put_off(its.shelf, theirs.id, later(clock))
    with pytest.raises(UnknownAnalysis):
        its.jobs.put_first(its.shelf, theirs.id)


@pytest.mark.parametrize(
    ("hour", "put_off"), [(5, False), (6, True), (15, True), (21, True), (22, False), (0, False)]
)
def test_tonight_is_the_next_beginning_of_a_night(hour: int, put_off: bool) -> None:
    now = datetime(2026, 11, 29, hour, 30).astimezone()
    expected = now.replace(hour=NIGHT[0].hour, minute=0) if put_off else None
    assert tonight(now) == expected
