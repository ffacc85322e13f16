"""What is held against every answer, while it is written and at its end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from components.analysis.answer_format import check_form
from components.analysis.answer_language import (
    AskedLanguage,
    asked_language,
    check_language,
    check_script,
)
from components.analysis.refusal import is_refusal
from components.analysis.repetition import RepetitionDetector
from components.engine import Event, Finished, Text, Thought
from components.errors import ModelRefused, ModelRepeated
from components.store import PromptInputs, Question

#: Characters after which the script of an answer is looked at, and again whenever it has doubled.
_FIRST_LOOK = 300


class AnswerWatch:
    """Watches one answer to `question`: `add` takes its events, `finish` judges the whole of it.

    Costs some microseconds a token.
    """

    def __init__(self, question: Question, material: PromptInputs) -> None:
        self._question = question
        self._material = material
        self._is_data = question.options.format is not None
        self._pieces: list[str] = []
        self._length = 0
        self._next_look = _FIRST_LOOK
        self._done_reason: str | None = None
        self._repetition = RepetitionDetector(is_data=self._is_data)
        self._thoughts: list[str] = []
        self._thinking = RepetitionDetector()

    def add(self, event: Event) -> None:
        """Take in what happened. Raises: ModelRepeated, WrongLanguage: no more of it is wanted."""
        match event:
            case Text(text):
                self._pieces.append(text)
                self._length += len(text)
                if self._repetition.feed(text):
                    raise _repeated(self._pieces)
                if self._length >= self._next_look:
                    self._look()
            case Thought(text):
                self._thoughts.append(text)
                if self._thinking.feed(text):
                    raise _repeated(self._thoughts, "While it thought, the model")
            case Finished(statistics):
                self._done_reason = statistics.done_reason
            case _:
                pass

    def finish(self) -> None:
        """Judge the whole answer.

        Raises: AnswerRefused where it has not the form asked for; ModelRefused, WrongLanguage.
        """
        answer = "".join(self._pieces)
        value = check_form(self._question, answer, done_reason=self._done_reason)
        if self._is_data:
            check_script("\n".join(_strings(value)), self._asked)
            return
        if is_refusal(answer):
            raise ModelRefused("This reads like a refusal, not an answer.")
        check_language(answer, self._asked)

    def _look(self) -> None:
        self._next_look = 2 * self._length
        if not self._is_data:
            check_script("".join(self._pieces), self._asked)

    @cached_property
    def _asked(self) -> AskedLanguage:
        return asked_language(self._question, self._material)


def _repeated(pieces: list[str], who: str = "The model") -> ModelRepeated:
    words = len("".join(pieces).split())
    return ModelRepeated(f"{who} began to repeat itself; it was stopped after {words:,} words.")


def _strings(value: Any) -> Iterator[str]:
    """Yield the texts in a JSON value, the names of its fields left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
