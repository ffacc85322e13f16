from __future__ import annotations

import pytest

from components.manuscripts.text.hyphens import Vocabulary, join

BOOK = [
    "He frequently walked. She spoke quietly, with a careless and harmless air, a hopeless one.",
    "A well-known, good-humoured man; his good-natured wife. Use and care and hope do harm.",
    "Twenty men, three days, and thirty-one or forty-two nights. I managed, said il.",
    "Le mari dit tout.",
    "En quatre-vingts jours—dit-il—la maison—et l’extrême froid. A pin fell; some money too.",
]


def joined(first: str, second: str) -> str:
    return join([first, second], Vocabulary([*BOOK, first, second]))


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("it was fre-", "quently said", "it was frequently said"),
        ("a well-", "known man", "a well-known man"),
        ("so good-hu-", "moured a", "so good-humoured a"),
        ("a good-", "hearted man", "a good-hearted man"),
        ("an unima-", "ginable thing", "an unimaginable thing"),
        ("he could man-", "age it", "he could manage it"),
        ("use-", "less", "useless"),
        ("pin-", "money", "pin-money"),
        ("twenty-", "three", "twenty-three"),
        ("Anglo-", "Saxon", "Anglo-Saxon"),
        ("CAREL-", "ESS", "CARELESS"),
        ("quatre-", "vingts jours", "quatre-vingts jours"),
        ("l’ex-", "trême froid", "l’extrême froid"),
        ("careless\u00ad", "ly", "carelessly"),
        ("pre-", "and post-war", "pre- and post-war"),
        ("1914-", "1918", "1914-1918"),
        ("well", "-known", "well -known"),
        ("well-", "-known", "well-known"),
        ("the house—", "and more", "the house—and more"),
        ("two", "words", "two words"),
    ],
)
def test_lines(first, second, whole):
    assert joined(first, second) == whole


def test_dashes_are_as_loose_as_the_book_has_them():
    loose = Vocabulary(["one — two — three", "four — five"])
    assert join(["six —", "seven"], loose) == "six — seven"


def test_words_that_do_not_end_are_joined_over_many_lines():
    vocabulary = Vocabulary(BOOK)
    assert join(["fre-", "quent-", "ly so"], vocabulary).endswith("ly so")
    assert join([], vocabulary) == ""
    assert join(["", " one ", ""], vocabulary) == "one"
