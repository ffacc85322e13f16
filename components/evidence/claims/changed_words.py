"""Words of a claim in whose place its sentence has another one.

Who retells a sentence changes its verbs and leaves things out. So only things, and what they are
like, are compared, where nearly all other words are the same.
"""

from collections.abc import Iterator, Sequence

from components.evidence.claims.content_words import content, is_close, says_something
from components.evidence.claims.contraries import opposites
from components.evidence.comparable_words import fold, stem, words
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


def changed_words(claim: str, sentence: str, around: str) -> Iterator[str]:
    """Yield the words of `claim` in whose place the sentence has another.

    That is its opposite, or where both have the same words before and after it.
    """
    wanted, there = content(claim), content(sentence)
    if not is_close(wanted, there, but=1):
        return
    spelled_words = [match[0] for match in words(claim)]
    of_claim = [fold(word) for word in spelled_words]
    of_sentence = [fold(match[0]) for match in words(sentence)]
    near = there | content(around)
    things = [
        (stem(of_sentence[at]), _sides(of_sentence, at))
        for at in range(len(of_sentence))
        if _is_thing(of_sentence, at) and stem(of_sentence[at]) not in wanted
    ]
    for at, word in enumerate(of_claim):
        if word not in of_sentence and (
            opposites(word).intersection(of_sentence).difference(of_claim)
        ):
            yield spelled_words[at]
        elif _is_thing(of_claim, at) and stem(word) not in near and spelled(word) is None:
            sides = _sides(of_claim, at)
            if any(_in_one_place(sides, other) for thing, other in things if thing not in word):
                yield spelled_words[at]


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
