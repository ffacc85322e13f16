"""A row that cannot be read does not end the serving, whichever way calls come to workers."""

from __future__ import annotations

import logging

import pytest

from components.errors import RecordUnreadable
from components.jobs import Worker
from components.store import State
from tests.doubles.scripted_ollama import Done, Say
from tests.jobs.conftest import MakeBench
from tests.store.making import spoil_question


def test_a_question_that_cannot_be_read_fails_in_words_and_the_next_is_answered(
    bench: MakeBench,
) -> None:
    its = bench(Say("a"), Done(), works=False)
    bad, good = its.ask(), its.ask()
    spoil_question(its.store, bad)
    its.again()  # A process that performs comes.
    assert its.wait(good) is State.DONE
    assert its.wait(bad) is State.FAILED
    assert isinstance(its.outcome(bad).error, RecordUnreadable)
    assert its.wait(its.ask()) is State.DONE


def test_the_serving_goes_on_after_anything(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole, left = Worker.sweep, [KeyError("text of a manuscript"), ValueError()]

    async def sweep(worker: Worker) -> int:
        if left:
            raise left.pop()
        return await whole(worker)

    monkeypatch.setattr(Worker, "sweep", sweep)
    with caplog.at_level(logging.WARNING):
        its = bench(Say("a"), Done())
        assert its.wait(its.ask()) is State.DONE
        its.until(lambda: not left)
        its.until(lambda: "works again" in caplog.text)
    assert its.wait(its.ask()) is State.DONE
    assert "KeyError" in caplog.text
    assert "manuscript" not in caplog.text
