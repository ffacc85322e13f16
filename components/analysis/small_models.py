"""What suits a small model: a question in few words, and options that keep it to the text.

Measured with Qwen2.5-Coder 1.5B on the opening of a novel: asked the storyteller's long question at
Ollama's own temperature of 0.8 it refused, or named chapters that were not there; asked a point a
line at 0.2 it answered each point. Without a penalty it copied the text, or one sentence for ever;
with one of 1.1 it began to misspell the names that it repeats.
"""

from collections.abc import Sequence
from dataclasses import replace

from components.analysis.lens import Lens
from components.engine import Details, Model, Options

#: Models of fewer parameters are small.
SMALL_PARAMETERS = 3_000_000_000

#: What a small model is asked with where neither the editor nor the model itself says otherwise.
SMALL_OPTIONS: dict[str, float] = {"temperature": 0.2, "repeat_penalty": 1.05}

_SHORT = """You are a first reader who reports to an editor on the text above. Write about:

{points}

Give each point a short heading and two to four sentences in your own words. Quote a few words of \
the text where they show it. Use only what stands in the text."""


def is_small(model: Model) -> bool:
    """Whether a model is too small for long questions; one that does not say its size is not."""
    return model.parameters is not None and model.parameters < SMALL_PARAMETERS


def suited_lens(lens: Lens, *models: Model) -> Lens:
    """Return the lens with its question in few words where one of `models` is small.

    A lens that has none, or whose answer has a schema, is left as it is.
    """
    if not any(map(is_small, models)) or not lens.of_chapter or lens.schema:
        return lens
    points = [point.strip().rstrip(".") for point in lens.of_chapter.split(";")]
    listed = "\n".join(f"- {point[:1].upper()}{point[1:]}." for point in points if point)
    return replace(lens, prompt=_SHORT.format(points=listed))


def fair_options(models: Sequence[Model]) -> dict[str, float | int]:
    """Return the options that all columns of a comparison get where nothing else is written.

    Ollama's own temperature, or what suits the small model among them.
    """
    small = SMALL_OPTIONS if any(map(is_small, models)) else {}
    return {"temperature": 0.8, "seed": 1, **small}


def suited_options(options: Options, model: Model, details: Details | None) -> Options:
    """Return `options` with those of a small model where they, and its `details`, have none."""
    if not is_small(model):
        return options
    unset = {
        name: value
        for name, value in SMALL_OPTIONS.items()
        if getattr(options, name) is None and (details is None or details.default(name) is None)
    }
    return replace(options, **unset)  # type: ignore[arg-type]
