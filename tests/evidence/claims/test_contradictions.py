"""What cannot both be true of one subject stands side by side; what can is left alone."""

from __future__ import annotations

import pytest

from components.evidence import contradictions

CONTRARY = {
    "ages": [("Anna", "24 years old"), ("Anna", "aged twenty-six")],
    "an age without a unit": [("Anna's age", "24"), ("Anna", "26 years old")],
    "colours": [("Anna", "blue eyes"), ("Anna", "her eyes are brown")],
    "what is owned": [("Anna's eyes", "grey"), ("Anna: eye colour", "green")],
    "weekdays": [("the wedding", "on Monday"), ("wedding", "on a Tuesday")],
    "months": [("Anna's birthday", "3 May"), ("Anna's birthday", "3 June")],
    "counts": [("lighthouse", "two hundred steps"), ("The lighthouse", "has 204 steps")],
    "plain words": [("Anna's job", "nurse"), ("Anna (job)", "a teacher")],
    "opposites": [("Émile", "is alive"), ("Émile", "was found dead")],
    "negation": [("Anna", "can swim"), ("Anna", "cannot swim")],
    "names of one person": [("Mr. Tolland", "aged 50"), ("Tolland", "aged 60")],
    "German": [("Anna", "blaue Augen"), ("Anna", "braune Augen")],
}
COMPATIBLE = {
    "the same twice": [("Anna", "24 years old"), ("Anna", "aged twenty-four")],
    "one colour, two spellings": [("Anna", "grey eyes"), ("Anna", "gray eyes")],
    "two things": [("Anna", "blue eyes"), ("Anna", "brown hair")],
    "two people": [("Anna", "blue eyes"), ("Émile", "brown eyes")],
    "people with two titles": [("Mr. Tolland", "aged 50"), ("Mrs. Tolland", "aged 46")],
    "two events": [("Anna", "leaves on Monday"), ("Anna", "returns on Tuesday")],
    "one says more": [("Anna's eyes", "blue"), ("Anna's eyes", "dark blue")],
    "no attribute": [("Anna", "a nurse"), ("Anna", "tall")],
    "one of two numbers": [("Anna", "two sons"), ("Anna", "three daughters")],
    "a job told at length": [("Anna's job", "nurse"), ("Anna's job", "night nurse")],
}


@pytest.mark.parametrize("said", CONTRARY.values(), ids=CONTRARY)
def test_what_cannot_both_be_true(said: list[tuple[str, str]]) -> None:
    entries = [(subject, value, key) for key, (subject, value) in enumerate(said)]
    (found,) = contradictions([*entries, ("Somebody", "else", 9)])
    assert found.subject == said[0][0]
    assert found.sides == tuple((value, (key,)) for _, value, key in entries)


@pytest.mark.parametrize("said", COMPATIBLE.values(), ids=COMPATIBLE)
def test_what_can_be_true(said: list[tuple[str, str]]) -> None:
    assert contradictions((subject, value, value) for subject, value in said) == []


def test_a_side_has_all_who_say_so() -> None:
    values = ["aged 24", "26 years old", "24 years of age", "blue eyes", "aged 30"]
    (found,) = contradictions(("Anna", value, key) for key, value in enumerate(values))
    assert found.sides == (("aged 24", (0, 2)), ("26 years old", (1,)), ("aged 30", (4,)))
