"""What a model says of a manuscript, checked against it: its quotations and the names it uses.

Public: `Index`, made once for a manuscript; `check` for a whole answer and `Checker` for one that
grows; the values that they give. The rest is how: `quoting` says where an answer quotes, `tokens`
what may differ between two copies of one text, `fragments` cuts at omissions, `matching` finds the
words in their order, `attribution` reads which chapter is named beside them, `naming` tells names.
"""

from components.evidence.checking import SHORT, Checker, Marked, check
from components.evidence.finding import Evidence, Finding, Place, Remark, UnknownName
from components.evidence.index import Index

__all__ = [
    "SHORT",
    "Checker",
    "Evidence",
    "Finding",
    "Index",
    "Marked",
    "Place",
    "Remark",
    "UnknownName",
    "check",
]
