"""Adverbs in -ly, in English."""

from __future__ import annotations

from components.measures.occurrences import Use, used
from components.measures.word_tokens import Tokens

_NOT_MEANT_LIST = """
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
NOT_MEANT = frozenset(_NOT_MEANT_LIST.split())


def adverbs(tokens: Tokens) -> tuple[Use, ...]:
    """Return the adverbs in -ly of an English text; those that begin with a capital are names."""
    return used(
        tokens,
        (
            index
            for index, form in enumerate(tokens.forms)
            if form.endswith("ly")
            and len(form) > 3
            and form not in NOT_MEANT
            and not _is_name(tokens, index)
        ),
    )


def _is_name(tokens: Tokens, index: int) -> bool:
    """Whether a word has a capital that the beginning of its sentence does not explain."""
    if index not in tokens.capitals:
        return False
    first = index == 0 or tokens.sentence[index - 1] != tokens.sentence[index]
    return not first and tokens.text[tokens.starts[index] - 1] == " "
