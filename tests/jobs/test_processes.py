"""Real processes, ended in every way: none takes text with it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from components.jobs import batch_writer
from components.store import State
from components.store.tables import call
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import SECRET, WHOLE, Busy
from tests.jobs.processes import Process

DISPATCHES = ("embedded", "distributed")

Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process that performs what the bench's store has, on the bench's servers."""
    started: list[Process] = []

    def start_one(its: Bench, **kind: bool) -> Process:
        log = tmp_path / f"{len(started)}.log"
        started.append(Process(its.place, its.servers, log=log, **kind))
        return started[-1]

    yield start_one
    for one in started:
        one.close()
        assert SECRET not in one.said
        assert "Traceback" not in one.said


@pytest.fixture
def asking(bench: MakeBench) -> MakeBench:
    """A bench that asks and performs nothing itself."""

    def make(*answer: object, **script: object) -> Bench:
        return bench(*answer, works=False, **script)

    return make


def test_another_takes_over_at_once_what_a_killed_one_had(asking: MakeBench, start: Start) -> None:
    its = asking(answers=[[Say("Once"), Hold()], [Say("Twice"), Done()]])
    first = start(its).begun()
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    second = start(its).begun()
    first.kill()
    with its.store._database.write() as connection:  # So it is not the lease that tells.
        connection.execute(sa.update(call).values(lease=time.time() + 1e6))
    its.told()
    assert its.wait(analysis, attempt=2) is State.DONE
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
    assert its.states(analysis) == [*WHOLE[:5], "interrupted", *WHOLE]
    assert its.now(analysis).attempt == 2
    second.kill()


def test_the_next_start_finishes_what_was_killed(asking: MakeBench, start: Start) -> None:
    its = asking(answers=[[Say("Once"), Hold()], [Say("Twice"), Done()]])
    analysis = its.ask()
    process = start(its)
    its.wait_text(analysis, "Once")
    process.kill()
    start(its)
    assert its.wait(analysis, attempt=2) is State.DONE
    assert its.outcome(analysis).earlier == ["Once"]


def test_a_stop_that_met_nobody_alive(asking: MakeBench, start: Start) -> None:
    its = asking(Say("Once"), Hold())
    analysis = its.ask()
    process = start(its)
    its.wait_text(analysis, "Once")
    process.kill()
    its.stop(analysis)
    assert its.now(analysis).state is State.STOPPING
    start(its)
    assert its.wait(analysis) is State.STOPPED
    assert its.outcome(analysis).text == "Once"


def test_one_that_was_suspended_and_replaced_writes_nothing_more(
    asking: MakeBench, start: Start
) -> None:
    its = asking(answers=[[Say("Once"), Hold(), Say("late"), Hold()], [Say("Twice"), Done()]])
    first = start(its).begun()
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    second = start(its).begun()
    first.signal(signal.SIGSTOP)
    assert its.store.calls.recover(lambda name: True, at=time.time()) == 1
    assert its.wait(analysis, attempt=2) is State.DONE
    last = its.store.journal.after(analysis.call_id)[-1]
    its.let_go()
    first.signal(signal.SIGCONT)
    its.told()
    assert its.store.journal.after(analysis.call_id)[-1] == last
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
    second.kill()


@pytest.mark.parametrize("way", ["distributed"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_end_gives_back(
    asking: MakeBench, start: Start, number: signal.Signals
) -> None:
    its = asking(Say("Once"), Hold())
    worker = start(its).begun()
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    worker.signal(number)
    assert worker.end() == 0
    assert not worker.said
    its.told()
    assert its.now(analysis).state is State.QUEUED
    assert its.outcome(analysis).text == "Once"


@pytest.mark.parametrize("way", ["embedded"])
def test_a_stop_in_one_process_is_news_in_the_other(
    asking: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_writer, "HEARTBEAT_SECONDS", 1e6)
    its = asking(Say("Once"), Hold())
    its.again()
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    its.stop(analysis)
    assert its.wait(analysis) is State.STOPPED
    its.told()


@pytest.mark.parametrize("way", ["embedded"])
@pytest.mark.parametrize("shell_is_first", [True, False])
def test_a_report_of_a_shell_and_questions_of_a_page_take_turns(
    bench: MakeBench, start: Start, *, shell_is_first: bool
) -> None:
    server = Busy([Say("a"), Hold(), Done()])
    its = bench(servers=[server], works=False)
    for is_shell in (shell_is_first, not shell_is_first):
        start(its, is_shell=is_shell).begun()

    def asked() -> list[str]:
        """What the server was asked, in order."""
        chats = [body["messages"] for path, body in server.requests if path == "/api/chat"]
        return [messages[-1]["content"].splitlines()[-1] for messages in chats if messages]

    def next_one() -> None:
        """Let the call end that runs, and wait for the next."""
        count = len(asked())
        its.let_go()
        its.until(lambda: len(asked()) > count)

    its.answering()
    first = its.ask(asked="question 1")
    next_one()
    its.wait(first, State.WRITING)
    others = [its.ask(asked=f"question {number}") for number in (2, 3)]
    for _ in range(5):
        next_one()
    assert asked() == [
        "step 1",
        "question 1",
        "step 2",
        "question 2",
        "step 3",
        "question 3",
        "step 4",
    ]
    assert [its.wait(one) for one in (first, *others)] == [State.DONE] * 3
    assert server.peak == 1
