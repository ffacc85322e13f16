from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from components.store import Offer, OwnCalls, State, Store
from components.store.queue import placement
from components.store.queue.placement import host_for
from components.store.queue.turns import LastTurn, QueuedCall, fair, in_order, starts_in
from tests.store.making import HOST, WAY, append, begun, claimed, moments, now

DATABASES = ("sqlite", "postgres")


def waiting(*owners: str) -> list[QueuedCall]:
    """One call of each, asked in this order."""
    return [QueuedCall(f"{at}{owner}", owner, "m", float(at)) for at, owner in enumerate(owners)]


def a(model: str, together: str | None = None) -> QueuedCall:
    return QueuedCall("x", "o", model, 1.0, together)


def step(model: str) -> QueuedCall:
    return QueuedCall("x", "o", model, 1.0, is_step=True)


def ids(calls: list[QueuedCall]) -> list[str]:
    return [one.call_id for one in calls]


class TestFair:
    def test_who_asked_first_is_first(self) -> None:
        given = waiting("a", "b", "c")
        assert fair(reversed(given), []) == given

    def test_everybodys_first_is_before_anybodys_second(self) -> None:
        assert ids(fair(waiting("a", "a", "a", "b", "c", "b"), [])) == [
            "0a",
            "3b",
            "4c",
            "1a",
            "5b",
            "2a",
        ]

    def test_what_runs_counts(self) -> None:
        assert ids(fair(waiting("a", "a", "b"), ["a"])) == ["2b", "0a", "1a"]
        assert ids(fair(waiting("a", "b"), ["a", "b"])) == ["0a", "1b"]

    def test_who_asks_a_hundred_times_keeps_nobody_waiting(self) -> None:
        assert ids(fair(waiting(*["a"] * 100, "b"), []))[1] == "100b"

    def test_at_the_same_time_it_is_the_same_order_for_everybody(self) -> None:
        given = [QueuedCall(name, name, "m", 1.0) for name in "cab"]
        assert ids(fair(given, [])) == ids(fair(given[::-1], [])) == ["a", "b", "c"]

    def test_nothing(self) -> None:
        assert fair([], ["a"]) == []

    def test_questions_and_steps_of_one_owner_take_turns(self) -> None:
        steps = [QueuedCall(f"s{at}", "o", "m", float(at), is_step=True) for at in range(4)]
        asked = [QueuedCall(f"q{at}", "o", "m", 10.0 + at) for at in range(2)]
        both = [*steps, *asked]
        after_a_step = ["q0", "s0", "q1", "s1", "s2", "s3"]
        after_a_question = ["s0", "q0", "s1", "q1", "s2", "s3"]
        assert ids(fair(both, [])) == after_a_step
        assert ids(fair(both, ["o"], {"o": LastTurn(1.0, is_step=True)})) == after_a_step
        assert ids(fair(both, ["o"], {"o": LastTurn(1.0, is_step=False)})) == after_a_question

    def test_what_an_owner_put_first_is_next_of_its_kind(self) -> None:
        steps = [QueuedCall(f"s{at}", "o", "m", float(at), is_step=True) for at in range(4)]
        asked = [QueuedCall(f"q{at}", "o", "m", 10.0 + at) for at in range(3)]
        asked[1], asked[2] = replace(asked[1], put_first=20.0), replace(asked[2], put_first=21.0)
        steps[3] = replace(steps[3], put_first=22.0)
        assert ids(fair([*steps, *asked], [])) == ["q2", "s3", "q1", "s0", "q0", "s1", "s2"]

    def test_what_is_put_first_takes_no_turn_of_another_owner(self) -> None:
        mine = [QueuedCall(f"{at}", "a", "m", float(at)) for at in range(3)]
        mine[2] = replace(mine[2], put_first=9.0)
        theirs = [QueuedCall(f"t{at}", "b", "m", 5.0 + at) for at in range(2)]
        last = {"a": LastTurn(1.0, is_step=True)}  # B has waited longest for a turn.
        assert ids(fair([*mine, *theirs], [], last)) == ["t0", "2", "t1", "0", "1"]
        assert ids(fair([*mine, *theirs], ["a"], last)) == ["t0", "t1", "2", "0", "1"]

    def test_a_report_takes_no_turn_of_another_owner(self) -> None:
        steps = [QueuedCall(f"s{at}", "a", "m", float(at), is_step=True) for at in range(3)]
        asked = [QueuedCall("mine", "a", "m", 8.0), QueuedCall("theirs", "b", "m", 9.0)]
        assert ids(fair([*steps, *asked], [])) == ["mine", "theirs", "s0", "s1", "s2"]


class TestPlace:
    one, two = Offer("one", 2, frozenset({"a"})), Offer("two", 4, frozenset({"b", "c:latest"}))
    both = (one, two)

    def test_the_host_that_has_the_model(self) -> None:
        assert host_for(a("a"), self.both, Counter()) is self.one
        assert host_for(a("b"), self.both, Counter()) is self.two

    def test_the_model_by_its_short_name(self) -> None:
        assert host_for(a("c"), self.both, Counter()) is self.two

    def test_a_model_that_nobody_is_known_to_have_goes_anywhere(self) -> None:
        assert host_for(a("d"), self.both, Counter()) is self.one
        assert host_for(a("d"), self.both, Counter(one=1)) is self.two

    def test_a_host_of_which_nothing_is_known_may_have_it(self) -> None:
        unknown = Offer("three", 1)
        assert host_for(a("d"), (*self.both, unknown), Counter()) is unknown

    def test_the_host_with_most_room(self) -> None:
        one, two = Offer("one", 2), Offer("two", 4)
        assert host_for(a("a"), (one, two), Counter(one=1, two=1)) is two
        assert host_for(a("a"), (one, two), Counter(one=0, two=1)) is one
        assert host_for(a("a"), (one, two), Counter(one=1, two=3)) is one

    def test_none_while_all_that_have_it_are_full(self) -> None:
        assert host_for(a("a"), self.both, Counter(one=2)) is None
        assert host_for(a("a"), self.both, Counter(one=3)) is None
        assert host_for(a("b"), self.both, Counter(one=2)) is self.two

    def test_what_runs_together_takes_one_place_of_the_same_host(self) -> None:
        full = Counter(one=2, two=4)
        assert host_for(a("a", "t"), self.both, full, {"t": "one"}) is self.one
        assert host_for(a("a", "t"), self.both, full, {"u": "one"}) is None
        assert host_for(a("a"), self.both, full, {"t": "one"}) is None

    def test_what_runs_together_goes_to_no_host_without_its_model(self) -> None:
        assert host_for(a("b", "t"), self.both, Counter(one=2, two=4), {"t": "one"}) is None
        assert host_for(a("b", "t"), self.both, Counter(one=2), {"t": "one"}) is self.two

    def test_none_without_slots_or_hosts(self) -> None:
        assert host_for(a("a"), [Offer("one", 0)], Counter()) is None
        assert host_for(a("a"), [], Counter()) is None

    def test_a_step_waits_for_the_host_that_has_its_model_and_is_away(self) -> None:
        away = Offer("one", 0, frozenset({"a"}))
        assert host_for(step("a"), (away, self.two), Counter()) is None
        assert host_for(a("a"), (away, self.two), Counter()) is self.two
        both = Offer("both", 1, frozenset({"a"}))
        assert host_for(step("a"), (away, both), Counter()) is both
        assert host_for(step("a"), (away, both), Counter(), read={"p": "one"}) is both
        assert host_for(step("z"), (away, self.two), Counter()) is self.two


class TestStartsIn:
    @pytest.mark.parametrize(
        ("ahead", "running", "slots", "seconds"),
        [
            ([], [], 1, 0.0),
            ([], [7.0], 1, 7.0),
            ([], [7.0], 2, 0.0),
            ([5.0], [], 1, 5.0),
            ([5.0], [7.0], 1, 12.0),
            ([5.0, 3.0], [7.0], 1, 15.0),
            ([5.0], [7.0, 1.0], 2, 6.0),
            ([5.0, 9.0], [7.0, 1.0], 2, 7.0),
            ([1.0] * 10, [], 2, 5.0),
        ],
    )
    def test_the_next_takes_what_is_free_first(
        self, ahead: list[float], running: list[float], slots: int, seconds: float
    ) -> None:
        assert starts_in(ahead, running, slots) == seconds


def test_what_waits_is_queued_and_nothing_else(store: Store) -> None:
    first, second = begun(store, "a", model="x"), begun(store, "b", model="y")
    with store._database.read() as connection:
        found = {one.call_id: (one.owner, one.model) for one in in_order(connection, [])}
        assert found == {first.call_id: ("a", "x"), second.call_id: ("b", "y")}
    claimed(store)
    with store._database.read() as connection:
        assert [one.call_id for one in in_order(connection, [])] == [second.call_id]


ONE = Offer("one", 1)


class TestOwnCalls:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """The time, in seconds since 1970; it goes on when it is changed."""
        at = [time.time() + 1]
        monkeypatch.setattr(placement, "time", SimpleNamespace(time=lambda: at[0]))
        return at

    def test_another_that_comes_first_is_left_the_server(
        self, store: Store, clock: list[float]
    ) -> None:
        others, mine = begun(store), begun(store)
        own = OwnCalls()
        own.add([mine.call_id])
        assert store.calls.claim("shell", [ONE], own=own) is None
        page = store.calls.claim("page", [ONE])
        assert page is not None
        assert page.call_id == others.call_id
        assert store.calls.claim("shell", [ONE], own=own) is None
        store.calls.end(page, State.DONE, moments(*WAY), at=9.0)
        taken = store.calls.claim("shell", [ONE], own=own)
        assert taken is not None
        assert taken.call_id == mine.call_id

    def test_where_there_is_room_for_both_it_takes_its_own(self, store: Store) -> None:
        begun(store)
        own = OwnCalls()
        own.add([begun(store).call_id, begun(store).call_id])
        two = Offer("one", 2)
        assert store.calls.claim("shell", [two], own=own) is not None
        assert store.calls.claim("shell", [two], own=own) is None

    def test_what_nobody_takes_up_is_passed_over_after_a_while(
        self, store: Store, clock: list[float]
    ) -> None:
        begun(store)
        own = OwnCalls()
        own.add([begun(store).call_id for _ in range(3)])
        assert store.calls.claim("shell", [ONE], own=own) is None
        clock[0] += placement.GIVE_WAY_SECONDS
        for _ in range(2):
            claim = store.calls.claim("shell", [ONE], own=own)
            assert claim is not None
            store.calls.end(claim, State.DONE, moments(*WAY), at=9.0)
        clock[0] += 100.0  # A page may have been opened meanwhile.
        assert store.calls.claim("shell", [ONE], own=own) is None

    def test_what_is_performed_is_given_way_to_again(self, clock: list[float]) -> None:
        own, other = OwnCalls(), QueuedCall("x", "o", "m", 1.0, series_id="report")
        assert own.gives_way(other)
        clock[0] += placement.GIVE_WAY_SECONDS
        assert not own.gives_way(other)
        own.see([QueuedCall("y", "o", "m", 0.0, series_id="report", host="one")])
        assert own.gives_way(other)

    def test_what_was_asked_meanwhile_is_given_way_to(self, clock: list[float]) -> None:
        own = OwnCalls()
        assert own.gives_way(QueuedCall("x", "o", "m", 1.0, series_id="chat"))
        clock[0] += placement.GIVE_WAY_SECONDS
        assert own.gives_way(QueuedCall("y", "o", "m", clock[0] - 1, series_id="chat"))


def test_a_look_writes_nothing_where_no_host_has_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = OwnCalls()
    begun(store)
    claimed(store, ONE)
    begun(store)

    def write(**_: object) -> None:
        raise AssertionError("a look writes")

    monkeypatch.setattr(store._database, "write", write)
    assert store.calls.claim("worker", [ONE]) is None
    assert store.calls.claim("worker", [Offer("two", 0)]) is None
    assert store.calls.claim("shell", [HOST], own=own) is None


def test_every_change_of_the_queue_is_news_to_other_processes(
    sqlite: Store,
) -> None:
    assert sqlite.path is not None
    other = Store(sqlite.path)
    seen = [other.calls.queue_mark()]

    def is_news() -> bool:
        seen.append(other.calls.queue_mark())
        return seen[-1] != seen[-2]

    analysis = begun(sqlite)
    assert is_news()
    claim = claimed(sqlite)
    assert is_news()
    append(sqlite, claim, moments(*WAY))
    assert not is_news()  # Its text is nobody's turn.
    sqlite.calls.end(claim, State.FAILED, [], at=9.0)
    assert is_news()
    sqlite.control.again(analysis.id)
    assert is_news()
    sqlite.control.stop(analysis.id)
    assert is_news()
    assert now(sqlite, analysis).state is State.STOPPED
    assert not is_news()
    other.close()
