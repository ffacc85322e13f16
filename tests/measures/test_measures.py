"""Each measure alone, on texts small enough to count by hand."""

from __future__ import annotations

import math

import pytest

from components.manuscripts import paragraphs_of
from components.measures import DEFINITIONS, Name, glance, joined_names, language_of
from components.measures.definitions import Measure
from components.measures.dialogue import speech
from components.measures.readability import readability, syllables
from components.measures.text_language import TextLanguage
from components.measures.word_frequency import log_likelihood
from components.measures.word_tokens import sentences
from tests.measures.books import book


def said(text: str) -> list[str]:
    """What is speech in `text`."""
    return [text[start:end] for start, end in speech(text, paragraphs_of(text, 0, len(text))).spans]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Mr. Bell came. He sat.", "en", ["Mr. Bell came.", "He sat."]),
        ("“Why?” she asked. “Go!”", "en", ["“Why?” she asked.", "“Go!”"]),
        ("J. R. Hall wrote it. It was I. He knew.", "en", None),
        ("Wait… what? No… Never.", "en", ["Wait… what?", "No…", "Never."]),
        ("It cost 3.50 in all. Fine.", "en", ["It cost 3.50 in all.", "Fine."]),
        ("«Oui !» dit-il. Il partit.", "fr", ["«Oui !» dit-il.", "Il partit."]),
        ("Mme. Vert et M. Noir. Fin.", "fr", ["Mme. Vert et M. Noir.", "Fin."]),
        ("هل ذهب؟ نعم. «لا!»", "ar", ["هل ذهب؟", "نعم.", "«لا!»"]),
        ("वह गया। वह आई।", "hi", ["वह गया।", "वह आई।"]),
        ("「走」。他走了！她也？", "zh", ["「走」。", "他走了！", "她也？"]),
        ("no stop at all", "en", ["no stop at all"]),
    ],
)
def test_sentences(text: str, language: str, expected: list[str] | None) -> None:
    expected = expected or ["J. R. Hall wrote it.", "It was I.", "He knew."]
    found = sentences(text, 0, len(text), language)
    assert [text[start:end] for start, end in found] == expected


def test_a_paragraph_ends_a_sentence() -> None:
    text = "One line\nof two\n\n\nAnother"
    assert [text[start:end] for start, end in paragraphs_of(text, 0, len(text))] == [
        "One line\nof two",
        "Another",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Yes,” he said, “no.” And left.", ["“Yes,”", "“no.”"]),
        ('"Yes," he said. "No."', ['"Yes,"', '"No."']),
        ("‘It isn’t the boys’ ball,’ he said.", ["‘It isn’t the boys’ ball,’"]),
        ("'Don't go,' he said. It's late.", ["'Don't go,'"]),
        ("«Oui», dit-il. «Non.»", ["«Oui»", "«Non.»"]),
        ("„Ja“, sagte er. „Nein.“", ["„Ja“", "„Nein.“"]),
        ("»Ja«, sagte er. »Nein.«", ["»Ja«", "»Nein.«"]),
        ("Il entra.\n\n— Oui, dit-il.\n\n—Non.", ["— Oui, dit-il.", "—Non."]),
        ("“One.\n\n“Two.” He sat.", ["“One.", "“Two.”"]),
        ("Nobody spoke. It was late.", []),
    ],
)
def test_what_is_said_aloud(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_book_told_inside_quotation_marks_says_so() -> None:
    told = "“I went down to the shore and waited there.\n\n“A man came. ‘Who is it?’ he said.\n\n"
    text = told * 5 + "He fell silent."
    found = speech(text, paragraphs_of(text, 0, len(text)))
    assert found.told
    assert found.quoted_share > 0.9
    assert [text[start:end] for start, end in found.spans] == ["‘Who is it?’"] * 5


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("the", 1), ("table", 2), ("walked", 1), ("wanted", 2), ("beautiful", 3),
        ("every", 3), ("idea", 3), ("people", 2), ("mr", 2), ("careful", 2), ("houses", 2),
        ("drawing-room", 3), ("don't", 1), ("sister's", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_readability_by_its_formulas() -> None:
    # Ten sentences of ten words: nine of one syllable, one of three and of nine letters.
    words = ["cat"] * 90 + ["beautiful"] * 10
    found = readability(words, 10, TextLanguage("en"))
    assert found["reading_ease"] == pytest.approx(206.835 - 1.015 * 10 - 84.6 * 1.2)
    assert found["grade"] == pytest.approx(0.39 * 10 + 11.8 * 1.2 - 15.59)
    assert found["lix"] == pytest.approx(10 + 10)
    assert readability(words, 10, TextLanguage("fr")) == {"lix": found["lix"]}
    assert readability(words[:99], 10, TextLanguage("en")) == {}


def test_log_likelihood_by_its_formula() -> None:
    # Ten of a thousand words here, ten of a million in the reference of a hundred million.
    expected = 1_000 * (10 + 1_000) / (1_000 + 100_000_000)
    usually = 100_000_000 * (10 + 1_000) / (1_000 + 100_000_000)
    by_hand = 2 * (10 * math.log(10 / expected) + 1_000 * math.log(1_000 / usually))
    assert log_likelihood(10, 1_000, 1e-5) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It was the best of times, and he had seen it with the eyes of a man at sea.", "en"),
        ("Il était dans la maison et elle ne le savait pas, car la porte est close.", "fr"),
        ("Der Mann ging mit dem Hund in den Wald, und es war nicht das erste Mal.", "de"),
        ("El hombre que vive en la casa de la playa y su mujer no quieren que se lo digan.", "es"),
        ("xyzzy plugh frobnicate quux", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_language_by_its_commonest_words(text: str, code: str) -> None:
    found = language_of(book(("", text)))
    assert found.code == code


def test_the_language_that_the_file_states_comes_first() -> None:
    found = language_of(book(("", "Il était dans la maison."), language="en-GB"))
    assert found.code == "en"


def names_of(text: str) -> dict[str, int]:
    found = glance(book(("", text), language="en")).names
    return {one.label: len(one.places) for one in found or ()}


def test_two_people_of_one_surname_are_two() -> None:
    text = (
        "There was Mr. Hale and there was Mrs. Hale. "
        "Nobody knew Mr. Hale or Mrs. Hale. I met Mr. Hale, not Mrs. Hale."
    )
    assert names_of(text) == {"Mr. Hale": 3, "Mrs. Hale": 3}


def test_first_name_and_surname_are_one_where_both_belong_to_nobody_else() -> None:
    text = (
        "We met Henry Clerval in town. They saw Henry Clerval again. "
        "Yes, Henry came, and Clerval left. So Henry slept, then Clerval woke."
    )
    assert names_of(text) == {"Clerval": 6} or names_of(text) == {"Henry": 6}


def test_words_that_only_begin_sentences_are_no_names() -> None:
    text = "Suddenly it rained. Suddenly it snowed. Suddenly it stopped. He said that I went."
    assert names_of(text) == {}


def test_possessives_belong_to_the_name() -> None:
    text = "It was Weena’s hand. He took Weena's flower. There Weena was."
    assert names_of(text) == {"Weena": 3}


def test_echoes_are_uncommon_and_near() -> None:
    filler = "and so they went on and on " * 10  # Seventy words.
    text = f"An orchard, another orchard. {filler} An orchard. The house, the house."
    found = glance(book(("", text), language="en")).echoes
    assert [(one.label, one.repeats, len(one.places)) for one in found or ()] == [("orchard", 1, 2)]


def test_filter_words_count_in_the_narrative_only() -> None:
    text = "He saw it. “I saw it and felt it,” he said. I could see the sea. They see it."
    found = glance(book(("", text), language="en")).filter_words
    assert {one.label: len(one.places) for one in found or ()} == {"saw": 1, "see": 1}


def test_adverbs_are_no_families() -> None:
    text = "The lovely family only came early, slowly, to Sally. Quickly they left, slowly."
    found = glance(book(("", text), language="en")).adverbs
    assert {one.label: len(one.places) for one in found or ()} == {"slowly": 2, "quickly": 1}


def test_favourites_are_used_more_than_usual() -> None:
    text = " ".join(["The lantern was in the house and he took the lantern to them."] * 10)
    found = glance(book(("", text), language="en")).favourites
    assert found
    assert found[0].label == "lantern"
    assert found[0].times > 1_000
    assert "the" not in {one.label for one in found}


def test_elided_words_are_words_in_french() -> None:
    measured = glance(book(("", "L'homme qu'il a vu dit-il là."), language="fr"))
    assert measured.book.counted_words == 9


@pytest.mark.parametrize("measure", list(DEFINITIONS))
def test_every_figure_is_defined(measure: Measure) -> None:
    definition = DEFINITIONS[measure]
    assert all((definition.name, definition.meaning, definition.rule, definition.source))
    assert definition.where


def test_names_are_joined_under_the_first_and_hidden() -> None:
    anna = Name("Anna", ((0, 4), (90, 94)), (("Anna", 2),))
    mrs = Name("Mrs. Bell", ((40, 49), (60, 69), (80, 89)), (("Mrs. Bell", 3),))
    place = Name("Whitby", ((20, 26),) * 4, (("Whitby", 4),))
    assert joined_names((place, mrs, anna), [], []) == [place, mrs, anna]
    (one,) = joined_names((place, mrs, anna), [["Anna", "Mrs. Bell"]], ["Whitby"])
    assert one.label == "Anna"
    assert one.places == ((0, 4), (40, 49), (60, 69), (80, 89), (90, 94))
    assert dict(one.variants) == {"Anna": 2, "Mrs. Bell": 3}


def test_a_measure_says_why_it_does_not_hold() -> None:
    german, unknown, thai = (
        language_of(book(("I", "x"), language=code)) for code in ("de", "", "th")
    )
    adverbs = DEFINITIONS["adverbs"]
    reasons = [adverbs.why_not(language) for language in (german, unknown, thai)]
    assert not any(adverbs.holds_for(language) for language in (german, unknown, thai))
    assert german.name in reasons[0]
    assert len(set(reasons)) == 3
