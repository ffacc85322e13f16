from __future__ import annotations

import threading
import time

from components.engine import Text
from components.store import Journal

#: Longer than any test takes; only a fault waits so long.
LONG = 30.0


def test_entries_count_from_one_and_time_does_not_go_back() -> None:
    journal = Journal()
    entries = [journal.append(Text(letter)) for letter in "abc"]
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert journal.after(0) == entries


def test_after_gives_what_came_after() -> None:
    journal = Journal()
    entries = [journal.append(Text(letter)) for letter in "abc"]
    assert journal.after(1) == entries[1:]
    assert journal.after(3) == []
    assert journal.after(99) == []


def test_what_was_given_does_not_grow() -> None:
    journal = Journal()
    given = journal.after(0)
    journal.append(Text("a"))
    assert given == []


def test_waiting_for_nothing_ends() -> None:
    assert Journal().after(0, timeout=0.01) == []


def test_what_is_there_is_not_waited_for() -> None:
    journal = Journal()
    journal.append(Text("a"))
    began = time.monotonic()
    assert journal.after(0, timeout=LONG)
    assert time.monotonic() - began < LONG


def test_an_entry_wakes_all_who_wait() -> None:
    journal = Journal()
    found = []

    def wait() -> None:
        found.append(journal.after(0, timeout=10 * LONG))

    waiting = [threading.Thread(target=wait, daemon=True) for _ in range(5)]
    for thread in waiting:
        thread.start()
    while len(journal._grown._waiters) < len(waiting):  # type: ignore[attr-defined]
        time.sleep(0.001)  # Nothing tells that a thread waits.
    entry = journal.append(Text("a"))
    for thread in waiting:
        thread.join(LONG)
    assert found == [[entry]] * 5


def test_writers_and_readers_in_many_threads_lose_and_double_nothing() -> None:
    journal = Journal()
    writers, each = 4, 250
    read: list[list[str]] = []

    def write(name: int) -> None:
        for number in range(each):
            journal.append(Text(f"{name}:{number}"))

    def follow() -> None:
        seq, mine = 0, []
        while seq < writers * each:
            entries = journal.after(seq, timeout=LONG)
            assert entries
            assert [entry.seq for entry in entries] == list(range(seq + 1, entries[-1].seq + 1))
            mine += [entry.event.text for entry in entries if isinstance(entry.event, Text)]
            seq = entries[-1].seq
        read.append(mine)

    threads = [threading.Thread(target=follow) for _ in range(3)]
    threads += [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(read) == 3
    assert read[0] == read[1] == read[2]
    for name in range(writers):
        mine = [text for text in read[0] if text.startswith(f"{name}:")]
        assert mine == [f"{name}:{number}" for number in range(each)]
