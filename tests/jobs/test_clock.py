"""A clock that is put forward or back while calls run, lease and wait."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from components.engine import Text
from components.errors import LeaseLost
from components.store import State, Store
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import MakeBench
from tests.jobs.making import WHOLE
from tests.store.making import WAY, append, claimed, moments, nobody

HOUR, YEAR = 3600.0, 365 * 86_400.0

JUMPS = pytest.mark.parametrize("jump", [HOUR, -HOUR, YEAR, -YEAR])


class Clock:
    """This computer's clock; `ahead` is by how many seconds it is wrong."""

    def __init__(self) -> None:
        self.real, self.ahead = time.time, 0.0

    def __call__(self) -> float:
        return self.real() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr("components.jobs.embedded.SWEEP_SECONDS", 0.01)
    made = Clock()
    monkeypatch.setattr(time, "time", made)
    return made


@pytest.fixture
def sweeps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls each look for lost ones took back."""
    found: list[int] = []
    real = Store.__init__

    def opened(store: Store, *of: object) -> None:
        real(store, *of)  # type: ignore[arg-type]
        recover = store.calls.recover

        def count(*arguments: object, **named: object) -> int:
            found.append(recover(*arguments, **named))  # type: ignore[arg-type]
            return found[-1]

        store.calls.recover = count  # type: ignore[method-assign]

    monkeypatch.setattr(Store, "__init__", opened)
    return found


@JUMPS
def test_a_call_that_runs_goes_on(
    bench: MakeBench, clock: Clock, sweeps: list[int], jump: float
) -> None:
    its = bench(Say("a"), Hold(), Say("b"), Done())
    analysis = its.ask()
    its.wait_text(analysis, "a")
    clock.ahead = jump
    looked = len(sweeps)
    its.until(lambda: len(sweeps) > looked + 2)
    its.let_go()
    assert its.wait(analysis) is State.DONE
    assert its.outcome(analysis).text == "ab"
    assert its.states(analysis) == WHOLE
    assert its.now(analysis).attempt == 1
    assert set(sweeps) == {0}
    elapsed = its.outcome(analysis).measured().elapsed
    assert elapsed is not None
    assert elapsed < HOUR / 2


@JUMPS
def test_what_waits_begins(bench: MakeBench, clock: Clock, jump: float) -> None:
    its = bench(Say("a"), Hold(), Done())
    first, second = its.ask(), its.ask()
    its.wait(first, State.WRITING)
    clock.ahead = jump
    third = its.ask()
    its.let_go(times=3)
    assert [its.wait(one) for one in (first, second, third)] == [State.DONE] * 3


@JUMPS
def test_what_a_dead_worker_had_is_taken_over(bench: MakeBench, clock: Clock, jump: float) -> None:
    """Its lease alone says that it is dead: on another machine, and not on Linux."""
    its = bench(Say("Twice"), Done(), works=False)
    analysis = its.ask()
    claim = claimed(its.store)
    append(its.store, claim, moments(*WAY, Text("Once")))
    assert its.store.calls.recover(nobody, at=clock()) == 0
    clock.ahead = jump
    assert its.store.calls.recover(nobody, at=clock()) == 1
    with pytest.raises(LeaseLost):
        append(its.store, claim, moments(Text("late")))
    its.again()
    assert its.wait(analysis, attempt=2) is State.DONE
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])


@pytest.mark.parametrize("jump", [HOUR, YEAR, -YEAR])
def test_what_waits_until_tonight_begins(bench: MakeBench, clock: Clock, jump: float) -> None:
    its = bench(works=False)
    analysis = its.ask()
    its.jobs.put_off(its.shelf, analysis.id, datetime.now(UTC) + timedelta(minutes=59))
    clock.ahead = jump
    its.again()
    assert its.wait(analysis) is State.DONE
