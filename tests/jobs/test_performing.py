"""What every way of dispatch does with an analysis, from its beginning to each of its ends."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from components.engine import Stage, StageBegan, Text
from components.errors import (
    ConnectionLost,
    ContextExceeded,
    EngineError,
    IllegalTransition,
    ModelNotFound,
    ServerError,
    UnknownAnalysis,
    UnknownManuscript,
)
from components.store import Analysis, State
from tests.doubles.scripted_ollama import Break, Done, Hold, Refuse, Say, Send
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import BEGUN, LOGGERS, SECRET, TEXT, WHOLE, Busy, Deaf, Stub

DISPATCHES = ("embedded", "distributed")


class TestDone:
    def test_an_analysis_runs_to_its_end(self, bench: MakeBench) -> None:
        its = bench(Say("Hm.", thinking=True), Say("Once "), Say("upon "), Say("a time"), Done())
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        outcome = its.outcome(analysis)
        assert (outcome.text, outcome.thoughts, outcome.received) == ("Once upon a time", "Hm.", 4)
        assert outcome.statistics is not None
        assert outcome.statistics.eval_count == 4
        assert outcome.error is None
        assert outcome.earlier == []
        assert its.states(analysis) == WHOLE
        now = its.now(analysis)
        assert (now.state, now.attempt) == (State.DONE, 1)
        assert now.ended is not None

    def test_the_model_reads_the_manuscript_and_the_question(self, bench: MakeBench) -> None:
        its = bench()
        its.wait(its.ask(asked="Who tells it?"))
        _, body = its.server.requests[-1]
        sent = body["messages"][-1]["content"]
        assert TEXT in sent
        assert sent.endswith("Who tells it?")

    def test_every_character_arrives_as_it_was_sent(self, bench: MakeBench) -> None:
        """Byte for byte, however the batches fall."""
        sent = [f"{n} “ж”\t語🐋é{'  ' * (n % 3)}{chr(10) * (n % 4)}" for n in range(400)]
        sent += ["".join(f"x{n}" for n in range(1_200)), "\r\n", " ", "e\u0301", "<b>&amp;</b>"]
        its = bench(*map(Say, sent), Done())
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        assert its.outcome(analysis).text.encode() == "".join(sent).encode()
        assert its.outcome(analysis).received == len(sent)

    def test_an_answer_of_nothing_is_done_too(self, bench: MakeBench) -> None:
        its = bench(Done())
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        assert its.outcome(analysis).text == ""

    def test_a_larger_context_goes_back_to_loading(self, bench: MakeBench) -> None:
        figures = {"type": "exceed_context_size_error", "n_prompt_tokens": 7000, "n_ctx": 6144}
        its = bench(answers=[[Refuse(400, {"error": figures})], [Say("a"), Done()]])
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        assert its.states(analysis) == [*WHOLE[:4], "loading", "reading", "writing", "done"]

    def test_a_reader_goes_on_from_where_it_was(self, bench: MakeBench) -> None:
        its = bench(Say("Once "), Hold(), Say("upon "), Hold(), Say("a time"), Done())
        analysis = its.ask()
        its.wait_text(analysis, "Once ")
        seen = its.store.journal.after(analysis.call_id)
        assert [entry.seq for entry in seen] == list(range(1, len(seen) + 1))
        its.let_go()
        (next_one,) = its.store.journal.after(analysis.call_id, seen[-1].seq, timeout=60)
        assert next_one.seq == seen[-1].seq + 1
        assert next_one.event == Text("upon ")
        its.let_go()
        its.wait(analysis)
        rest = its.store.journal.after(analysis.call_id, next_one.seq)
        assert rest[0].event == Text("a time")
        assert its.store.journal.after(analysis.call_id, rest[-1].seq) == []


class TestStop:
    def test_while_it_waits(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Hold(), Done())
        first = its.ask()
        its.wait(first, State.WRITING)
        second = its.ask()
        its.stop(second)
        assert its.now(second).state is State.STOPPED
        assert its.states(second) == ["queued", "stopped"]
        assert not its.server.closed.is_set()
        its.let_go()
        assert its.wait(first) is State.DONE

    def test_while_it_loads(self, bench: MakeBench) -> None:
        its = bench(loading=[Hold()])
        analysis = its.ask()
        its.wait(analysis, State.LOADING)
        its.asked_to_load()
        its.stop(analysis)
        assert its.wait(analysis) is State.STOPPED
        its.told()
        assert its.states(analysis) == [*WHOLE[:3], "stopping", "stopped"]

    def test_while_it_reads(self, bench: MakeBench) -> None:
        its = bench(Hold(), Done())
        analysis = its.ask()
        its.wait(analysis, State.READING)
        its.answering()
        its.stop(analysis)
        assert its.wait(analysis) is State.STOPPED
        its.told()
        assert its.states(analysis) == [*WHOLE[:4], "stopping", "stopped"]

    def test_while_it_writes_keeps_the_text(self, bench: MakeBench) -> None:
        its = bench(Say("Once "), Say("upon"), Hold(), Done())
        analysis = its.ask()
        its.wait_text(analysis, "Once upon")
        its.stop(analysis)
        assert its.wait(analysis) is State.STOPPED
        its.told()
        outcome = its.outcome(analysis)
        assert outcome.text == "Once upon"
        assert outcome.statistics is None
        assert outcome.error is None
        assert its.states(analysis) == [*WHOLE[:5], "stopping", "stopped"]

    def test_as_soon_as_it_was_asked(self, bench: MakeBench) -> None:
        """Wherever the stop meets it: still queued, just taken, or under way."""
        its = bench(Hold(), Done(), slots=64)
        asked = []
        for _ in range(12):
            asked.append(its.ask())
            its.stop(asked[-1])
        assert {its.wait(one) for one in asked} == {State.STOPPED}
        its.answering(0)
        its.until(lambda: not its.work.worker._running)

    def test_twice_changes_nothing(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Hold(), Done())
        analysis = its.ask()
        its.wait(analysis, State.WRITING)
        for _ in range(3):
            its.stop(analysis)
        assert its.wait(analysis) is State.STOPPED
        its.stop(analysis)
        assert its.states(analysis)[-2:] == ["stopping", "stopped"]
        assert its.states(analysis).count("stopping") == 1

    def test_after_the_end_changes_nothing(self, bench: MakeBench) -> None:
        its = bench()
        analysis = its.ask()
        its.wait(analysis)
        its.stop(analysis)
        assert its.states(analysis) == WHOLE

    def test_the_next_one_runs(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("a"), Hold()], [Say("b"), Done()]])
        first, second = its.ask(), its.ask()
        its.wait(first, State.WRITING)
        its.stop(first)
        assert its.wait(first) is State.STOPPED
        assert its.wait(second) is State.DONE
        assert its.outcome(second).text == "b"

    def test_of_nobodys_or_somebody_elses(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Hold(), Done())
        theirs = its.ask(owner="ada")
        its.wait(theirs, State.WRITING)
        for method in (its.jobs.stop, its.jobs.again):
            for one in ("nothing", theirs.id):
                with pytest.raises(UnknownAnalysis):
                    method(its.shelf, one)
        its.let_go()
        assert its.wait(theirs) is State.DONE


class TestAgain:
    def test_after_it_was_stopped(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("Once"), Hold()], [Say("Twice"), Done()]])
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        its.stop(analysis)
        its.wait(analysis)
        its.jobs.again(its.shelf, analysis.id)
        assert its.wait(analysis, attempt=2) is State.DONE
        outcome = its.outcome(analysis)
        assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
        assert its.now(analysis).attempt == 2

    def test_after_it_failed(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("Once"), Break()], [Say("Twice"), Done()]])
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        its.jobs.again(its.shelf, analysis.id)
        assert its.wait(analysis, attempt=2) is State.DONE
        outcome = its.outcome(analysis)
        assert (outcome.text, outcome.earlier, outcome.error) == ("Twice", ["Once"], None)

    def test_while_it_runs_or_when_it_is_done_changes_nothing(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Hold(), Done())
        analysis = its.ask()
        its.wait(analysis, State.WRITING)
        its.jobs.again(its.shelf, analysis.id)
        its.let_go()
        its.wait(analysis)
        its.jobs.again(its.shelf, analysis.id)
        assert its.states(analysis) == WHOLE


class TestACancellationThatIsSwallowed:
    """As the HTTP client's library does now and then with one that comes while it connects."""

    def swallowing(self, its: Bench, monkeypatch: pytest.MonkeyPatch) -> Analysis:
        monkeypatch.setattr(its.work.hosts, "engine", lambda _: Deaf())
        analysis = its.ask()
        its.wait(analysis, State.WRITING)
        return analysis

    def test_a_stop_stops_all_the_same(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        its = bench()
        analysis = self.swallowing(its, monkeypatch)
        its.stop(analysis)
        assert its.wait(analysis) is State.STOPPED

    def test_what_closes_gives_back_all_the_same(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        its = bench()
        self.swallowing(its, monkeypatch)
        its.work.close()
        assert not its.work.worker._running


class TestTurns:
    def test_one_at_a_time_in_order(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("a"), Hold(), Done()], [Say("b"), Done()], [Say("c"), Done()]])
        asked = [its.ask() for _ in range(3)]
        its.wait(asked[0], State.WRITING)
        assert [its.now(one).state for one in asked[1:]] == [State.QUEUED] * 2
        its.let_go()
        assert [its.wait(one) for one in asked] == [State.DONE] * 3
        assert [its.outcome(one).text for one in asked] == ["a", "b", "c"]

    def test_as_many_as_a_host_has_slots(self, bench: MakeBench) -> None:
        server = Busy([Say("a"), Hold(), Done()])
        its = bench(servers=[server], slots=2)
        asked = [its.ask() for _ in range(6)]
        its.answering(2)
        assert [its.now(one).state for one in asked[2:]] == [State.QUEUED] * 4
        its.let_go(times=6)
        assert [its.wait(one) for one in asked] == [State.DONE] * 6
        assert server.peak == 2

    def test_each_host_has_its_own(self, bench: MakeBench) -> None:
        servers = [Busy([Say("a"), Hold(), Done()]) for _ in range(2)]
        its = bench(servers=servers)
        asked = [its.ask() for _ in range(4)]
        for server in servers:
            its.answering(server=server)
        assert [its.now(one).state.is_running for one in asked] == [True, True, False, False]
        for server in servers:
            its.let_go(server, times=4)
        assert [its.wait(one) for one in asked] == [State.DONE] * 4
        assert [server.peak for server in servers] == [1, 1]

    @pytest.mark.parametrize("slots", [1, 2])
    def test_who_asks_much_keeps_nobody_waiting(self, bench: MakeBench, slots: int) -> None:
        its = bench(Say("a"), Hold(), Done(), slots=slots)
        mine = [its.ask(owner="ada") for _ in range(slots + 2)]
        its.answering(slots)
        theirs = its.ask(owner="bob")
        its.let_go()
        its.until(lambda: sum(its.now(one, "ada").state.has_ended for one in mine) == 1)
        its.answering(slots)
        assert its.now(theirs, "bob").state.is_running
        its.let_go(times=slots + 2)
        assert {its.wait(one) for one in (*mine, theirs)} == {State.DONE}

    def test_a_place_in_the_queue(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Hold(), Done())
        asked = [its.ask() for _ in range(3)]
        its.wait(asked[0], State.WRITING)
        assert its.jobs.queue_position(asked[0]) is None
        places = [its.jobs.queue_position(one) for one in asked[1:]]
        assert [(place.ahead, place.running, place.seconds) for place in places if place] == [
            (0, 1, None),
            (1, 1, None),
        ]
        its.let_go()
        its.wait(asked[0])
        its.wait(asked[1], State.WRITING)
        place = its.jobs.queue_position(asked[2])
        assert place is not None
        assert place.ahead == 0
        assert place.seconds is not None  # One was done: now it is known how long they take.
        its.let_go(times=2)
        for one in asked:
            assert its.wait(one) is State.DONE
        assert its.jobs.queue_position(asked[2]) is None

    def test_a_failure_gives_the_turn_on(self, bench: MakeBench) -> None:
        its = bench(answers=[[Break()], [Say("b"), Done()]])
        first, second = its.ask(), its.ask()
        assert its.wait(first) is State.FAILED
        assert its.wait(second) is State.DONE


TOO_LONG = {"type": "exceed_context_size_error", "n_prompt_tokens": 9999, "n_ctx": 8192}


class TestFailure:
    @pytest.mark.parametrize(
        ("answer", "text", "error"),
        [
            ([Say("a"), Send(b'{"error": "the runner died"}\n')], "a", ServerError),
            ([Say("a"), Break()], "a", ConnectionLost),
            ([Say("a")], "a", ConnectionLost),
            ([Refuse(500, {"error": "no memory"})], "", ServerError),
            ([Refuse(400, {"error": TOO_LONG})], "", ContextExceeded),
        ],
        ids=["said", "broken", "short", "refused", "too long"],
    )
    def test_text_and_error_are_kept(
        self, bench: MakeBench, answer: list[Any], text: str, error: type[Exception]
    ) -> None:
        its = bench(*answer)
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        outcome = its.outcome(analysis)
        assert outcome.text == text
        assert type(outcome.error) is error
        assert its.states(analysis)[-1] == "failed"

    def test_a_model_that_is_gone(self, bench: MakeBench) -> None:
        its = bench()
        analysis = its.ask(model="gone:1b")
        assert its.wait(analysis) is State.FAILED
        assert isinstance(its.outcome(analysis).error, ModelNotFound)

    def test_a_manuscript_that_is_gone(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        its = bench()

        def gone(claim: object) -> None:
            raise UnknownManuscript("It is gone.")

        monkeypatch.setattr(its.work.store, "prompt_inputs", gone)
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        assert isinstance(its.outcome(analysis).error, UnknownManuscript)

    @pytest.mark.parametrize("fault", [RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET)])
    def test_a_fault_of_the_program_says_so_and_no_more(
        self, bench: MakeBench, caplog: pytest.LogCaptureFixture, fault: Exception
    ) -> None:
        stub = Stub(*BEGUN, StageBegan(Stage.WRITING), Text("Once"), fault)
        its = bench(engine=stub)
        for name in LOGGERS:
            caplog.set_level(logging.DEBUG, logger=name)
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        outcome = its.outcome(analysis)
        assert outcome.text == "Once"
        assert type(outcome.error) is EngineError
        assert outcome.error.advice
        assert SECRET not in str(outcome.error) + outcome.error.advice
        assert type(fault).__name__ in caplog.text
        assert SECRET not in caplog.text

    def test_stages_out_of_order_fail_and_close_the_stream(self, bench: MakeBench) -> None:
        stub = Stub(StageBegan(Stage.WRITING), Text("never"))
        its = bench(engine=stub)
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        assert isinstance(its.outcome(analysis).error, IllegalTransition)
        assert its.outcome(analysis).text == ""
        assert stub.closed

    def test_nothing_of_the_manuscript_is_logged(
        self, bench: MakeBench, caplog: pytest.LogCaptureFixture
    ) -> None:
        its = bench(answers=[[Say("a"), Done()], [Say("a"), Break()], [Refuse(500, {})]])
        for name in LOGGERS:
            caplog.set_level(logging.DEBUG, logger=name)
        for _ in range(3):
            its.wait(its.ask())
        assert caplog.records
        assert SECRET not in caplog.text
