"""Two texts that say the contrary in nearly the same words: a negation, an opposite."""

import re
from dataclasses import dataclass
from functools import cache

from components.evidence.claims.content_words import content, is_close, is_negation, says_something
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.manuscripts.text.personal_names import word_set

#: They may stand for a negation.
_REFUSES = re.compile(
    r"\b(?:refus|declin|fail|den(?:y|ie)|avoid|lack|forb[ia]d|prevent|reluctan|hesitat|hid|conceal"
    r"|secret|miss(?:es|ed)|stop|forg[eo]t|ignor|un(?:aware|known|able|willing|seen|heard|touched)"
    r"|impossib|verweiger|weiger|neg[óa]|rechaz)"
)
#: One of a pair in a claim and the other in its sentence say the contrary, in any form.
_OPPOSITES = (
    "first last; before after; left right; up down; open close; open shut; alive dead; live die;"
    " morning evening; day night; north south; east west; summer winter; spring autumn; young old;"
    " younger older; brother sister; father mother; son daughter; uncle aunt; husband wife; boy"
    " girl; man woman; king queen; black white; light dark; hot cold; warm cold; early late; rich"
    " poor; happy sad; love hate; begin end; arrive leave; accept refuse; remember forget; win"
    " lose; friend enemy; inside outside; above below; full empty; rise fall; buy sell; always"
    " never; guilty innocent; large small; big small; tall short; long short; high low; strong"
    " weak; lock unlock; noon midnight; eldest youngest; pale dark; all some; every some; all none;"
    " enter leave; find lose; give take; lend borrow; marry divorce; push pull; teach learn; ask"
    " answer; raise lower; increase decrease; succeed fail; everybody nobody; everyone nobody"
)
#: They say that what follows did not happen, or not for sure: stems.
_UNREAL = frozenset(
    map(stem, ("almost", "nearly", "refused", "declined", "failed", "dreamed", "imagined",
               "pretended", "believed", "threatened", "intended"))
)  # fmt: skip
#: After a negation, they are all that it negates, or leave somebody out of it.
_ALL = word_set("all every always everybody everyone everything")
_BUT = word_set("but except save only just until")
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
    if not is_close(wanted, there):
        return ""
    for one, other, said in ((claim, sentence, there), (sentence, claim, wanted)):
        negations, others = _negations(one), _negations(other)
        # The other says it otherwise: "hid" for "did not tell".
        if set(_REFUSES.findall(other)) - set(_REFUSES.findall(one)) and not others:
            continue
        reached = {stem for negation in others for stem in negation.reach}
        known = said.union(stem(m[0]) for m in words(other) if fold(m[0]) in _ALL)
        for negation in negations:
            if negation.negates in known - reached and negation.unreal not in known:
                return negation.written
    return ""


@dataclass(frozen=True, slots=True)
class _Negation:
    """A negation: the stem of the word that it negates, and of all those that it may.

    `unreal` is that of the negation itself, where it is a word such as "refused".
    """

    written: str
    unreal: str
    negates: str
    reach: frozenset[str]


def _negations(text: str) -> list[_Negation]:
    found = []
    for clause in _CLAUSE.split(text):
        spelled = [match[0] for match in words(clause)]
        folded = [fold(word) for word in spelled]
        is_french = any(word == "ne" or word.startswith("n'") for word in folded)
        for at, word in enumerate(folded):
            unreal = stem(word) if stem(word) in _UNREAL else ""
            if not (is_negation(word) or unreal) or (is_french and word in _AFTER_NE):
                continue
            after = [
                i
                for i in range(at + bool(unreal), len(folded))
                if says_something(folded[i]) or folded[i] in _ALL | _BUT
            ]
            before = [i for i in range(at - 1, -1, -1) if says_something(folded[i])]
            if not after and (unreal or not before):
                continue
            beside = (after or before)[0]
            reach = [] if folded[beside] in _BUT else [*after[:_AFTER], *before[:_BEFORE]]
            written = " ".join(spelled[min(at, beside) : max(at, beside) + 1])
            stems = [stem(folded[i].removeprefix("n'")) for i in (beside, *reach)]
            found.append(_Negation(written, unreal, stems[0], frozenset(stems)))
    return found


def is_negated(text: str) -> bool:
    """Whether `text` negates something."""
    return any(map(is_negation, folded_words(text)))


def are_opposites(one: str, other: str) -> bool:
    """Whether `one` has a word and `other` its opposite, and neither both."""
    here, there = ({stem(match[0]) for match in words(text)} for text in (one, other))
    return any(opposites(word) & there - here for word in here - there)


def opposites(word: str) -> frozenset[str]:
    """Return the stems of the words that say the opposite of `word`, a stem."""
    return _opposites().get(word, frozenset())


@cache
def _opposites() -> dict[str, frozenset[str]]:
    pairs = [[stem(word) for word in pair.split()] for pair in _OPPOSITES.split(";")]
    pairs += [pair[::-1] for pair in pairs]
    return {one: frozenset(b for a, b in pairs if a == one) for one, _ in pairs}
