"""Comparisons whose columns are reports: begun whole, run in turn, kept and gone together."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from components.engine import Finished, Statistics, Text
from components.errors import ModelRepeated, UnknownAnalysis, UnknownManuscript
from components.store import Claim, Kind, NewReport, Offer, Series, State, Step, Store
from components.store.queue.turns import QueuedCall, in_turn
from components.store.tables import analysis, call, need, series
from tests.store.making import (
    HOST,
    WAY,
    WHALE,
    change,
    claimed,
    moments,
    question,
    say,
    spoil_entry,
)

MODELS = ("albatross:1b", "barnacle:1b", "cormorant:1b")


def steps(kept: str, model: str, *, count: int = 3, key: str = "") -> list[Step]:
    """A chain of calls, each of which needs the one before."""
    return [
        Step(
            question(kept, model=model, part="findings", prompt=f"{model} {number}"),
            needs=(number - 1,) if number else (),
            key=f"{key}{number}" if key else "",
        )
        for number in range(count)
    ]


def begun(store: Store, *, blind: bool = False, key: str = "", count: int = 3) -> Series:
    shelf = store.shelf()
    kept = shelf.manuscripts.keep(WHALE)
    return shelf.series.begin_comparison(
        [
            NewReport(steps(kept, one, key=key and one + key, count=count), {"n": one})
            for one in MODELS
        ],
        name="Three readers",
        manuscript_id=kept,
        details={"blind": blind},
    )


def done(store: Store, claim: Claim, text: str = "Noted.") -> None:
    say(store, claim, *WAY, Text(text))
    store.calls.end(claim, State.DONE, [], at=9.0)


def failed(store: Store, claim: Claim) -> None:
    say(store, claim, *WAY[:1])
    store.calls.end(claim, State.FAILED, [], at=9.0)


def rows(store: Store, table: sa.Table) -> int:
    with store._database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_it_is_begun_with_all_of_its_reports(store: Store) -> None:
    comparison = begun(store)
    reports = store.shelf().series.reports_of(comparison.id)
    assert comparison.kind is Kind.COMPARISON
    assert comparison.details["reports"] == [one.id for one in reports]
    assert [one.details["n"] for one in reports] == list(MODELS)
    assert {one.kind for one in reports} == {Kind.REPORT}
    assert {one.comparison for one in reports} == {comparison.id}
    assert [one.position for one in reports] == [0, 1, 2]
    assert [len(store.shelf().reports.steps(one.id)) for one in reports] == [3, 3, 3]


def test_its_calls_are_those_of_all_its_reports(store: Store) -> None:
    shelf, comparison = store.shelf(), begun(store, count=2)
    first, *_ = shelf.series.reports_of(comparison.id)
    assert comparison.is_of_books
    assert not first.is_of_books
    done(store, claimed(store))
    assert shelf.calls_of(first) == {State.DONE: 1, State.QUEUED: 1}
    assert shelf.calls_of(comparison) == {State.DONE: 1, State.QUEUED: 5}


def test_nobody_elses_is_found_by_its_address(store: Store) -> None:
    comparison = begun(store)
    report = store.shelf().series.reports_of(comparison.id)[0]
    analysis = store.shelf().analyses.in_series(report.id)[0]
    for shelf in (store.shelf("anna"), store.shelf("ben")):
        assert shelf.series.reports_of(comparison.id) == []
        assert shelf.series.all(Kind.REPORT) == []
        assert shelf.reports.steps(report.id) == []
        assert shelf.analyses.in_series(report.id) == []
        for missing in (comparison.id, report.id):
            with pytest.raises(UnknownAnalysis):
                shelf.series.get(missing)
        with pytest.raises(UnknownAnalysis):
            shelf.analyses.get(analysis.id)


def test_it_is_begun_whole_or_not_at_all(store: Store) -> None:
    shelf = store.shelf()
    kept = shelf.manuscripts.keep(WHALE)
    wrong = steps("nowhere", MODELS[1])
    with pytest.raises(UnknownManuscript):
        shelf.series.begin_comparison(
            [NewReport(steps(kept, MODELS[0]), {}), NewReport(wrong, {})],
            name="c",
            manuscript_id=kept,
            details={},
        )
    assert [rows(store, one) for one in (series, analysis, call, need)] == [0, 0, 0, 0]


def test_each_report_runs_to_its_end_before_the_next(store: Store) -> None:
    begun(store)
    order = []
    while (claim := store.calls.claim("worker", [HOST])) is not None:
        order.append(claim.question.model)
        done(store, claim)
    assert order == [one for one in MODELS for _ in range(3)]


def test_no_other_model_is_asked_while_a_place_is_free_beside_a_running_step(store: Store) -> None:
    begun(store)
    first = claimed(store)
    # What it needs next waits for it; the next report must not take its place.
    assert store.calls.claim("worker", [HOST, Offer("http://two:11434", 9)]) is None
    done(store, first)
    assert claimed(store).question.model == MODELS[0]


def test_a_report_that_failed_holds_nobody_up(store: Store) -> None:
    begun(store)
    failed(store, claimed(store))
    assert claimed(store).question.model == MODELS[1]


def test_other_work_goes_on_beside_it(store: Store) -> None:
    begun(store)
    claimed(store)
    shelf = store.shelf()
    kept = shelf.manuscripts.keep(WHALE)
    shelf.analyses.begin(question(kept, model="other:1b"))
    assert claimed(store).question.model == "other:1b"


def test_a_turn_is_waited_for_within_one_comparison_only() -> None:
    calls = [
        QueuedCall("a", "o", "m", 1.0, comparison="x", turn=1),
        QueuedCall("b", "o", "m", 1.0, comparison="y", turn=1),
        QueuedCall("c", "o", "m", 1.0),
    ]
    running = [QueuedCall("d", "o", "m", 0.0, comparison="x"), QueuedCall("e", "o", "m", 0.0)]
    assert [one.call_id for one in in_turn(calls, running)] == ["b", "c"]
    assert in_turn(calls) == calls


def test_stop_and_again_are_for_all_of_it(store: Store) -> None:
    comparison = begun(store)
    first = claimed(store)
    told = store.control.stop(comparison.id)
    assert [one for one, _ in told] == [first.call_id]
    store.calls.end(first, State.STOPPED, [], at=9.0)
    ids = [one.id for one in store.shelf().series.reports_of(comparison.id)]
    counts = store.shelf().reports.counts(ids)
    assert [dict(counts[one]) for one in ids] == [{State.STOPPED: 3}] * 3
    assert store.calls.claim("worker", [HOST]) is None
    assert store.control.again(comparison.id)
    order = []
    while (claim := store.calls.claim("worker", [HOST])) is not None:
        order.append(claim.question.model)
        done(store, claim)
    assert order == [one for one in MODELS for _ in range(3)]


def test_it_is_renamed_deleted_and_restored_with_its_reports(store: Store) -> None:
    comparison = begun(store)
    shelf = store.shelf()
    shelf.series.rename(comparison.id, "Another name")
    assert {one.name for one in shelf.series.all(Kind.REPORT)} == {"Another name"}
    shelf.series.delete(comparison.id)
    assert shelf.series.all(Kind.REPORT) == []
    assert shelf.series.reports_of(comparison.id) == []
    with pytest.raises(UnknownAnalysis):
        shelf.series.get(comparison.id)
    assert shelf.reports.search("Another") == {}
    shelf.series.restore(comparison.id)
    assert len(shelf.series.reports_of(comparison.id)) == 3
    assert [len(shelf.analyses.in_series(one.id)) for one in shelf.series.all(Kind.REPORT)] == [
        3
    ] * 3


def test_it_is_purged_with_its_reports(store: Store) -> None:
    comparison = begun(store)
    store.control.stop(comparison.id)
    store.shelf().series.delete(comparison.id)
    store.purge(before=2e9 * 2)
    assert [rows(store, one) for one in (series, analysis, call, need)] == [0, 0, 0, 0]


def test_a_purge_waits_for_a_report_that_still_runs(store: Store) -> None:
    comparison = begun(store)
    claim = claimed(store)
    store.control.stop(comparison.id)
    store.shelf().series.delete(comparison.id)
    store.purge(before=2e9 * 2)
    assert rows(store, series) == 2  # the report of which a step runs, and its comparison
    assert rows(store, call) == 3
    store.calls.end(claim, State.STOPPED, [], at=9.0)
    store.purge(before=2e9 * 2)
    assert [rows(store, one) for one in (series, analysis, call, need)] == [0, 0, 0, 0]


class TestBlind:
    def lists(self, store: Store) -> tuple[int, list[str], list[str]]:
        shelf = store.shelf()
        return (
            len(shelf.series.all(Kind.REPORT)),
            shelf.reports.active(),
            [*shelf.reports.search("Noted")],
        )

    def test_it_is_listed_as_itself_and_its_reports_once_it_was_judged(self, store: Store) -> None:
        comparison = begun(store, blind=True)
        done(store, claimed(store))
        assert self.lists(store) == (0, [comparison.id], [comparison.id])
        assert len(store.shelf().series.reports_of(comparison.id)) == 3
        store.shelf().series.judge(comparison.id, {"best": None, "choice": "tie"})
        assert self.lists(store) == (3, [comparison.id], [comparison.id])

    def test_an_open_one_hides_nothing(self, store: Store) -> None:
        comparison = begun(store)
        done(store, claimed(store))
        assert self.lists(store) == (3, [comparison.id], [comparison.id])

    def test_what_only_names_the_word_is_not_blind(self, store: Store) -> None:
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        planned = [NewReport(steps(kept, one), {}) for one in MODELS[:2]]
        said: dict[str, Any] = {"blind": False, "about": '"blind": true'}
        shelf.series.begin_comparison(planned, name="c", manuscript_id=kept, details=said)
        assert len(shelf.series.all(Kind.REPORT)) == 2


class TestAnswered:
    def test_it_names_what_would_serve_again(self, store: Store) -> None:
        begun(store, key="k")
        answered = store.shelf().reports.answered
        asked = steps("", MODELS[0], key=f"{MODELS[0]}k")
        assert answered(asked) == set()
        done(store, claimed(store))
        done(store, claimed(store))
        assert answered(asked) == {0, 1}
        assert answered(asked[2:]) == answered(steps("", MODELS[0])) == set()
        assert answered([]) == set()
        assert store.shelf("somebody").reports.answered(asked) == set()

    def test_it_is_what_a_new_report_is_given(self, store: Store) -> None:
        begun(store, key="k")
        done(store, claimed(store))
        again = begun(store, key="k")
        copied = [
            one.is_copied
            for report in store.shelf().series.reports_of(again.id)
            for one in store.shelf().reports.steps(report.id)
        ]
        found = [store.shelf().reports.answered(steps("", one, key=f"{one}k")) for one in MODELS]
        assert sum(copied) == sum(map(len, found)) == 1


class TestWritingSpeeds:
    """How fast each model wrote in comparisons: of all kinds of columns, in one look."""

    def asked(self, store: Store) -> list[str]:
        """One comparison of analyses and one of reports, whose calls wait."""
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        questions = [question(kept, model=model) for model in MODELS]
        passage = shelf.series.begin(
            Kind.COMPARISON, questions, name="Of a passage", manuscript_id=kept
        )
        return [passage.id, begun(store).id]

    def written(self, store: Store, *, state: State = State.DONE) -> None:
        """Answer all that waits, each model at its own speed."""
        while (claim := store.calls.claim("worker", [HOST])) is not None:
            model = claim.question.model
            figures = Statistics(
                model, 2048, "stop", eval_count=10 * (MODELS.index(model) + 1), eval_duration=10**9
            )
            say(store, claim, *WAY, Text("Noted."))
            ends = [Finished(figures)]
            if state is State.FAILED:
                store.calls.refuse(claim, ModelRepeated("Again."), moments(*ends), at=9.0)
            else:
                store.calls.end(claim, state, moments(*ends), at=9.0)

    @pytest.mark.parametrize("state", [State.DONE, State.FAILED])
    def test_they_are_of_every_column(self, store: Store, state: State) -> None:
        ids = self.asked(store)
        assert store.shelf().analyses.writing_speeds(ids) == {}
        self.written(store, state=state)
        expected = {model: 10.0 * number for number, model in enumerate(MODELS, 1)}
        for some in (ids, ids[:1], ids[1:]):
            found = store.shelf().analyses.writing_speeds(some)
            # A report whose first step failed goes no further, and its figures are there.
            assert found == expected
        assert store.shelf().analyses.writing_speeds([]) == {}
        assert store.shelf("somebody").analyses.writing_speeds(ids) == {}

    def test_the_last_answers_count_and_copies_do_not(self, store: Store) -> None:
        ids = self.asked(store)
        self.written(store)
        shelf = store.shelf()
        for number, one in enumerate(shelf.analyses.in_each(ids)[ids[0]]):
            change(store, one, ended=100.0 + number)
        spoil_entry(store, shelf.analyses.in_each(ids)[ids[0]][0], 7, body="{")
        change(store, shelf.analyses.in_each(ids)[ids[0]][1], copied="another")
        assert shelf.analyses.writing_speeds(ids[:1]) == {MODELS[2]: 30.0}
        assert shelf.analyses.writing_speeds(ids, of=1).keys() == {*MODELS[1:]}
