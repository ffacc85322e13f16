"""How much of what each model quoted is in the manuscripts, over the newest answers in the store.

Reports on whole books count too, by the same rule as in a report (`reports.count_quotations`), but
for the words of findings: code takes them from the manuscript, whatever the model. Each answer is
checked once and cached.
"""

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from components.analysis import FINDINGS
from components.errors import UnknownManuscript
from components.reports import evidence_of, is_counted
from components.store import Analysis
from components.ui.answer.quote_marks import Marking
from components.ui.shared import labels
from components.ui.shared.visit import Visit

NEWEST = 500  # answers that are counted, newest first: those of two or three books
ENOUGH = 10  # quotations below which a share says too little


@dataclass(frozen=True, slots=True)
class Share:
    """What a model quoted in so many answers, sentences behind scores too, and found."""

    quoted: int
    found: int
    answers: int

    def said(self) -> str:
        """Say it with its basis: "41 of 44 found in the manuscript (93 %)"."""
        is_enough = self.quoted >= ENOUGH
        share = f" ({self.found / self.quoted:.0%})" if is_enough else ""
        few = "" if is_enough else ", too few to tell"
        return (
            f"Quotations: {self.found:,} of {self.quoted:,} found in the manuscript{share}, "
            f"from {labels.plural(self.answers, 'answer')}{few}"
        )


def quote_shares(visit: Visit) -> dict[str, Share]:
    """Return for each model that quoted anything in the newest answers how much was found."""
    marking = Marking(visit)
    quoted, found, answers = Counter[str](), Counter[str](), Counter[str]()
    for analysis in visit.shelf.analyses.answered(NEWEST):
        question = analysis.question
        if not question.manuscript_id or not is_counted(question, analysis.state):
            continue
        if question.part == FINDINGS:
            continue
        try:
            counts = _counts(analysis.call_id, analysis.attempt, visit, marking, analysis)
        except UnknownManuscript:
            continue  # Deleted a moment ago; not cached, for it may come back.
        if counts[0]:
            quoted[question.model] += counts[0]
            found[question.model] += counts[1]
            answers[question.model] += 1
    return {model: Share(quoted[model], found[model], answers[model]) for model in answers}


@st.cache_data(show_spinner=False, max_entries=2_000)
def _counts(
    call_id: str,
    attempt: int,  # noqa: ARG001
    _visit: Visit,
    _marking: Marking,
    _analysis: Analysis,
) -> tuple[int, int]:
    """Return how many quotations an answer that has ended has, and how many were found.

    Only here the manuscript is read. Raises: UnknownManuscript.
    """
    index = _marking.index(_analysis.question.manuscript_id)
    if index is None:
        raise UnknownManuscript("The manuscript is not there any more.")
    text = _visit.app.store.journal.outcome(call_id).text
    evidence = evidence_of(_analysis.question, text, index)
    return len(evidence.quotations), evidence.found
