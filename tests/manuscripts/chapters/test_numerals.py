from __future__ import annotations

import pytest

from components.manuscripts.chapters.numerals import (
    any_number,
    arabic,
    called,
    misspelled,
    roman,
    spelled,
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("Zero", 0),
        ("零", 0),
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
        ("१२", 12),
        ("٣", 3),
        ("十二", 12),
        ("一百零五", 105),
    ],
)
def test_numbers(written, value):
    assert any_number(written) == value


@pytest.mark.parametrize("word", ["", "IIII", "IIX", "civilx", "twice", "many", "1.5", "-1", "²"])
def test_no_numbers(word):
    assert any_number(word) is None


@pytest.mark.parametrize("word", ["on", "hat", "to"])
def test_a_number_of_a_few_languages_is_one_in_headings_only(word):
    assert spelled(word) is None
    assert spelled(word, heading=True) is not None


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


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("4", "Chapter 4"),
        ("12.", "Chapter 12"),
        ("XIV", "Chapter XIV"),
        ("Twenty-One", "Chapter Twenty-One"),
        ("Chapter 4", "Chapter 4"),
        ("1984, a year", "1984, a year"),
        ("The Storm", "The Storm"),
        ("", ""),
    ],
)
def test_a_bare_number_is_said_what_of(heading: str, said: str) -> None:
    assert called(heading) == said
