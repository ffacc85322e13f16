"""Words of a claim in whose place its sentence has another one, or that have changed places.

Who retells a sentence changes its verbs and leaves things out. So only things, and what they are
like, are compared, where nearly all other words are the same.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from components.evidence.claims.content_words import (
    content,
    is_close,
    is_negation,
    said,
    says_something,
)
from components.evidence.claims.contraries import opposites
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.manuscripts.chapters.numerals import spelled
from components.manuscripts.text.personal_names import word_set

#: They stand before a thing, not before what somebody does with it.
_BEFORE_THING = word_set(
    """
    a an the his her its their my our your this that these those of to in into on onto at from with
    by for under over through near no some
    der die das den dem des ein eine einen einem einer im am zum zur
    le la les un une du des au aux son sa ses el los las unos unas su sus al del
    """
)
#: Between what is only listed.
_PART = re.compile(r"[^\w\s'’-]|\b(?:and|or|und|oder|et|ou|y|o)\b")
#: They name who did it; what two people do to each other, whoever comes first.
_BY = word_set("by von durch par por")
_BOTH_WAYS = frozenset(map(stem, ("met", "married", "kissed", "fought", "joined", "faced")))


def changed_words(claim: str, sentence: str, around: str) -> Iterator[str]:
    """Yield the words of `claim` in whose place the sentence has another.

    That is its opposite, or where both have the same words before and after it.
    """
    wanted, there = content(claim), content(sentence)
    if not is_close(wanted, there, but=1):
        return
    spelled_words = [match[0] for match in words(claim)]
    of_claim = [fold(word) for word in spelled_words]
    of_sentence = folded_words(sentence)
    near = there | content(around)
    things = [
        (stem(of_sentence[at]), _sides(of_sentence, at))
        for at in range(len(of_sentence))
        if _is_thing(of_sentence, at) and stem(of_sentence[at]) not in wanted
    ]
    here, plain = set(map(stem, of_claim)), _plain_stems(of_sentence)
    for at, word in enumerate(of_claim):
        contrary = opposites(stem(word)) & plain - here
        if contrary and stem(word) not in plain and stem(word) in _plain_stems(of_claim):
            yield spelled_words[at]
        elif _is_thing(of_claim, at) and stem(word) not in near and spelled(word) is None:
            sides = _sides(of_claim, at)
            if any(_in_one_place(sides, other) for thing, other in things if thing not in word):
                yield spelled_words[at]


def exchanged(claim: str, sentence: str) -> Iterator[str]:
    """Yield two words of `claim`, joined by a dash, that have changed places in `sentence`.

    That is what stands before two words ("a grey cat and a black dog") and who does something to
    whom. It is also an owner for what did it: "Clara sang" where "Clara's brother sang".
    """
    pairs, there = _pairs(claim), _pairs(sentence)
    for (one, first), (other, second) in combinations(pairs, 2):
        crossed = {(one, second), (other, first)}
        if (
            one != other
            and crossed <= there.keys()
            and there.keys().isdisjoint({(one, first), (other, second)})
        ):
            yield f"{pairs[one, first]} – {pairs[other, second]}"
    deeds = _deeds(sentence)
    for deed, written in _deeds(claim).items():
        if deed not in deeds and deed[::-1] in deeds and deed[1] not in _BOTH_WAYS:
            yield written
    here, others = set(map(stem, said(claim))), said(sentence)
    for owner, thing, did in zip(others, others[1:], others[2:], strict=False):
        is_left_out = fold(owner).endswith("'s") and stem(thing) not in here
        if is_left_out and not fold(pairs.get((stem(owner), stem(did)), "'s")).endswith("'s"):
            yield f"{owner} – {did}"


def _pairs(text: str) -> dict[tuple[str, str], str]:
    """Return the stems of two words that follow each other and say something, and the first."""
    spelled = [match[0] for match in words(text)]
    return {
        (stem(one), stem(other)): one
        for one, other in pairwise(spelled)
        if says_something(fold(one)) and says_something(fold(other))
    }


def _deeds(text: str) -> dict[tuple[str, ...], str]:
    """Return the stems of who did what to whom, three words in a row, and the two as written."""
    deeds: dict[tuple[str, ...], str] = {}
    for part in _PART.split(text):
        told = said(part, and_=_BY)
        for who, did, whom in zip(told, told[1:], told[2:], strict=False):
            deeds[stem(who), stem(did), stem(whom)] = f"{who} – {whom}"
        for whom, did, by, who in zip(told, told[1:], told[2:], told[3:], strict=False):
            if fold(by) in _BY:
                deeds[stem(who), stem(did), stem(whom)] = f"{whom} – {who}"
    return deeds


def _plain_stems(folded: Sequence[str]) -> frozenset[str]:
    """Return the stems of the words before which no negation stands."""
    return frozenset(
        stem(word)
        for at, word in enumerate(folded)
        if not any(map(is_negation, folded[max(at - 2, 0) : at]))
    )


def _is_thing(folded: Sequence[str], at: int) -> bool:
    """Whether the word `at` stands where a thing is named, or what it is like."""
    if at == 0 or not says_something(folded[at]) or folded[at][0].isdigit():
        return False
    return folded[at - 1] in _BEFORE_THING or folded[at - 1].endswith("'s")


def _sides(folded: Sequence[str], at: int) -> tuple[str, str]:
    """Return the stems of the words that say something before and after the one `at`."""
    before = next((stem(folded[i]) for i in range(at - 1, -1, -1) if says_something(folded[i])), "")
    after = next(
        (stem(folded[i]) for i in range(at + 1, len(folded)) if says_something(folded[i])), ""
    )
    return before, after


def _in_one_place(sides: tuple[str, str], others: tuple[str, str]) -> bool:
    """Whether two words have the same beside them, or the same on one side and an end."""
    same = [one == other for one, other in zip(sides, others, strict=True) if one and other]
    return bool(same) and all(same)
