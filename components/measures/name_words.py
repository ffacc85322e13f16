"""Words with capitals that are no names, titles that go before names, particles within them."""

from __future__ import annotations

_TITLES_LIST = """
mr mrs ms miss dr sir lady lord captain colonel major general sergeant lieutenant inspector
professor doctor father mother brother sister aunt uncle cousin king queen prince princess duke
duchess count countess madam madame mademoiselle monsieur m mme mlle signor signora señor
señora don doña saint st reverend rev mister mistress master herr frau mynheer
"""

#: In lower case, without a full stop.
TITLES = frozenset(_TITLES_LIST.split())

#: Inside a name, before a word with a capital.
PARTICLES = frozenset(
    ("de", "du", "des", "von", "van", "der", "den", "di", "da", "della", "la", "le")
)

_ENGLISH = """
    i i'm i'll i've i'd o oh ah god lord heaven sir madam ma'am mr mrs dr
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    christmas easter michaelmas english french german italian spanish american dutch russian
    british scottish irish welsh roman greek latin turkish european indian chinese christian
    englishman frenchman englishmen frenchmen americans germans indians christians
    ok tv chapter part book
"""
_FRENCH = "dieu monsieur madame mademoiselle je chapitre"
_ITALIAN = "dio signore signora capitolo"
_SPANISH = "dios usted ud señor señora capítulo"
_PORTUGUESE = "deus senhor senhora capítulo"
_DUTCH = "god mijnheer mevrouw ik hoofdstuk"

NO_NAMES = {
    "en": frozenset(_ENGLISH.split()),
    "fr": frozenset(_FRENCH.split()),
    "it": frozenset(_ITALIAN.split()),
    "es": frozenset(_SPANISH.split()),
    "pt": frozenset(_PORTUGUESE.split()),
    "nl": frozenset(_DUTCH.split()),
}
