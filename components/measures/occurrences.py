"""What the lists of a glance hold in common: something said, and every place where it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from components.measures.word_tokens import Tokens

Occurrence = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Use:
    """A word, and where it is used: (start, end) in the manuscript's text, in order."""

    label: str
    places: tuple[Occurrence, ...]


def used(tokens: Tokens, indices: Iterable[int], *, as_written: bool = False) -> tuple[Use, ...]:
    """Return the words at `indices`, those that are used most first."""
    places: dict[str, list[Occurrence]] = defaultdict(list)
    for index in indices:
        label = tokens.surface(index) if as_written else tokens.forms[index]
        places[label].append(tokens.place(index))
    ordered = sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Use(label, tuple(found)) for label, found in ordered)
