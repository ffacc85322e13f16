"""Names that are one person's, by rules that can be told."""

from __future__ import annotations

from collections import Counter

import pytest

from components.evidence import Index, is_known_name
from components.plots import presence
from components.plots.presence import MOST, cleaned, merged
from tests.plots.books import points_of, scores, shelf


@pytest.mark.parametrize(
    ("names", "together"),
    [
        (["Anna", "ANNA", "anna"], [{"Anna", "ANNA", "anna"}]),
        (["Mr. Darcy", "Darcy"], [{"Mr. Darcy", "Darcy"}]),
        (
            ["Mr. Darcy", "Darcy", "Fitzwilliam Darcy"],
            [{"Mr. Darcy", "Darcy", "Fitzwilliam Darcy"}],
        ),
        (["Elizabeth", "Elizabeth Bennet"], [{"Elizabeth", "Elizabeth Bennet"}]),
        # Which Bennet, nobody said.
        (
            ["Bennet", "Elizabeth Bennet", "Jane Bennet"],
            [{"Bennet"}, {"Elizabeth Bennet"}, {"Jane Bennet"}],
        ),
        # Two titles are two people.
        (["Mr. Bennet", "Mrs. Bennet"], [{"Mr. Bennet"}, {"Mrs. Bennet"}]),
        # "Ann" is a part of "Anna" only as letters.
        (["Ann", "Anna"], [{"Ann"}, {"Anna"}]),
        (["Doctor"], [{"Doctor"}]),
    ],
)
def test_names_are_merged_by_rules(names: list[str], together: list[set[str]]) -> None:
    found = [set(one) for one in merged(Counter(names))]
    assert sorted(map(sorted, found)) == sorted(map(sorted, together))


def test_the_name_said_most_often_stands_for_all() -> None:
    assert merged(Counter({"Darcy": 3, "Mr. Darcy": 5, "Fitzwilliam Darcy": 1})) == [
        ["Mr. Darcy", "Darcy", "Fitzwilliam Darcy"]
    ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Anna's", "Anna"),
        ("the Time Traveller", "Time Traveller"),
        ("Marlow (narrator)", "Marlow"),
        (" James’ ", "James"),
        ("The", "The"),
        ("()", ""),
    ],
)
def test_what_is_added_to_a_name_is_left_out(said: str, name: str) -> None:
    assert cleaned(said) == name


def test_no_more_than_fifteen_are_shown_and_all_are_counted() -> None:
    of = shelf(3)
    many = tuple(f"Person{chr(65 + number)}" for number in range(20))
    found = points_of(of, scores(characters=many), scores(characters=many[-2:]), scores())
    who = presence(of, found, Index(of.manuscript))
    assert len(who.people) == MOST
    assert who.total == 21
    assert {one.label for one in who.people[:2]} == {"PersonS", "PersonT"}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Anna", True),
        ("Mr. Marlow", True),
        ("Captain Marlow", True),
        ("Captain Nemo", False),
        ("Anna Nemo", False),
        ("the narrator", True),
        ("Dr.", True),
    ],
)
def test_a_name_is_known_where_the_manuscript_has_its_words(name: str, known: bool) -> None:
    assert is_known_name(name, Index(shelf(1).manuscript)) is known
