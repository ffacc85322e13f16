"""Which models suit a computer: the installed one to begin with, and three to fetch.

Without a GPU the memory decides: weights that do not fit are read from disk for every token.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from components.engine.model import Model

_GB = 1_000_000_000

#: The share of the computer's memory that weights may take; the rest is for the model's context,
#: the system and the browser. The largest of the suggestions for each computer is just within.
_WEIGHTS_SHARE = 0.65

#: Bytes of memory that are assumed for a computer that does not say, or for another than this one.
_USUAL_MEMORY = 16 * _GB

#: Models of fewer parameters repeat themselves after some sentences, as SmolLM2 135M does.
_LEAST_PARAMETERS = 450_000_000


def memory() -> int | None:
    """Return the bytes of memory of this computer, None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf.
        return None


def free_memory() -> int | None:
    """Return the bytes of memory that are free on this computer, None where it does not say."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def ranked(models: Iterable[Model], *, memory: int | None) -> list[Model]:
    """Return the models, the one to begin with first.

    First come those that fit into `memory`, in bytes, the largest first; then those that fit but
    are too small to be of use; then those that do not fit, the smallest first; then those that run
    in a cloud. Models of one size come by name. Without `memory` a usual computer's is assumed.
    """
    room = (memory or _USUAL_MEMORY) * _WEIGHTS_SHARE

    def rank(model: Model) -> tuple[int, int, str]:
        if model.is_cloud:
            return 3, 0, model.name
        if model.size > room:
            return 2, model.size, model.name
        return int(is_tiny(model)), -model.size, model.name

    return sorted(models, key=rank)


def is_tiny(model: Model) -> bool:
    """Whether it has too few parameters to be of use; not where their number is unknown."""
    return model.parameters is not None and model.parameters < _LEAST_PARAMETERS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model by its name in Ollama's library, its size in bytes and its advantage.

    The size is that of the default quantization, rounded; a model takes about that much memory and
    some for its context.
    """

    name: str
    size: int
    why: str


#: From this much memory (gigabytes) on, these three: smallest first. Models that read at least
#: 32,000 tokens, so that several chapters fit.
_BY_MEMORY = (
    (30, Suggestion("gemma3:12b", 8_100_000_000, "quick on this computer; sees pictures")),
    (30, Suggestion("mistral-small3.2:24b", 15 * _GB, "balanced; sees pictures")),
    (30, Suggestion("qwen3:30b", 19 * _GB, "thinks before it answers; slowest")),
    (15, Suggestion("gemma3:4b", 3_300_000_000, "quick on this computer; sees pictures")),
    (15, Suggestion("qwen3:8b", 5_200_000_000, "thinks before it answers")),
    (15, Suggestion("gemma3:12b", 8_100_000_000, "the best prose of the three; slowest")),
    (7, Suggestion("llama3.2:3b", 2 * _GB, "quick on this computer")),
    (7, Suggestion("qwen3:4b", 2_500_000_000, "thinks before it answers")),
    (7, Suggestion("gemma3:4b", 3_300_000_000, "the best prose of the three; sees pictures")),
    (0, Suggestion("gemma3:1b", 815_000_000, "the smallest that is of use")),
    (0, Suggestion("llama3.2:1b", 1_300_000_000, "reads long texts")),
    (0, Suggestion("qwen3:1.7b", 1_400_000_000, "thinks before it answers")),
)


def suggestions(memory: int | None) -> tuple[Suggestion, ...]:
    """Return three models for a computer of `memory` bytes; the smallest where it is not known."""
    tier = next(least for least, _ in _BY_MEMORY if (memory or 0) >= least * _GB)
    return tuple(suggestion for least, suggestion in _BY_MEMORY if least == tier)
