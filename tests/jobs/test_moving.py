"""Several hosts: who has the model, who dies, who goes on."""

from __future__ import annotations

from components.engine.scripted import Break, Done, Hold, Say, ScriptedOllama
from components.errors import ConnectionLost, ModelNotFound, OllamaUnavailable
from components.store import MOST_MOVES, State
from tests.jobs.conftest import MakeBench
from tests.jobs.making import WHOLE, Bare

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


def test_what_waits_for_a_host_starts_when_it_answers(bench: MakeBench) -> None:
    its = bench(*GOOD)
    for side in (its.work, its.web):
        side.hosts.leave_out(its.server.url, OllamaUnavailable("It is away."))
    analysis = its.ask()
    place = its.jobs.place(analysis)
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
