"""The passages of a manuscript that answer a question, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from components.evidence import Index
from components.evidence.claims.content_words import says_something
from components.evidence.comparable_words import fold, stem, words
from components.manuscripts import Manuscript
from components.retrieval.passages import Passage, passages_of

#: BM25's constants as everywhere: how soon a word said again adds little; how much length counts.
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, how well it fits, and the stretch that is best shown with it."""

    passage: Passage
    score: float
    start: int
    end: int


class Retriever:
    """What a manuscript is searched by. It never changes."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.passages: Sequence[Passage] = passages_of(index)
        starts = np.array([passage.start for passage in self.passages])
        places = np.frombuffer(index.starts, dtype=np.uint32) if len(index) else np.zeros(0)
        self._passage_of = np.searchsorted(starts, places, side="right") - 1
        lengths = np.array([passage.words for passage in self.passages], dtype=float)
        self._norm = (
            _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1)) if len(lengths) else lengths
        )

    def search(self, question: str, most: int = 20) -> list[Hit]:
        """Return the passages that fit a question, best first, at most so many."""
        scores = self._scores(question)
        order = np.argsort(-scores, kind="stable")[:most]
        return [
            Hit(passage, float(scores[at]), passage.start, passage.end)
            for at in order
            for passage in (self.passages[at],)
        ]

    def unknown(self, question: str) -> Sequence[str]:
        """Return the words of a question that the manuscript has in no form."""
        return tuple(
            match[0]
            for match in words(question)
            if says_something(fold(match[0])) and stem(match[0]) not in self.index.stems
        )

    def _scores(self, question: str) -> NDArray[np.float64]:
        scores = np.zeros(len(self.passages))
        wanted = dict.fromkeys(
            stem(match[0]) for match in words(question) if says_something(fold(match[0]))
        )
        for word in wanted:
            if (numbers := self.index.stems.get(word)) is None:
                continue
            often = np.bincount(self._passage_of[numbers], minlength=len(scores))
            there = np.count_nonzero(often)
            weight = np.log(1 + (len(scores) - there + 0.5) / (there + 0.5))
            scores += weight * often * (_K1 + 1) / (often + self._norm)
        return scores


@lru_cache(maxsize=4)
def retriever_of(manuscript: Manuscript) -> Retriever:
    """Return what `manuscript` is searched by, made once for the last few."""
    return Retriever(Index(manuscript))
