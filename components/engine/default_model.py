"""Which model to begin with: the largest that the computer holds, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable

from components.engine.model import Model

#: The share of the computer's memory that weights may take; the rest is for the model's context,
#: the system and the browser. The largest of the `suggestions` for each computer is just within.
_WEIGHTS_SHARE = 0.65

#: Bytes of memory of a computer that does not say, or is another than this one: a usual one.
_USUAL_MEMORY = 16_000_000_000

#: Models of fewer parameters repeat themselves after some sentences, as SmolLM2 135M does.
_LEAST_PARAMETERS = 450_000_000


def ranked(models: Iterable[Model], *, memory: int | None) -> list[Model]:
    """Return the models, the one to begin with first.

    First come those that fit into `memory`, in bytes, the largest first; then those that fit but
    are too small to be of use; then those that do not fit, the smallest first; then those that run
    in a cloud. Models of one size come by name. Without `memory` a usual computer's is assumed.
    """
    room = (memory or _USUAL_MEMORY) * _WEIGHTS_SHARE

    def order(model: Model) -> tuple[int, int, str]:
        if model.is_cloud:
            return 3, 0, model.name
        if model.size > room:
            return 2, model.size, model.name
        return int(is_tiny(model)), -model.size, model.name

    return sorted(models, key=order)


def is_tiny(model: Model) -> bool:
    """Whether it has too few parameters to be of use; one that does not say is taken to have."""
    return model.parameters is not None and model.parameters < _LEAST_PARAMETERS
