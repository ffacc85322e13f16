from __future__ import annotations

import threading
import time

import pytest

from components.engine import Text
from components.errors import StoreError
from components.store import Claim, JournalEntry, State, StateChanged, Store, journal
from tests.store.conftest import OpenStore
from tests.store.making import (
    LONG,
    WAY,
    append,
    begun,
    begun_and_claimed,
    happened,
    say,
    texts,
    together,
    until_waiting,
)

DATABASES = ("sqlite", "postgres")


def writing(store: Store) -> Claim:
    _, claim = begun_and_claimed(store)
    say(store, claim, *WAY)
    return claim


def waiters(store: Store) -> int:
    return len(store.journal._waiters)


def test_entries_count_from_one_and_are_what_was_written(store: Store) -> None:
    analysis, claim = begun_and_claimed(store)
    say(store, claim, State.LOADING)
    append(store, claim, [])
    entries = store.journal.after(analysis.call_id)
    assert [(one.seq, one.attempt) for one in entries] == [(1, 0), (2, 1), (3, 1)]
    assert entries[2] == JournalEntry(3, 1.0, 1, StateChanged(State.LOADING))


def test_after_gives_what_came_after(store: Store) -> None:
    claim = writing(store)
    entries = store.journal.after(claim.call_id)
    assert store.journal.after(claim.call_id, 2) == entries[2:]
    assert store.journal.after(claim.call_id, len(entries)) == []
    assert store.journal.after(claim.call_id, 99) == []
    assert store.journal.after("nothing") == []


def test_each_call_has_its_own(store: Store) -> None:
    first = writing(store)
    second = writing(store)
    say(store, first, Text("one"))
    say(store, second, Text("two"))
    assert texts(happened(store, first)) == "one"
    assert texts(happened(store, second)) == "two"


def test_waiting_for_nothing_ends(store: Store) -> None:
    claim = writing(store)
    for seq in (99, 0):
        call_id = claim.call_id if seq else "nothing"
        assert store.journal.after(call_id, seq, timeout=0.01) == []
    assert waiters(store) == 0


@pytest.mark.parametrize("seq", [0, 1])
def test_what_is_there_is_not_waited_for(store: Store, seq: int) -> None:
    claim = writing(store)
    began = time.monotonic()
    assert len(store.journal.after(claim.call_id, seq, timeout=LONG)) == 5 - seq
    assert time.monotonic() - began < LONG


def test_an_entry_wakes_all_who_wait_for_it_in_any_process(
    store: Store, reopened: OpenStore
) -> None:
    claim, other = writing(store), reopened()
    stores = [store, store, store, other, other]

    def release() -> None:
        until_waiting(store, 3)
        until_waiting(other, 2)
        say(store, claim, Text("a"))

    *found, _ = together(
        *[lambda one=one: one.journal.after(claim.call_id, 5, timeout=LONG) for one in stores],
        release,
    )
    assert found == [[JournalEntry(6, 1.0, 1, Text("a"))]] * 5
    assert waiters(store) == waiters(other) == 0


def test_what_this_process_writes_is_read_without_a_poll(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by one who was busy when it was written, and asks for it then."""
    monkeypatch.setattr(store.journal, "_poll", 3 * LONG)
    claim = writing(store)
    seq = 5
    for letter in "ab":
        found, _ = together(
            lambda seq=seq: store.journal.after(claim.call_id, seq, timeout=LONG),
            lambda letter=letter: (
                until_waiting(store, 1),
                say(store, claim, Text(letter)),
            ),
        )
        assert texts([one.event for one in found]) == letter
        say(store, claim, Text("-"))
        found = store.journal.after(claim.call_id, seq + 1, timeout=LONG)
        assert texts([one.event for one in found]) == "-"
        seq += 2


def test_one_who_waits_for_the_beginning(store: Store) -> None:
    claim = writing(store)
    found, _ = together(
        lambda: store.journal.after(claim.call_id, 5, timeout=LONG),
        lambda: (until_waiting(store, 1), say(store, claim, Text("a"))),
    )
    assert texts([one.event for one in found]) == "a"


def test_an_entry_does_not_wake_those_who_wait_for_another(store: Store) -> None:
    first = writing(store)
    second = writing(store)

    def release() -> None:
        until_waiting(store, 2)
        say(store, second, Text("b"))
        store.journal.after(second.call_id, 5)
        say(store, first, Text("a"))

    one, two, _ = together(
        lambda: store.journal.after(first.call_id, 5, timeout=LONG),
        lambda: store.journal.after(second.call_id, 5, timeout=LONG),
        release,
    )
    assert (texts([entry.event for entry in one]), texts([entry.event for entry in two])) == (
        "a",
        "b",
    )


def test_the_thread_that_looks_ends_when_nobody_waits_and_comes_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_IDLE", 0.0)
    claim = writing(store)
    for _ in range(2):
        assert store.journal.after(claim.call_id, 99, timeout=0.01) == []
        for thread in threading.enumerate():
            if thread.name == "first-reader-watch":
                thread.join(LONG)
        assert not store.journal._looking
    say(store, claim, Text("a"))
    assert store.journal.after(claim.call_id, 5, timeout=LONG)


def test_closing_lets_go_of_all_who_wait(store: Store) -> None:
    claim = writing(store)
    found, _ = together(
        lambda: store.journal.after(claim.call_id, 5, timeout=LONG),
        lambda: (until_waiting(store, 1), store.journal.close()),
    )
    assert found == []


def test_where_the_store_fails_who_waits_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = writing(store)

    def fails() -> None:
        raise StoreError("It broke.")

    def release() -> None:
        until_waiting(store, 1)
        monkeypatch.setattr(store._database, "read", fails)
        monkeypatch.setattr(store.journal, "_look_with", lambda _: fails())
        monkeypatch.setattr(journal, "entries_after", lambda *_: fails())
        say(store, claim, Text("a"))  # There is something to read.

    found, _ = together(lambda: store.journal.after(claim.call_id, 5, timeout=LONG), release)
    assert isinstance(found, StoreError)


def test_writers_and_readers_in_many_threads_lose_and_double_nothing(
    store: Store, reopened: OpenStore
) -> None:
    claims, each = [writing(store) for _ in range(3)], 40

    def write(claim: Claim) -> None:
        for number in range(each):
            say(store, claim, Text(f"{number} "))

    def follow(one: Store, claim: Claim) -> str:
        seq, mine = 5, ""
        while seq < 5 + each:
            entries = one.journal.after(claim.call_id, seq, timeout=LONG)
            assert [entry.seq for entry in entries] == list(range(seq + 1, entries[-1].seq + 1))
            mine += texts([entry.event for entry in entries])
            seq = entries[-1].seq
        return mine

    other = reopened()
    read = together(
        *[lambda c=claim, s=one: follow(s, c) for claim in claims for one in (store, other)],
        *[lambda c=claim: write(c) for claim in claims],
    )
    assert read[:6] == ["".join(f"{number} " for number in range(each))] * 6


def test_the_outcome_of_nothing(store: Store) -> None:
    outcome = store.journal.outcome(begun(store).call_id)
    assert (outcome.state, outcome.text, outcome.attempt) == (State.QUEUED, "", 0)
