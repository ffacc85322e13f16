"""What a model says of a manuscript, checked against it: its quotations and the names it uses.

Public: `Index`, made once for a manuscript; `check` for a whole answer and `Checker` for one that
grows; `look_up` for one quotation and `is_known_name` for one name; the values that they give. The
rest is how: `quoting` says where an answer quotes, `tokens`
what may differ between two copies of one text, `fragments` cuts at omissions, `matching` finds the
words in their order, `attribution` reads which chapter is named beside them, `naming` tells names.
"""

from components.evidence.checking import SHORT, Checker, Marked, check, look_up
from components.evidence.finding import Evidence, Finding, Place, Remark, UnknownName
from components.evidence.index import Index
from components.evidence.matching import Match
from components.evidence.naming import is_known_name

__all__ = [
    "SHORT",
    "Checker",
    "Evidence",
    "Finding",
    "Index",
    "Marked",
    "Match",
    "Place",
    "Remark",
    "UnknownName",
    "check",
    "is_known_name",
    "look_up",
]
