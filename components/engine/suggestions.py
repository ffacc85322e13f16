"""Models to begin with, by what the computer can hold.

Sizes are those of the default quantisation in Ollama's library, in bytes, rounded; a model takes
about that much memory and some for its context.
"""

from __future__ import annotations

from dataclasses import dataclass

_GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model by its name in Ollama's library, its size in bytes and what speaks for it."""

    name: str
    size: int
    why: str


#: From this much memory (bytes) on, these three: smallest first. Models that read at least 32,000
#: tokens, so that several chapters fit.
_BY_MEMORY: tuple[tuple[int, tuple[Suggestion, ...]], ...] = (
    (
        30 * _GB,
        (
            Suggestion("gemma3:12b", 8_100_000_000, "quick on this computer; sees pictures"),
            Suggestion("mistral-small3.2:24b", 15 * _GB, "balanced; sees pictures"),
            Suggestion("qwen3:30b", 19 * _GB, "thinks before it answers; slowest"),
        ),
    ),
    (
        15 * _GB,
        (
            Suggestion("gemma3:4b", 3_300_000_000, "quick on this computer; sees pictures"),
            Suggestion("qwen3:8b", 5_200_000_000, "thinks before it answers"),
            Suggestion("gemma3:12b", 8_100_000_000, "the best prose of the three; slowest"),
        ),
    ),
    (
        7 * _GB,
        (
            Suggestion("llama3.2:3b", 2 * _GB, "quick on this computer"),
            Suggestion("qwen3:4b", 2_500_000_000, "thinks before it answers"),
            Suggestion("gemma3:4b", 3_300_000_000, "the best prose of the three; sees pictures"),
        ),
    ),
    (
        0,
        (
            Suggestion("gemma3:1b", 815_000_000, "the smallest that is of use"),
            Suggestion("llama3.2:1b", 1_300_000_000, "reads long texts"),
            Suggestion("qwen3:1.7b", 1_400_000_000, "thinks before it answers"),
        ),
    ),
)


def suggestions(memory: int | None) -> tuple[Suggestion, ...]:
    """Return three models for a computer of `memory` bytes; the smallest where it is not known."""
    return next(models for least, models in _BY_MEMORY if (memory or 0) >= least)
