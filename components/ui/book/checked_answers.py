"""Answers of a whole-book report on the page: checked once, marked, kept between runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.evidence import Evidence, Index
from components.markdown import Blocks, Headings, to_html
from components.reports import evidence_of
from components.store import StepStatus
from components.ui.answer.quote_marks import Marking


def looked_up(index: Index, sha256: str) -> Callable[[StepStatus], Evidence]:
    """Return what checks an answer against the manuscript with this hash, each answer once."""
    return lambda step: _evidence(step.call_id, step.attempt, sha256, step, index)


@st.cache_data(show_spinner=False, max_entries=5_000)
def _evidence(
    call_id: str,  # noqa: ARG001
    attempt: int,  # noqa: ARG001
    sha256: str,  # noqa: ARG001
    _step: StepStatus,
    _index: Index,
) -> Evidence:
    return evidence_of(_step.question, _step.answer, _index)


def answer_html(
    answer: str, marking: Marking, manuscript_id: str, *, top: int = 2
) -> tuple[str, Evidence | None]:
    """Return a finished answer as HTML with its quotations marked, and what was found of them.

    `top` is the level of its first heading.
    """
    blocks, headings = Blocks(), Headings(top)
    blocks.feed(answer)
    blocks.finish()
    marks = marking.marks(manuscript_id)
    if marks is None:
        plain = "".join(to_html(block, headings=headings) for block in blocks.settled)
        return f'<div class="fr-analysis">{plain}</div>', None
    last = len(blocks.settled) - 1
    html = "".join(
        marks.html(block, is_last=number == last, headings=headings)
        for number, block in enumerate(blocks.settled)
    )
    return f'<div class="fr-analysis">{html}</div>', marks.evidence
