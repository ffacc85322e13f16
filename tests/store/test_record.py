from __future__ import annotations

from datetime import UTC

import pytest

from components.engine import (
    ContextChosen,
    Finished,
    Stage,
    StageBegan,
    Statistics,
    Text,
    Thought,
)
from components.store import Failed, Outcome, State, StateChanged
from tests.store.making import failure, record


def test_a_record_begins_queued_and_says_so() -> None:
    one = record()
    assert one.state is State.QUEUED
    assert [entry.event for entry in one.journal.after(0)] == [StateChanged(State.QUEUED)]
    assert one.created.tzinfo is UTC


class TestOutcome:
    def test_an_answer(self) -> None:
        one = record()
        statistics = Statistics(model="a", num_ctx=2048, eval_count=3)
        for state in (State.CONTACTING, State.LOADING, State.READING, State.WRITING):
            one.move(state)
        for event in (
            ContextChosen(2048, 8192),
            Thought("Hm."),
            Text("Once "),
            Text("upon"),
            Finished(statistics),
        ):
            one.journal.append(event)
        one.move(State.DONE)
        outcome = one.outcome()
        assert outcome.text == "Once upon"
        assert outcome.thoughts == "Hm."
        assert outcome.received == 3
        assert (outcome.num_ctx, outcome.limit) == (2048, 8192)
        assert outcome.statistics is statistics
        assert outcome.error is None
        assert outcome.state is State.DONE
        assert list(outcome.began) == [
            State.QUEUED,
            State.CONTACTING,
            State.LOADING,
            State.READING,
            State.WRITING,
            State.DONE,
        ]

    def test_a_failure_keeps_the_text(self) -> None:
        one, error = record(), failure()
        one.journal.append(Text("Once"))
        one.fail(error)
        outcome = one.outcome()
        assert outcome.text == "Once"
        assert outcome.error is error
        assert outcome.state is State.FAILED
        assert outcome.statistics is None

    def test_a_reader_that_follows_gets_what_one_at_the_end_gets(self) -> None:
        one, followed, seq = record(), Outcome(), 0
        for step in range(20):
            one.journal.append(Text(f"{step} "))
            if step % 3 == 0:
                for entry in one.journal.after(seq):
                    followed.add(entry.event, at=entry.at)
                    seq = entry.seq
        for entry in one.journal.after(seq):
            followed.add(entry.event, at=entry.at)
        assert followed == one.outcome()

    def test_what_it_does_not_know_changes_nothing(self) -> None:
        outcome = Outcome()
        outcome.add(StageBegan(Stage.LOADING), at=1.0)
        outcome.add("anything", at=1.0)
        assert outcome == Outcome()

    def test_the_last_context_counts(self) -> None:
        outcome = Outcome()
        outcome.add(ContextChosen(2048, 8192), at=1.0)
        outcome.add(ContextChosen(4096, 8192), at=2.0)
        assert outcome.num_ctx == 4096

    def test_an_error_without_an_end_is_an_error(self) -> None:
        outcome, error = Outcome(), failure()
        outcome.add(Failed(error), at=1.0)
        assert outcome.error is error


class TestTimes:
    def outcome(self) -> Outcome:
        outcome = Outcome()
        outcome.add(StateChanged(State.WRITING), at=10.0)
        for number in range(50):
            outcome.add(Text("a"), at=10.0 + number / 25)
        return outcome

    def test_since_the_state_was_entered(self) -> None:
        assert self.outcome().seconds_in(State.WRITING, now=12.5) == 2.5

    def test_a_state_that_never_was_takes_no_time(self) -> None:
        assert self.outcome().seconds_in(State.LOADING, now=12.5) == 0

    def test_a_state_entered_again_counts_anew(self) -> None:
        outcome = Outcome()
        outcome.add(StateChanged(State.LOADING), at=1.0)
        outcome.add(StateChanged(State.LOADING), at=5.0)
        assert outcome.seconds_in(State.LOADING, now=6.0) == 1.0

    def test_the_rate_is_what_came_by_the_time_it_took(self) -> None:
        assert self.outcome().writing_rate(now=12.0) == pytest.approx(25)

    def test_there_is_no_rate_of_a_moment(self) -> None:
        assert self.outcome().writing_rate(now=10.1) is None
        assert Outcome().writing_rate(now=10.1) is None

    def test_now_is_now(self) -> None:
        outcome = record().outcome()
        assert 0 <= outcome.seconds_in(State.QUEUED) < 60
