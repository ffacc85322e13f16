"""Answers that are no use, as a scripted model gives them, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass

from components.errors import ModelRefused, ModelRepeated, NoUse, WrongLanguage
from tests.doubles.scripted_ollama import Done, Hold, Say, Step

_LINE = ("She ", "is ", "a ", "woman ", "who ", "is ", "a ", "traveller.\n")
_CHINESE = "这个故事讲的是一个时间旅行者和他的朋友们在晚餐时的谈话。"


@dataclass(frozen=True, slots=True)
class NoUseAnswer:
    """An answer, the error that it ends with, and how that is said on the page."""

    steps: tuple[Step, ...]
    error: type[NoUse]
    said: str
    begins: str


REPEATS = NoUseAnswer(
    # The server would go on: only a client that closes the stream ends it.
    (*(Say(word) for _ in range(40) for word in _LINE), Hold(), Done()),
    ModelRepeated,
    "Repeated itself, stopped",
    "She is a woman who is a traveller.",
)
REFUSES = NoUseAnswer(
    (Say("I'm sorry, but "), Say("I cannot read the manuscript."), Done()),
    ModelRefused,
    "Refused to answer",
    "I'm sorry, but I cannot read the manuscript.",
)
CHINESE = NoUseAnswer(
    (Say(_CHINESE), Say(_CHINESE[:12] + "。"), Done()), WrongLanguage, "Wrong language", _CHINESE
)

ALL = (REPEATS, REFUSES, CHINESE)
