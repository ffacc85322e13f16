"""Phrases of three to ten words that come again, the longest of each only.

A phrase is kept where it comes more often than its words would meet by chance, and where it is
more than a piece of a longer one that is kept. Grammar alone ("out of the", "it was a") is no
phrase here: two words at least must be outside the language's commonest.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from components.measures.occurrences import Occurrence
from components.measures.word_frequency import zipf
from components.measures.word_tokens import Numbers, Tokens

SHORTEST, LONGEST = 3, 10
#: Times a phrase comes, at least: a longer one says more.
_LEAST = {3: 4, 4: 3}
_LEAST_OF_LONG = 2
#: In books longer than this, a word or two by chance mean less: one more for each so many words.
_PER_MORE = 150_000
#: On the Zipf scale; the hundred commonest words of English are above it.
_GRAMMAR = 6.0
#: Without a list, the commonest words of the book itself.
_OWN_COMMONEST = 100
#: Times as often as by chance.
_LEAST_TIMES = 10.0

_ENGLISH_BEGINS = "and but or nor that of to which as than"
_ENGLISH_ENDS = (
    "the a an and of or but that as i you he she they we which is was are were had has his her my "
    "your their our its"
)
_FRENCH_BEGINS = "et ou mais que qu' de d' du des"
_FRENCH_ENDS = "le la les l' un une des de du d' et ou mais que qu' je il elle qui à au s' n' t"

#: Words that begin, and that end, no phrase: with them it is cut in the wrong place.
_EDGES = {
    "en": (frozenset(_ENGLISH_BEGINS.split()), frozenset(_ENGLISH_ENDS.split())),
    "fr": (frozenset(_FRENCH_BEGINS.split()), frozenset(_FRENCH_ENDS.split())),
}
_NO_EDGES: tuple[Set[str], Set[str]] = (frozenset(), frozenset())

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that come again in the same order, within a sentence.

    `expected` is how often they would meet if the book's words came in any order.
    """

    label: str
    places: tuple[Occurrence, ...]
    length: int
    expected: float

    @property
    def surprise(self) -> float:
        """Return the evidence against chance: times the logarithm of times over expected."""
        return len(self.places) * math.log2(len(self.places) / self.expected)


def phrases(
    tokens: Tokens, usual: Mapping[str, float], names: Set[str], language: str = ""
) -> tuple[Phrase, ...]:
    """Return the repeated phrases of a text, the most surprising first."""
    counts = Counter(tokens.forms)
    grammar = _grammar(counts, usual)
    edges = _EDGES.get(language, _NO_EDGES)
    telling = np.array(
        [form not in grammar and form not in names for form in tokens.forms], dtype=np.int64
    )
    total = len(tokens)
    covered = np.zeros(total, dtype=np.bool_)
    found: list[Phrase] = []
    for length, groups in _repeated(tokens, telling):
        for first in groups:
            # What stands outside of other phrases; a piece of them says nothing new.
            words = tokens.forms[first[0] : first[0] + length]
            if words[0] in edges[0] or words[-1] in edges[1]:
                continue
            outside = sum(int(covered[at : at + length].sum()) * 2 <= length for at in first)
            if outside * 2 < len(first) or outside < 2:
                continue
            expected = total * math.prod(counts[word] / total for word in words)
            if len(first) < _LEAST_TIMES * expected:
                continue
            places = tuple(tokens.place(at, at + length - 1) for at in first)
            found.append(Phrase(_label(words), places, length, expected))
            for at in first:
                covered[at : at + length] = True
    found.sort(key=lambda one: (-one.surprise, one.label))
    return tuple(found[:SHOWN])


def _label(words: tuple[str, ...]) -> str:
    """Say the words of a phrase, the elided ones joined again."""
    said = " ".join("I" + word[1:] if word.split("'")[0] == "i" else word for word in words)
    return said.replace("' ", "'")


def _grammar(counts: Counter[str], usual: Mapping[str, float]) -> Set[str]:
    if usual:
        return {form for form in counts if zipf(usual.get(form, 0.0)) >= _GRAMMAR}
    return {form for form, _ in counts.most_common(_OWN_COMMONEST)}


def _repeated(tokens: Tokens, telling: Numbers) -> list[tuple[int, list[list[int]]]]:
    """Return, the longest first, the lengths with the first words of each phrase that repeats."""
    known: dict[str, int] = {}
    ids = np.array([known.setdefault(form, len(known)) for form in tokens.forms], dtype=np.int64)
    size, more = len(known) + 1, len(tokens) // _PER_MORE
    code, found = ids.copy(), []
    before = np.concatenate(([0], np.cumsum(telling)))
    for length in range(2, LONGEST + 1):
        if len(ids) < length:
            break
        # Codes are numbered anew at each step, so that they never outgrow 64 bits.
        _, code = np.unique(
            code[: len(ids) - length + 1] * size + ids[length - 1 :], return_inverse=True
        )
        if length < SHORTEST:
            continue
        starts = np.arange(len(code))
        whole = tokens.sentence[starts] == tokens.sentence[starts + length - 1]
        tells = before[length:] - before[:-length] >= 2
        starts = starts[whole & tells]
        here = code[starts]
        often = np.bincount(here, minlength=int(code.max()) + 1) >= (
            _LEAST.get(length, _LEAST_OF_LONG) + more
        )
        groups: dict[int, list[int]] = defaultdict(list)
        for at in starts[often[here]].tolist():
            groups[int(code[at])].append(at)
        # Of phrases longer than ten words all pieces repeat: the first piece is taken.
        found.append((length, sorted(groups.values(), key=lambda at: (-len(at), at[0]))))
    return found[::-1]
