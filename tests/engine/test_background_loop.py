"""The loop in its thread, and steps that are repeated whatever they raise."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import CancelledError

import pytest

from components.engine import BackgroundLoop, described, repeated
from components.engine.background_loop import LONGEST_PAUSE
from components.errors import StoreError

LONG = 30.0


async def name_of_thread() -> str:
    return threading.current_thread().name


def test_it_runs_in_a_thread_of_its_own() -> None:
    loop = BackgroundLoop()
    assert loop.call(name_of_thread()) == "first-reader-loop"
    assert loop.start(name_of_thread()).result(LONG) == "first-reader-loop"
    loop.stop()


def test_what_is_raised_comes_back() -> None:
    async def fail() -> None:
        raise ValueError("no")

    loop = BackgroundLoop()
    with pytest.raises(ValueError, match="no"):
        loop.call(fail())
    loop.stop()


def test_stopping_ends_what_runs_and_lets_it_clean_up() -> None:
    begun, cleaned = threading.Semaphore(0), []

    async def work() -> None:
        try:
            begun.release()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    loop = BackgroundLoop()
    running = [loop.start(work()) for _ in range(3)]
    assert all(begun.acquire(timeout=LONG) for _ in running)
    loop.stop()
    assert cleaned == [True] * 3
    assert not loop._thread.is_alive()
    for future in running:
        with pytest.raises(CancelledError):
            future.result(LONG)


def test_whoever_waits_for_a_call_is_told() -> None:
    begun, ended = threading.Event(), []

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    def wait() -> None:
        try:
            loop.call(work())
        except CancelledError:
            ended.append(True)

    loop = BackgroundLoop()
    waiting = threading.Thread(target=wait)
    waiting.start()
    assert begun.wait(LONG)
    loop.stop()
    waiting.join(LONG)
    assert ended == [True]


def test_stopping_twice_is_stopping() -> None:
    loop = BackgroundLoop()
    loop.stop()
    loop.stop()


def test_a_loop_that_has_stopped_says_so() -> None:
    loop = BackgroundLoop()
    loop.stop()
    with pytest.raises(RuntimeError):
        loop.call(name_of_thread())


def test_a_loop_that_is_stopping_takes_nothing_on() -> None:
    """What it took on now would never end, and whoever called would wait for ever."""
    begun, release, refused = threading.Event(), asyncio.Event(), []

    async def slow_to_end() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            await release.wait()

    loop = BackgroundLoop()
    loop.start(slow_to_end())
    assert begun.wait(LONG)
    loop.stop(seconds=0.05)  # Not waited for beyond its time.
    assert loop._thread.is_alive()
    try:
        loop.start(name_of_thread())
    except RuntimeError:
        refused.append(True)
    loop._loop.call_soon_threadsafe(release.set)
    loop._thread.join(LONG)
    assert not loop._thread.is_alive()
    assert refused


def test_many_threads_that_call_while_it_stops_all_come_back() -> None:
    for _ in range(20):
        loop = BackgroundLoop()
        about = threading.Barrier(5)

        def call(about: threading.Barrier = about, loop: BackgroundLoop = loop) -> None:
            about.wait(LONG)
            for _ in range(50):
                try:
                    loop.call(name_of_thread())
                except (RuntimeError, CancelledError):
                    return

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        about.wait(LONG)
        loop.stop()
        for thread in threads:
            thread.join(LONG)
            assert not thread.is_alive()


def test_it_goes_on_after_anything_and_waits_longer_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps = iter([ValueError("text of a manuscript")] * 8 + [None, StoreError("Full."), None])
    pauses: list[float] = []

    async def step() -> None:
        error = next(steps)
        if error is not None:
            raise error

    async def wait(seconds: float) -> None:
        pauses.append(seconds)

    def done() -> bool:
        return len(pauses) == 11

    with caplog.at_level(logging.WARNING):
        asyncio.run(repeated(step, name="looking", seconds=0.5, wait=wait, until=done))
    assert pauses == [1.0, 2.0, 4.0, *[LONGEST_PAUSE] * 5, 0.5, 1.0, 0.5]
    # Once for each failure that is another than the last, and when it works again.
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"] * 2
    assert "ValueError (test_background_loop.py:" in caplog.text
    assert "Full." in caplog.text
    assert "manuscript" not in caplog.text


def test_it_can_be_cancelled() -> None:
    async def main() -> None:
        begun = asyncio.Event()

        async def step() -> None:
            begun.set()
            raise KeyError

        task = asyncio.ensure_future(repeated(step, name="looking", seconds=60.0))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_our_own_errors_say_what_they_say_and_others_where_they_were_raised() -> None:
    assert described(StoreError("It is full.")) == "It is full."
    assert described(ValueError("text")) == "ValueError"
