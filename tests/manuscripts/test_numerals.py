from __future__ import annotations

import pytest

from components.manuscripts.numerals import any_number, arabic, misspelled, roman, spelled


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("12", 12),
        ("XII", 12),
        ("xlix", 49),
        ("MCMXCIX", 1999),
        ("One", 1),
        ("TWENTY-ONE", 21),
        ("twenty one", 21),
        ("One Hundred and Twelve", 112),
        ("the First", 1),
        ("Thirty-Third", 33),
        ("premier", 1),
        ("soixante et onze", 71),
        ("quatre-vingt-dix-neuf", 99),
        ("dreiundzwanzig", 23),
        ("Zwölftes", 12),
    ],
)
def test_numbers(written, value):
    assert any_number(written) == value


@pytest.mark.parametrize(
    "word", ["", "0", "IIII", "IIX", "civilx", "twice", "many", "1.5", "-1", "²"]
)
def test_no_numbers(word):
    assert any_number(word) is None


def test_hostile_lengths_are_refused_at_once():
    assert arabic("9" * 5000) is None
    assert roman("I" * 600_000) is None
    assert spelled("one " * 10_000) is None


@pytest.mark.parametrize(
    ("word", "value"),
    [("Einunddreißgstes", 31), ("fourtyfive", 45), ("Fourty", 40), ("wonder", None), ("sic", None)],
)
def test_slips(word, value):
    assert misspelled(word) == value
