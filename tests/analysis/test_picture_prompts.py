"""What a question about pictures is called and counted."""

from __future__ import annotations

import pytest

from components.analysis import DESCRIBE, FIT, TRANSCRIBE, Subject, lens, picture_question
from components.engine import PICTURE_TOKENS, Model, Options
from components.manuscripts import Manuscript
from components.store import QuestionPicture

MODEL = Model("m:1b", "d", 1, "llama", "1B", "Q4_0", 8192, frozenset({"vision"}), None)
ONE, TWO = (
    (QuestionPicture("a.png", b"1"),),
    (QuestionPicture("a.png", b"1"), QuestionPicture("b.png", b"2")),
)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        (lens(DESCRIBE).prompt, "Description"),
        (lens(TRANSCRIBE).prompt, "Transcription"),
        (lens(FIT).prompt, "Fit"),
        ("Who is it?", "Discussion"),
    ],
)
def test_its_name_is_that_of_what_is_asked(asked: str, title: str) -> None:
    question = picture_question(ONE, asked, MODEL, Options(), count=len)
    assert (question.lens, question.title, question.scope) == (title, "a.png", "a.png")
    assert (question.model, question.digest, question.manuscript_id) == ("m:1b", "d", "")


def test_pictures_count_beside_the_text() -> None:
    one = picture_question(ONE, "Who?", MODEL, Options(), count=len)
    two = picture_question(TWO, "Who?", MODEL, Options(), count=len)
    assert two.tokens == one.tokens + PICTURE_TOKENS
    assert (two.pictures, two.scope) == (2, "2 pictures")


def test_beside_a_manuscript() -> None:
    text = "Call me Ishmael. " * 100
    manuscript = Manuscript("Moby", text, (), "txt", "0" * 64, "utf-8", None, ())
    beside = Subject("id", manuscript, "Chapter 1", ((0, 800),), 150)
    question = picture_question(TWO, "Fits?", MODEL, Options(), beside=beside, count=len)
    assert (question.manuscript_id, question.title) == ("id", "Moby")
    assert question.scope == "2 pictures with Chapter 1"
    assert question.ranges == ((0, 800),)
    assert question.tokens > 800 + 2 * PICTURE_TOKENS
