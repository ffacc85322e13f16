from __future__ import annotations

import itertools

import pytest

from components.errors import IllegalTransition
from components.store import Failed, State, StateChanged
from components.store.states import ALLOWED
from tests.store.making import failure, record

#: A way to each state, so that a record can be brought there by its own rules.
WAYS: dict[State, list[State]] = {
    State.QUEUED: [],
    State.CONTACTING: [State.CONTACTING],
    State.LOADING: [State.CONTACTING, State.LOADING],
    State.READING: [State.CONTACTING, State.LOADING, State.READING],
    State.WRITING: [State.CONTACTING, State.LOADING, State.READING, State.WRITING],
    State.STOPPING: [State.STOPPING],
    State.DONE: [State.CONTACTING, State.LOADING, State.READING, State.DONE],
    State.STOPPED: [State.STOPPED],
    State.FAILED: [State.FAILED],
}

PAIRS = list(itertools.product(State, State))


def test_every_state_has_its_followers() -> None:
    assert set(ALLOWED) == set(WAYS) == set(State)


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda state: state.value)
def test_every_pair(old: State, new: State) -> None:
    one = record()
    for state in WAYS[old]:
        one.move(state)
    before = len(one.journal.after(0))
    if old is new:
        one.move(new)
        assert len(one.journal.after(0)) == before
    elif new in ALLOWED[old]:
        one.move(new)
        assert one.journal.after(before)[0].event == StateChanged(new)
    else:
        with pytest.raises(IllegalTransition) as raised:
            one.move(new)
        assert old.value in str(raised.value)
        assert new.value in str(raised.value)
        assert len(one.journal.after(0)) == before
    assert one.state is (new if new in ALLOWED[old] | {old} else old)


def test_what_is_final_stays() -> None:
    assert {state for state in State if state.is_final} == {
        State.DONE,
        State.STOPPED,
        State.FAILED,
    }


def test_every_state_can_end() -> None:
    for state in State:
        reached, todo = {state}, [state]
        while todo:
            for follower in ALLOWED[todo.pop()] - reached:
                reached.add(follower)
                todo.append(follower)
        assert any(one.is_final for one in reached)


def test_every_running_state_can_be_stopped_and_can_fail() -> None:
    for state in State:
        if not state.is_final and state is not State.STOPPING:
            assert {State.STOPPING, State.STOPPED, State.FAILED} <= ALLOWED[state]


def test_a_failure_is_written_before_the_state() -> None:
    one, error = record(), failure()
    one.fail(error)
    assert [entry.event for entry in one.journal.after(1)] == [
        Failed(error),
        StateChanged(State.FAILED),
    ]


@pytest.mark.parametrize("end", [State.DONE, State.STOPPED])
def test_what_has_ended_cannot_fail_and_its_journal_does_not_say_so(end: State) -> None:
    one = record()
    for state in WAYS[end]:
        one.move(state)
    before = len(one.journal.after(0))
    with pytest.raises(IllegalTransition):
        one.fail(failure())
    assert len(one.journal.after(0)) == before
    assert one.outcome().error is None
