"""Filter words: the narrator says that somebody saw, heard or felt, instead of what there was.

By form alone, in English, and in the narrative only: what characters say aloud is theirs.
"""

from __future__ import annotations

from components.measures.occurrences import Use, used
from components.measures.word_tokens import Tokens

_ALWAYS_LIST = """
saw sees heard hears felt feels noticed notices watched watches seemed seems appeared
realised realises realized realizes wondered wonders knew knows thought thinks remembered
remembers recalled recalls observed observes perceived perceives spotted sensed senses
smelled smelt glimpsed decided decides
"""

#: Forms that count wherever they stand in the narrative.
ALWAYS = frozenset(_ALWAYS_LIST.split())

_AFTER_LIST = """
see hear feel notice watch seem realise realize wonder know think remember recall observe
perceive sense smell decide
"""

#: Forms that count after one of `_BEFORE`: "I see", "could hear".
_AFTER = frozenset(_AFTER_LIST.split())
_BEFORE = frozenset({"i", "we", "could", "can"})


def filter_words(tokens: Tokens) -> tuple[Use, ...]:
    """Return the filter words in the narrative of an English text."""
    return used(tokens, (index for index in range(len(tokens)) if _filters(tokens, index)))


def _filters(tokens: Tokens, index: int) -> bool:
    form = tokens.forms[index]
    if tokens.spoken[index]:
        return False
    return form in ALWAYS or (form in _AFTER and index > 0 and tokens.forms[index - 1] in _BEFORE)
