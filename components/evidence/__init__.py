"""What a model says of a manuscript, checked: quotations, names, chapters, empty lists, claims.

Public: `Index`, made once for a manuscript; `check` for a whole answer, `Checker` for one that
grows, `is_known_name` for one name; the values that they return. `quotation_parser` finds the
quotations of an answer, `quotation_fragments` cuts them at omissions, `quotation_match` finds their
words in the manuscript, `comparable_words` says what may differ, `chapter_attribution` reads the
chapters that are named, `chapters_read` says which of them were not part of what was read,
`unknown_names` finds the names, `hollow_lists` the items that say nothing.

A finding rests on a sentence: `claims` has what numbers sentences, finds that of a claim, doubts
what the sentence does not carry, and sets contradictions side by side.
"""

from components.evidence.answer_check import Checker, Marked, check
from components.evidence.checked_quotes import Evidence, Flag, FlagKind, Location, Quote
from components.evidence.claims.claim_names import name_stems
from components.evidence.claims.content_words import content, is_close
from components.evidence.claims.contradictions import Contradiction, contradictions
from components.evidence.claims.sentences import sentences
from components.evidence.claims.support import Doubt, DoubtKind, doubts, find_sentence, states
from components.evidence.text_index import Index, index_of
from components.evidence.unknown_names import is_known_name

__all__ = [
    "Checker",
    "Contradiction",
    "Doubt",
    "DoubtKind",
    "Evidence",
    "Flag",
    "FlagKind",
    "Index",
    "Location",
    "Marked",
    "Quote",
    "check",
    "content",
    "contradictions",
    "doubts",
    "find_sentence",
    "index_of",
    "is_close",
    "is_known_name",
    "name_stems",
    "sentences",
    "states",
]
