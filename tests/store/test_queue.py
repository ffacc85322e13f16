from __future__ import annotations

from collections import Counter

import pytest

from components.store import Offer, Store
from components.store.placing import place
from components.store.queue import Waiting, fair, queued, starts_in
from tests.store.making import begun, claimed


def waiting(*owners: str) -> list[Waiting]:
    """One call of each, asked in this order."""
    return [Waiting(f"{at}{owner}", owner, "m", float(at)) for at, owner in enumerate(owners)]


def a(model: str, together: str | None = None) -> Waiting:
    return Waiting("x", "o", model, 1.0, together)


def step(model: str) -> Waiting:
    return Waiting("x", "o", model, 1.0, is_step=True)


def ids(calls: list[Waiting]) -> list[str]:
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
        given = [Waiting(name, name, "m", 1.0) for name in "cab"]
        assert ids(fair(given, [])) == ids(fair(given[::-1], [])) == ["a", "b", "c"]

    def test_nothing(self) -> None:
        assert fair([], ["a"]) == []


class TestPlace:
    one, two = Offer("one", 2, frozenset({"a"})), Offer("two", 4, frozenset({"b", "c:latest"}))
    both = (one, two)

    def test_the_host_that_has_the_model(self) -> None:
        assert place(a("a"), self.both, Counter()) is self.one
        assert place(a("b"), self.both, Counter()) is self.two

    def test_the_model_by_its_short_name(self) -> None:
        assert place(a("c"), self.both, Counter()) is self.two

    def test_a_model_that_nobody_is_known_to_have_goes_anywhere(self) -> None:
        assert place(a("d"), self.both, Counter()) is self.one
        assert place(a("d"), self.both, Counter(one=1)) is self.two

    def test_a_host_of_which_nothing_is_known_may_have_it(self) -> None:
        unknown = Offer("three", 1)
        assert place(a("d"), (*self.both, unknown), Counter()) is unknown

    def test_the_host_with_most_room(self) -> None:
        one, two = Offer("one", 2), Offer("two", 4)
        assert place(a("a"), (one, two), Counter(one=1, two=1)) is two
        assert place(a("a"), (one, two), Counter(one=0, two=1)) is one
        assert place(a("a"), (one, two), Counter(one=1, two=3)) is one

    def test_none_while_all_that_have_it_are_full(self) -> None:
        assert place(a("a"), self.both, Counter(one=2)) is None
        assert place(a("a"), self.both, Counter(one=3)) is None
        assert place(a("b"), self.both, Counter(one=2)) is self.two

    def test_what_runs_together_takes_one_place_of_the_same_host(self) -> None:
        full = Counter(one=2, two=4)
        assert place(a("a", "t"), self.both, full, {"t": "one"}) is self.one
        assert place(a("a", "t"), self.both, full, {"u": "one"}) is None
        assert place(a("a"), self.both, full, {"t": "one"}) is None

    def test_what_runs_together_goes_to_no_host_without_its_model(self) -> None:
        assert place(a("b", "t"), self.both, Counter(one=2, two=4), {"t": "one"}) is None
        assert place(a("b", "t"), self.both, Counter(one=2), {"t": "one"}) is self.two

    def test_none_without_slots_or_hosts(self) -> None:
        assert place(a("a"), [Offer("one", 0)], Counter()) is None
        assert place(a("a"), [], Counter()) is None

    def test_a_step_waits_for_the_host_that_has_its_model_and_is_away(self) -> None:
        away = Offer("one", 0, frozenset({"a"}))
        assert place(step("a"), (away, self.two), Counter()) is None
        assert place(a("a"), (away, self.two), Counter()) is self.two
        both = Offer("both", 1, frozenset({"a"}))
        assert place(step("a"), (away, both), Counter()) is both
        assert place(step("a"), (away, both), Counter(), read={"p": "one"}) is both
        assert place(step("z"), (away, self.two), Counter()) is self.two


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
        found = {one.call_id: (one.owner, one.model) for one in queued(connection)}
        assert found == {first.call_id: ("a", "x"), second.call_id: ("b", "y")}
        assert len(queued(connection, limit=1)) == 1
    claimed(store)
    with store._database.read() as connection:
        assert [one.call_id for one in queued(connection)] == [second.call_id]
