"""Questions about pictures: what is asked by default, and what it is called in lists."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from components.analysis.lens import lens
from components.analysis.prompts import Subject, ask, question_about
from components.engine import PICTURE_TOKENS, Model, Options
from components.pictures import check_count, prepare
from components.store import PromptInputs, Question, QuestionPicture

DESCRIBE, TRANSCRIBE, FIT = "picture-describe", "picture-transcribe", "picture-fit"

#: What a question is called that is none of these.
_OWN = "Discussion"


def question_pictures(
    files: Sequence[tuple[str, Callable[[], bytes]]],
) -> tuple[QuestionPicture, ...]:
    """Return files, each its name and what reads it, as models may get them.

    Raises: PictureError, before any is read where there are too many.
    """
    check_count(len(files))
    pictures = [prepare(read(), name=name) for name, read in files]
    return tuple(QuestionPicture(picture.name, picture.data) for picture in pictures)


def picture_question(
    pictures: Sequence[QuestionPicture],
    asked: str,
    model: Model,
    options: Options,
    *,
    beside: Subject | None = None,
    count: Callable[[str], int],
) -> Question:
    """Return the question that asks `asked` of `pictures`, and of the manuscript `beside` them.

    `count` estimates the tokens of a text; pictures are counted by an average until the server
    has counted them.
    """
    those = pictures[0].name if len(pictures) == 1 else f"{len(pictures)} pictures"
    presets = [lens(name) for name in (DESCRIBE, TRANSCRIBE, FIT)]
    question = question_about(
        beside,
        model,
        options,
        lens=next((preset.title for preset in presets if preset.prompt == asked), _OWN),
        prompt=asked,
        title=beside.manuscript.title if beside else those,
        scope=f"{those} with {beside.scope}" if beside else those,
        pictures=len(pictures),
    )
    inputs = PromptInputs(beside.manuscript if beside else None, pictures=tuple(pictures))
    tokens = count(ask(question, inputs).prompt) + len(pictures) * PICTURE_TOKENS
    return replace(question, tokens=tokens)
