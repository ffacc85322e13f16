"""Two texts that say the contrary in nearly the same words: a negation, an opposite."""

import re
from functools import cache

from components.evidence.comparable_words import fold, stem, words
from components.evidence.content_words import content, is_close, is_negation, says_something

#: They may stand for a negation.
_REFUSES = re.compile(
    r"\b(?:refus|declin|fail|den(?:y|ie)|avoid|lack|forb[ia]d|prevent|reluctan|hesitat|hid|conceal"
    r"|secret|miss(?:es|ed)|stop|forg[eo]t|ignor|un(?:aware|known|able|willing|seen|heard|touched)"
    r"|impossib|verweiger|weiger|neg[óa]|rechaz)"
)
#: One of a pair in a claim and the other in its sentence say the contrary.
_OPPOSITES = (
    "first last; before after; left right; up down; open close; opens closes; opened closed;"
    " alive dead; lives dies; lived died; live die; morning evening; day night; north south;"
    " east west; summer winter; spring autumn; young old; younger older; brother sister;"
    " father mother; son daughter; uncle aunt; husband wife; boy girl; man woman; men women; king"
    " queen; black white; light dark; hot cold; warm cold; early late; rich poor; happy sad; love"
    " hate; loves hates; loved hated; begin end; begins ends; began ended; arrive leave; arrives"
    " leaves; arrived left; accept refuse; accepts refuses; accepted refused; remember forget;"
    " remembers forgets; remembered forgot; win lose; wins loses; won lost; friend enemy; friends"
    " enemies; inside outside; above below; full empty; rise fall; rises falls; rose fell; buy"
    " sell; bought sold; always never; guilty innocent; large small; big small; tall short; long"
    " short; high low; strong weak; lock unlock; locked unlocked; noon midnight; eldest youngest;"
    " pale dark"
)
_CLAUSE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)[,;:.!?()—–]+(?=\s|$)|—")


def negated_word(claim: str, sentence: str) -> str:
    """Return the word that one of the two negates and the other has without a negation."""
    wanted, there = content(claim), content(sentence)
    if not is_close(wanted, there) or set(_REFUSES.findall(claim)) != set(
        _REFUSES.findall(sentence)
    ):
        return ""
    of_claim, of_sentence = _negations(claim), _negations(sentence)
    for stem_, word in of_claim:
        if stem_ in there and all(stem_ != other for other, _ in of_sentence):
            return word
    for stem_, word in of_sentence:
        if stem_ in wanted and all(stem_ != other for other, _ in of_claim):
            return word
    return ""


def _negations(text: str) -> list[tuple[str, str]]:
    """Return the words beside each negation, as stems, and the negation with the word."""
    found = []
    for clause in _CLAUSE.split(text):
        spelled_words = [match[0] for match in words(clause)]
        folded = [fold(word) for word in spelled_words]
        for at, word in enumerate(folded):
            if not is_negation(word):
                continue
            after = (other for other in range(at + 1, len(folded)) if says_something(folded[other]))
            before = (other for other in range(at - 1, -1, -1) if says_something(folded[other]))
            beside = next(after, None)
            if beside is None:
                beside = next(before, None)
            if beside is not None:
                what = " ".join(spelled_words[min(at, beside) : max(at, beside) + 1])
                found.append((stem(folded[beside]), what))
    return found


def is_negated(text: str) -> bool:
    """Whether `text` negates something."""
    return any(is_negation(fold(match[0])) for match in words(text))


def are_opposites(one: str, other: str) -> bool:
    """Whether `one` has a word and `other` its opposite, and neither both."""
    here, there = ({fold(match[0]) for match in words(text)} for text in (one, other))
    return any(opposites(word) & there - here for word in here - there)


def opposites(word: str) -> frozenset[str]:
    """Return the words that say the opposite of `word`, folded."""
    return _opposites().get(word, frozenset())


@cache
def _opposites() -> dict[str, frozenset[str]]:
    pairs = [pair.split() for pair in _OPPOSITES.split(";")]
    pairs += [pair[::-1] for pair in pairs]
    return {one: frozenset(b for a, b in pairs if a == one) for one, _ in pairs}
