"""A claim finds its sentence, and what the sentence does not carry is doubted."""

from __future__ import annotations

from functools import cache

import pytest

from components.evidence import Doubt, Index, content, doubts, find_sentence, sentences
from components.evidence.comparable_words import stem
from components.manuscripts import read
from tests.evidence import making

index = cache(making.index)

HARBOUR = (
    "The boat lay in the harbour. Anna painted the boat. Nobody came. It rained all night. "
    "Her brother slept. The boat sank in the harbour. A gull cried. The end of the summer came. "
    "They drank coffee. The lamp was lit."
)

#: A claim, and the number of the sentence it rests on.
CLAIMS = {
    "a paraphrase": ("Anna paints the boat", 2),
    "the end of it": ("The lamp is lit", 10),
    "the first of two": ("A boat in the harbour", 1),
    "one word of several": ("Somebody weeps while a gull circles", None),
    "nothing shared": ("The widow sells her house", None),
    "no words": ("...", None),
    "two of many words": ("A rich merchant with many ships buys the harbour and boat", None),
    "an irregular verb": ("Her brother sleeps", 5),
}


@pytest.mark.parametrize(("claim", "rests_on"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_finds_its_sentence(claim: str, rests_on: int | None) -> None:
    spans = sentences(HARBOUR, 0, len(HARBOUR))
    at = find_sentence(claim, HARBOUR, spans)
    assert (at if at is None else at + 1) == rests_on


def test_nothing_rests_on_no_sentence() -> None:
    assert find_sentence("Anna paints", HARBOUR, ()) is None


def test_a_name_that_the_passage_is_full_of_is_no_evidence() -> None:
    told = "Anna Quill came. Then Anna Quill sang. All heard Anna Quill. Anna Quill left, and wept."
    spans = sentences(told, 0, len(told))
    assert find_sentence("Anna Quill drowns", told, spans) is None
    assert find_sentence("Anna Quill sings", told, spans) == 1


@pytest.mark.parametrize(
    "forms",
    [
        "come came comes coming",
        "stop stops stopped stopping",
        "hope hopes hoped hoping",
        "carry carries carried carrying",
        "tell tells told telling",
        "bless blesses blessed",
        "church churches church's",
        "child children",
    ],
)
def test_forms_of_a_word_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_die_is_a_word_in_english_and_an_article_in_german() -> None:
    assert "die" in content("How did the captain die?")
    assert "die" not in content("Die Frau, die den Brief schrieb")


STORM = "He was not afraid of the storm, which had been coming up all night from the south."
STEPS = "She climbed the two hundred steps again and did not look down."

#: A claim, its sentence, what is doubted.
DOUBTED = [
    ("Tolland was afraid of the storm", STORM, {Doubt("negation", "not afraid")}),
    ("Tolland wasn't afraid of the storm", STORM, set()),
    ("He is never afraid of storms", STORM, set()),
    ("A storm came up from the north", STORM, {Doubt("changed word", "north")}),
    ("She climbs two hundred steps", STEPS, set()),
    ("She climbs 200 steps", STEPS, set()),
    ("She climbs 300 steps", STEPS, {Doubt("figure", "300")}),
    ("She climbs steps in Chapter 6", STEPS, {Doubt("chapter named", "Chapter 6")}),
    ("Steps climbed (last chapter)", STEPS, {Doubt("chapter named", "last chapter")}),
    ("Mr. Brisk climbs steps", STEPS, {Doubt("unknown name", "Mr. Brisk")}),
    ("It says that Brisk climbs steps", STEPS, {Doubt("unknown name", "Brisk")}),
    ("Brisk climbs the steps", STEPS, {Doubt("unknown name", "Brisk")}),
    ("Climbing the steps, she sings", STEPS, set()),
    ("She climbs in May", STEPS, {Doubt("figure", "May")}),
    ("She may climb two hundred steps", STEPS, set()),
    ("She climbs on Mondays", STEPS, {Doubt("figure", "Mondays")}),
    ("She refuses to look down", STEPS, set()),
    ("There came snow, rain and wind", "There came wind, rain and snow.", set()),
    ("Anna met Tolland", "Tolland met Anna.", set()),
    ("It says: Occurrence: She climbs the steps", STEPS, set()),
    ("It says: Brisk climbs the steps", STEPS, {Doubt("unknown name", "Brisk")}),
    ("Anna's boat lay there", "Anna's old boat lay there.", set()),
    ("She climbs, using the steps", STEPS, set()),
    ("", STEPS, set()),
]


@pytest.mark.parametrize(("claim", "sentence", "wanted"), DOUBTED)
def test_what_a_sentence_does_not_carry(claim: str, sentence: str, wanted: set[Doubt]) -> None:
    assert set(doubts(claim, sentence, index(), around="Mr. Tolland counted.")) == wanted


LANGUAGES = {
    "de": (
        (
            "Das Zimmer war leer. Gregor Samsa erwachte am Montag aus unruhigen Träumen und fand"
            " sich in seinem Bett verwandelt. Er war schon fünf Jahre im Dienst und nicht krank"
            " gewesen."
        ),
        [
            ("Gregor Samsa erwacht am Montag aus unruhigen Träumen in seinem Bett.", set()),
            ("Er ist seit fünf Jahren im Dienst und nie krank gewesen.", set()),
            ("Gregor Samsa erwacht am Dienstag aus unruhigen Träumen.", {"figure"}),
            ("Er war fünf Jahre im Dienst und krank gewesen.", {"negation"}),
            ("Er ist acht Jahre im Dienst.", {"figure"}),
            ("Herr Brinkmann erwacht und findet sich in dem Bett.", {"unknown name"}),
        ],
    ),
    "fr": (
        (
            "On ne savait rien de Phileas Fogg. Il n’était membre d’aucune administration."
            " Passepartout, un garçon de trente ans, entra à son service le mercredi 2 octobre."
        ),
        [
            ("On ne savait rien de M. Fogg.", set()),
            ("Passepartout entre au service de Fogg le mercredi 2 octobre.", set()),
            ("Passepartout a 30 ans.", set()),
            ("Passepartout entre à son service le jeudi 2 octobre.", {"figure"}),
            ("Il était membre d'une administration.", {"negation"}),
            ("Marguerite Duval entre à son service.", {"unknown name"}),
        ],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_claims_in_other_languages(language: str) -> None:
    text, claims = LANGUAGES[language]
    book = Index(read(text.encode(), name="book.txt"))
    spans = sentences(book.text, 0, len(book.text))
    for claim, wanted in claims:
        at = find_sentence(claim, book.text, spans)
        if at is None:
            assert wanted, claim
            continue
        found = doubts(claim, book.text[slice(*spans[at])], book, around=book.text)
        assert {doubt.kind for doubt in found} == wanted, claim


@pytest.mark.parametrize("order", [1, -1])
def test_words_of_another_chapter(order: int) -> None:
    chapters = [
        "Anna painted the boat with green paint before breakfast.",
        "Anna looked at the boat, which nobody had touched since the autumn.",
    ][::order]
    text = "\n\n".join(f"Chapter {n}\n\n{body}" for n, body in enumerate(chapters, 1))
    book = Index(read(text.encode(), name="book.txt"))
    claim = "Anna paints the boat green before breakfast."
    painted, looked = chapters[::order]
    assert {doubt.kind for doubt in doubts(claim, looked, book)} == {"words elsewhere"}
    assert not doubts(claim, painted, book)
