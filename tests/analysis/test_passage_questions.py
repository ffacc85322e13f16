"""A question to the whole of a manuscript: what is sent, what is answered without a model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.analysis import (
    ASKED,
    LOOKED_UP,
    AnswerWatch,
    ask,
    passage_step,
    read_findings,
)
from components.analysis.passage_questions import merged
from components.engine import Finished, Options, Statistics, Text
from components.evidence import index_of
from components.manuscripts import read
from components.retrieval import Retriever
from components.store import Exchange, PromptInputs, Question, Step

FILLER = "They walked on, and it rained, and nobody spoke, for the road was long and grey. " * 30
SOLD = "She let it go for ninety crowns."
PLANTED = {
    3: "Helen Chester buried the brass key under the quince tree.",
    5: f"The miller's wife came into the orchard. It rained. It rained on. {SOLD}",
    7: "Old Pieter sold the ferry to a stranger for forty guineas.",
    9: "Helen Chester was twenty years old when her brother drowned.",
}
BOOK = read(
    "\n\n".join(
        f"Chapter {number}\n\n{FILLER}\n\n{PLANTED.get(number, '')}\n\n{FILLER}"
        for number in range(1, 11)
    ).encode(),
    name="book.txt",
)
RETRIEVER = Retriever(index_of(BOOK))


def step(
    words: str,
    *,
    limit: int | None = 8192,
    history: Any = (),
    before: str = "",
    **options: Any,
) -> Step:
    question = Question(
        "id", "T", "", (), 0, 0, "Ask", words, "m", digest="d", options=Options(**options)
    )
    return passage_step(
        question,
        BOOK,
        history,
        RETRIEVER,
        before=before,
        count=lambda text: len(text) // 4,
        limit=limit,
    )


def answer(*statements: str) -> str:
    return json.dumps({"statements": [{"statement": statement} for statement in statements]})


def said(asked: Step, *statements: str) -> list[tuple[str, bool]]:
    findings = read_findings(asked.question, answer(*statements), index_of(BOOK))
    return [(finding.words, finding.is_supported) for finding in findings]


WHERE = "Where did Helen bury the brass key?"


def test_passages_are_sent_apart_and_the_question_after_them() -> None:
    asked = step(WHERE)
    question = asked.question
    assert (asked.answer, question.part, question.prompt) == ("", ASKED, WHERE)
    first = BOOK.text[slice(*question.ranges[0])]
    assert PLANTED[3] in first
    (system, user) = ask(question, PromptInputs(BOOK)).messages
    at = user.content.index(WHERE)
    for start, end in question.ranges:
        assert 0 <= user.content.find(BOOK.text[start:end].strip()) < at
    assert len(user.content) < len(BOOK.text) / 3
    # How to answer is told after the passages: before them a small model forgets it.
    assert "JSON" not in system.content
    assert "JSON" in user.content[at:]


def test_the_same_question_has_the_same_form_and_temperature() -> None:
    assert step(WHERE).question == step(WHERE).question
    assert step(WHERE).question.options.temperature == 0.0
    assert step(WHERE, temperature=0.7).question.options.temperature == 0.7
    assert step(WHERE, num_predict=50).question.options.num_predict == 50


def test_fewer_passages_are_sent_where_there_is_little_room() -> None:
    wide, narrow = step(WHERE).question, step(WHERE, limit=2_000).question
    assert 0 < len(narrow.ranges) < len(wide.ranges)
    assert PLANTED[3] in BOOK.text[slice(*narrow.ranges[0])]


def test_a_follow_up_looks_for_what_was_asked_before_too() -> None:
    history = (Exchange(WHERE, answer("Helen buried it.")),)
    asked = step("Under which tree?", history=history, before=WHERE).question
    assert any(PLANTED[3] in BOOK.text[slice(*span)] for span in asked.ranges)
    messages = ask(asked, PromptInputs(BOOK, history)).messages
    assert [message.role for message in messages] == ["system", "user", "assistant", "user"]


def test_a_model_is_told_what_held_of_an_earlier_answer() -> None:
    first = step(WHERE).question
    true, lie = "Helen buried the brass key under the quince tree.", "Helen sold it in Paris."
    history = (Exchange(WHERE, answer(true, lie), first),)
    asked = step("Under which tree?", history=history, before=WHERE).question
    told = ask(asked, PromptInputs(BOOK, history)).messages[2]
    assert (told.role, told.content) == ("assistant", true)
    nothing = (Exchange(WHERE, answer(lie), first),)
    told = ask(asked, PromptInputs(BOOK, nothing)).messages[2]
    assert "Paris" not in told.content


class TestWhatIsSaid:
    """No citation whose words do not stand in the passage that it names."""

    def test_a_true_statement_has_its_sentence(self) -> None:
        assert said(step(WHERE), "Helen buried the brass key under the quince tree.") == [
            (PLANTED[3], True)
        ]

    @pytest.mark.parametrize(
        ("question", "answered", "words"),
        [
            ("Who buried the brass key?", "Helen Chester buried the brass key.", PLANTED[3]),
            # What is asked stands in the passage, though not beside the sentence.
            ("For what was the orchard of the miller's wife sold?", SOLD, SOLD),
            ("What does Pieter say of the ferry?", f"Pieter tells: {PLANTED[7]}", PLANTED[7]),
        ],
    )
    def test_an_answer_may_have_other_words_than_the_question(
        self, question: str, answered: str, words: str
    ) -> None:
        assert said(step(question), answered) == [(words, True)]

    @pytest.mark.parametrize(
        "lie",
        [
            "Helen buried the brass key in a volcano near Naples.",
            "Helen gave the brass key to the stranger.",
            "The key was made of silver and lay in Paris.",
            "Helen Chester was forty years old when she buried the brass key.",
            "Helen never buried the brass key under the quince tree.",
        ],
    )
    def test_a_lie_is_not_supported(self, lie: str) -> None:
        assert [ok for _, ok in said(step(WHERE), lie)] == [False]

    @pytest.mark.parametrize(
        ("question", "beside_it"),
        [
            ("What is the name of Helen's key?", "Helen buried the brass key under a quince tree."),
            ("How many brass keys did Helen bury?", "Helen buried the brass key under a tree."),
            ("Who sold Helen's quince?", PLANTED[9]),
            ("Which tree did Pieter's brother drown?", PLANTED[3]),
            # An answer that is a name: it stands elsewhere; what it does is told of another.
            ("Who buried the brass key?", "Old Pieter buried the brass key."),
            ("Who ran the ferry?", "Old Pieter ran the ferry."),
            # The book has no lantern.
            ("Where did Helen bury the brass lantern?", "Helen buried the brass lantern there."),
        ],
    )
    def test_nor_is_what_does_not_answer(self, question: str, beside_it: str) -> None:
        assert [ok for _, ok in said(step(question), beside_it)] == [False]

    def test_nor_is_what_stands_in_no_passage_that_was_read(self) -> None:
        narrow = step(WHERE, limit=1_500).question
        assert all(PLANTED[7] not in BOOK.text[slice(*span)] for span in narrow.ranges)
        stated = read_findings(narrow, answer(PLANTED[7]), index_of(BOOK))
        assert [(one.start, one.is_supported) for one in stated] == [(None, False)]

    def test_words_are_those_of_the_text_whatever_the_answer_holds(self) -> None:
        lying = json.dumps(
            {"statements": [{"statement": "Helen is dead.", "start": 3, "end": 9, "words": "x"}]}
        )
        (finding,) = read_findings(step(WHERE).question, lying, index_of(BOOK))
        assert (finding.start, finding.words) == (None, "")

    def test_no_statement_is_an_answer_too(self) -> None:
        asked = step(WHERE)
        watch = AnswerWatch(asked.question, PromptInputs(BOOK))
        watch.add(Text(answer()))
        watch.add(Finished(Statistics("m", 2048, done_reason="stop")))
        watch.finish()
        assert said(asked) == []


class TestWithoutAModel:
    def test_what_can_be_counted(self) -> None:
        asked = step("Where is Pieter first mentioned?")
        assert asked.question.part == LOOKED_UP
        assert asked.question.model == ""
        first, *_ = read_findings(asked.question, asked.answer, index_of(BOOK))
        assert (first.words, first.chapter) == (PLANTED[7], "Chapter 7")
        assert any(start <= (first.start or 0) < end for start, end in asked.question.ranges)

    @pytest.mark.parametrize(
        "question", ["Who is Captain Ahab?", "What does Ahab do with the brass key?"]
    )
    def test_what_the_manuscript_nowhere_has(self, question: str) -> None:
        asked = step(question)
        assert asked.question.part == LOOKED_UP
        (finding,) = read_findings(asked.question, asked.answer, index_of(BOOK))
        assert "Ahab" in finding.claim
        assert finding.start is None

    @pytest.mark.parametrize(
        "question",
        [
            "Summarise what Helen does with the brass key.",
            "Hello. Compare Helen and Pieter!",
            "Please describe the ferry.",
            "List everything that Helen buried.",
        ],
    )
    def test_a_word_that_begins_a_sentence_is_no_name(self, question: str) -> None:
        assert step(question).question.part == ASKED

    def test_what_was_asked_before_is_held_against_no_later_question(self) -> None:
        assert step(WHERE, before="Who is Captain Ahab?").question.part == ASKED

    def test_a_question_in_another_language_is_told_so(self) -> None:
        asked = step("Wo hat sie den Schlüssel aus Messing vergraben und warum?")
        assert asked.question.part == LOOKED_UP
        (finding,) = read_findings(asked.question, asked.answer, index_of(BOOK))
        assert "German" in finding.claim


def test_ranges_that_overlap_are_one_in_the_first_place() -> None:
    assert merged([(50, 60), (0, 10), (58, 70), (8, 20)]) == ((50, 70), (0, 20))
    assert merged([(0, 10), (20, 30), (5, 25)]) == ((0, 30),)
    assert merged([(0, 10), (10, 20)]) == ((0, 10), (10, 20))
    assert merged([]) == ()
