"""Echoes: an uncommon word that comes again before the ear has forgotten it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from components.measures.occurrences import Occurrence
from components.measures.word_frequency import zipf
from components.measures.word_tokens import Tokens

#: Words between the two, at most: about a quarter of a printed page.
WITHIN = 60
#: On the Zipf scale; "orchard" is 3.6, "garden" 4.7.
UNCOMMON = 4.0
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Echo:
    """A word with its close repeats: each of `runs` is a row of places close to one another."""

    label: str
    runs: tuple[tuple[Occurrence, ...], ...]
    zipf: float

    @property
    def places(self) -> tuple[Occurrence, ...]:
        """Return all places, in order."""
        return tuple(place for run in self.runs for place in run)

    @property
    def repeats(self) -> int:
        """Return how often the word comes again: one less than the places of each run."""
        return sum(len(run) - 1 for run in self.runs)


def echoes(tokens: Tokens, usual: Mapping[str, float], names: Set[str]) -> tuple[Echo, ...]:
    """Return the echoes, the word with most repeats first, then the less common one.

    A word that is on no list counts as uncommon; chapters are not crossed.
    """
    last: dict[str, int] = {}
    runs: dict[str, list[list[int]]] = defaultdict(list)
    for index, form in enumerate(tokens.forms):
        if len(form) < _LEAST_LETTERS or form.endswith("'"):
            continue
        before = last.get(form)
        last[form] = index
        if (
            before is None
            or index - before > WITHIN
            or form in names
            or tokens.stretch[before] != tokens.stretch[index]
            or zipf(usual.get(form, 0.0)) >= UNCOMMON
        ):
            continue
        of = runs[form]
        if of and of[-1][-1] == before:
            of[-1].append(index)
        else:
            of.append([before, index])
    found = [
        Echo(
            form,
            tuple(tuple(tokens.place(index) for index in run) for run in of),
            zipf(usual.get(form, 0.0)),
        )
        for form, of in runs.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.repeats, one.zipf, one.label)))
