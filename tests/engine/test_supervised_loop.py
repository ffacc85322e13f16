"""Loops that must not end."""

from __future__ import annotations

import asyncio
import logging

import pytest

from components.engine import described, repeated
from components.engine.supervised_loop import LONGEST_PAUSE
from components.errors import StoreError


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
    assert "ValueError (test_supervised_loop.py:" in caplog.text
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
