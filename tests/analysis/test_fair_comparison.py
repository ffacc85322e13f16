"""What runs at the same time, and the context that all columns share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.analysis import Reason, fair_options, schedule, with_shared_context
from components.engine import Host, Model, Options
from components.engine.model import Loaded
from tests.store.making import question

GIB = 2**30
A = Model("a:8b", "a" * 64, 4 * GIB, "", "8B", "", 8192, frozenset(), None)
B = replace(A, name="b:8b", digest="b" * 64, context_length=4096)
HERE, THERE, AWAY = Host("http://127.0.0.1:1"), Host("http://127.0.0.1:2"), Host("http://10.0.0.1")
IN_MEMORY = Loaded(4096, 5 * GIB, 0)
ON_GPU = Loaded(4096, 5 * GIB, 5 * GIB)


@pytest.mark.parametrize(
    ("models", "hosts", "free", "together", "reason"),
    [
        ((A, B), [(HERE, [A, B]), (THERE, [A])], 1, False, Reason.HOSTS),
        ((A, B), [(HERE, [A, B]), (THERE, [])], 99 * GIB, False, Reason.UNKNOWN),
        ((A, A), [(HERE, [A])], 99 * GIB, False, Reason.SAME_MODEL),
        ((A, replace(B, parent_model=A.name)), [(HERE, [A])], None, False, Reason.SAME_MODEL),
        ((A, B), [(HERE, [A, B])], 12 * GIB, True, Reason.FITS),
        ((A, B), [(HERE, [A, B])], 11 * GIB, False, Reason.ROOM),
        ((replace(A, loaded=IN_MEMORY), B), [(HERE, [A, B])], 6 * GIB, True, Reason.FITS),
        ((A, B), [(HERE, [replace(A, loaded=ON_GPU), B])], 99 * GIB, False, Reason.UNKNOWN),
        ((A, B), [(AWAY, [A, B])], 99 * GIB, False, Reason.UNKNOWN),
        ((A, B), [(HERE, [A, B])], None, False, Reason.UNKNOWN),
    ],
)
def test_together_only_where_the_memory_is_known_to_take_them(
    models: tuple[Model, ...],
    hosts: list[tuple[Host, list[Model]]],
    free: int | None,
    together: bool,
    reason: Reason,
) -> None:
    planned = schedule(models, hosts, free)
    assert (planned.together, planned.reason) == (together, reason)
    assert (planned.free == free) == (reason in (Reason.FITS, Reason.ROOM))


def test_models_that_are_all_loaded_run_together() -> None:
    loaded = [replace(model, loaded=ON_GPU) for model in (A, B)]
    assert schedule(loaded, [(AWAY, loaded)], None).reason is Reason.LOADED


def test_all_columns_get_the_context_of_the_hungriest_that_the_smallest_model_has() -> None:
    def least(tokens: int) -> list[int]:
        answers = [Options(num_predict=100), Options(num_predict=50)]
        asked = [
            question(tokens=tokens, options=answers[0]),
            question(tokens=10, options=answers[1]),
        ]
        return [one.least_ctx for one in with_shared_context(asked, [A, B])]

    few, many = least(500), least(3900)
    assert few == [few[0]] * 2
    assert 600 <= few[0] < 4096
    assert many == [4096] * 2


def test_a_small_model_among_them_sets_the_options_of_all() -> None:
    assert fair_options([A, B])["temperature"] == 0.8
    assert fair_options([A, replace(B, parameter_size="1B")])["temperature"] < 0.8
