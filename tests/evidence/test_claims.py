"""A claim finds its sentence, and what the sentence does not carry is doubted."""

from __future__ import annotations

import pytest

from components.evidence import doubts, find_sentence, sentences
from tests.evidence.making import index

CLAIMS = [
    ("Tolland counts 1,204 waves", 9, "counted 1,204 waves.", set()),
    ("Tolland was afraid of the storm", 9, "from the south.", {"negation"}),
    ("She climbs two hundred steps", 18, "did not look down.", set()),
    ("She climbs three hundred steps in Chapter 6", 17, "look down.", {"figure", "chapter named"}),
    ("Mr. Brisk laughed in the morning", 19, "Émile laughed.", {"unknown name"}),
    ("Émile laughed on Monday", 22, "Émile laughed.", {"figure"}),
]


@pytest.mark.parametrize(("claim", "number", "ending", "kinds"), CLAIMS)
def test_a_claim_finds_its_sentence(claim: str, number: int, ending: str, kinds: set[str]) -> None:
    lighthouse = index()
    spans = sentences(lighthouse.text, 0, len(lighthouse.text))
    at = find_sentence(claim, number, lighthouse.text, spans)
    assert at is not None
    sentence = lighthouse.text[slice(*spans[at])]
    assert sentence.endswith(ending)
    around = lighthouse.text[spans[at - 1][0] : spans[min(at + 1, len(spans) - 1)][1]]
    found = doubts(claim, sentence, lighthouse, around=around)
    assert {doubt.kind for doubt in found} == kinds
