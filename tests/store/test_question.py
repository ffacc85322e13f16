from __future__ import annotations

from dataclasses import replace

from components.engine import Options
from components.store import Question
from tests.store.making import question


def test_what_was_asked_comes_back() -> None:
    asked = question(
        ranges=((0, 4), (10, 99)),
        options=Options(num_predict=7, temperature=0.25, seed=3, stop=("\n",), think="low"),
        prompt="Wozu?\n“É”",
    )
    assert Question.from_json(asked.to_json()) == asked


def test_what_was_not_said_comes_back_as_not_said() -> None:
    asked = question()
    assert asked.options == Options()
    assert Question.from_json(asked.to_json()) == asked


def test_letters_are_stored_as_letters() -> None:
    assert "Éß" in question(prompt="Éß").to_json()


def test_half_a_letter_becomes_another_and_the_rest_is_kept() -> None:
    asked = question(prompt="a\ud800b\0c")
    assert Question.from_json(asked.to_json()) == replace(asked, prompt="a?b\0c")
    asked.to_json().encode()
    assert "\0" not in asked.to_json()
