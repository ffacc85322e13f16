"""What a model says of a manuscript, checked against it: its quotations and the names it uses.

Public: `Index`, made once for a manuscript; `check` for a whole answer and `Checker` for one that
grows; `look_up` for one quotation and `is_known_name` for one name; the values that they give. The
rest is how: `quotation_parser` says where an answer quotes, `comparable_words` what may differ
between two copies of one text, `quotation_fragments` cuts at omissions, `quotation_match` finds the
words in their order, `chapter_attribution` reads which chapter is named beside them,
`unknown_names` tells names.
"""

from components.evidence.answer_check import SHORT, Checker, Marked, check, look_up
from components.evidence.findings import Evidence, Finding, Location, Remark, UnknownName
from components.evidence.quotation_match import Match
from components.evidence.text_index import Index
from components.evidence.unknown_names import is_known_name

__all__ = [
    "SHORT",
    "Checker",
    "Evidence",
    "Finding",
    "Index",
    "Location",
    "Marked",
    "Match",
    "Remark",
    "UnknownName",
    "check",
    "is_known_name",
    "look_up",
]
