"""What a model says of a manuscript, checked against it: quotations, names, claims.

Public: `Index`, made once for a manuscript; `check` for a whole answer, `Checker` for one that
grows, `is_known_name` for one name; the values that they return. `quotation_parser` finds the
quotations of an answer, `quotation_fragments` cuts them at omissions, `quotation_match` finds their
words in the manuscript, `comparable_words` says what may differ, `chapter_attribution` reads the
chapter named beside them, `unknown_names` finds the names.

A finding rests on a sentence: `sentences` and `numbered` make a passage whose sentences have
numbers, `find_sentence` sets the number of a claim right, `doubts` says what in a claim its
sentence does not carry, `contradictions` sets side by side what is said of one subject. They
compare by `content_words`, `figures`, `contraries`, `changed_words` and `claim_names`.
"""

from components.evidence.answer_check import Checker, Marked, check
from components.evidence.checked_quotes import Evidence, Location, Quote
from components.evidence.claims import Doubt, DoubtKind, doubts, find_sentence
from components.evidence.contradictions import Contradiction, contradictions
from components.evidence.sentences import numbered, sentences
from components.evidence.text_index import Index
from components.evidence.unknown_names import is_known_name

__all__ = [
    "Checker",
    "Contradiction",
    "Doubt",
    "DoubtKind",
    "Evidence",
    "Index",
    "Location",
    "Marked",
    "Quote",
    "check",
    "contradictions",
    "doubts",
    "find_sentence",
    "is_known_name",
    "numbered",
    "sentences",
]
