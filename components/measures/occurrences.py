"""Words that an editor may want fewer of, each with every occurrence of it; English only.

Adverbs in -ly, by form. Filter words, where the narrator says that somebody saw, heard or felt,
instead of what there was: by form alone and in the narrative only, for what characters say aloud is
theirs.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from components.measures.word_tokens import Tokens

#: Start and end in the manuscript's text.
Occurrence = tuple[int, int]

_NOT_MEANT = """
ally anomaly apply assembly belly bodily brotherly bubbly bully butterfly chilly comely comply
costly courtly cowardly crumbly cuddly curly daily deadly dolly doily early elderly family
fatherly filly fly folly fortnightly friendly frilly ghastly ghostly gnarly godly goodly gully
heavenly hilly holly holy homely hourly imply italy jelly jolly july kindly-disposed kingly
leisurely lily likely lively lonely lordly lovely lowly manly maidenly melancholy miserly
monopoly monthly motherly multiply nightly oily only orderly panoply pearly ply pebbly prickly
princely quarterly rally rascally rely reply saintly sally scaly scholarly seemly shapely silly
sickly slovenly sly smelly soldierly spindly sprightly squally stately steely sully supply surly
tally timely ugly unearthly unfriendly unholy unlikely unlovely unruly unseemly unsightly
untimely unworldly weekly wily wobbly womanly woolly wooly worldly wrinkly yearly neighbourly
neighborly beastly bristly gentlemanly ladylike ungodly ungainly mealy
"""

#: End in -ly and are no adverbs of manner: nouns, verbs, adjectives, and adverbs nobody minds.
NOT_MEANT = frozenset(_NOT_MEANT.split())

_ALWAYS = """
saw sees heard hears felt feels noticed notices watched watches seemed seems appeared
realised realises realized realizes wondered wonders knew knows thought thinks remembered
remembers recalled recalls observed observes perceived perceives spotted sensed senses
smelled smelt glimpsed decided decides
"""

#: Filter words wherever they stand in the narrative.
ALWAYS = frozenset(_ALWAYS.split())

_AFTER = """
see hear feel notice watch seem realise realize wonder know think remember recall observe
perceive sense smell decide
"""

#: Filter words after one of `BEFORE`: "I see", "could hear".
AFTER = frozenset(_AFTER.split())
BEFORE = frozenset({"i", "we", "could", "can"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A word, a name or a phrase of the book, and its occurrences in order."""

    label: str
    places: tuple[Occurrence, ...]


def adverbs(tokens: Tokens) -> tuple[Listed, ...]:
    """Return the adverbs in -ly; those that begin with a capital are names."""

    def is_adverb(index: int, form: str) -> bool:
        is_form = form.endswith("ly") and len(form) > 3 and form not in NOT_MEANT
        return is_form and not _is_name(tokens, index)

    return _listed(tokens, is_adverb)


def filter_words(tokens: Tokens) -> tuple[Listed, ...]:
    """Return the filter words in the narrative."""

    def is_filter(index: int, form: str) -> bool:
        if tokens.spoken[index]:
            return False
        return form in ALWAYS or (form in AFTER and index > 0 and tokens.forms[index - 1] in BEFORE)

    return _listed(tokens, is_filter)


def _listed(tokens: Tokens, is_meant: Callable[[int, str], bool]) -> tuple[Listed, ...]:
    """Return the words that are meant, those that are used most first."""
    places: dict[str, list[Occurrence]] = defaultdict(list)
    for index, form in enumerate(tokens.forms):
        if is_meant(index, form):
            places[form].append(tokens.place(index))
    ordered = sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Listed(form, tuple(of_form)) for form, of_form in ordered)


def _is_name(tokens: Tokens, index: int) -> bool:
    """Whether a word has a capital that the beginning of its sentence does not explain."""
    if index not in tokens.capitals:
        return False
    is_first = index == 0 or tokens.sentence[index - 1] != tokens.sentence[index]
    return not is_first and tokens.text[tokens.starts[index] - 1] == " "
