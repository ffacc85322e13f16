"""The words of a text that say what it is about, and how they are compared.

Claims are mostly English, and so are the words that are left out here; German, French and Spanish
have the commonest. Other languages are compared by all their words, of which rare ones weigh more.
"""

from collections.abc import Collection
from functools import lru_cache

from components.evidence.claims.figures import figures
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.manuscripts.text.personal_names import word_set

#: Share of a text's words that another must have to be nearly the same.
_CLOSE = 0.6

FUNCTION_WORDS = word_set(
    """
    a an the and or but nor so yet if then than as at by for from in into of off on onto out over to
    up upon with within without about after again against all also although am any are because been
    before being below between both can could did do does doing done down during each even ever few
    further had has have having he her here hers herself him himself his how however i is it its
    itself just let like made make makes may me might more most much must my myself no not now of
    once one only other our ours own per rather same she should since some such that their theirs
    them themselves there these they this those though through too toward towards under until us
    very despite due using following although throughout amid besides unlike several many
    was we were what when where which while who whom whose why will would you your yours
    everybody everyone everything somebody someone something anybody anyone anything
    narrator character characters protagonist reader scene story text chapter passage
    der die das den dem des ein eine einen einem einer und oder aber ist sind waren hatte
    haben mit von aus auf für als wie sich er sie es ihm ihn ihr ihre seine sein zu zum zur bei im
    am nach vor über unter dass nicht auch noch nur so da dann wenn wird werden kann
    le la les l un une des du de et ou mais est était sont ont a avait il elle ils elles sa ses
    leur se s que qui qu ne n pas dans sur sous avec pour par en au aux ce cette ces d j
    el los las una unos y o pero es era fue ha había con por para en del al se su sus que no lo
    """
)
_NEGATIONS = word_set(
    """
    not never no nobody nothing without neither nor none nowhere cannot hardly
    nicht nie niemals kein keine keinen keinem keiner keines niemand nichts ohne
    ne n' pas jamais rien personne aucun aucune sans
    nunca jamás nadie nada ningún ninguna ninguno
    不 没 沒 无 無 未
    almost nearly seldom rarely scarcely beinahe presque casi
    """
)
#: They tell English from German, in which "die" is an article.
_ENGLISH = word_set("the of and to did does how who why when where will would")
_TITLES = word_set("mr mrs ms miss dr st m mme mlle herr frau")


#: One passage is compared with many claims.
@lru_cache(maxsize=4_096)
def content(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that say what it is about: no grammar, no titles.

    A number is one of them by its value, however it is written.
    """
    numbers = {written: value for (kind, value), written in figures(text) if kind == "number"}
    no_words = _TITLES.union(folded_words(" ".join(numbers)))
    folded = [word.removeprefix("n'") for word in folded_words(text)]
    dies = {"die"} if "die" in folded and not _ENGLISH.isdisjoint(folded) else frozenset[str]()
    return frozenset(numbers.values()).union(
        stem(word)
        for word in folded
        if (says_something(word) or word in dies) and word not in no_words and word.strip("'s")
    )


def said(text: str, *, and_: Collection[str] = ()) -> list[str]:
    """Return the words of `text`, in order, that say something or are one of those besides."""
    folded = ((match[0], fold(match[0])) for match in words(text))
    return [word for word, form in folded if form in and_ or says_something(form)]


def is_close(wanted: frozenset[str], there: frozenset[str], *, but: int = 0) -> bool:
    """Whether most of the words `wanted`, `but` so many that may differ, are `there`."""
    return len(wanted & there) >= max(1, _CLOSE * (len(wanted) - but))


def is_negation(word: str) -> bool:
    """Whether `word`, folded, negates what stands beside it."""
    return word in _NEGATIONS or word.endswith("n't") or word.startswith("n'")


def says_something(word: str) -> bool:
    """Whether `word`, folded, is neither grammar nor a negation."""
    bare = word.removeprefix("n'")
    return bare not in FUNCTION_WORDS and bare not in _NEGATIONS and not bare.endswith("n't")
