"""An answer that is no use: stopped or refused, kept, named, and asked otherwise the next time."""

from __future__ import annotations

from typing import Any

import pytest

from components.engine import Finished, Options, Statistics, Text, Thought
from components.errors import ModelRefused, ModelRepeated
from components.store import State
from tests import no_use
from tests.doubles.scripted_ollama import Done, Say
from tests.jobs.conftest import Bench, MakeBench
from tests.jobs.making import BEGUN, WHOLE, Stub
from tests.no_use import NoUseAnswer

GOOD = (Say("It is about a whale."), Done())


def bodies(its: Bench) -> list[dict[str, Any]]:
    return [body for path, body in its.server.requests if path == "/api/chat" and body["messages"]]


@pytest.mark.parametrize("answer", no_use.ALL, ids=lambda one: one.error.__name__)
def test_it_is_named_and_kept_and_nobody_asks_again(bench: MakeBench, answer: NoUseAnswer) -> None:
    its = bench(*answer.steps)
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    outcome = its.outcome(analysis)
    assert type(outcome.error) is answer.error
    assert answer.begins in outcome.text
    assert outcome.num_ctx
    assert outcome.received >= len(answer.steps) - 1 or answer is no_use.REPEATS
    now = its.now(analysis)
    assert (type(now.error), now.attempt) == (answer.error, 1)
    assert type(its.shelf.analyses.all()[0].error) is answer.error
    assert len(bodies(its)) == 1


def test_what_repeats_itself_is_stopped_at_the_server(bench: MakeBench) -> None:
    its = bench(*no_use.REPEATS.steps)
    analysis = its.ask()
    its.wait(analysis)
    its.told()
    its.until(lambda: not its.server.generating)
    outcome = its.outcome(analysis)
    words = len(outcome.text.split())
    assert words < 80
    assert f"after {words} words" in str(outcome.error)
    assert outcome.received == words
    assert outcome.statistics is None


def test_the_final_figures_of_a_refusal_are_kept(bench: MakeBench) -> None:
    its = bench(*no_use.REFUSES.steps)
    analysis = its.ask()
    its.wait(analysis)
    figures = its.outcome(analysis).statistics
    assert figures is not None
    assert (figures.done_reason, figures.eval_count) == ("stop", 2)


def test_thoughts_that_repeat_themselves_are_stopped(bench: MakeBench) -> None:
    its = bench(*(Say("wait, let me think. ", thinking=True) for _ in range(60)), *GOOD)
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    outcome = its.outcome(analysis)
    assert isinstance(outcome.error, ModelRepeated)
    assert outcome.thoughts.startswith("wait, let me think.")
    assert outcome.text == ""


def test_where_ollama_ends_it_first_that_is_said_too(bench: MakeBench) -> None:
    its = bench(*[Say("\n")] * 40)
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    assert isinstance(its.outcome(analysis).error, ModelRepeated)


class TestAgain:
    def again(self, bench: MakeBench, answer: NoUseAnswer, **options: Any) -> list[dict[str, Any]]:
        its = bench(*GOOD, answers=[answer.steps])
        analysis = its.ask(options=Options(**options))
        assert its.wait(analysis) is State.FAILED
        its.jobs.again(its.shelf, analysis.id)
        assert its.wait(analysis, attempt=2) is State.DONE
        outcome = its.outcome(analysis)
        assert outcome.text == "It is about a whale."
        assert answer.begins in outcome.earlier[0]
        assert type(outcome.earlier_error) is answer.error
        assert its.now(analysis).error is None
        return bodies(its)

    def test_a_repetition_with_a_penalty_and_a_lower_temperature(self, bench: MakeBench) -> None:
        first, second = self.again(bench, no_use.REPEATS, seed=3)
        assert first["messages"] == second["messages"]
        assert first["options"]["seed"] == 3
        assert "temperature" not in first["options"]
        assert second["options"]["seed"] == 4
        assert second["options"]["repeat_penalty"] == 1.1
        assert second["options"]["repeat_last_n"] == 512
        assert second["options"]["temperature"] == 0.4

    def test_what_the_editor_chose_is_not_undone(self, bench: MakeBench) -> None:
        _, second = self.again(bench, no_use.REPEATS, temperature=0.1, repeat_penalty=1.3)
        assert second["options"]["temperature"] == 0.1
        assert second["options"]["repeat_penalty"] == 1.4

    def test_a_refusal_with_a_low_temperature_and_what_it_may_do(self, bench: MakeBench) -> None:
        first, second = self.again(bench, no_use.REFUSES, temperature=0.9)
        assert second["options"]["temperature"] == 0.2
        assert "repeat_penalty" not in second["options"]
        before, after = (one["messages"][-1]["content"] for one in (first, second))
        assert after.startswith(before)
        assert len(after) > len(before)

    def test_a_wrong_language_with_its_name(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[no_use.CHINESE.steps])
        analysis = its.ask(asked="What is this about, and who are the people in it?")
        its.wait(analysis)
        its.jobs.again(its.shelf, analysis.id)
        its.wait(analysis, attempt=2)
        assert bodies(its)[-1]["messages"][-1]["content"].endswith("\n\nWrite in English.")

    def test_more_each_time_and_no_more_than_helps(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[no_use.REPEATS.steps] * 7)
        analysis = its.ask()
        for attempt in range(1, 8):
            assert its.wait(analysis, attempt=attempt) is State.FAILED
            its.jobs.again(its.shelf, analysis.id)
        assert its.wait(analysis, attempt=8) is State.DONE
        sent = [one["options"].get("repeat_penalty") for one in bodies(its)]
        assert sent == [None, 1.1, 1.2, 1.3, 1.4, 1.5, 1.5, 1.5]

    def test_what_failed_otherwise_is_asked_as_before(self, bench: MakeBench) -> None:
        its = bench(*GOOD, answers=[(Say("Half"), Say("x" * 5)), no_use.REFUSES.steps])
        analysis = its.ask()
        assert its.wait(analysis) is State.FAILED
        its.jobs.again(its.shelf, analysis.id)
        assert its.wait(analysis, attempt=2) is State.FAILED
        first, second = bodies(its)
        assert first == second


def test_an_answer_that_was_meant_is_left_alone(bench: MakeBench) -> None:
    its = bench(Say("I cannot find a climax in this passage: the whale is only named."), Done())
    analysis = its.ask()
    assert its.wait(analysis) is State.DONE
    assert its.states(analysis) == WHOLE


def test_what_was_written_before_the_end_is_judged_once_it_ended(bench: MakeBench) -> None:
    """An engine of the test's own, whose last figures come after a refusal."""
    figures = Finished(Statistics("m", 1, done_reason="stop"))
    its = bench(
        engine=Stub(*BEGUN, Thought("Hm."), Text("I cannot fulfill this request."), figures)
    )
    analysis = its.ask()
    assert its.wait(analysis) is State.FAILED
    assert isinstance(its.outcome(analysis).error, ModelRefused)
