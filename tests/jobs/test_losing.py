"""Processes that end, stores that do not answer, leases that are lost: no text goes with them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.engine import BackgroundLoop, Call, Event, Stage, StageBegan
from components.errors import StoreUnavailable
from components.jobs import Jobs, Worker
from components.store import State, Store
from components.store.queue.calls import Calls
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import WHOLE, Stub

DISPATCHES = ("embedded", "distributed")


def failing(times: int, real: Callable[..., Any]) -> tuple[Callable[..., Any], list[int]]:
    """`real`, failing at first, and how often it still will."""
    left = [times]

    def fail(*arguments: Any, **named: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise StoreUnavailable("It does not answer.")
        return real(*arguments, **named)

    return fail, left


class Deaf(Jobs):
    """The jobs of another process, which hears nothing of workers and they not of it."""

    def __init__(self, store: Store) -> None:
        worker = SimpleNamespace(slots=1, own=lambda _: None)
        super().__init__(store, cast("BackgroundLoop", None), cast("Worker", worker))

    def start(self) -> None: ...

    def announce(self) -> None: ...

    def abort(self, call_id: str, job: str | None) -> None: ...

    def close(self, *, seconds: float) -> None: ...


@pytest.fixture
def other() -> Iterator[Callable[[Bench], Store]]:
    """The same store, opened by another process."""
    opened: list[Store] = []

    def open_other(its: Bench) -> Store:
        opened.append(Store(its.place))
        return opened[-1]

    yield open_other
    for store in opened:
        store.close()


Other = Callable[[Bench], Store]


class TestClose:
    def test_what_runs_is_given_back(self, bench: MakeBench, other: Other) -> None:
        its = bench(Say("Once"), Hold(), Done())
        analysis, waiting = its.ask(), its.ask()
        its.wait_text(analysis, "Once")
        store = other(its)
        its.work.close()
        its.told()
        now = [store.shelf().analyses.get(one.id) for one in (analysis, waiting)]
        assert [one.state for one in now] == [State.QUEUED] * 2
        assert store.journal.outcome(analysis.call_id).earlier == []
        assert store.journal.outcome(analysis.call_id).text == "Once"

    def test_what_was_said_last_is_kept(self, bench: MakeBench, other: Other) -> None:
        """Also what no batch has carried yet."""
        its = bench(Say("Once "), *[Say(f"{n} ") for n in range(200)], Hold(), Done())
        analysis = its.ask()
        its.wait(analysis, State.WRITING)
        store = other(its)
        its.until(lambda: its.server.generating == 1)
        its.work.close()
        text = store.journal.outcome(analysis.call_id).text
        whole = "Once " + "".join(f"{n} " for n in range(200))
        assert text
        assert whole.startswith(text)

    def test_another_start_finishes_it(self, bench: MakeBench) -> None:
        its = bench(answers=[[Say("Once"), Hold()], [Say("Twice"), Done()]])
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        its.work.close()
        after = its.again()
        store = after.store
        found = store.shelf().analyses.get(analysis.id)
        seq = 0
        outcome = store.journal.outcome(found.call_id)
        while not outcome.state.has_ended:
            seq = store.journal.after(found.call_id, seq, timeout=60)[-1].seq
            outcome = store.journal.outcome(found.call_id)
        assert outcome.state is State.DONE
        assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
        assert store.shelf().analyses.get(analysis.id).attempt == 2

    def test_a_stop_before_it_is_a_stop(self, bench: MakeBench, other: Other) -> None:
        its = bench(Say("Once"), Hold(), Done())
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        store = other(its)
        store.control.stop(analysis.id)
        its.work.close()
        assert store.shelf().analyses.get(analysis.id).state is State.STOPPED

    def test_with_nothing_to_end(self, bench: MakeBench) -> None:
        its = bench()
        its.wait(its.ask())
        its.work.close()

    def test_it_does_not_wait_for_what_will_not_end(self, bench: MakeBench) -> None:
        class Stubborn(Stub):
            release = asyncio.Event()
            began = threading.Event()

            async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
                yield StageBegan(Stage.CONTACTING)
                self.began.set()  # A task that is cancelled before this just ends.
                while not self.release.is_set():
                    try:
                        await self.release.wait()
                    except asyncio.CancelledError:
                        continue

        stub = Stubborn()
        its = bench(engine=stub)
        analysis = its.ask()
        its.wait(analysis, State.CONTACTING)
        its.until(stub.began.is_set)
        its.work.jobs.close(seconds=0.05)
        assert its.work.worker._running

        async def release() -> None:
            stub.release.set()

        its.work.loop.call(release())
        its.until(lambda: not its.work.worker._running)

    def test_what_is_taken_at_that_moment_is_given_back(
        self, bench: MakeBench, other: Other, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken, claim = [], Calls.claim

        def slow(*arguments: Any, **named: Any) -> Any:
            found = claim(*arguments, **named)
            if found is not None:
                taken.append(found)
                while not its.work.jobs._closing:  # type: ignore[attr-defined]
                    time.sleep(0.005)
            return found

        # Before the first look for calls: one that is under way already would not be slow.
        monkeypatch.setattr(Calls, "claim", slow)
        its = bench(Say("Once"), Hold(), Done())
        analysis = its.ask()
        its.until(lambda: bool(taken))
        store = other(its)
        its.work.close()
        assert store.shelf().analyses.get(analysis.id).state is State.QUEUED


class TestStopFromAnotherProcess:
    def test_is_noticed(self, bench: MakeBench, other: Other) -> None:
        its = bench(Say("Once"), Hold(), Done())
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        store = other(its)
        Deaf(store).stop(store.shelf(), analysis.id)
        assert its.wait(analysis) is State.STOPPED
        its.told()
        assert its.outcome(analysis).text == "Once"

    def test_what_it_queues_is_found(self, bench: MakeBench, other: Other) -> None:
        its = bench()
        first = its.ask()
        its.wait(first)
        store = other(its)
        analysis = Deaf(store).submit(store.shelf(), first.question)
        assert its.wait(analysis) is State.DONE


class TestAStoreThatDoesNotAnswer:
    @pytest.fixture(autouse=True)
    def _soon(self, place: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
        module = "embedded" if isinstance(place, Path) else "distributed"
        for name in (
            f"{module}.SWEEP_SECONDS",
            "batch_writer.HEARTBEAT_SECONDS",
            "batch_writer.AGAIN_SECONDS",
        ):
            monkeypatch.setattr(f"components.jobs.{name}", 0.02)

    def test_in_the_middle_loses_nothing(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = [f"{n} " for n in range(60)]
        its = bench(Say("a "), Hold(), *map(Say, said), Hold(), Say("z"), Done())
        analysis = its.ask()
        its.wait_text(analysis, "a ")
        calls = its.work.store.calls
        fail, left = failing(8, calls.append_all)
        monkeypatch.setattr(calls, "append_all", fail)
        its.let_go()
        its.until(lambda: not left[0])
        its.wait_text(analysis, "a " + "".join(said))
        its.let_go()
        assert its.wait(analysis) is State.DONE
        assert its.outcome(analysis).text == "a " + "".join(said) + "z"
        assert its.outcome(analysis).received == 62

    @pytest.mark.parametrize(("ends", "text"), [("end", "ab"), ("give_back", "a")])
    def test_at_the_end_loses_nothing(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch, ends: str, text: str
    ) -> None:
        its = bench(Say("a"), Hold(), Say("b"), Done())
        analysis = its.ask()
        its.wait_text(analysis, "a")
        calls = its.work.store.calls
        fail, left = failing(2, getattr(calls, ends))
        monkeypatch.setattr(calls, ends, fail)
        if ends == "end":
            its.let_go()
        else:
            its.stop(analysis)
        assert its.wait(analysis) in {State.DONE, State.STOPPED}
        assert not left[0]
        assert its.outcome(analysis).text == text

    @pytest.mark.parametrize("method", ["claim", "recover"])
    def test_at_the_beginning_keeps_it_in_the_queue(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        its = bench()
        calls = its.work.store.calls
        fail, left = failing(2, getattr(calls, method))
        monkeypatch.setattr(calls, method, fail)
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        its.until(lambda: not left[0])

    def test_where_the_manuscript_is(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        its = bench()
        fail, left = failing(1, its.work.store.prompt_inputs)
        monkeypatch.setattr(its.work.store, "prompt_inputs", fail)
        analysis = its.ask()
        assert its.wait(analysis) is State.DONE
        assert not left[0]

    def test_a_fault_there_fails_the_call_and_nothing_else(
        self, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        its = bench(answers=[[Say("a"), Hold(), Done()], [Say("b"), Done()]])
        analysis = its.ask()
        its.wait_text(analysis, "a")
        calls = its.work.store.calls
        real = calls.append_all

        def fault(*arguments: Any, **named: Any) -> Any:
            monkeypatch.setattr(calls, "append_all", real)
            raise KeyError("what nobody thought of")

        monkeypatch.setattr(calls, "append_all", fault)
        assert its.wait(analysis) is State.FAILED
        its.told()
        following = its.ask()
        assert its.wait(following) is State.DONE


class TestALeaseThatIsLost:
    def test_who_lost_it_writes_nothing_more(self, bench: MakeBench, other: Other) -> None:
        its = bench(answers=[[Say("Once"), Hold(), Say("late"), Hold()], [Say("Twice"), Done()]])
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        store = other(its)
        assert store.calls.recover(lambda name: True, at=time.time()) == 1
        its.let_go()
        its.told()
        assert its.wait(analysis, attempt=2) is State.DONE
        outcome = its.outcome(analysis)
        assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
        assert its.states(analysis) == [*WHOLE[:5], "interrupted", *WHOLE]

    def test_at_its_end_too(self, bench: MakeBench, other: Other) -> None:
        """The other has it by the time when the first is done."""
        its = bench(answers=[[Say("Once"), Hold(), Done()], [Say("Twice"), Done()]])
        analysis = its.ask()
        its.wait_text(analysis, "Once")
        store = other(its)
        store.calls.recover(lambda name: True, at=time.time())
        its.let_go()
        assert its.wait(analysis, attempt=2) is State.DONE
        assert its.states(analysis).count("done") == 1
        assert its.outcome(analysis).earlier == ["Once"]

    def test_what_kills_its_worker_is_not_tried_for_ever(
        self, bench: MakeBench, other: Other
    ) -> None:
        its = bench(Hold(), Done())
        analysis = its.ask()
        store = other(its)
        for attempt in (1, 2, 3):
            its.wait(analysis, State.READING, attempt=attempt)
            assert store.calls.recover(lambda name: True, at=time.time()) == 1
        assert its.now(analysis).state is State.INTERRUPTED
        its.jobs.again(its.shelf, analysis.id)
        its.wait(analysis, State.READING, attempt=4)
        its.let_go(times=4)
        assert its.wait(analysis, attempt=4) is State.DONE


def test_a_call_that_its_worker_never_began_is_stopped_all_the_same(bench: MakeBench) -> None:
    """Let go of before the first line of what performs it has run."""
    its = bench(Say("Once"), Hold(), Done(), works=False)
    analysis = its.ask()

    async def both() -> None:
        claim = await its.work.worker.take(job="0")
        assert claim is not None
        its.work.store.control.stop(analysis.id)
        performance = its.work.worker.perform(claim)
        its.work.worker.abort(claim.call_id)
        its.work.worker.abort(claim.call_id)
        await performance

    its.work.loop.call(both())
    assert its.wait(analysis) is State.STOPPED


def test_a_take_that_is_cancelled_has_taken_nothing(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = bench(Say("Once"), Done(), works=False)
    analysis = its.ask()
    claim = its.work.store.calls.claim

    async def cancelled() -> None:
        loop = asyncio.get_running_loop()

        def slow(*arguments: Any, **named: Any) -> Any:
            found = claim(*arguments, **named)
            loop.call_soon_threadsafe(taking.cancel)
            time.sleep(0.05)  # The cancellation comes before the claim does.
            return found

        monkeypatch.setattr(its.work.store.calls, "claim", slow)
        taking = asyncio.ensure_future(its.work.worker.take(job="0"))
        with pytest.raises(asyncio.CancelledError):
            await taking

    its.work.loop.call(cancelled())
    its.again()
    assert its.wait(analysis) is State.DONE
    assert its.states(analysis) == ["queued", "contacting", "interrupted", *WHOLE]
