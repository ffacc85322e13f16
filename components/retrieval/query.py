"""What a question asks for: the words to look for, and the kind of its answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from components.evidence.claims.content_words import says_something
from components.evidence.comparable_words import fold, folded_words, is_alone, stem, words
from components.manuscripts.text.personal_names import word_set

#: What the answer holds: the full name of somebody, the name of a place, a figure or a date.
Kind = Literal["person", "place", "figure"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_PERSON = word_set("who whom whose wer wen wem wessen qui quien quién quienes quiénes")
_PLACE = word_set(
    """
    where country city town village place sea continent
    wo wohin woher land stadt ort dorf où pays ville lieu dónde adónde país ciudad lugar
    """
)
_FIGURE = word_set("when age wann alter quand âge cuándo edad combien cuánto cuántos cuántas")
#: They ask for a figure beside a word that says how.
_HOW = word_set("how wie")
_MUCH = word_set("many much old long far often viel viele alt lange weit oft")
_ASKS = (
    _PERSON
    | _HOW
    | word_set(
        """
    where what which when why wo wohin woher wann was welche welcher welches warum où quand comment
    pourquoi quel quelle combien dónde cuándo qué cuál cómo
    """
    )
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for by its stem, or two characters that follow each other."""

    stems: tuple[str, ...]
    is_grammar: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched for; a statement asks for no kind of answer."""

    terms: tuple[Term, ...]
    kinds: tuple[Kind, ...]
    folded: frozenset[str]


def parse(text: str) -> Query:
    """Return what a question asks for."""
    folded = [word.removesuffix("'s") for word in folded_words(text)]
    terms = {term.stems: term for term in _terms(text)}
    asks = "?" in text or "？" in text
    if not asks and not text.rstrip().endswith((".", "。")):
        asks = not _ASKS.isdisjoint(folded[:2])
    return Query(
        tuple(terms.values()),
        tuple(kind for kind in KINDS if asks and _asks_for(kind, folded)),
        frozenset(folded),
    )


def _terms(text: str) -> Iterator[Term]:
    """Yield the words of a text; where scripts set no spaces, each two characters together."""
    matches = list(words(text))
    alone = [is_alone(match[0]) for match in matches]
    follows = [
        alone[at] and alone[at + 1] and matches[at].end() == matches[at + 1].start()
        for at in range(len(matches) - 1)
    ]
    for at, match in enumerate(matches):
        if at < len(follows) and follows[at]:
            yield Term((fold(match[0]), fold(matches[at + 1][0])))
        elif not (at and follows[at - 1]):
            yield Term((stem(match[0]),), not says_something(fold(match[0])))


def _asks_for(kind: Kind, folded: list[str]) -> bool:
    if kind == "person":
        return not _PERSON.isdisjoint(folded)
    if kind == "place":
        return not _PLACE.isdisjoint(folded)
    how_much = not _HOW.isdisjoint(folded) and not _MUCH.isdisjoint(folded)
    return how_much or not _FIGURE.isdisjoint(folded)
