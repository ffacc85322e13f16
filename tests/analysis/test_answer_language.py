"""In which language an answer was to be, and whether it is."""

from __future__ import annotations

import pytest

from components.analysis import lenses
from components.analysis.answer_language import check_language, check_script, expected_language
from components.errors import WrongLanguage
from components.manuscripts import Manuscript
from components.store import Exchange, PromptInputs, Question

ENGLISH = (
    "The opening is a dinner among friends, and it was not until the end of the evening that the "
    "host said what he had in mind. He was to be believed, and that is what the chapter is about; "
    "she, the reader, is at the table as one of the guests.\n"
)
FRENCH = (
    "Le chapitre est un dîner entre amis, et il ne dit pas ce qui se passe dans la maison. Elle "
    "est au jardin, il est à la table, et une question se pose pour le lecteur : que veut-il ? Sur "
    "ce point il ne dit plus rien, et la scène était finie.\n"
)
GERMAN = (
    "Das Kapitel ist ein Essen unter Freunden, und es ist nicht klar, was der Wirt mit sich zu "
    "tun hat. Sie war auf dem Weg in den Garten, und er war in dem Haus; die Frage ist, ob er es "
    "von sich aus sagt oder ob man ihn zu einem Wort zwingen muß, das er nicht will.\n"
)
CHINESE = "这个故事讲的是一个时间旅行者和他的朋友们在晚餐时的谈话。"
RUSSIAN = "Путешественник по времени рассказывает гостям о четвёртом измерении."

QUESTION = "What happens in this chapter, and who is there?"


def question(prompt: str = QUESTION, **more: str) -> Question:
    return Question("m", "", "", (), 0, 0, "", prompt, "m", **more)  # type: ignore[arg-type]


def material(text: str = ENGLISH * 20, language: str = "") -> PromptInputs:
    book = Manuscript("The Whale", text, (), "txt", "0" * 64, "utf-8", None, (), language=language)
    return PromptInputs(book)


def is_wrong(answer: str, asked: Question, about: PromptInputs) -> bool:
    try:
        check_language(answer, expected_language(asked, about))
    except WrongLanguage:
        return True
    return False


def test_the_language_of_the_question_and_that_of_the_manuscript_are_right() -> None:
    french = material(FRENCH * 20)
    assert not is_wrong(ENGLISH, question(), french)
    assert not is_wrong(FRENCH, question(), french)
    assert not is_wrong(FRENCH, question(), material(ENGLISH, language="fr-FR"))
    assert is_wrong(GERMAN, question(), french)
    assert is_wrong(FRENCH, question(), material())


@pytest.mark.parametrize("lens", lenses(), ids=lambda one: one.name)
def test_a_lens_is_answered_in_english(lens: object) -> None:
    asked = question(lens.prompt)  # type: ignore[attr-defined]
    assert not is_wrong(ENGLISH, asked, material())
    assert is_wrong(GERMAN, asked, material())


def test_another_script_is_wrong_however_short_and_whatever_the_question() -> None:
    for asked in (question(), question("Why?"), question("Worum geht es?")):
        assert is_wrong(CHINESE, asked, material())
        assert is_wrong(RUSSIAN, asked, material())
        assert not is_wrong(CHINESE, asked, material(CHINESE * 50))
    assert not is_wrong(CHINESE, question("这本书讲什么？"), material())
    with pytest.raises(WrongLanguage, match=r"Chinese.*English"):
        check_script(CHINESE, expected_language(question(), material()))


@pytest.mark.parametrize(
    "prompt",
    [
        "Translate the first paragraph of this chapter, as well as you can.",
        "Tell me in French what happens in this chapter.",
        "Fasse das Kapitel auf Deutsch zusammen, in drei Sätzen.",
        "用中文回答：这一章讲什么？",
    ],
)
def test_a_question_that_names_a_language_may_be_answered_in_any(prompt: str) -> None:
    for answer in (FRENCH, GERMAN, CHINESE):
        assert not is_wrong(answer, question(prompt), material())


def test_what_was_said_before_counts_too() -> None:
    before = (Exchange("From now on answer in French.", "Bien."),)
    assert not is_wrong(FRENCH, question(), PromptInputs(material().manuscript, before))
    assert not is_wrong(FRENCH, question(system="You speak French."), material())


def test_of_a_short_question_or_answer_nothing_is_said() -> None:
    assert not is_wrong(FRENCH, question("Why?"), material())
    assert not is_wrong("Il ne dit rien.", question(), material())


def test_quotations_are_in_the_manuscripts_language() -> None:
    russian = material(RUSSIAN * 50)
    english = PromptInputs(None)
    answer = f"It opens with “{RUSSIAN}” and “{RUSSIAN}”, which is a warning to the reader."
    assert not is_wrong(answer, question(), russian)
    assert not is_wrong(answer, question(), english)
    assert not is_wrong(f"He says:\n\n> {CHINESE}\n\nand means it.", question(), material())


def test_a_report_names_its_language_and_takes_no_other() -> None:
    asked = question(language="French")
    assert not is_wrong(FRENCH, asked, material())
    assert is_wrong(ENGLISH, asked, material())
    assert is_wrong(CHINESE, asked, material())
    assert not is_wrong(CHINESE, question(language="Chinese"), material())
    assert not is_wrong(GERMAN, question(language="the dialect of my village"), material())
