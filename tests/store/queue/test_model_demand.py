"""What the store says is asked of a server, in whatever process."""

from __future__ import annotations

from components.engine import Demand, Options
from components.store import Failed, Kind, Offer, State, Step, Store
from tests.store.making import (
    HOST,
    WAY,
    WHALE,
    does,
    failure,
    moments,
    question,
    step,
    steps_of,
    take,
)

MODEL = "scripted:1b"
SMALL = Options(num_ctx=4096)


def asked(store: Store, **changes: object) -> None:
    shelf = store.shelf()
    shelf.analyses.begin(question(shelf.manuscripts.keep(WHALE), **changes))


def test_nothing_is_asked_of_an_empty_store(store: Store) -> None:
    assert store.demand(HOST.url) == {}


def test_what_waits_is_asked_of_every_server_and_what_runs_of_one(store: Store) -> None:
    asked(store)
    asked(store, model="other:7b")
    assert store.demand("http://any:1") == {MODEL: Demand(1), "other:7b": Demand(1)}
    claim = take(store)
    assert claim is not None
    assert claim.question.model == MODEL
    assert store.demand("http://any:1") == {"other:7b": Demand(1)}
    assert store.demand(HOST.url) == {MODEL: Demand(1), "other:7b": Demand(1)}
    store.calls.end(claim, State.DONE, moments(*WAY), at=9.0)
    assert store.demand(HOST.url) == {"other:7b": Demand(1)}


def test_the_steps_of_a_report_are_asked_until_the_last_is_done(store: Store) -> None:
    steps_of(store, step(), step(needs=(0,)), step(needs=(1,)))
    for left in (3, 2, 1):
        assert store.demand(HOST.url) == {MODEL: Demand(left)}
        does(store, "said")
    assert store.demand(HOST.url) == {}


def test_what_waits_for_a_step_that_failed_is_not_asked_until_that_is_run_again(
    store: Store,
) -> None:
    report = steps_of(store, step(), step(needs=(0,)), step(needs=(1,)))
    claim = take(store)
    assert claim is not None
    store.calls.end(claim, State.FAILED, moments(State.LOADING, Failed(failure())), at=9.0)
    assert store.demand(HOST.url) == {}
    store.control.again(report.id)
    assert store.demand(HOST.url) == {MODEL: Demand(3)}


def test_the_largest_context_is_said(store: Store) -> None:
    asked(store, options=SMALL)
    asked(store)
    kept = store.shelf().manuscripts.keep(WHALE)
    large = question(kept, options=Options(num_ctx=16_384))
    steps_of(store, step(), step())
    assert store.demand(HOST.url) == {MODEL: Demand(4, 4096)}
    store.shelf().series.begin(
        Kind.REPORT, [Step(large)], name="r", manuscript_id=large.manuscript_id, details={}
    )
    assert store.demand(HOST.url) == {MODEL: Demand(5, 16_384)}


def test_another_server_takes_what_waits(store: Store) -> None:
    asked(store)
    assert take(store, Offer("http://two:1", 1)) is not None
    assert store.demand(HOST.url) == {}
    assert store.demand("http://two:1") == {MODEL: Demand(1)}
