"""Calls that wait for others' answers, share a passage, and serve again."""

from __future__ import annotations

import sqlalchemy as sa

from components.engine import Text
from components.errors import AnswerRefused
from components.store import Kind, Offer, State, Store
from components.store.tables import call
from tests.store.making import (
    HOST,
    OTHER,
    WAY,
    begun_and_claimed,
    does,
    failure,
    finished,
    moments,
    question,
    step,
    steps_of,
    take,
)

DATABASES = ("sqlite", "postgres")


class TestNeeds:
    def test_a_step_waits_for_the_answers_that_it_needs(self, store: Store) -> None:
        report = steps_of(store, step(scope="one"), step(scope="two"), step(needs=(1, 0)))
        first = take(store)
        second = take(store)
        assert first is not None
        assert second is not None
        assert take(store) is None
        for claim, said in ((first, "a"), (second, "b")):
            store.calls.end(claim, State.DONE, moments(*WAY, Text(said)), at=9.0)
        third = take(store)
        assert third is not None
        notes = store.prompt_inputs(third).notes
        assert [(one.question.scope, one.text) for one in notes] == [("two", "b"), ("one", "a")]
        assert [one.needs for one in store.shelf().reports.steps(report.id)] == [(), (), (1, 0)]

    def test_they_come_in_the_order_of_the_plan(self, store: Store) -> None:
        steps_of(store, *(step(prompt=f"{number}") for number in range(9)))
        taken = [does(store, "x").question.prompt for _ in range(9)]
        assert taken == [f"{number}" for number in range(9)]

    def test_one_that_failed_holds_up_what_needs_it_until_it_is_run_again(
        self, store: Store
    ) -> None:
        report = steps_of(store, step(), step(needs=(0,)))
        claim = take(store)
        assert claim is not None
        store.calls.end(claim, State.FAILED, moments(*WAY), at=9.0)
        assert take(store) is None
        assert store.shelf().reports.active() == []
        assert not store.control.waiting()
        store.control.again(report.id)
        assert store.shelf().reports.active() == [report.id]
        does(store, "a")
        does(store, "b")
        assert store.shelf().reports.active() == []

    def test_stopped_and_gone_on_with_it_keeps_its_order_and_what_is_done(
        self, store: Store
    ) -> None:
        report = steps_of(store, *(step(prompt=f"{number}") for number in range(6)))
        does(store, "x")
        running = take(store)
        assert running is not None
        told = store.control.stop(report.id)
        assert [call_id for call_id, _ in told] == [running.call_id]
        store.calls.end(running, State.STOPPED, [], at=9.0)
        reports = store.shelf().reports
        assert reports.counts([report.id])[report.id] == {State.DONE: 1, State.STOPPED: 5}
        store.control.again(report.id)
        assert [does(store, "y").question.prompt for _ in range(5)] == list("12345")
        assert take(store) is None
        assert [one.answer for one in reports.steps(report.id)] == ["x", *"yyyyy"]

    def test_steps_are_in_no_list_of_analyses(self, store: Store) -> None:
        report = steps_of(store, step(), step())
        analyses = store.shelf().analyses
        assert analyses.all() == analyses.active() == analyses.of(report.manuscript_id) == []
        assert len(analyses.in_series(report.id)) == 2
        assert store.shelf("somebody else").reports.steps(report.id) == []
        assert [one.id for one in store.shelf().series.all(Kind.REPORT)] == [report.id]

    def test_deleted_for_good_nothing_is_left(self, store: Store) -> None:
        report = steps_of(store, step(), step(needs=(0,)))
        does(store, "x")
        store.shelf().series.delete(report.id)
        assert store.purge(before=1e12) > 0
        assert store.shelf().reports.steps(report.id) == []


class TestPassages:
    def test_a_passage_stays_with_the_host_that_has_read_it(self, store: Store) -> None:
        steps_of(store, *(step(prompt=f"{n}", passage=f"{n % 2}") for n in range(6)))
        first, second = take(store, HOST), take(store, OTHER)
        assert first is not None
        assert second is not None
        for claim in (first, second):
            store.calls.end(claim, State.DONE, moments(*WAY, Text("x")), at=9.0)
        both = [HOST, OTHER]
        hosts = {}
        for _ in range(4):
            claim = does(store, "y", *both)
            hosts[claim.question.prompt] = claim.host
        assert hosts == {"2": HOST.url, "4": HOST.url, "3": OTHER.url, "5": OTHER.url}

    def test_it_waits_for_that_host_while_it_is_full(self, store: Store) -> None:
        one, two = Offer("http://one:11434", 1), Offer("http://two:11434", 1)
        steps_of(store, step(passage="a"), step(passage="a"))
        assert take(store, one, two) is not None
        assert take(store, one, two) is None

    def test_where_that_host_is_gone_another_reads_it(self, store: Store) -> None:
        steps_of(store, step(passage="a"), step(passage="a"))
        does(store, "x", HOST)
        claim = take(store, OTHER, Offer("http://three:11434", 1))
        assert claim is not None


class TestCopies:
    def test_what_was_answered_before_is_there_at_once(self, store: Store) -> None:
        steps_of(store, step(key="k"), step(key="l", needs=(0,)))
        does(store, "Once")
        does(store, "upon")
        again = steps_of(store, step(key="k"), step(key="l", needs=(0,)), step(key="new"))
        steps = store.shelf().reports.steps(again.id)
        assert [(one.answer, one.is_copied) for one in steps[:2]] == [
            ("Once", True),
            ("upon", True),
        ]
        assert steps[0].statistics is not None
        assert steps[0].statistics.prompt_eval_count == 7
        assert steps[0].host == HOST.url
        outcome = store.journal.outcome(steps[0].call_id)
        assert (outcome.text, outcome.state) == ("Once", State.DONE)
        claim = take(store)
        assert claim is not None
        assert claim.call_id == steps[2].call_id

    def test_nobody_elses_and_nothing_deleted_serves(self, store: Store) -> None:
        first = steps_of(store, step(key="k"))
        does(store, "Once")
        other = steps_of(store, step(key="k"), owner="somebody else")
        assert store.shelf("somebody else").reports.steps(other.id)[0].state is State.QUEUED
        does(store, "Twice")
        store.shelf().series.delete(first.id)
        again = steps_of(store, step(key="k"))
        assert store.shelf().reports.steps(again.id)[0].state is State.QUEUED

    def test_what_is_to_be_asked_anew_is(self, store: Store) -> None:
        steps_of(store, step(key="k"))
        does(store, "Once")
        again = steps_of(store, step(key="k", is_anew=True))
        assert store.shelf().reports.steps(again.id)[0].state is State.QUEUED
        does(store, "Twice")
        third = steps_of(store, step(key="k"))
        (now,) = store.shelf().reports.steps(third.id)
        assert (now.answer, now.is_copied) == ("Twice", True)


class TestHosts:
    """Every host that was sent a step is known, for the confidentiality sheet."""

    def test_one_that_died_is_kept_with_the_one_that_answered(self, store: Store) -> None:
        first = steps_of(store, step(key="k"))
        assert [one.hosts for one in store.shelf().reports.steps(first.id)] == [()]
        claim = take(store)
        assert claim is not None
        store.calls.give_back(claim, [], at=5.0, moved=True)
        does(store, "Once", OTHER)
        again = steps_of(store, step(key="k"))
        for report in (first, again):
            (one,) = store.shelf().reports.steps(report.id)
            assert (one.hosts, one.host) == ((HOST.url, OTHER.url), OTHER.url)

    def test_of_what_an_earlier_version_began_they_are_not_known(self, store: Store) -> None:
        report = steps_of(store, step())
        claim = take(store)
        assert claim is not None
        store.calls.give_back(claim, [], at=5.0)
        with store._database.write() as connection:
            connection.execute(sa.update(call).values(hosts=None))
        does(store, "Once", OTHER)
        (one,) = store.shelf().reports.steps(report.id)
        assert (one.hosts, one.host) == (None, OTHER.url)


class TestRefused:
    def test_an_answer_that_is_no_use_is_asked_for_again_with_the_reason(
        self, store: Store
    ) -> None:
        report = steps_of(store, step(retries=1))
        claim = take(store)
        assert claim is not None
        error = AnswerRefused("It is no JSON.")
        told = [*WAY, Text("nonsense")]
        assert store.calls.refuse(claim, error, moments(*told), at=9.0) is State.QUEUED
        reports, again = store.shelf().reports, None
        for state in (State.QUEUED, State.CONTACTING):
            (now,) = reports.steps(report.id)
            # What was refused is the earlier attempt's, in the journal alone.
            assert (now.refused, now.state, now.error, now.answer) == (1, state, None, "")
            assert reports.search("nonsense") == {}
            again = again or take(store)
        assert again is not None
        refused = store.prompt_inputs(again).refused
        assert refused is not None
        assert (refused.answer, str(refused.error)) == ("nonsense", "It is no JSON.")
        assert store.calls.refuse(again, error, moments(*told), at=9.0) is State.FAILED
        (now,) = store.shelf().reports.steps(report.id)
        assert (now.state, now.answer, str(now.error)) == (
            State.FAILED,
            "nonsense",
            "It is no JSON.",
        )

    def test_what_was_the_servers_fault_is_not_told_to_the_model(self, store: Store) -> None:
        report = steps_of(store, step(retries=2))
        for error in (AnswerRefused("It is no JSON."), failure()):
            claim = take(store)
            assert claim is not None
            told = moments(*WAY, Text("nonsense"))
            assert store.calls.refuse(claim, error, told, at=9.0) is State.QUEUED
        claim = take(store)
        assert claim is not None
        assert store.prompt_inputs(claim).refused is None
        assert store.shelf().reports.steps(report.id)[0].refused == 2

    def test_stopped_while_it_waits_it_shows_what_was_written(self, store: Store) -> None:
        report = steps_of(store, step(retries=1))
        claim = take(store)
        assert claim is not None
        store.calls.give_back(claim, moments(*WAY, Text("Once")), at=9.0)
        store.control.stop(report.id)
        (now,) = store.shelf().reports.steps(report.id)
        assert (now.state, now.answer) == (State.STOPPED, "Once")
        store.control.again(report.id)
        assert store.shelf().reports.steps(report.id)[0].answer == ""

    def test_one_that_is_stopping_has_stopped(self, store: Store) -> None:
        report = steps_of(store, step(retries=1))
        claim = take(store)
        assert claim is not None
        store.control.stop(report.id)
        error = AnswerRefused("It is no JSON.")
        assert store.calls.refuse(claim, error, [], at=9.0) is State.STOPPED


def test_what_its_owner_asks_meanwhile_comes_before_the_next_step(store: Store) -> None:
    report = steps_of(store, *(step(prompt=f"{number}") for number in range(3)))
    does(store, "x")
    asked = store.shelf().analyses.begin(question(report.manuscript_id, prompt="Who?"))
    claim = take(store)
    assert claim is not None
    assert claim.call_id == asked.call_id


def test_all_on_a_manuscript_is_stopped(store: Store) -> None:
    report = steps_of(store, step(), step())
    other = steps_of(store, step(), owner="somebody else")
    running = take(store)
    assert running is not None
    told = store.control.stop(report.manuscript_id)
    assert [call_id for call_id, _ in told] == [running.call_id]
    states = {one.state for one in store.shelf().reports.steps(report.id)}
    assert states == {State.STOPPING, State.STOPPED}
    (theirs,) = store.shelf("somebody else").reports.steps(other.id)
    assert theirs.state is State.QUEUED


def test_reports_are_searched_by_name_and_by_answer(store: Store) -> None:
    report = steps_of(store, step(), step())
    does(store, "An albatross flew by.")
    search = store.shelf().reports.search
    assert search("ALBATROSS") == {report.id: "An albatross flew by."}
    assert list(search(report.name)) == [report.id]
    assert search("nowhere") == {}
    does(store, '{"Event": [{"number": 1, "statement": "A gull came “home”."}]}')
    assert search("gull") == search("“home”") == {report.id: "A gull came “home”."}
    assert search("statement") == {}
    assert store.shelf("somebody else").reports.search("albatross") == {}
    assert store.shelf().analyses.search("albatross") == []


def test_a_search_shows_the_words_of_an_answer_in_json(store: Store) -> None:
    one, claim = begun_and_claimed(store)
    answer = Text('{"statements": [{"statement": "A gull came home."}]}')
    store.calls.end(claim, State.DONE, moments(*WAY, answer, finished()), at=9.0)
    ((found, around),) = store.shelf().analyses.search("gull")
    assert (found.id, around) == (one.id, "A gull came home.")


def test_speeds_are_those_of_calls_that_read(store: Store) -> None:
    """Of many calls on one passage the server's cache has the text, but for the first."""
    digest = question().digest
    assert store.shelf().reports.speeds(digest) is None
    passages = ["p"] * 30 + ["q"] * 20
    steps_of(store, *(step(passage=one, prompt=str(at)) for at, one in enumerate(passages)))
    for at in range(len(passages)):
        claim = take(store)
        assert claim is not None
        end = finished(
            prompt_eval_count=1000,
            prompt_eval_duration=10_000_000_000 if at in (0, 30) else 1_000_000,
            eval_count=50,
        )
        store.calls.end(claim, State.DONE, moments(*WAY, Text("x"), end), at=9.0)
    assert store.shelf().reports.speeds(digest) == (100.0, 50.0)
    assert store.shelf().reports.speeds("f" * 64) is None


def test_speeds_of_single_analyses_are_those_of_the_first_on_a_manuscript(store: Store) -> None:
    """A second question to a manuscript finds it in the server's cache."""
    for at in range(4):
        one, claim = begun_and_claimed(store, prompt=str(at))
        end = finished(
            prompt_eval_count=1000,
            prompt_eval_duration=1_000_000 if at else 10_000_000_000,
            eval_count=50,
        )
        store.calls.end(claim, State.DONE, moments(*WAY, Text("x"), end), at=9.0)
    assert store.shelf().reports.speeds(one.question.digest) == (100.0, 50.0)
