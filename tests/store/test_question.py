from __future__ import annotations

from dataclasses import replace

import pytest

from components.engine import Options
from components.errors import RecordUnreadable
from components.store import Question
from tests.store.making import SECRET, question

#: Rows that another version, or a broken disk, may leave.
UNREADABLE = [
    "",
    SECRET,
    "[]",
    "{}",
    question(prompt=SECRET).to_json().replace('"words"', '"mots"'),
    question(prompt=SECRET).to_json().replace("[[0,", "[[["),
    question(prompt=SECRET).to_json()[:-1] + ', "tone": "warm"}',
    question(prompt=SECRET).to_json()[:-40],
]


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


@pytest.mark.parametrize("text", UNREADABLE)
def test_one_that_cannot_be_read_says_so_and_nothing_of_its_text(text: str) -> None:
    with pytest.raises(RecordUnreadable) as raised:
        Question.from_json(text)
    assert raised.value.advice
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert Question.for_list(text).prompt == ""
