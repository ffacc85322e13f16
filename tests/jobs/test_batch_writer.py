"""When what happened is written down, and that it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.engine import ContextChosen, Text, Thought
from components.errors import LeaseLost, StoreError, StoreFull, StoreUnavailable
from components.jobs import batch_writer
from components.jobs.batch_writer import BatchWriter, EventBuffer
from components.jobs.worker import shielded
from components.store import Calls, Claim, Moment, Question, State, StateChanged

NEVER = 1e6

CLAIM = Claim("c", "a", 1, "w", "h", "", Question("m", "t", "s", (), 1, 1, "l", "p", "m:1b"), 0)


def another(call_id: str) -> Claim:
    return Claim(call_id, "a", 1, "w", "h", "", CLAIM.question, 0)


class Written:
    """Stands for what writes: remembers, and fails as it is told."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.moments: list[list[Moment]] = []
        self.durable: list[bool] = []

    async def write(self, claim: Claim, moments: Sequence[Moment], *, durable: bool) -> bool:
        answer = self.answers.pop(0) if self.answers else False
        if isinstance(answer, Exception):
            raise answer
        self.moments.append(list(moments))
        self.durable.append(durable)
        return answer

    @property
    def text(self) -> str:
        events = [moment.event for moments in self.moments for moment in moments]
        return "".join(event.text for event in events if isinstance(event, Text))


def buffer_for(written: Written) -> EventBuffer:
    return EventBuffer(cast("BatchWriter", written), CLAIM)


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(main(), 60))


@pytest.fixture(autouse=True)
def _no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens because of time, unless a test says so."""
    for name in ("FLUSH_SECONDS", "FLUSH_SECONDS_BUSY", "HEARTBEAT_SECONDS", "DURABLE_SECONDS"):
        monkeypatch.setattr(batch_writer, name, NEVER)


async def is_waiting(waiting: asyncio.Future[Any]) -> bool:
    for _ in range(5):
        await asyncio.sleep(0)
    return not waiting.done()


class TestReady:
    def test_the_first_text_goes_at_once(self) -> None:
        async def main() -> None:
            buffer = buffer_for(Written())
            ready = asyncio.ensure_future(buffer.ready())
            assert await is_waiting(ready)
            buffer.add(Text("a"))
            await ready

        run(main)

    @pytest.mark.parametrize(
        "event",
        [
            Text("the end of a line\n"),
            Text("x" * batch_writer.FLUSH_CHARACTERS),
            Thought("x" * batch_writer.FLUSH_CHARACTERS),
            StateChanged(State.WRITING),
            ContextChosen(2048, None),
        ],
        ids=["line", "much", "much thought", "state", "context"],
    )
    def test_text_waits_for_more_unless_there_is_a_reason(self, event: Any) -> None:
        async def main() -> None:
            buffer = buffer_for(Written())
            await buffer.flush()
            buffer.add(Text("a"))
            ready = asyncio.ensure_future(buffer.ready())
            assert await is_waiting(ready)
            buffer.add(event)
            await ready

        run(main)

    def test_many_small_pieces_are_much(self) -> None:
        async def main() -> None:
            buffer = buffer_for(Written())
            await buffer.flush()
            ready = asyncio.ensure_future(buffer.ready())
            for _ in range(batch_writer.FLUSH_CHARACTERS - 1):
                buffer.add(Text("x"))
            assert await is_waiting(ready)
            buffer.add(Text("x"))
            await ready
            await buffer.flush()
            buffer.add(Text("x"))
            assert await is_waiting(asyncio.ensure_future(buffer.ready()))

        run(main)

    def test_after_a_while_text_goes_anyway(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("FLUSH_SECONDS", "FLUSH_SECONDS_BUSY"):
            monkeypatch.setattr(batch_writer, name, 0.01)

        async def main() -> None:
            buffer = buffer_for(Written())
            await buffer.flush()
            buffer.add(Text("a"))
            await buffer.ready()

        run(main)

    @pytest.mark.parametrize(("load", "due"), [(0.9, 40.0), (1.0, 440.0)])
    def test_all_calls_keep_the_same_beat(
        self, monkeypatch: pytest.MonkeyPatch, load: float, due: float
    ) -> None:
        """Whenever each was last written, they are due together; later where models compute."""
        moment, pauses = 0.0, []

        async def within(seconds: float, event: asyncio.Event) -> bool:
            pauses.append(seconds)
            return event.is_set()

        monkeypatch.setattr(batch_writer, "FLUSH_SECONDS", 100.0)
        monkeypatch.setattr(batch_writer, "FLUSH_SECONDS_BUSY", 500.0)
        machine = SimpleNamespace(getloadavg=lambda: (load, 0.0, 0.0), cpu_count=lambda: 2)
        monkeypatch.setattr(batch_writer, "os", machine)
        monkeypatch.setattr(batch_writer, "within", within)
        clock = SimpleNamespace(monotonic=lambda: moment, time=lambda: moment)
        monkeypatch.setattr(batch_writer, "time", clock)

        async def main() -> None:
            nonlocal moment
            buffers = [buffer_for(Written()) for _ in range(2)]
            for at, buffer in zip((1010.0, 1050.0), buffers, strict=True):
                moment = at
                await buffer.flush()
            moment = 1060.0
            for buffer in buffers:
                buffer.add(Text("a"))
                await buffer.ready()

        run(main)
        assert pauses == [NEVER, due, NEVER, due]

    def test_a_sign_of_life_while_nothing_happens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_writer, "HEARTBEAT_SECONDS", 0.01)

        async def main() -> None:
            written = Written()
            buffer = buffer_for(written)
            await buffer.ready()
            await buffer.flush()
            assert written.moments == [[]]

        run(main)

    def test_waking_ends_all_waiting(self) -> None:
        async def main() -> None:
            buffer = buffer_for(Written())
            await buffer.flush()
            buffer.wake()
            await buffer.ready()

        run(main)


class TestFlush:
    def test_writes_what_happened_in_order_and_once(self) -> None:
        async def main() -> None:
            written = Written(False, True)
            buffer = buffer_for(written)
            for letter in "abc":
                buffer.add(Text(letter))
            assert not await buffer.flush()
            buffer.add(Text("d"))
            assert await buffer.flush()
            assert written.text == "abcd"
            times = [moment.at for moments in written.moments for moment in moments]
            assert times == sorted(times)

        run(main)

    def test_keeps_what_could_not_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_writer, "HEARTBEAT_SECONDS", 0.0)

        async def main() -> None:
            written = Written(StoreUnavailable("Away."), StoreUnavailable("Away."))
            buffer = buffer_for(written)
            buffer.add(Text("a"))
            assert not await buffer.flush()
            buffer.add(Text("b"))
            assert not await buffer.flush()
            buffer.add(Text("c"))
            await buffer.flush()
            assert written.text == "abc"

        run(main)

    def test_a_lost_lease_is_raised(self) -> None:
        async def main() -> None:
            buffer = buffer_for(Written(LeaseLost("Gone.")))
            with pytest.raises(LeaseLost):
                await buffer.flush()

        run(main)

    def test_now_and_then_it_survives_a_power_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def main() -> None:
            written = Written()
            buffer = buffer_for(written)
            await buffer.flush()
            await buffer.flush()
            monkeypatch.setattr(batch_writer, "DURABLE_SECONDS", 0.0)
            await buffer.flush()
            assert written.durable == [True, False, True]

        run(main)

    def test_what_was_not_written_was_not_durable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_writer, "HEARTBEAT_SECONDS", 0.0)

        async def main() -> None:
            written = Written(StoreUnavailable("Away."))
            buffer = buffer_for(written)
            await buffer.flush()
            await buffer.flush()
            assert written.durable == [True]

        run(main)

    def test_taking_leaves_nothing(self) -> None:
        async def main() -> None:
            written = Written()
            buffer = buffer_for(written)
            buffer.add(Text("a"))
            assert [moment.event for moment in buffer.take()] == [Text("a")]
            await buffer.flush()
            assert written.text == ""

        run(main)


class TestUnbroken:
    def test_gives_the_value_or_the_error(self) -> None:
        async def one() -> int:
            return 1

        async def fault() -> int:
            raise LeaseLost("Gone.")

        async def main() -> None:
            assert await shielded(one()) == 1
            with pytest.raises(LeaseLost):
                await shielded(fault())

        run(main)

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_whoever_cancels_waits_for_the_end(self, times: int) -> None:
        async def main() -> None:
            begun, go_on, ended = asyncio.Event(), asyncio.Event(), []

            async def work() -> None:
                begun.set()
                await go_on.wait()
                ended.append(True)

            task = asyncio.ensure_future(shielded(work()))
            await begun.wait()
            for _ in range(times):
                task.cancel()
                assert await is_waiting(task)
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert ended

        run(main)

    def test_an_error_comes_before_the_cancellation(self) -> None:
        async def main() -> None:
            begun, go_on = asyncio.Event(), asyncio.Event()

            async def work() -> None:
                begun.set()
                await go_on.wait()
                raise LeaseLost("Gone.")

            task = asyncio.ensure_future(shielded(work()))
            await begun.wait()
            task.cancel()
            go_on.set()
            with pytest.raises(LeaseLost):
                await task

        run(main)


class TestUntilWritten:
    @pytest.fixture(autouse=True)
    def _soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_writer, "AGAIN_SECONDS", 0.0)

    def failing(self, times: int, error: Exception) -> Callable[[Claim], int]:
        left = [times]

        def write(_: Claim) -> int:
            left[0] -= 1
            if left[0] >= 0:
                raise error
            return 7

        return write

    @pytest.mark.parametrize("error", [StoreUnavailable("Away."), StoreFull("Full.")])
    def test_tries_until_it_is_written_however_long_that_takes(self, error: Exception) -> None:
        async def main() -> None:
            writer = BatchWriter(cast("Calls", Together()))
            assert await writer.retry_write(self.failing(5 * batch_writer.TRIES, error), CLAIM) == 7

        run(main)

    def test_what_will_not_pass_is_not_tried_for_ever(self) -> None:
        async def main() -> None:
            writer = BatchWriter(cast("Calls", Together()))
            with pytest.raises(StoreError):
                await writer.retry_write(self.failing(batch_writer.TRIES, StoreError("No.")), CLAIM)

        run(main)

    def test_what_is_lost_is_not_tried_again(self) -> None:
        async def main() -> None:
            writer = BatchWriter(cast("Calls", Together()))
            with pytest.raises(LeaseLost):
                await writer.retry_write(self.failing(1, LeaseLost("Gone.")), CLAIM)

        run(main)

    def test_that_text_waits_in_memory_is_known_and_logged_once(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def main() -> None:
            full = StoreFull("Full.")
            writer = BatchWriter(cast("Calls", Together(full, full)))
            for claim in (another("a"), another("b")):
                with pytest.raises(StoreFull):
                    await writer.write(claim, [], durable=False)
            assert writer.problems == {"a": full, "b": full}
            await writer.write(another("a"), [], durable=False)
            assert writer.problems == {"b": full}
            await writer.retry_write(self.failing(3, full), another("b"))
            assert writer.problems == {}

        run(main)
        assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


class Together:
    """Stands for the store: remembers each transaction."""

    def __init__(self, *faults: Exception, answers: dict[str, Any] | None = None) -> None:
        self.faults = list(faults)
        self.answers = answers or {}
        self.transactions: list[tuple[list[str], bool]] = []

    def append_all(
        self, batches: Sequence[tuple[Claim, Sequence[Moment]]], *, durable: bool
    ) -> list[Any]:
        names = [claim.call_id for claim, _ in batches]
        self.transactions.append((names, durable))
        if self.faults:
            raise self.faults.pop(0)
        return [self.answers.get(name, False) for name in names]


class TestTogether:
    def test_what_comes_at_the_same_time_is_one_transaction(self) -> None:
        async def main() -> None:
            calls = Together(answers={"b": True})
            writer = BatchWriter(cast("Calls", calls))
            write = partial(writer.write, moments=[], durable=False)
            said = await asyncio.gather(*(write(another(name)) for name in "abc"))
            assert said == [False, True, False]
            assert await writer.write(another("d"), [], durable=True) is False
            assert calls.transactions == [(["a", "b", "c"], False), (["d"], True)]

        run(main)

    @pytest.mark.parametrize("first", [StateChanged(State.WRITING), ContextChosen(2048, None)])
    def test_what_is_no_text_waits_for_no_beat(
        self, monkeypatch: pytest.MonkeyPatch, first: Any
    ) -> None:
        """Nor does the text that comes with it, which is the first of an answer."""
        for name in ("GATHER_SECONDS", "JOIN_SECONDS"):
            monkeypatch.setattr(batch_writer, name, NEVER)

        async def main() -> None:
            calls = Together()
            writer = BatchWriter(cast("Calls", calls))
            text = Moment(0.0, Text("a"))
            waiting = asyncio.ensure_future(writer.write(another("a"), [text], durable=False))
            assert await is_waiting(waiting)
            await writer.write(another("b"), [Moment(0.0, first), text], durable=False)
            await waiting
            assert calls.transactions == [(["a", "b"], False)]

        run(main)

    def test_one_that_lost_its_lease_is_told_alone(self) -> None:
        async def main() -> None:
            calls = Together(answers={"b": LeaseLost("Gone.")})
            writer = BatchWriter(cast("Calls", calls))
            said = await asyncio.gather(
                *(writer.write(another(name), [], durable=False) for name in "abc"),
                return_exceptions=True,
            )
            assert [type(one) for one in said] == [bool, LeaseLost, bool]

        run(main)

    @pytest.mark.parametrize("fault", [StoreUnavailable("Away."), KeyError("x"), ValueError("x")])
    def test_a_fault_is_everybodys_and_the_next_is_written(self, fault: Exception) -> None:
        """Nobody waits for ever for what nobody writes."""

        async def main() -> None:
            writer = BatchWriter(cast("Calls", Together(fault)))
            said = await asyncio.gather(
                *(writer.write(another(name), [], durable=False) for name in "abc"),
                return_exceptions=True,
            )
            assert {type(one) for one in said} == {type(fault)}
            assert await writer.write(another("a"), [], durable=False) is False

        run(main)

    def test_one_that_waits_no_more_is_no_trouble(self) -> None:
        async def main() -> None:
            writer = BatchWriter(cast("Calls", Together()))
            first = asyncio.ensure_future(writer.write(another("a"), [], durable=False))
            second = asyncio.ensure_future(writer.write(another("b"), [], durable=False))
            await asyncio.sleep(0)
            first.cancel()
            assert await second is False

        run(main)
