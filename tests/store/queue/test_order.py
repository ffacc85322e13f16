"""What its owner puts first, and what is put off until a time."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from components.store import Kind, NewReport, Offer, Series, State, Step, Store
from components.store.queue import call_control, turns
from tests.store.conftest import OpenStore
from tests.store.making import (
    WAY,
    WHALE,
    append,
    begun,
    change,
    claimed,
    does,
    failure,
    finished,
    moments,
    now,
    question,
    silent,
    step,
    steps_of,
    take,
)

DATABASES = ("sqlite", "postgres")

ONE = Offer("one", 1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds since 1970; it goes on when it is changed."""
    at = [time.time()]
    for module in (call_control, turns):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: at[0]))
    return at


def report(store: Store, steps: int = 3, **changes: Any) -> Series:
    return steps_of(store, *[step(**changes) for _ in range(steps)])


def series_of(store: Store, call_id: str) -> str | None:
    """The report that a call is a step of."""
    of_it = turns.call.c.id == call_id
    with store._database.read() as connection:
        return turns.calls(connection, of_it)[0].series_id


class TestPutFirst:
    def test_an_analysis_is_next_of_its_owner(self, store: Store) -> None:
        asked = [begun(store) for _ in range(3)]
        store.control.put_first(asked[2].id)
        place = store.control.queue_position(asked[0].call_id, slots=1)
        assert place is not None
        assert place.ahead == 1
        order = [claimed(store).call_id for _ in range(3)]
        assert order == [asked[at].call_id for at in (2, 0, 1)]

    def test_the_last_put_first_is_the_first(self, store: Store, clock: list[float]) -> None:
        asked = [begun(store) for _ in range(3)]
        for one in asked:
            clock[0] += 1.0
            store.control.put_first(one.id)
        assert claimed(store).call_id == asked[2].call_id

    def test_a_report_goes_before_other_reports_and_after_questions(self, store: Store) -> None:
        first, second = report(store), report(store)
        store.control.put_first(second.id)
        asked = begun(store)
        assert claimed(store).call_id == asked.call_id
        order = [series_of(store, claimed(store).call_id) for _ in range(6)]
        assert order == [second.id] * 3 + [first.id] * 3

    def test_another_owner_keeps_their_turns(self, store: Store) -> None:
        mine = [begun(store, "a") for _ in range(2)]
        theirs = begun(store, "b")
        store.control.put_first(mine[1].id)
        order = [claimed(store).call_id for _ in range(3)]
        assert set(order[:2]) == {mine[1].call_id, theirs.call_id}
        assert order[2] == mine[0].call_id

    def test_a_step_that_is_asked_once_more_is_still_first(self, store: Store) -> None:
        report(store)
        second = report(store, retries=1)
        store.control.put_first(second.id)
        claim = claimed(store)
        store.calls.refuse(claim, failure(), moments(*WAY), at=9.0)
        assert claimed(store).call_id == claim.call_id

    def test_it_is_over_once_it_is_run_again(self, store: Store) -> None:
        asked = begun(store)
        store.control.put_first(asked.id)
        store.control.stop(asked.id)
        other = begun(store)
        store.control.again(asked.id)
        assert claimed(store).call_id == other.call_id


class TestPutOff:
    def test_it_begins_at_its_time(self, store: Store, clock: list[float]) -> None:
        asked = begun(store)
        store.control.put_off(asked.id, clock[0] + 60)
        assert take(store) is None
        assert not store.control.waiting()
        clock[0] += 59
        assert take(store) is None
        clock[0] += 1
        assert store.control.waiting()
        assert claimed(store).call_id == asked.call_id

    def test_it_does_not_wait_for_a_clock_that_was_put_back_by_a_year(
        self, store: Store, clock: list[float]
    ) -> None:
        asked = begun(store)
        store.control.put_off(asked.id, clock[0] + 3600)
        clock[0] -= 365 * 86_400
        assert store.control.waiting()
        assert claimed(store).call_id == asked.call_id

    def test_the_call_that_runs_ends_and_the_others_wait(
        self, store: Store, clock: list[float]
    ) -> None:
        long, other = report(store), report(store)
        running = claimed(store, ONE)
        store.control.put_off(long.id, clock[0] + 60)
        append(store, running, moments(*WAY))
        store.calls.end(running, State.DONE, [], at=9.0)
        order = [series_of(store, does(store, "a").call_id) for _ in range(3)]
        assert order == [other.id] * 3
        assert take(store) is None
        assert store.shelf().reports.active() == [long.id]  # It goes on by itself.
        clock[0] += 60
        assert series_of(store, claimed(store).call_id) == long.id

    def test_a_call_that_lost_its_worker_waits_too(self, store: Store, clock: list[float]) -> None:
        asked = begun(store)
        claim = claimed(store)
        store.control.put_off(asked.id, clock[0] + 60)
        silent(store, claim)
        store.calls.recover(lambda _: True, at=9.0)
        assert now(store, asked).state is State.QUEUED
        assert take(store) is None

    def test_another_process_that_opens_the_store_knows_it(
        self, store: Store, reopened: OpenStore, clock: list[float]
    ) -> None:
        asked = begun(store)
        store.control.put_off(asked.id, clock[0] + 60)
        again = reopened()
        assert take(again) is None
        clock[0] += 60
        assert claimed(again).call_id == asked.call_id

    def test_at_once_or_first_it_is_put_off_no_longer(
        self, store: Store, clock: list[float]
    ) -> None:
        for take_up in (lambda it: store.control.put_off(it, 0.0), store.control.put_first):
            asked = begun(store)
            store.control.put_off(asked.id, clock[0] + 60)
            assert take(store) is None
            take_up(asked.id)
            assert claimed(store).call_id == asked.call_id

    def test_it_can_be_stopped_and_run_again_at_once(
        self, store: Store, clock: list[float]
    ) -> None:
        asked = begun(store)
        store.control.put_off(asked.id, clock[0] + 60)
        assert store.control.stop(asked.id) == []
        assert now(store, asked).state is State.STOPPED
        store.control.again(asked.id)
        assert claimed(store).call_id == asked.call_id

    def test_all_reports_of_a_comparison_are_put_off_and_none_holds_up_others(
        self, store: Store, clock: list[float]
    ) -> None:
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        steps = [Step(question(kept, part="notes"))]
        compared = shelf.series.begin_comparison(
            [NewReport(steps, {}) for _ in range(2)], name="c", manuscript_id=kept, details={}
        )
        first, second = shelf.series.reports_of(compared.id)
        store.control.put_off(first.id, clock[0] + 60)
        assert series_of(store, claimed(store).call_id) == second.id
        store.control.put_off(compared.id, clock[0] + 60)
        assert take(store) is None

    def test_its_model_is_not_asked_for_meanwhile(self, store: Store, clock: list[float]) -> None:
        long = report(store)
        assert store.demand("one")
        store.control.put_off(long.id, clock[0] + 60)
        assert store.demand("one") == {}

    def test_it_stands_before_nothing(self, store: Store, clock: list[float]) -> None:
        first, second = begun(store), begun(store)
        store.control.put_off(first.id, clock[0] + 60)
        places = [store.control.queue_position(one.call_id, slots=1) for one in (first, second)]
        assert [(one.ahead, one.put_off) for one in places if one] == [
            (0, clock[0] + 60),
            (0, None),
        ]


class TestOutlooks:
    def test_each_thing_by_what_is_opened(self, store: Store, clock: list[float]) -> None:
        alone, long = begun(store), report(store)
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        columns = shelf.series.begin(
            Kind.COMPARISON,
            [question(kept)] * 2,
            name="c",
            manuscript_id=kept,
            details={"blind": False},
        )
        begun(store, "another")
        claimed(store, ONE)
        store.control.put_off(columns.id, clock[0] + 60)
        found = store.control.outlooks("", slots=1)
        assert set(found) == {alone.call_id, long.id, columns.id}
        assert (found[alone.call_id].place, found[alone.call_id].waits) == (None, False)
        place = found[long.id].place
        assert place is not None
        assert (place.running, place.gives_way, found[long.id].waits) == (1, True, True)
        place = found[columns.id].place
        assert place is not None
        assert place.put_off == clock[0] + 60

    def test_a_report_gives_way_to_its_owners_question_alone(self, store: Store) -> None:
        begun(store, "another")
        long = report(store)
        claimed(store, ONE)
        place = store.control.outlooks("", slots=1)[long.id].place
        assert place is not None
        assert (place.running, place.gives_way) == (1, False)

    def test_the_seconds_of_each_and_of_what_is_before_it(
        self, store: Store, clock: list[float]
    ) -> None:
        begun(store)
        claim = claimed(store, ONE)
        append(store, claim, moments(*WAY))
        change(store, claim, started=clock[0])
        store.calls.end(claim, State.DONE, moments(finished()), at=clock[0] + 50.0)
        first, second = begun(store), begun(store)
        found = store.control.outlooks("", slots=1)
        seconds = [found[one.call_id].seconds for one in (first, second)]
        assert seconds == [pytest.approx(50.0)] * 2
        place = found[second.call_id].place
        assert place is not None
        assert place.seconds == pytest.approx(50.0)
