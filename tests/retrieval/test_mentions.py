"""What can be counted is answered from the text: first, last, how often, who is where."""

from __future__ import annotations

import pytest

from components.evidence import index_of
from components.manuscripts import read
from components.retrieval import Mention, look_up

BOOK = read(
    b"Chapter 1\n\nIt rained. Then Mr. Marlow came, and with Marlow came Anna Quill. Nobody saw "
    b"Anna. They spoke of the brass lamp.\n\nChapter 2: The Ferry\n\nIt was late. There Anna "
    b"met Marlow's brother. Soon Marlow left, and Anna stayed.\n\nChapter 3\n\nThe lamp was out. "
    b"At dusk Anna sat alone, and nobody spoke of Tom. But Tom came, and Anna saw Tom.\n",
    name="book.txt",
)


def asked(question: str) -> tuple[Mention, ...]:
    return look_up(question, BOOK, index_of(BOOK))


def words(mention: Mention) -> str:
    assert mention.start is not None
    return BOOK.text[mention.start : mention.end]


@pytest.mark.parametrize(
    "question",
    [
        "Where is Marlow first mentioned?",
        "When does Marlow first appear?",
        "where is the first mention of Mr. Marlow",
        "First mention of “Marlow”",
        "In which chapter is Marlow mentioned for the last time in the book?",
        "Where is the last time that Marlow is named?",
        "How often is the name Marlow used?",
        "How many times does Marlow appear?",
        "How many mentions of Marlow are there?",
    ],
)
def test_first_last_and_how_often(question: str) -> None:
    first, last, often = asked(question)
    assert words(first) == "Then Mr. Marlow came, and with Marlow came Anna Quill."
    assert "Chapter 1" in first.statement
    assert words(last) == "Soon Marlow left, and Anna stayed."
    assert "Chapter 2" in last.statement
    assert "4 times" in often.statement
    assert "Chapter 1 (2)" in often.statement
    assert often.start is None


def test_a_phrase_is_looked_up_as_it_stands() -> None:
    first, often = asked("How often is the phrase 'brass lamp' used?")
    assert words(first) == "They spoke of the brass lamp."
    assert "once" in often.statement
    first, last, _ = asked("Where is the word lamp first used?")
    assert (words(first), words(last)) == ("They spoke of the brass lamp.", "The lamp was out.")


def test_what_is_nowhere_is_said() -> None:
    (mention,) = asked("Where is Ishmael first mentioned?")
    assert "Ishmael" in mention.statement
    assert mention.start is None


@pytest.mark.parametrize(
    "question", ["Who is in chapter 3?", "Which characters appear in chapter 3"]
)
def test_who_is_in_a_chapter(question: str) -> None:
    head, *names = asked(question)
    assert "Chapter 3" in head.statement
    assert {name.statement.partition(":")[0] for name in names} >= {"Tom", "Anna"}
    assert all(BOOK.chapters[2].start <= (name.start or 0) < BOOK.chapters[2].end for name in names)


def test_a_chapter_is_known_by_its_title() -> None:
    assert "Chapter 2" in asked("Who is mentioned in The Ferry?")[0].statement


@pytest.mark.parametrize(
    "question",
    [
        "Where do we first learn that her brother is dead?",
        "Who is in love with Anna?",
        "Who is in chapter 9?",
        "Why does Marlow leave?",
        "How often do they meet, and where?",
        "",
    ],
)
def test_no_other_question_is_taken_for_one(question: str) -> None:
    assert asked(question) == ()


NAMES = read(
    b"Chapter 1\n\nA mark was on the wall. Then Mark came in. He liked a rose.\n\nChapter 2\n\n"
    b"There was Anna. Quill pens lay about. There was Mr. Quill, and he left a mark.\n",
    name="names.txt",
)


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("How often is Mark mentioned?", "once"),
        ("How often is the word mark used?", "3 times"),
        ("How often is Mr. Quill mentioned?", "once"),
        ("How often is the phrase \u201cAnna Quill\u201d used?", "nowhere"),
    ],
)
def test_names_are_no_words_and_end_with_their_sentence(question: str, times: str) -> None:
    assert times in look_up(question, NAMES, index_of(NAMES))[-1].statement


def test_a_thing_may_be_called_otherwise() -> None:
    assert look_up("Where is the umbrella first mentioned?", NAMES, index_of(NAMES)) == ()
    assert look_up("Where is the rose first mentioned?", NAMES, index_of(NAMES)) != ()
    assert look_up("When was Anna last seen?", NAMES, index_of(NAMES)) == ()
