"""Questions about pictures: what is asked by default, and what it is called in lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from components.analysis.lens import lens
from components.analysis.prompts import ask
from components.engine import PICTURE_TOKENS, Model, Options
from components.manuscripts import Manuscript
from components.store import PromptInputs, Question, QuestionPicture

DESCRIBE, TRANSCRIBE, FIT = "picture-describe", "picture-transcribe", "picture-fit"

#: What a question is called that is none of these.
_OWN = "Discussion"


@dataclass(frozen=True, slots=True)
class Beside:
    """The manuscript that pictures are compared with: which part of it, as `Question` has it."""

    manuscript_id: str
    manuscript: Manuscript
    scope: str
    ranges: tuple[tuple[int, int], ...]
    words: int


def picture_question(
    pictures: Sequence[QuestionPicture],
    asked: str,
    model: Model,
    options: Options,
    *,
    beside: Beside | None = None,
    count: Callable[[str], int],
) -> Question:
    """Return the question that asks `asked` of `pictures`, and of the manuscript `beside` them.

    `count` estimates the tokens of a text; pictures are counted by an average until the server
    has counted them.
    """
    those = pictures[0].name if len(pictures) == 1 else f"{len(pictures)} pictures"
    presets = [lens(name) for name in (DESCRIBE, TRANSCRIBE, FIT)]
    question = Question(
        manuscript_id=beside.manuscript_id if beside else "",
        title=beside.manuscript.title if beside else those,
        scope=f"{those} with {beside.scope}" if beside else those,
        ranges=beside.ranges if beside else (),
        words=beside.words if beside else 0,
        unit=beside.manuscript.unit if beside else "words",
        tokens=0,
        lens=next((preset.title for preset in presets if preset.prompt == asked), _OWN),
        prompt=asked,
        model=model.name,
        digest=model.digest,
        options=options,
        pictures=len(pictures),
    )
    inputs = PromptInputs(beside.manuscript if beside else None, pictures=tuple(pictures))
    tokens = count(ask(question, inputs).prompt) + len(pictures) * PICTURE_TOKENS
    return replace(question, tokens=tokens)
