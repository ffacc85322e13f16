"""One row that cannot be read: it is said, it is set aside, and the others are not hurt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from components.engine import Text
from components.errors import IllegalTransition, RecordUnreadable, StoreDamaged
from components.store import (
    Claim,
    Failed,
    State,
    StateChanged,
    Store,
    journal,
    transactions,
)
from components.store.queue import calls
from tests.store.making import (
    LONG,
    WAY,
    begun,
    begun_and_claimed,
    claimed,
    does,
    nobody,
    now,
    question,
    say,
    silent,
    spoil_entry,
    spoil_question,
    states,
    step,
    steps_of,
    take,
    texts,
    together,
    until_waiting,
)

#: What is no text, for a column of texts.
NO_TEXT = sa.text("CAST(x'7b80ff' AS TEXT)")


class TestQuestion:
    def test_its_call_fails_and_the_next_is_taken(self, store: Store) -> None:
        bad, good = begun(store), begun(store)
        spoil_question(store, bad)
        assert claimed(store).call_id == good.call_id
        assert states(store, bad) == [State.QUEUED, State.FAILED]
        error = store.journal.outcome(bad.call_id).error
        assert isinstance(error, RecordUnreadable)
        assert error.advice
        assert take(store) is None

    def test_one_that_is_asked_again_fails_again(self, store: Store) -> None:
        bad = begun(store)
        spoil_question(store, bad)
        for _ in range(2):
            assert take(store) is None
            assert now(store, bad).state is State.FAILED
            assert store.control.again(bad.id)

    def test_lists_go_on_past_it(self, store: Store) -> None:
        bad, good = begun(store), begun(store)
        spoil_question(store, bad)
        shelf = store.shelf()
        assert {one.id for one in shelf.analyses.all()} == {bad.id, good.id}
        assert now(store, good).question == question(good.question.manuscript_id)
        assert "cannot be read" in now(store, bad).question.lens

    def test_what_needs_its_answer_fails_in_words_too(self, store: Store) -> None:
        report = steps_of(store, step(), step(needs=(0,)))
        does(store, "a")
        claim = claimed(store)
        spoil_question(store, store.shelf().analyses.in_series(report.id)[0])
        with pytest.raises(RecordUnreadable):
            store.prompt_inputs(claim)


class TestBytes:
    """SQLite keeps whatever bytes a damaged disk makes of a text."""

    def test_the_queue_goes_on(self, sqlite: Store) -> None:
        bad, good = begun(sqlite), begun(sqlite)
        spoil_question(sqlite, bad, NO_TEXT)
        assert claimed(sqlite).call_id == good.call_id
        assert isinstance(sqlite.journal.outcome(bad.call_id).error, RecordUnreadable)

    def test_a_record_is_said_to_be_damaged_and_others_are_read(self, sqlite: Store) -> None:
        bad, good = written(sqlite), written(sqlite)
        spoil_entry(sqlite, bad, 6, body=NO_TEXT)
        with pytest.raises(StoreDamaged):
            sqlite.journal.after(bad.call_id)
        found, _ = together(
            lambda: sqlite.journal.after_each({good.call_id: 7}, timeout=LONG),
            lambda: (until_waiting(sqlite, 1), say(sqlite, good, Text("c"))),
        )
        assert texts([one.event for one in found[good.call_id]]) == "c"


class TestFigures:
    """Ollama's figures of an answer that could serve again."""

    def test_an_answer_whose_figures_cannot_be_read_serves_nobody(self, store: Store) -> None:
        asked = step(key="k", least=1)
        first, _ = steps_of(store, asked), steps_of(store, asked)
        claim = does(store, "a")
        spoil_entry(store, claim, 7)
        assert claimed(store).call_id != claim.call_id
        (one,) = store.shelf().reports.steps(first.id)
        assert (one.answer, one.statistics) == ("a", None)


class TestEntry:
    @pytest.mark.parametrize(
        "values",
        [
            {"kind": "finished", "body": "{"},
            {"kind": "finished", "body": '{"tempo": 1}'},
            {"kind": "context", "body": "[]"},
            {"kind": "failed", "body": "{}"},
            {"kind": "of another version", "body": "?"},
        ],
    )
    def test_another_stands_for_it(self, store: Store, values: dict[str, str]) -> None:
        claim = written(store)
        spoil_entry(store, claim, 6, **values)
        entries = store.journal.after(claim.call_id)
        assert [one.seq for one in entries] == list(range(1, 8))
        standing = entries[5].event
        assert isinstance(standing, Failed)
        assert isinstance(standing.error, RecordUnreadable)
        assert store.journal.outcome(claim.call_id).text == "b"

    def test_the_last_state_is_known_all_the_same(self, store: Store) -> None:
        """Who waits for the end of a call must not wait for ever."""
        claim = written(store)
        store.calls.end(claim, State.DONE, [], at=9.0)
        spoil_entry(store, claim, 8, body="finis")
        spoil_entry(store, claim, 3, body="warming up")
        entries = store.journal.after(claim.call_id)
        assert entries[-1].event == StateChanged(State.DONE)
        assert isinstance(entries[2].event, Failed)

    def test_a_page_that_waits_gets_it_and_the_others_theirs(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad, good = written(store), written(store)

        def release() -> None:
            until_waiting(store, 2)
            with monkeypatch.context() as changed:
                changed.setattr(transactions, "pack", lambda _: ("finished", "{", 0))
                say(store, bad, Text("c"))
            say(store, good, Text("c"))

        of_bad, of_good, _ = together(
            lambda: store.journal.after(bad.call_id, 7, timeout=LONG),
            lambda: store.journal.after(good.call_id, 7, timeout=LONG),
            release,
        )
        assert isinstance(of_bad[0].event, Failed)
        assert texts([one.event for one in of_good]) == "c"


def test_the_thread_that_looks_goes_on_after_anything(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    claim = written(store)
    whole = journal.Journal._look_with
    left = [ValueError("text of a manuscript"), ValueError("text of a manuscript")]

    def fails(watch: journal.Journal, connection: sa.Connection) -> bool:
        if left:
            raise left.pop()
        return whole(watch, connection)

    monkeypatch.setattr(journal.Journal, "_look_with", fails)
    say(store, claim, Text("c"))
    assert store.journal.after(claim.call_id, 7, timeout=LONG)
    found, _ = together(
        lambda: store.journal.after(claim.call_id, 8, timeout=LONG),
        lambda: (until_waiting(store, 1), say(store, claim, Text("d"))),
    )
    assert texts([one.event for one in found]) == "d"
    assert not left
    assert "ValueError" in caplog.text
    assert "manuscript" not in caplog.text


def test_one_call_that_cannot_be_read_tells_only_who_waits_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = written(store), written(store)
    whole = journal.entries_after

    def fails(connection: sa.Connection, call_id: str, seq: int) -> list[object]:
        if call_id == bad.call_id:
            raise ValueError
        return list(whole(connection, call_id, seq))

    monkeypatch.setattr(journal, "entries_after", fails)

    def release() -> None:
        until_waiting(store, 2)
        say(store, bad, Text("c"))
        say(store, good, Text("c"))

    of_bad, of_good, _ = together(
        lambda: store.journal._wait({bad.call_id: 7}, LONG),
        lambda: store.journal._wait({good.call_id: 7}, LONG),
        release,
    )
    assert of_bad is None
    assert texts([one.event for one in of_good[good.call_id]]) == "c"


def test_a_call_that_cannot_be_taken_back_keeps_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun(store)
    begun(store)
    claims = [claimed(store), claimed(store)]
    silent(store, *claims)
    whole: Callable[..., None] = calls.finish
    refused: list[str] = []

    def finish(connection: Any, row: Any, *given: Any, **more: Any) -> None:
        if not refused:
            refused.append(row.id)
            raise IllegalTransition("It cannot.")
        whole(connection, row, *given, **more)

    monkeypatch.setattr(calls, "finish", finish)
    with caplog.at_level(logging.ERROR):
        assert store.calls.recover(nobody, at=9.0) == 1
    assert "It cannot." in caplog.text


def written(store: Store) -> Claim:
    """A call of seven entries, of which the last two are what it wrote."""
    _, claim = begun_and_claimed(store)
    say(store, claim, *WAY)
    say(store, claim, Text("a"))
    say(store, claim, Text("b"))
    return claim
