"""How much of what each model quoted is in the manuscripts: what past answers add up to.

Counted from the newest answers that are kept, those of reports on whole books too, by the same
rule as in a report (`novel.quoting`), each checked once and kept between runs; nothing is counted
that the checker did not read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import streamlit as st

from components.errors import UnknownManuscript
from components.reports import evidence_of, is_counted
from components.store import Analysis
from components.ui.answer.quote_marks import Marking
from components.ui.shared import labels
from components.ui.shared.visit import Visit

#: Answers that are looked at, newest first: those of two or three books.
NEWEST = 500
#: Quotations below which a share says too little.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Share:
    """What a model quoted in so many answers, sentences behind scores too, and found."""

    quoted: int
    found: int
    answers: int

    def said(self) -> str:
        """Say it with its basis: "41 of 44 found in the manuscript (93 %)"."""
        share = f" ({self.found / self.quoted:.0%})" if self.quoted >= ENOUGH else ""
        few = ", too few to tell" if self.quoted < ENOUGH else ""
        count = labels.plural(self.answers, "answer")
        return (
            f"Quotations: {self.found:,} of {self.quoted:,} found in the manuscript{share}, "
            f"from {count}{few}"
        )


def quote_shares(visit: Visit) -> dict[str, Share]:
    """Return for each model that quoted anything in the newest answers how much was found."""
    marking = Marking(visit)
    counted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for analysis in visit.shelf.analyses.answered(NEWEST):
        question = analysis.question
        if not question.manuscript_id or not is_counted(question, analysis.state):
            continue
        try:
            quoted, found = _counts(analysis.call_id, analysis.attempt, visit, marking, analysis)
        except UnknownManuscript:
            continue  # Deleted a moment ago; not kept, for it may come back.
        if quoted:
            counted[question.model].append((quoted, found))
    return {
        model: Share(sum(q for q, _ in each), sum(f for _, f in each), len(each))
        for model, each in counted.items()
    }


@st.cache_data(show_spinner=False, max_entries=2_000)
def _counts(
    call_id: str,
    attempt: int,  # noqa: ARG001
    _visit: Visit,
    _marking: Marking,
    _analysis: Analysis,
) -> tuple[int, int]:
    """Return how many quotations an answer that has ended has, and how many were found.

    Only here the manuscript is read: what was counted before needs none. Raises: UnknownManuscript.
    """
    index = _marking.index(_analysis.question.manuscript_id)
    if index is None:
        raise UnknownManuscript("The manuscript is not there any more.")
    text = _visit.app.store.journal.outcome(call_id).text
    evidence = evidence_of(_analysis.question, text, index)
    return len(evidence.quotations), evidence.found
