from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest

from components.errors import IllegalTransition
from components.store import State
from components.store.call_states import ALLOWED, ENDED, RUNNING
from components.store.transactions import added
from tests.store.making import moments

PAIRS = list(itertools.product(State, State))


def test_every_state_has_its_followers() -> None:
    assert set(ALLOWED) == set(State)


def test_a_state_waits_or_runs_or_has_ended() -> None:
    assert {State.QUEUED} | RUNNING | ENDED == set(State)
    for state in State:
        assert (state is State.QUEUED) + state.is_running + state.has_ended == 1


def test_every_state_can_end() -> None:
    for state in State:
        reached, todo = {state}, [state]
        while todo:
            for follower in ALLOWED[todo.pop()] - reached:
                reached.add(follower)
                todo.append(follower)
        assert reached & ENDED


def test_what_runs_can_be_stopped_can_fail_and_can_lose_its_worker() -> None:
    for state in RUNNING - {State.STOPPING}:
        assert ALLOWED[state] >= {
            State.STOPPING,
            State.STOPPED,
            State.FAILED,
            State.INTERRUPTED,
        }


def test_every_end_leads_to_the_queue_alone() -> None:
    for state in ENDED:
        assert ALLOWED[state] == {State.QUEUED}


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda state: state.value)
def test_every_pair(old: State, new: State) -> None:
    row = SimpleNamespace(id="c", state=old.value, last_seq=7)
    if new is old or new in ALLOWED[old]:
        rows, state = added(row, moments(new), attempt=1)
        assert state is new
        assert [one["seq"] for one in rows] == [8]
    else:
        with pytest.raises(IllegalTransition) as raised:
            added(row, moments(new), attempt=1)
        assert old.value in str(raised.value)
        assert new.value in str(raised.value)
