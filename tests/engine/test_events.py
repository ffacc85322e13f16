from __future__ import annotations

import pytest

from components.engine import Call, Message, Statistics

SECOND = 1_000_000_000


def test_speeds_are_the_servers_counts_by_its_durations() -> None:
    statistics = Statistics(
        model="a",
        num_ctx=2048,
        prompt_eval_count=1000,
        prompt_eval_duration=4 * SECOND,
        eval_count=150,
        eval_duration=3 * SECOND,
    )
    assert statistics.prompt_tokens_per_second == 250
    assert statistics.tokens_per_second == 50
    assert statistics.context_used == 1150


def test_what_the_server_did_not_say_is_not_made_up() -> None:
    statistics = Statistics(model="a", num_ctx=2048)
    assert statistics.tokens_per_second is None
    assert statistics.prompt_tokens_per_second is None
    assert statistics.context_used is None


@pytest.mark.parametrize(("count", "duration"), [(0, SECOND), (5, 0), (None, 5), (5, None)])
def test_no_speed_without_count_and_duration(count: int | None, duration: int | None) -> None:
    statistics = Statistics(model="a", num_ctx=1, eval_count=count, eval_duration=duration)
    assert statistics.tokens_per_second is None


def test_an_answer_of_nothing_uses_the_prompts_context() -> None:
    statistics = Statistics(model="a", num_ctx=1, prompt_eval_count=7, eval_count=0)
    assert statistics.context_used == 7


def test_the_prompt_of_a_call_is_all_that_the_model_reads() -> None:
    call = Call("a", (Message("system", "one"), Message("user", "two")))
    assert call.prompt == "one\ntwo"
