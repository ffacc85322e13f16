from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Callable

import pytest

from components.engine import BackgroundLoop, Call, Event, Stage, StageBegan, Text
from components.engine.scripted import Break, Done, Refuse, Say, Send, Wait
from components.errors import (
    ConnectionLost,
    EngineError,
    IllegalTransition,
    ModelNotFound,
    OllamaUnavailable,
    ServerError,
    UnknownAnalysis,
)
from components.jobs import Runner
from components.store import Shelf, State
from tests.jobs.conftest import Bench, states, wait_for
from tests.store.making import SECRET, question

MakeBench = Callable[..., Bench]

WHOLE = ["queued", "contacting", "loading", "reading", "writing", "done"]


class TestDone:
    def test_an_analysis_runs_to_its_end(self, bench: MakeBench) -> None:
        its = bench(Say("Once "), Say("upon "), Say("a time"), Done())
        record = its.runner.submit(question())
        assert wait_for(record) is State.DONE
        outcome = record.outcome()
        assert outcome.text == "Once upon a time"
        assert outcome.statistics is not None
        assert outcome.statistics.eval_count == 3
        assert outcome.error is None
        assert states(record) == WHOLE

    def test_it_is_on_the_shelf_at_once(self, bench: MakeBench) -> None:
        its = bench(Wait(), Done())
        record = its.runner.submit(question())
        assert its.shelf.record(record.id) is record

    def test_an_answer_of_nothing_is_done_too(self, bench: MakeBench) -> None:
        record = bench(Done()).runner.submit(question())
        assert wait_for(record) is State.DONE
        assert record.outcome().text == ""

    def test_a_larger_context_goes_back_to_loading(self, bench: MakeBench) -> None:
        figures = {"type": "exceed_context_size_error", "n_prompt_tokens": 7000, "n_ctx": 6144}
        its = bench(answers=[[Refuse(400, {"error": figures})], [Say("a"), Done()]])
        record = its.runner.submit(question())
        assert wait_for(record) is State.DONE
        assert states(record) == [*WHOLE[:4], "loading", "reading", "writing", "done"]

    def test_no_reason_to_end_is_noted(
        self, bench: MakeBench, caplog: pytest.LogCaptureFixture
    ) -> None:
        part = b'{"model": "m", "message": {"role": "assistant", "content": ""}, "done": true}\n'
        record = bench(Send(part)).runner.submit(question())
        assert wait_for(record) is State.DONE
        assert "no done_reason" in caplog.text


class TestCancel:
    def test_while_it_loads(self, bench: MakeBench) -> None:
        its = bench(loading=[Wait()])
        record = its.runner.submit(question())
        wait_for(record, State.LOADING)
        its.loading()
        its.runner.cancel(record.id)
        assert wait_for(record) is State.STOPPED
        its.told()
        assert states(record) == [*WHOLE[:3], "stopping", "stopped"]

    def test_while_it_reads(self, bench: MakeBench) -> None:
        its = bench(Wait(), Done())
        record = its.runner.submit(question())
        wait_for(record, State.READING)
        its.answering()
        its.runner.cancel(record.id)
        assert wait_for(record) is State.STOPPED
        its.told()
        assert states(record) == [*WHOLE[:4], "stopping", "stopped"]

    def test_while_it_writes_keeps_the_text(self, bench: MakeBench) -> None:
        its = bench(Say("Once "), Say("upon"), Wait(), Done())
        record = its.runner.submit(question())
        while record.outcome().text != "Once upon":
            record.journal.after(len(record.journal.after(0)), timeout=0.1)
        its.runner.cancel(record.id)
        assert wait_for(record) is State.STOPPED
        its.told()
        outcome = record.outcome()
        assert outcome.text == "Once upon"
        assert outcome.statistics is None
        assert outcome.error is None
        assert states(record) == [*WHOLE[:5], "stopping", "stopped"]

    def test_while_it_waits_its_turn(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Wait(), Done())
        first = its.runner.submit(question())
        wait_for(first, State.WRITING)
        second = its.runner.submit(question())
        its.runner.cancel(second.id)
        assert wait_for(second) is State.STOPPED
        assert states(second) == ["queued", "stopping", "stopped"]
        assert not its.server.closed.is_set()
        its.release()
        assert wait_for(first) is State.DONE

    def test_before_it_has_begun(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Wait(), Done())
        record = its.shelf.open(question())

        async def both() -> None:
            # In one turn of the loop: what is cancelled has not run a line.
            await its.runner._start(record)
            await its.runner._stop(record)

        its.loop.call(both())
        assert wait_for(record) is State.STOPPED

    def test_again_changes_nothing(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Wait(), Done())
        record = its.runner.submit(question())
        wait_for(record, State.WRITING)
        its.runner.cancel(record.id)
        its.runner.cancel(record.id)
        assert wait_for(record) is State.STOPPED
        its.runner.cancel(record.id)
        assert states(record)[-2:] == ["stopping", "stopped"]
        assert states(record).count("stopping") == 1

    def test_after_the_end_changes_nothing(self, bench: MakeBench) -> None:
        its = bench()
        record = its.runner.submit(question())
        wait_for(record)
        its.runner.cancel(record.id)
        assert states(record) == WHOLE

    def test_an_unknown_one(self, bench: MakeBench) -> None:
        its = bench()
        with pytest.raises(UnknownAnalysis):
            its.runner.cancel("nothing")

    def test_the_next_one_runs(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("a"), Wait()], [Say("b"), Done()]])
        first, second = its.runner.submit(question()), its.runner.submit(question())
        wait_for(first, State.WRITING)
        its.runner.cancel(first.id)
        assert wait_for(first) is State.STOPPED
        assert wait_for(second) is State.DONE
        assert second.outcome().text == "b"


class TestTurns:
    def test_one_at_a_time_in_order(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("a"), Wait(), Done()], [Say("b"), Done()], [Say("c"), Done()]])
        records = [its.runner.submit(question()) for _ in range(3)]
        wait_for(records[0], State.WRITING)
        assert [record.state for record in records[1:]] == [State.QUEUED] * 2
        its.release()
        assert [wait_for(record) for record in records] == [State.DONE] * 3
        assert [record.outcome().text for record in records] == ["a", "b", "c"]
        for before, after in itertools.pairwise(record.outcome().began for record in records):
            assert after[State.CONTACTING] >= before[State.DONE]

    def test_a_failure_gives_the_turn_on(self, bench: MakeBench) -> None:
        its = bench(answers=[[Break()], [Say("b"), Done()]])
        first, second = its.runner.submit(question()), its.runner.submit(question())
        assert wait_for(first) is State.FAILED
        assert wait_for(second) is State.DONE


class TestFailure:
    def test_text_and_error_are_kept(self, bench: MakeBench) -> None:
        its = bench(Say("Once "), Say("upon"), Send(b'{"error": "the runner died"}\n'))
        record = its.runner.submit(question())
        assert wait_for(record) is State.FAILED
        outcome = record.outcome()
        assert outcome.text == "Once upon"
        assert isinstance(outcome.error, ServerError)
        assert states(record) == [*WHOLE[:5], "failed"]

    def test_a_broken_connection(self, bench: MakeBench) -> None:
        record = bench(Say("Once"), Break()).runner.submit(question())
        assert wait_for(record) is State.FAILED
        outcome = record.outcome()
        assert outcome.text == "Once"
        assert isinstance(outcome.error, ConnectionLost)

    def test_a_model_that_is_gone(self, bench: MakeBench) -> None:
        record = bench().runner.submit(question(model="gone:1b"))
        assert wait_for(record) is State.FAILED
        assert isinstance(record.outcome().error, ModelNotFound)

    def test_no_server(self) -> None:
        def none() -> None:
            raise OllamaUnavailable("There is no Ollama.")

        loop = BackgroundLoop()
        runner = Runner(loop, Shelf(), none)  # type: ignore[arg-type]
        record = runner.submit(question())
        assert wait_for(record) is State.FAILED
        assert isinstance(record.outcome().error, OllamaUnavailable)
        loop.stop()

    def test_nothing_of_the_manuscript_is_logged(
        self, bench: MakeBench, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        its = bench(answers=[[Say("a"), Done()], [Say("a"), Break()], [Refuse(500, {})]])
        for _ in range(3):
            wait_for(its.runner.submit(question()))
        assert caplog.records
        assert SECRET not in caplog.text


class Stub:
    """An engine of the test's own."""

    def __init__(self, *steps: Event | Exception) -> None:
        self.steps = steps
        self.closed = False

    async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed = True

    async def close(self) -> None:
        pass


BEGUN = (StageBegan(Stage.CONTACTING), StageBegan(Stage.LOADING), StageBegan(Stage.READING))


class TestAFaultOfTheProgram:
    @pytest.mark.parametrize("fault", [RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET)])
    def test_it_fails_with_a_plain_message(
        self, bench: MakeBench, caplog: pytest.LogCaptureFixture, fault: Exception
    ) -> None:
        caplog.set_level(logging.DEBUG)
        steps = (*BEGUN, StageBegan(Stage.WRITING), Text("Once"), fault)
        record = bench(engine=Stub(*steps)).runner.submit(question())
        assert wait_for(record) is State.FAILED
        outcome = record.outcome()
        assert outcome.text == "Once"
        assert type(outcome.error) is EngineError
        assert outcome.error.advice
        assert SECRET not in str(outcome.error) + outcome.error.advice
        assert type(fault).__name__ in caplog.text
        assert SECRET not in caplog.text

    def test_stages_out_of_order_fail_and_close_the_stream(self, bench: MakeBench) -> None:
        stub = Stub(StageBegan(Stage.WRITING), Text("never"))
        record = bench(engine=stub).runner.submit(question())
        assert wait_for(record) is State.FAILED
        assert isinstance(record.outcome().error, IllegalTransition)
        assert record.outcome().text == ""
        assert stub.closed


class TestShutDown:
    def test_it_ends_everything(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Wait(), Done())
        records = [its.runner.submit(question()) for _ in range(3)]
        wait_for(records[0], State.WRITING)
        its.runner.shut_down()
        assert [record.state for record in records] == [State.STOPPED] * 3
        assert records[0].outcome().text == "a"
        its.told()

    def test_with_nothing_to_end(self, bench: MakeBench) -> None:
        its = bench()
        its.runner.shut_down()
        wait_for(its.runner.submit(question()))
        its.runner.shut_down()

    def test_it_does_not_wait_for_what_will_not_end(self, bench: MakeBench) -> None:
        class Stubborn(Stub):
            release = asyncio.Event()

            async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
                yield StageBegan(Stage.CONTACTING)
                while not self.release.is_set():
                    try:
                        await self.release.wait()
                    except asyncio.CancelledError:
                        continue

        stub = Stubborn()
        its = bench(engine=stub)
        record = its.runner.submit(question())
        wait_for(record, State.CONTACTING)
        its.runner.shut_down(seconds=0.05)
        assert record.state is State.STOPPING

        async def release() -> None:
            stub.release.set()

        its.loop.call(release())
        assert wait_for(record).is_final

    def test_a_loop_that_stops_ends_it_too(self, bench: MakeBench) -> None:
        its = bench(Say("a"), Wait(), Done())
        loop = BackgroundLoop()
        runner = Runner(loop, its.shelf, its.runner._engine)
        record = runner.submit(question())
        wait_for(record, State.WRITING)
        loop.stop()
        assert record.state is State.STOPPED
        its.told()
