"""How much of what each model quoted is in the manuscripts, over the newest answers in the store.

Reports on whole books count too, by the same rule as in a report (`reports.quotation_counts`). Each
answer is checked once and cached.
"""

from collections import defaultdict
from contextlib import suppress

import streamlit as st

from components.analysis import FINDINGS, is_assembled, is_cited, readable_items
from components.errors import UnknownManuscript
from components.reports import evidence_of, is_counted
from components.store import Analysis
from components.ui.answer.quote_marks import Marking
from components.ui.shared import labels
from components.ui.shared.visit import Visit

_NEWEST = 500  # answers that are counted, newest first: those of two or three books
_ENOUGH = 10  # quotations below which a share says too little


def quote_shares(visit: Visit) -> dict[str, str]:
    """Say of each model that quoted anything in the newest answers how much was found."""
    marking = Marking(visit)
    counts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for analysis in visit.shelf.analyses.answered(_NEWEST):
        question = analysis.question
        if not question.manuscript_id or not is_counted(question, analysis.state):
            continue
        if question.part == FINDINGS or is_cited(question):
            continue  # Their words are the manuscript's by construction.
        with suppress(UnknownManuscript):  # Deleted a moment ago; not cached, it may come back.
            count = _counts(analysis.call_id, analysis.attempt, visit, marking, analysis)
            if count[0]:
                counts[question.model].append(count)
    return {model: _share(answers) for model, answers in counts.items()}


def _share(answers: list[tuple[int, int]]) -> str:
    """Say it with its basis: "41 of 44 found in the manuscript (93 %)"."""
    quoted, found = map(sum, zip(*answers, strict=True))
    share, few = "", ", too few to tell"
    if quoted >= _ENOUGH:
        share, few = f" ({found / quoted:.0%})", ""
    return (
        f"Quotations: {found:,} of {quoted:,} found in the manuscript{share}, from "
        f"{labels.plural(len(answers), 'answer')}{few}"
    )


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
    if is_assembled(_analysis.question):  # Its JSON has escapes.
        text = "\n\n".join(readable_items(_analysis.question, text, index))
    evidence = evidence_of(_analysis.question, text, index)
    return len(evidence.quotations), evidence.found
