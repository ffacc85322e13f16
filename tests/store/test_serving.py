"""Answers that serve again: when a step is about to be asked, and when an answer is no good."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from components.engine import Text
from components.errors import UnknownAnalysis
from components.store import Claim, Kind, NewReport, Series, State, Step, StepStatus, Store
from components.store.migrations.versions import m0006_serving
from components.store.tables import call
from tests.store.making import (
    HOST,
    OTHER,
    WAY,
    WHALE,
    does,
    happened,
    moments,
    question,
    step,
    steps_of,
    take,
)

DATABASES = ("sqlite", "postgres")


def now(store: Store, report: Series) -> list[StepStatus]:
    return store.shelf().reports.steps(report.id)


def taken(store: Store) -> Claim:
    claim = take(store)
    assert claim is not None
    return claim


def answered(store: Store, report: Series) -> list[tuple[str, bool]]:
    return [(one.answer, one.is_copied) for one in now(store, report)]


class TestMeanwhile:
    """Two readings of the same book, the second begun while the first runs."""

    def test_what_the_first_has_answered_is_not_asked_again(self, store: Store) -> None:
        asked = [step(key="k"), step(key="l", needs=(0,)), step(key="m")]
        first, second = steps_of(store, *asked), steps_of(store, *asked)
        for said in "abc":
            does(store, said)
        assert take(store) is None
        assert answered(store, first) == [("a", False), ("b", False), ("c", False)]
        assert answered(store, second) == [("a", True), ("b", True), ("c", True)]
        assert {one.state for one in now(store, second)} == {State.DONE}
        assert store.shelf().reports.active() == []
        call_id = now(store, second)[0].call_id
        outcome = store.journal.outcome(call_id)
        assert (outcome.text, outcome.state) == ("a", State.DONE)
        # Where the call says that its last entry is: who follows it goes by that.
        with store._database.read() as connection:
            last = connection.scalar(sa.select(call.c.last_seq).where(call.c.id == call_id))
        assert [entry.seq for entry in store.journal.after(call_id)] == [*range(1, last + 1)]

    def test_what_comes_after_is_taken_at_once(self, store: Store) -> None:
        steps_of(store, step(key="k"))
        second = steps_of(store, step(key="k"), step(needs=(0,), prompt="Next"))
        does(store, "a")
        claim = taken(store)
        assert claim.question.prompt == "Next"
        assert [one.text for one in store.prompt_inputs(claim).notes] == ["a"]
        assert answered(store, second)[0] == ("a", True)

    def test_what_runs_already_is_not_waited_for(self, store: Store) -> None:
        steps_of(store, step(key="k"))
        steps_of(store, step(key="k"))
        assert taken(store).call_id != taken(store).call_id

    def test_what_is_asked_anew_takes_no_answer_that_came_meanwhile(self, store: Store) -> None:
        steps_of(store, step(key="k"))
        second = steps_of(store, step(key="k", is_anew=True))
        does(store, "a")
        does(store, "b")
        assert answered(store, second) == [("b", False)]

    def test_nobody_elses(self, store: Store) -> None:
        steps_of(store, step(key="k"))
        steps_of(store, step(key="k"), owner="somebody else")
        does(store, "a")
        assert taken(store).owner == "somebody else"

    def test_what_is_made_from_answers_is_asked_where_one_of_them_is_its_own(
        self, store: Store
    ) -> None:
        asked = [step(key="k"), step(key="l", needs=(0,))]
        first, second = steps_of(store, *asked), steps_of(store, *asked)
        notes = [taken(store), taken(store)]
        for said, claim in zip("ab", notes, strict=True):
            store.calls.end(claim, State.DONE, moments(*WAY, Text(said)), at=9.0)
        does(store, "c")
        does(store, "d")
        assert answered(store, first) == [("a", False), ("c", False)]
        assert answered(store, second) == [("b", False), ("d", False)]

    def test_one_that_was_asked_before_keeps_what_it_wrote_and_all_hosts(
        self, store: Store
    ) -> None:
        second = steps_of(store, step(key="k"))
        claim = taken(store)
        store.calls.give_back(claim, moments(*WAY, Text("half")), at=5.0, moved=True)
        store.control.stop(second.id)
        steps_of(store, step(key="k"))
        does(store, "a", OTHER)
        store.control.again(second.id)
        assert take(store) is None
        (one,) = now(store, second)
        assert (one.answer, one.attempt, one.hosts) == ("a", 2, (HOST.url, OTHER.url))
        outcome = store.journal.outcome(one.call_id)
        assert (outcome.text, outcome.earlier, outcome.state) == ("a", ["half"], State.DONE)
        seqs = [entry.seq for entry in store.journal.after(one.call_id)]
        assert seqs == list(range(1, len(seqs) + 1))

    def test_columns_of_a_comparison_are_asked_each_for_itself(self, store: Store) -> None:
        """Two of the same model show how far its answers differ."""
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        asked = [Step(question(kept, part="notes"), key="k")]
        shelf.series.begin_comparison(
            [NewReport(asked, {})] * 2, name="c", manuscript_id=kept, details={}
        )
        does(store, "a")
        does(store, "b")
        assert take(store) is None


class TestAnswerOf:
    """A comparison of an answer that is there with one that is asked."""

    def test_it_has_the_answer_at_once_and_the_other_is_asked(self, store: Store) -> None:
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        analysis = shelf.analyses.begin(question(kept))
        does(store, "a")
        steps = [Step(question(kept), answer_of=analysis.call_id), Step(question(kept, model="n"))]
        begun = shelf.series.begin(Kind.COMPARISON, steps, name="c", manuscript_id=kept)
        first, second = shelf.analyses.in_series(begun.id)
        assert (first.state, second.state) == (State.DONE, State.QUEUED)
        outcome, before = (store.journal.outcome(one.call_id) for one in (first, analysis))
        assert (outcome.text, outcome.statistics) == ("a", before.statistics)
        assert taken(store).question.model == "n"
        shelf.analyses.delete(analysis.id)
        assert store.journal.outcome(first.call_id).text == "a"

    @pytest.mark.parametrize("owner", ["", "other"])
    def test_what_is_not_done_or_somebody_elses_begins_nothing(
        self, store: Store, owner: str
    ) -> None:
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(WHALE)
        analysis = store.shelf(owner).analyses.begin(
            question(store.shelf(owner).manuscripts.keep(WHALE))
        )
        if owner:
            does(store, "a")
        with pytest.raises(UnknownAnalysis):
            shelf.series.begin(
                Kind.COMPARISON,
                [Step(question(kept), answer_of=analysis.call_id)],
                name="c",
                manuscript_id=kept,
            )
        assert shelf.series.all(Kind.COMPARISON) == []


class TestShort:
    """`does` has the server say that it read 7 tokens."""

    @pytest.mark.parametrize(("least", "serves"), [(0, True), (7, True), (8, False)])
    def test_what_was_read_short_serves_nobody(
        self, store: Store, least: int, serves: bool
    ) -> None:
        asked = step(key="k", least=least)
        steps_of(store, asked)
        waiting = steps_of(store, asked)
        does(store, "a")
        assert store.shelf().reports.answered([asked]) == ({0} if serves else set())
        later = steps_of(store, asked)
        assert answered(store, later) == [("a", True) if serves else ("", False)]
        claim = take(store)
        assert (claim is None) is serves
        assert answered(store, waiting) == [("a", True) if serves else ("", False)]

    def test_nor_does_what_was_made_from_it(self, store: Store) -> None:
        asked = [step(key="k"), step(key="l", needs=(0,)), step(key="m", needs=(0,), passage="1")]
        steps_of(store, *asked)
        for said in "abc":
            does(store, said)
        held = [replace(asked[0], least=8), *asked[1:]]
        # What reads text of its own does not hang on what was told before it.
        assert store.shelf().reports.answered(held) == {2}
        assert [one.is_copied for one in now(store, steps_of(store, *held))] == [False, False, True]


class TestAnew:
    def test_what_is_done_is_asked_again_and_its_text_is_an_earlier_attempts(
        self, store: Store
    ) -> None:
        steps_of(store, step(key="k"))
        report = steps_of(store, step(key="k"), step(), step(needs=(0, 1)))
        for said in "abc":
            does(store, said)
        assert take(store) is None
        notes, _, made = now(store, report)
        assert (notes.answer, notes.is_copied, made.answer) == ("a", True, "c")
        assert store.control.anew([notes.analysis_id, made.analysis_id])
        waits, kept, behind = now(store, report)
        assert (waits.state, waits.answer, waits.statistics) == (State.QUEUED, "", None)
        assert (behind.state, kept.answer, waits.is_copied) == (State.QUEUED, "b", False)
        does(store, "new")  # Though the other reading has an answer to the same.
        does(store, "made of it")
        assert [one.answer for one in now(store, report)] == ["new", "b", "made of it"]
        outcome = store.journal.outcome(made.call_id)
        assert (outcome.text, outcome.earlier) == ("made of it", ["c"])
        assert outcome.attempt == 2

    def test_not_while_what_was_made_from_it_is_written(self, store: Store) -> None:
        report = steps_of(store, step(), step(needs=(0,)))
        does(store, "a")
        claim = taken(store)
        both = [one.analysis_id for one in now(store, report)]
        assert not store.control.anew(both)
        assert now(store, report)[0].state is State.DONE
        store.calls.end(claim, State.DONE, moments(*WAY, Text("b")), at=9.0)
        assert store.control.anew(both)

    def test_going_on_asks_nothing_that_is_done(self, store: Store) -> None:
        report = steps_of(store, step())
        claim = does(store, "a")
        assert not store.control.again(report.id)
        assert not store.control.again(claim.analysis_id)
        assert happened(store, claim)[-1].state is State.DONE  # type: ignore[union-attr]


def test_of_what_an_earlier_version_left_waiting_it_is_not_known_and_it_is_asked(
    store: Store,
) -> None:
    """It may have been asked for anew: the migration says so of all that is not done."""
    steps_of(store, step(key="k"))
    waiting = steps_of(store, step(key="k"))
    does(store, "a")
    with store._database.write() as connection:
        connection.execute(sa.text(m0006_serving.ASKED))
    does(store, "b")
    assert answered(store, waiting) == [("b", False)]
