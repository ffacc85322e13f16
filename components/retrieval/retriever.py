"""The passages of a manuscript that answer a question, best first.

`bench/ask.py` says what each part of a score gives: the question's words by BM25, those of grammar
for less; a share of what the passages before and after have, since what is told goes on; and, for
a question that asks who, where or how many, whether a passage has such an answer at all. What
stands beside a passage that is listed already steps back a little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from components.evidence import Index, index_of
from components.evidence.claims.claim_names import claimed_unknown
from components.evidence.claims.content_words import says_something
from components.evidence.claims.figures import figures
from components.evidence.comparable_words import fold, stem, words
from components.evidence.unknown_names import is_german, is_known_word
from components.manuscripts import Manuscript
from components.retrieval.answer_kinds import answers_in
from components.retrieval.passages import WORDS, Passage, passages_of
from components.retrieval.query import Query, Term, parse

Scores = NDArray[np.float64]

#: BM25's constants as everywhere: how soon a word said again adds little; how much length counts.
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts of a score weigh beside the words of a question that say something.

    `grammar` is of the weight of other words; `neighbours` of the scores of the passages before and
    after; `kinds` of the best score, for a passage full of what is asked for. `apart` is what a
    passage loses when one beside it is listed already. Round values out of the middle of those that
    did as well.
    """

    grammar: float = 0.5
    neighbours: float = 0.3
    kinds: float = 0.8
    apart: float = 0.2


PARTS = Parts()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and how well it fits."""

    passage: Passage
    score: float

    @property
    def start(self) -> int:
        """Where the passage begins, in characters of the text."""
        return self.passage.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.passage.end


class Retriever:
    """What a manuscript is searched by. It never changes."""

    def __init__(self, index: Index, *, words: int = WORDS) -> None:
        self.index = index
        self.passages: Sequence[Passage] = passages_of(index, words)
        self._stems = index.stems
        self._answers = answers_in(index)
        firsts = [passage.start for passage in self.passages]
        self._passage_of = np.searchsorted(firsts, np.array(index.starts), side="right") - 1
        lengths = np.array([passage.words for passage in self.passages], dtype=float)
        self._norm = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1)) if firsts else lengths

    def search(self, question: str, most: int = 20, *, parts: Parts = PARTS) -> list[Hit]:
        """Return the passages that fit a question, best first, at most so many."""
        scores = self._scores(parse(question), parts)
        left = scores > 0
        hits: list[Hit] = []
        while len(hits) < most and left.any():
            at = int(np.argmax(np.where(left, scores, 0)))
            hits.append(Hit(self.passages[at], float(scores[at])))
            left[at] = False
            scores[max(at - 1, 0) : at + 2] *= 1 - parts.apart
        return hits

    def unknown(self, question: str) -> Sequence[str]:
        """Return what a question is about and the manuscript has in no form; mostly nothing.

        It is the names that are missing, each with its first name or title, or else all words that
        say something, where there are two or more and all are missing. Then nothing that is found
        can be an answer. Of a manuscript's own questions this holds for 1 in 100.
        """
        # German has a capital for each thing: "Besitzerin der Lampe" is no name.
        german = is_german([match[0] for match in words(question)])
        claimed = (
            _but_for_its_beginning(question, one) for one in claimed_unknown(question, self.index)
        )
        names = [
            name
            for name in claimed
            if name
            and _lacks(name, self.index)
            and not (german and any(word.islower() for word in name.split()))
        ]
        if names:
            return names
        said = _saying(question)
        return said if len(said) > 1 and all(_lacks(word, self.index) for word in said) else ()

    def _scores(self, query: Query, parts: Parts) -> Scores:
        scores = np.zeros(len(self.passages))
        for term in query.terms:
            often = self._count(self._numbers(term))
            there = np.count_nonzero(often)
            weight = np.log(1 + (len(scores) - there + 0.5) / (there + 0.5))
            if term.is_grammar:
                weight *= parts.grammar
            scores += weight * often * (_K1 + 1) / (often + self._norm)
        if len(scores) > 1:
            beside = np.zeros(len(scores))
            beside[1:] += scores[:-1]
            beside[:-1] += scores[1:]
            scores += parts.neighbours * beside
        if query.kinds and parts.kinds:
            best = scores.max(initial=0)
            for kind in query.kinds:
                answers = self._answers[kind]
                often = self._count(
                    [number for number, said in answers if query.folded.isdisjoint(said)]
                )
                scores += parts.kinds * best * often / (often + 1)
        return scores

    def _numbers(self, term: Term) -> Sequence[int]:
        """Return the numbers of the words at which a term begins."""
        if len(term.stems) > 1:
            return list(self.index.find(term.stems))
        return self._stems.get(term.stems[0], ())

    def _count(self, numbers: Sequence[int]) -> Scores:
        """Return how many of some words each passage has."""
        places = self._passage_of[np.array(numbers, dtype=np.int64)]
        return np.bincount(places, minlength=len(self.passages)).astype(float)


def missing_words(question: str, index: Index) -> list[str]:
    """Return the words of a question that say something and that the manuscript has in no form."""
    return [word for word in _saying(question) if _lacks(word, index)]


def _saying(text: str) -> list[str]:
    said = {fold(match[0]): match[0] for match in words(text) if says_something(fold(match[0]))}
    return list(said.values())


def _lacks(text: str, index: Index) -> bool:
    """Whether a word of `text` that is no number has a stem that the manuscript has not."""
    return any(
        stem(match[0]) not in index.stems and not any(figures(match[0]))
        for match in words(text)
        if not is_known_word(match[0], index)
    )


def _but_for_its_beginning(question: str, name: str) -> str:
    """Return a name without its first word where that begins a sentence: "Compare Filby"."""
    before = question[: question.find(name)].rstrip(" \n\"'“”‘’«»„(")
    begins = not before or before[-1] in ".?!…:"
    return name.partition(" ")[2] if begins else name


@lru_cache(maxsize=4)
def retriever_of(manuscript: Manuscript) -> Retriever:
    """Return what `manuscript` is searched by, made once for the last few."""
    return Retriever(index_of(manuscript))
