"""Chats: what of them is sent, and what it costs to find out."""

from __future__ import annotations

from math import ceil

import pytest

from components.analysis import ask, fitted
from components.engine import LEAST_ANSWER
from components.manuscripts import Manuscript
from components.store import Exchange, PromptInputs, Question

TEXT = "Call me Ishmael. " * 400

BOOK = Manuscript("T", TEXT, (), "txt", "0" * 64, "utf-8", None, ())

HISTORY = tuple(Exchange(f"Question {n}?", f"Answer {n}, at length. " * 20) for n in range(60))

QUESTION = Question("m", "T", "all", ((0, len(TEXT)),), 1, 0, "Chat", "And now?", "a:1b")


class Estimate:
    """Counts as an estimate does, and how many characters it was asked to count."""

    def __init__(self) -> None:
        self.counted = 0

    def __call__(self, text: str) -> int:
        self.counted += len(text)
        return ceil(len(text.encode()) / 4.2)


def sent(left_out: int) -> int:
    """The tokens of what is sent with so many exchanges left out."""
    question = Question(
        "m", "T", "all", QUESTION.ranges, 1, 0, "Chat", "And now?", "a:1b", left_out=left_out
    )
    return Estimate()(ask(question, PromptInputs(BOOK, HISTORY)).prompt)


@pytest.mark.parametrize("left_out", [0, 1, 29, 59, 60])
def test_no_more_is_left_out_than_must_be(left_out: int) -> None:
    limit = sent(left_out) + LEAST_ANSWER
    found = fitted(QUESTION, PromptInputs(BOOK, HISTORY), count=Estimate(), limit=limit)
    assert found is not None
    assert (found.left_out, found.tokens) == (left_out, sent(left_out))


def test_the_manuscript_and_the_question_are_never_cut() -> None:
    limit = sent(60) + LEAST_ANSWER - 1
    assert fitted(QUESTION, PromptInputs(BOOK, HISTORY), count=Estimate(), limit=limit) is None


def test_without_a_limit_all_is_sent() -> None:
    found = fitted(QUESTION, PromptInputs(BOOK, HISTORY), count=Estimate(), limit=None)
    assert found is not None
    assert (found.left_out, found.tokens) == (0, sent(0))


@pytest.mark.parametrize("left_out", [1, 59, 60])
def test_the_manuscript_is_not_counted_once_for_each_exchange(left_out: int) -> None:
    count = Estimate()
    whole = len(ask(QUESTION, PromptInputs(BOOK, HISTORY)).prompt)
    limit = sent(left_out) + LEAST_ANSWER
    fitted(QUESTION, PromptInputs(BOOK, HISTORY), count=count, limit=limit)
    assert count.counted <= 4 * whole
