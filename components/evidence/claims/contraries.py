"""Two texts that say the contrary in nearly the same words: a negation, an opposite."""

import re
from dataclasses import dataclass
from functools import cache

from components.evidence.claims.content_words import content, is_close, is_negation, says_something
from components.evidence.comparable_words import fold, stem, words
from components.manuscripts.text.personal_names import word_set

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
#: What follows French "ne" says the same once more.
_AFTER_NE = word_set("pas jamais rien personne aucun aucune point plus guère")
#: Words that say something after a negation, and before it, which it may negate.
_AFTER, _BEFORE = 3, 2
_CLAUSE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)[,;:.!?()—–]+(?=\s|$)|—")


def negated_word(claim: str, sentence: str) -> str:
    """Return the negation and the word that one of the two negates and the other has without it.

    Empty where there is none, or where the two share too few words to be compared.
    """
    wanted, there = content(claim), content(sentence)
    if not is_close(wanted, there) or set(_REFUSES.findall(claim)) != set(
        _REFUSES.findall(sentence)
    ):
        return ""
    of_claim, of_sentence = _negations(claim), _negations(sentence)
    for negations, others, known in (
        (of_claim, of_sentence, there),
        (of_sentence, of_claim, wanted),
    ):
        reached = {stem for negation in others for stem in negation.reach}
        for negation in negations:
            if negation.negates in known and negation.negates not in reached:
                return negation.written
    return ""


@dataclass(frozen=True, slots=True)
class _Negation:
    """A negation: the stem of the word that it negates, and of all those that it may."""

    written: str
    negates: str
    reach: frozenset[str]


def _negations(text: str) -> list[_Negation]:
    found = []
    for clause in _CLAUSE.split(text):
        spelled = [match[0] for match in words(clause)]
        folded = [fold(word) for word in spelled]
        is_french = any(word == "ne" or word.startswith("n'") for word in folded)
        for at, word in enumerate(folded):
            if not is_negation(word) or (is_french and word in _AFTER_NE):
                continue
            after = [i for i in range(at, len(folded)) if says_something(folded[i])]
            before = [i for i in range(at - 1, -1, -1) if says_something(folded[i])]
            if not after and not before:
                continue
            beside = (after or before)[0]
            reach = [*after[:_AFTER], *before[:_BEFORE]]
            written = " ".join(spelled[min(at, beside) : max(at, beside) + 1])
            stems = [stem(folded[i].removeprefix("n'")) for i in (beside, *reach)]
            found.append(_Negation(written, stems[0], frozenset(stems)))
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
