"""Phrases of three to ten words that come again, the longest of each only.

A phrase is listed where it comes more often than its words would meet by chance, and where it is
more than a piece of a longer one. Grammar alone ("out of the", "it was a") is no phrase here: two
words at least must be outside the language's commonest.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from components.measures.occurrences import Listed
from components.measures.word_frequency import zipf
from components.measures.word_tokens import Tokens

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

#: Words that begin, and that end, no phrase: with them it is cut in the wrong place.
_BEGINS = {"en": "and but or nor that of to which as than", "fr": "et ou mais que qu' de d' du des"}
_ENDS = {
    "en": "the a an and of or but that as i you he she they we which is was are were had has his "
    "her my your their our its",
    "fr": "le la les l' un une des de du d' et ou mais que qu' je il elle qui à au s' n' t",
}

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Phrase(Listed):
    """Words that come again in the same order, within a sentence.

    `expected` is how often they would meet if the book's words came in any order.
    """

    length: int
    expected: float


def phrases(
    tokens: Tokens, usual: Mapping[str, float], names: Set[str], language: str = ""
) -> tuple[Phrase, ...]:
    """Return the repeated phrases of a text, the most surprising first."""
    counts = Counter(tokens.forms)
    begins, ends = (edges.get(language, "").split() for edges in (_BEGINS, _ENDS))
    total = len(tokens)
    covered = np.zeros(total, dtype=np.bool_)
    listed: list[Phrase] = []
    for length, groups in _repeated(tokens, _grammar(counts, usual) | names):
        for starts in groups:
            words = tokens.forms[starts[0] : starts[0] + length]
            if words[0] in begins or words[-1] in ends:
                continue
            # What stands outside of longer phrases; a piece of them says nothing new.
            outside = sum(int(covered[at : at + length].sum()) * 2 <= length for at in starts)
            if outside * 2 < len(starts) or outside < 2:
                continue
            expected = total * math.prod(counts[word] / total for word in words)
            if len(starts) < _LEAST_TIMES * expected:
                continue
            places = tuple(tokens.place(at, at + length - 1) for at in starts)
            listed.append(Phrase(_label(words), places, length, expected))
            for at in starts:
                covered[at : at + length] = True

    def against_chance(phrase: Phrase) -> float:
        times = len(phrase.places)
        return times * math.log2(times / phrase.expected)

    listed.sort(key=lambda phrase: (-against_chance(phrase), phrase.label))
    return tuple(listed[:_SHOWN])


def _label(words: tuple[str, ...]) -> str:
    text = " ".join("I" + word[1:] if word.split("'")[0] == "i" else word for word in words)
    return text.replace("' ", "'")  # Elided words are joined again.


def _grammar(counts: Counter[str], usual: Mapping[str, float]) -> Set[str]:
    if usual:
        return {form for form in counts if zipf(usual.get(form, 0.0)) >= _GRAMMAR}
    return {form for form, _ in counts.most_common(_OWN_COMMONEST)}


def _repeated(tokens: Tokens, empty: Set[str]) -> list[tuple[int, list[list[int]]]]:
    """Return, the longest first, the lengths with the first words of each phrase that repeats.

    At least two words of a phrase are not `empty`.
    """
    known: dict[str, int] = {}
    ids = np.array([known.setdefault(form, len(known)) for form in tokens.forms], dtype=np.int64)
    size, more = len(known) + 1, len(tokens) // _PER_MORE
    code, by_length = ids.copy(), []
    telling = np.cumsum([0, *(form not in empty for form in tokens.forms)])
    for length in range(2, min(LONGEST, len(ids)) + 1):
        # Codes are numbered anew at each step, so that they never outgrow 64 bits.
        _, code = np.unique(
            code[: len(ids) - length + 1] * size + ids[length - 1 :], return_inverse=True
        )
        if length < SHORTEST:
            continue
        in_sentence = tokens.sentence[: len(code)] == tokens.sentence[length - 1 :]
        starts = np.flatnonzero(in_sentence & (telling[length:] - telling[:-length] >= 2))
        here = code[starts]
        least = _LEAST.get(length, _LEAST_OF_LONG) + more
        often = np.bincount(here, minlength=int(code.max()) + 1) >= least
        groups: dict[int, list[int]] = defaultdict(list)
        for at in starts[often[here]].tolist():
            groups[int(code[at])].append(at)
        # Of phrases longer than ten words all pieces repeat: the first piece is taken.
        by_length.append((length, sorted(groups.values(), key=lambda at: (-len(at), at[0]))))
    return by_length[::-1]
