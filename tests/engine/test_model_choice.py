from __future__ import annotations

from itertools import permutations

import pytest

from components.engine import Model, ranked, suggestions
from components.engine.model_choice import _USUAL_MEMORY

GB = 1_000_000_000


def model(
    name: str, size: float, parameters: str = "4B", *, remote_host: str | None = None
) -> Model:
    """A model of `size` gigabytes."""
    return Model(
        name=name,
        digest=name,
        size=int(size * GB),
        family="llama",
        parameter_size=parameters,
        quantization_level="Q4_0",
        context_length=8192,
        capabilities=frozenset({"completion"}),
        remote_host=remote_host,
    )


def names(*models: Model, memory: float | None = 16) -> list[str]:
    (found,) = {
        tuple(one.name for one in ranked(some, memory=int(memory * GB) if memory else None))
        for some in permutations(models)
    }
    return list(found)


def test_the_largest_that_fits_comes_first_and_what_does_not_fit_last() -> None:
    models = model("a", 2), model("b", 9), model("c", 5), model("d", 40), model("e", 20)
    assert names(*models) == ["b", "c", "a", "e", "d"]


def test_where_nothing_fits_the_smallest_comes_first() -> None:
    assert names(model("a", 9), model("b", 5), memory=4) == ["b", "a"]


def test_some_memory_is_left_for_the_rest() -> None:
    assert names(model("a", 7.9), model("b", 1), memory=8) == ["b", "a"]


def test_ties_are_broken_by_name() -> None:
    assert names(model("b", 2), model("a", 2), model("c", 2)) == ["a", "b", "c"]


@pytest.mark.parametrize("tiny", ["134.52M", "11K", "361.82M"])
def test_a_very_small_model_comes_after_all_that_fit(tiny: str) -> None:
    models = model("tiny", 9, tiny), model("small", 0.4, "494.03M"), model("large", 30)
    assert names(*models) == ["small", "tiny", "large"]


@pytest.mark.parametrize("said", ["", "large", "8x7B", "1.2.3B"])
def test_one_that_does_not_say_its_parameters_is_not_taken_for_very_small(said: str) -> None:
    assert names(model("a", 2, said), model("b", 1)) == ["a", "b"]


def test_a_cloud_model_comes_last() -> None:
    cloud = model("a", 0, "120B", remote_host="https://cloud.example")
    assert names(cloud, model("b", 90)) == ["b", "a"]


def test_without_a_known_memory_a_usual_one_is_assumed() -> None:
    models = model("a", 2), model("b", 9), model("c", 40)
    assert names(*models, memory=None) == names(*models, memory=_USUAL_MEMORY / GB)


@pytest.mark.parametrize("memory", [3, 7, 15, 30])
def test_what_is_suggested_for_a_computer_fits_it(memory: int) -> None:
    suggested = [model(one.name, one.size / GB) for one in suggestions(memory * GB)]
    largest_first = sorted(suggested, key=lambda one: (-one.size, one.name))
    assert names(*suggested, memory=memory) == [one.name for one in largest_first]
