from __future__ import annotations

import pytest

from components.engine import ContextChosen, Finished, Statistics, Text, Thought
from components.store import (
    CallOutcome,
    Failed,
    Happening,
    JournalEntry,
    Measured,
    State,
    StateChanged,
    Store,
)
from tests.store.making import (
    WAY,
    begun,
    begun_and_claimed,
    claimed,
    failure,
    nobody,
    say,
    silent,
)


def entry(event: Happening | State, *, at: float = 1.0, attempt: int = 1) -> JournalEntry:
    return JournalEntry(1, at, attempt, StateChanged(event) if isinstance(event, State) else event)


def outcome(*entries: JournalEntry) -> CallOutcome:
    result = CallOutcome()
    for one in entries:
        result.add(one)
    return result


def test_an_answer() -> None:
    statistics = Statistics("m", 2048, eval_count=3)
    result = outcome(
        entry(State.QUEUED, attempt=0),
        entry(State.CONTACTING),
        entry(ContextChosen(2048, 8192)),
        entry(Thought("Hm.", 2)),
        entry(Text("Once ", 1)),
        entry(Text("upon", 1)),
        entry(Finished(statistics)),
        entry(State.DONE),
    )
    assert (result.text, result.thoughts, result.received) == ("Once upon", "Hm.", 4)
    assert result.num_ctx == 2048
    assert result.statistics is statistics
    assert (result.state, result.error, result.attempt) == (State.DONE, None, 1)
    assert list(result.began) == [State.QUEUED, State.CONTACTING, State.DONE]


def test_a_failure_keeps_the_text() -> None:
    error = failure()
    result = outcome(entry(Text("Once")), entry(Failed(error)), entry(State.FAILED))
    assert (result.text, result.error, result.state) == ("Once", error, State.FAILED)


def test_the_last_context_counts() -> None:
    result = outcome(entry(ContextChosen(2048, 8192)), entry(ContextChosen(4096, None)))
    assert result.num_ctx == 4096


def test_another_attempt_begins_anew_and_keeps_what_was_written() -> None:
    error = failure()
    result = outcome(
        entry(ContextChosen(2048, 8192)),
        entry(Thought("Hm.")),
        entry(Text("Once")),
        entry(Finished(Statistics("m", 1))),
        entry(Failed(error)),
        entry(State.FAILED),
        entry(State.QUEUED),
        entry(State.CONTACTING, attempt=2),
    )
    assert result == CallOutcome(
        state=State.CONTACTING,
        attempt=2,
        earlier=["Once"],
        earlier_error=error,
        began=result.began,
    )


def test_between_two_attempts_the_first_one_is_shown() -> None:
    result = outcome(entry(Text("Once")), entry(State.INTERRUPTED), entry(State.QUEUED))
    assert (result.text, result.earlier, result.state) == ("Once", [], State.QUEUED)


def test_an_attempt_without_text_leaves_nothing() -> None:
    result = outcome(
        entry(Text(" \n")), entry(Text("Twice"), attempt=2), entry(Text("."), attempt=4)
    )
    assert (result.text, result.earlier) == (".", ["Twice"])


def test_through_the_store_all_attempts_are_kept(store: Store) -> None:
    analysis, claim = begun_and_claimed(store)
    say(store, claim, *WAY, Thought("Hm."), Text("Once"))
    silent(store, claim)
    store.calls.recover(nobody, at=9.0)
    again = claimed(store)
    say(store, again, *WAY, Text("Twice"))
    assert store.calls.give_back(again, [], at=10.0) is State.QUEUED
    last = claimed(store)
    say(store, last, *WAY, Text("Thr"), Text("ice"))
    store.calls.end(last, State.DONE, [], at=11.0)
    result = store.journal.outcome(analysis.call_id)
    assert (result.text, result.thoughts, result.received) == ("Thrice", "", 2)
    assert result.earlier == ["Once", "Twice"]
    assert (result.attempt, result.state) == (3, State.DONE)


def test_a_reader_that_follows_gets_what_one_at_the_end_gets(store: Store) -> None:
    analysis, claim = begun_and_claimed(store)
    followed, seq = CallOutcome(), 0
    say(store, claim, *WAY)
    for step in range(20):
        say(store, claim, Text(f"{step} "))
        if step % 3 == 0:
            for one in store.journal.after(analysis.call_id, seq):
                followed.add(one)
                seq = one.seq
    for one in store.journal.after(analysis.call_id, seq):
        followed.add(one)
    assert followed == store.journal.outcome(analysis.call_id)


class TestTimes:
    def outcome(self) -> CallOutcome:
        pieces = [entry(Text("a"), at=10.0 + number / 25) for number in range(50)]
        return outcome(entry(State.WRITING, at=10.0), *pieces)

    def test_since_the_state_was_entered(self) -> None:
        assert self.outcome().seconds_in(State.WRITING, now=12.5) == 2.5

    def test_a_state_that_never_was_takes_no_time(self) -> None:
        assert self.outcome().seconds_in(State.LOADING, now=12.5) == 0

    def test_a_state_entered_again_counts_anew(self) -> None:
        result = outcome(entry(State.LOADING, at=1.0), entry(State.LOADING, at=5.0))
        assert result.seconds_in(State.LOADING, now=6.0) == 1.0

    def test_a_clock_that_is_ahead_takes_no_time(self) -> None:
        assert self.outcome().seconds_in(State.WRITING, now=9.0) == 0

    def test_the_rate_is_what_came_by_the_time_it_took(self) -> None:
        assert self.outcome().measured(now=12.0).tokens_per_second == pytest.approx(25)

    def test_there_is_no_rate_of_a_moment(self) -> None:
        assert self.outcome().measured(now=10.1).tokens_per_second is None
        assert CallOutcome().measured(now=10.1).tokens_per_second is None

    def test_now_is_now(self, store: Store) -> None:
        result = store.journal.outcome(begun(store).call_id)
        assert 0 <= result.seconds_in(State.QUEUED) < 600


class TestMeasured:
    """What is known of a call without a figure of the server's."""

    WRITES = (
        entry(State.QUEUED, at=0.0, attempt=0),
        entry(State.CONTACTING, at=1.0),
        entry(State.LOADING, at=2.0),
        entry(State.READING, at=5.0),
        entry(State.WRITING, at=9.0),
        entry(Thought("Hm.", 5), at=9.0),
        entry(Text("Once", 15), at=13.0),
    )

    def test_while_it_writes_time_goes_on(self) -> None:
        result = outcome(*self.WRITES)
        assert result.measured(now=14.0) == Measured(
            received=20, elapsed=13.0, load_wait=3.0, time_to_first_token=4.0, writing=5.0
        )
        assert result.measured(now=19.0).tokens_per_second == pytest.approx(2.0)

    @pytest.mark.parametrize("end", [State.STOPPED, State.FAILED, State.INTERRUPTED])
    def test_what_ended_keeps_its_figures(self, end: State) -> None:
        """A server that has sent nothing for a minute has not written for that minute."""
        ends = (entry(Failed(failure()), at=73.0),) if end is State.FAILED else ()
        result = outcome(*self.WRITES, *ends, entry(end, at=73.0))
        found = result.measured(now=1000.0)
        assert found == Measured(
            received=20, elapsed=72.0, load_wait=3.0, time_to_first_token=4.0, writing=4.0
        )
        assert found.tokens_per_second == pytest.approx(5.0)

    def test_what_never_wrote_has_no_speed(self) -> None:
        result = outcome(*self.WRITES[:4], entry(State.STOPPED, at=8.0))
        assert result.measured() == Measured(elapsed=7.0, load_wait=3.0)
        assert CallOutcome().measured() == Measured()

    def test_a_larger_context_is_waited_for_anew(self) -> None:
        result = outcome(*self.WRITES[:4], entry(State.LOADING, at=6.0))
        assert result.measured(now=7.0).load_wait is None
        result.add(entry(State.READING, at=8.0))
        assert result.measured(now=9.0).load_wait == 2.0

    def test_another_attempt_is_measured_anew(self) -> None:
        result = outcome(
            *self.WRITES,
            entry(State.INTERRUPTED, at=20.0),
            entry(State.QUEUED, at=20.0),
            entry(State.CONTACTING, at=30.0, attempt=2),
        )
        assert result.measured(now=31.0) == Measured(elapsed=1.0)
        assert result.seconds_in(State.QUEUED, now=31.0) == 11.0

    def test_a_clock_that_is_ahead_measures_nothing(self) -> None:
        assert outcome(*self.WRITES).measured(now=0.5).elapsed is None
