"""Several hosts: who has the model, who dies, who goes on."""

from __future__ import annotations

import pytest

from components.errors import (
    ConnectionLost,
    ModelNotFound,
    OllamaUnavailable,
    ServerError,
    StreamStalled,
)
from components.store import MOST_MOVES, Analysis, Kind, State, Step
from tests.doubles.scripted_ollama import Break, Done, Hold, Refuse, Say, ScriptedOllama
from tests.jobs.conftest import LONG, Bench, MakeBench
from tests.jobs.making import WHOLE, Bare, question

GOOD = (Say("Twice"), Done())


def test_a_host_that_breaks_off_gives_the_call_to_another(bench: MakeBench) -> None:
    first, second = ScriptedOllama([Say("Once"), Break()]), ScriptedOllama(GOOD)
    its = bench(servers=[first, second])
    analysis = its.ask()
    assert its.wait(analysis) is State.DONE
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier, outcome.error) == ("Twice", ["Once"], None)
    assert its.now(analysis).attempt == 2
    assert its.states(analysis) == [*WHOLE[:5], "interrupted", *WHOLE]


def test_a_host_whose_machine_goes_away(bench: MakeBench) -> None:
    first, second = ScriptedOllama([Say("Once"), Hold()]), ScriptedOllama(GOOD)
    its = bench(servers=[first, second])
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    its.kill(first)
    assert its.wait(analysis) is State.DONE
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])


def test_the_next_call_does_not_go_to_a_dead_host_until_it_answers(bench: MakeBench) -> None:
    first, second = ScriptedOllama(GOOD, answers=[[Break()]]), ScriptedOllama(GOOD)
    its = bench(servers=[first, second])
    its.wait(its.ask())
    asked = len(first.requests)
    its.wait(its.ask())
    assert len(first.requests) == asked
    its.look()
    analysis = its.ask()
    assert its.wait(analysis) is State.DONE
    assert first.requests[-1][0] == "/api/chat"


def test_without_another_host_it_fails_and_keeps_the_text(bench: MakeBench) -> None:
    its = bench(Say("Once"), Hold())
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    its.kill(its.server)
    assert its.wait(analysis) is State.FAILED
    outcome = its.outcome(analysis)
    assert outcome.text == "Once"
    assert isinstance(outcome.error, ConnectionLost)


def test_it_does_not_move_to_a_host_without_the_model(bench: MakeBench) -> None:
    """That one would say that the model is not there, and hide what happened."""
    its = bench(servers=[ScriptedOllama([Say("Once"), Break()]), Bare()])
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    assert isinstance(its.outcome(analysis).error, ConnectionLost)


def test_it_moves_so_often_and_no_more(bench: MakeBench) -> None:
    servers = [ScriptedOllama([Say(f"{n}"), Break()]) for n in range(MOST_MOVES + 2)]
    its = bench(servers=servers)
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    outcome = its.outcome(analysis)
    assert isinstance(outcome.error, ConnectionLost)
    assert its.now(analysis).attempt == MOST_MOVES + 1
    assert [*outcome.earlier, outcome.text] == [f"{n}" for n in range(MOST_MOVES + 1)]
    assert not servers[-1].generating


def test_a_model_of_one_host_only(bench: MakeBench) -> None:
    first, second = Bare(), ScriptedOllama(GOOD)
    its = bench(servers=[first, second])
    analysis = its.ask()
    assert its.wait(analysis) is State.DONE
    assert "/api/chat" not in [path for path, _ in first.requests]


def test_a_model_of_no_host(bench: MakeBench) -> None:
    its = bench(servers=[Bare(), Bare()])
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    assert isinstance(its.outcome(analysis).error, ModelNotFound)


def test_a_model_whose_host_is_away_is_not_said_to_be_missing(bench: MakeBench) -> None:
    its = bench(servers=[ScriptedOllama(GOOD), Bare()])
    for side in (its.work, its.web):
        side.hosts.leave_out(its.server.url, OllamaUnavailable("It is away."))
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    assert isinstance(its.outcome(analysis).error, OllamaUnavailable)


def test_what_waits_for_a_host_starts_when_it_answers(bench: MakeBench) -> None:
    its = bench(*GOOD)
    for side in (its.work, its.web):
        side.hosts.leave_out(its.server.url, OllamaUnavailable("It is away."))
    analysis = its.ask()
    place = its.jobs.queue_position(analysis)
    assert place is not None
    assert place.running == 0
    its.look()
    assert its.wait(analysis) is State.DONE


def test_a_stop_while_the_host_dies_is_a_stop(bench: MakeBench) -> None:
    first, second = ScriptedOllama([Say("Once"), Hold(), Break()]), ScriptedOllama(GOOD)
    its = bench(servers=[first, second])
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    # Nobody tells the worker: the break comes first, or the next sign of life does.
    its.store.control.stop(analysis.id)
    its.let_go(first)
    assert its.wait(analysis) is State.STOPPED
    assert its.outcome(analysis).text == "Once"
    assert not second.generating


CRASH = (Refuse(500, {"error": "llama runner process has terminated"}),)


def report(its: Bench, steps: int = 1) -> list[Analysis]:
    """The steps of a report, none of which needs another."""
    asked = [
        Step(question(its.shelf, asked=f"{number}", part="notes", retries=2))
        for number in range(steps)
    ]
    series = its.shelf.series.begin(Kind.REPORT, asked, name="r")
    its.jobs.perform(series.id)
    return its.shelf.analyses.in_series(series.id)


def waits(its: Bench, analysis: Analysis, attempt: int) -> None:
    """Wait until it is queued again after an attempt, and have its host looked at."""
    its.until(lambda: (now := its.now(analysis)).state is State.QUEUED and now.attempt == attempt)
    its.look()
    its.jobs.perform()


class TestReports:
    """Nobody looks at a reading that goes on overnight: it waits for its host and goes on."""

    def test_a_step_waits_for_its_only_host_and_the_next_ones_with_it(
        self, bench: MakeBench
    ) -> None:
        its = bench(*GOOD, answers=[[Say("Once"), Break()]])
        first, second = report(its, 2)
        its.until(lambda: its.now(first).attempt == 1 and its.now(first).state is State.QUEUED)
        assert (its.now(second).state, its.now(second).attempt) == (State.QUEUED, 0)
        waits(its, first, 1)
        assert [its.wait(one) for one in (first, second)] == [State.DONE] * 2
        outcome = its.outcome(first)
        assert (outcome.text, outcome.earlier, outcome.error) == ("Twice", ["Once"], None)
        assert its.now(second).attempt == 1

    def test_a_host_that_comes_back_only_to_die_is_given_up(self, bench: MakeBench) -> None:
        its = bench(Break())
        (step,) = report(its)
        for attempt in range(1, MOST_MOVES + 1):
            waits(its, step, attempt)
        assert its.wait(step) is State.FAILED
        assert its.now(step).attempt == MOST_MOVES + 1
        assert isinstance(its.outcome(step).error, ConnectionLost)

    def test_it_does_not_go_to_a_host_without_the_model_meanwhile(self, bench: MakeBench) -> None:
        its = bench(servers=[ScriptedOllama(GOOD, answers=[[Break()]]), Bare()])
        first, second = report(its, 2)
        waits(its, first, 1)
        assert [its.wait(one) for one in (first, second)] == [State.DONE] * 2

    def test_it_moves_to_another_host_that_has_the_model(self, bench: MakeBench) -> None:
        its = bench(servers=[ScriptedOllama([Say("Once"), Break()]), ScriptedOllama(GOOD)])
        (step,) = report(its)
        assert its.wait(step) is State.DONE

    def test_a_crash_of_the_runner_is_tried_again_twice(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[CRASH, CRASH])
        (step,) = report(its)
        its.until(lambda: its.now(step).state.has_ended and its.now(step).attempt == 3)
        assert its.outcome(step).text == "Twice"

    def test_and_no_more(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[CRASH] * 3)
        (step,) = report(its)
        its.until(lambda: its.now(step).state.has_ended and its.now(step).attempt == 3)
        assert its.now(step).state is State.FAILED
        assert isinstance(its.outcome(step).error, ServerError)

    def test_what_the_server_will_say_again_is_not(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[[Refuse(400, {"error": "this model cannot"})]])
        (step,) = report(its)
        assert its.wait(step) is State.FAILED
        assert its.now(step).attempt == 1


@pytest.mark.parametrize("answer", [CRASH, (Break(),)])
def test_a_single_analysis_is_its_editors_to_run_again(
    bench: MakeBench, answer: tuple[Refuse | Break, ...]
) -> None:
    its = bench(*GOOD, answers=[answer])
    analysis = its.ask(retries=2)
    assert its.wait(analysis) is State.FAILED
    assert its.now(analysis).attempt == 1
    its.jobs.again(its.shelf, analysis.id)
    assert its.wait(analysis, attempt=2) is State.DONE
    assert its.outcome(analysis).text == "Twice"


def test_a_server_that_stalls_is_said_and_its_text_is_kept(bench: MakeBench) -> None:
    its = bench(*GOOD, answers=[[Say("Once"), Hold()]])
    engine = its.work.hosts.engine(its.server.url)
    engine._stall_seconds = 0.05
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    its.told()
    outcome = its.outcome(analysis)
    assert outcome.text == "Once"
    assert isinstance(outcome.error, StreamStalled)
    assert "memory" in outcome.error.advice
    engine._stall_seconds = LONG
    its.jobs.again(its.shelf, analysis.id)
    assert its.wait(analysis, attempt=2) is State.DONE
    outcome = its.outcome(analysis)
    assert (outcome.text, outcome.earlier) == ("Twice", ["Once"])
