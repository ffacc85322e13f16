"""What a small model is asked, and with which options."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.analysis import Lens, is_small, lens, lenses, suited_lens, suited_options
from components.engine import Details, Model, Options

LARGE = Model(
    name="large:8b",
    digest="",
    size=1,
    family="",
    parameter_size="8.0B",
    quantization_level="",
    context_length=8192,
    capabilities=frozenset(),
    remote_host=None,
)
SMALL = replace(LARGE, name="small:1.5b", parameter_size="1.8B")
DETAILS = Details("", "", "", ())


@pytest.mark.parametrize(
    ("said", "small"),
    [("134.52M", True), ("1.8B", True), ("2.9b", True), ("3.2B", False), ("70B", False)],
)
def test_which_models_are_small(said: str, small: bool) -> None:
    assert is_small(replace(LARGE, parameter_size=said)) is small


@pytest.mark.parametrize("said", ["", "many", "7x8B"])
def test_a_model_that_does_not_say_its_size_is_not_taken_for_small(said: str) -> None:
    assert replace(LARGE, parameter_size=said).parameters is None
    assert not is_small(replace(LARGE, parameter_size=said))


def test_a_small_model_is_asked_each_lens_in_few_words() -> None:
    for one in lenses():
        short = suited_lens(one, SMALL)
        assert len(short.prompt) < len(one.prompt)
        assert (short.name, short.title) == (one.name, one.title)
        assert suited_lens(one, LARGE) == one
        assert suited_lens(one) == one


def test_each_point_has_a_line() -> None:
    points = suited_lens(replace(lens(), of_chapter="what happens; who is there."), SMALL).prompt
    assert "\n- What happens.\n- Who is there.\n" in points


def test_one_small_model_among_those_that_are_asked_the_same_is_enough() -> None:
    assert suited_lens(lens(), LARGE, SMALL) == suited_lens(lens(), SMALL)


def test_a_lens_without_few_words_or_with_a_schema_is_left_as_it_is() -> None:
    own = Lens("own", "Own", "What is the dog called?")
    assert suited_lens(own, SMALL) == own
    with_schema = replace(lens(), schema="{}")
    assert suited_lens(with_schema, SMALL) == with_schema


def test_a_small_model_gets_a_low_temperature_where_nobody_says_another() -> None:
    suited = suited_options(Options(), SMALL, DETAILS)
    assert suited.temperature == pytest.approx(0.2)
    assert suited.repeat_penalty is not None
    assert suited.repeat_penalty > 1
    assert suited_options(Options(), LARGE, DETAILS) == Options()


def test_the_editors_own_option_and_the_models_own_parameter_hold() -> None:
    assert suited_options(Options(temperature=0.0), SMALL, None).temperature == 0.0
    greedy = replace(DETAILS, parameters=(("temperature", "0"),))
    assert suited_options(Options(), SMALL, greedy).temperature is None
