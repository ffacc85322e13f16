"""What an answer quotes: marked in its text, counted and listed below it.

A block is marked once, when it is finished and written, so that nothing already read changes; the
live tail is never marked. The index of a manuscript is cached between runs: it is of text and
chapters alone, and whoever may open the manuscript may use it.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from components.errors import UnknownManuscript
from components.evidence import Checker, Evidence, Index, Marked, Quote
from components.export.evidence_labels import counted, flagged, highlights, short, where
from components.manuscripts import Manuscript
from components.markdown import Headings, Highlight, to_html
from components.reports import EvidenceLookup, Report, evidence_of, read_ranges
from components.retrieval import Retriever
from components.store import Question, StepStatus
from components.ui.shared.address import passage_address, passage_link
from components.ui.shared.visit import Visit

#: Indexes that are cached; that of a novel takes some 5 MB.
_CACHED = 8

#: Quotations that are listed; all are marked in the text.
_LISTED = 12


class Marking:
    """Makes marks for answers about a visitor's manuscripts, each read once.

    Those of `reports` have the chapters that they had when they were read.
    """

    def __init__(self, visit: Visit, *reports: Report) -> None:
        self._visit = visit
        self._read = {report.series.manuscript_id: report.manuscript for report in reports}
        self._indexes: dict[str, Index | None] = {"": None}

    def index(self, manuscript_id: str) -> Index | None:
        """Return the index of a manuscript; None where there is none or it was deleted."""
        if manuscript_id not in self._indexes:
            try:
                manuscript = self._read.get(manuscript_id) or self._visit.shelf.manuscripts.get(
                    manuscript_id
                )
            except UnknownManuscript:
                self._indexes[manuscript_id] = None
            else:
                outline = hash((manuscript.title, manuscript.author, manuscript.chapters))
                self._indexes[manuscript_id] = _index(manuscript.sha256, outline, manuscript)
        return self._indexes[manuscript_id]

    def retriever(self, manuscript_id: str) -> Retriever | None:
        """Return what finds passages of a manuscript; None where it was deleted."""
        index = self.index(manuscript_id)
        return None if index is None else _retriever(hash((index.text, index.chapters)), index)

    def index_of(self, report: Report) -> Index:
        """Return the index of the manuscript of one of `reports`."""
        return self.index(report.series.manuscript_id) or Index(report.manuscript)

    def look(self, report: Report) -> EvidenceLookup:
        """Return what checks the answers of one of `reports`, each answer once."""
        index, sha256 = self.index_of(report), report.manuscript.sha256
        return lambda step: _evidence(step.call_id, step.answer, sha256, step, index)

    def marks(self, question: Question) -> QuoteMarks | None:
        """Return what marks one answer to `question`; None where that is about no manuscript."""
        index = self.index(question.manuscript_id)
        return None if index is None else QuoteMarks(index, question)


@st.cache_resource(show_spinner=False, max_entries=_CACHED)
def _index(sha256: str, outline: int, _manuscript: Manuscript) -> Index:  # noqa: ARG001
    return Index(_manuscript)


@st.cache_resource(show_spinner="Making an index of the text", max_entries=_CACHED)
def _retriever(text: int, _index: Index) -> Retriever:  # noqa: ARG001
    return Retriever(_index)


@st.cache_data(show_spinner=False, max_entries=5_000)
def _evidence(
    call_id: str,  # noqa: ARG001
    answer: str,
    sha256: str,  # noqa: ARG001
    _step: StepStatus,
    _index: Index,
) -> Evidence:
    return evidence_of(_step.question, answer, _index)


class QuoteMarks:
    """Checks the blocks of one answer in their order, and writes them with their marks."""

    def __init__(self, index: Index, question: Question) -> None:
        self._checker = Checker(index, read_ranges(question, index))
        self._manuscript_id = question.manuscript_id

    @property
    def evidence(self) -> Evidence:
        """What was found so far."""
        return self._checker.evidence

    def html(self, block: str, is_last: bool, headings: Headings) -> str:
        """Return the next finished block as HTML."""
        marked = self._checker.block(block, is_last=is_last)
        return to_html(block, highlights(marked, self._highlight), headings=headings)

    def _highlight(self, marked: Marked, quote: Quote) -> Highlight | None:
        """Return the mark for a quote; None for a term, a title, a single common word."""
        at = (marked.stretch, marked.start, marked.end)
        if quote.is_missing:
            return Highlight(*at, "missing", where(quote))
        if not quote.is_verified or (quote.words < 2 and quote.count > 1):
            return None
        location = quote.places[0]
        address = passage_address(self._manuscript_id, location.start, location.end)
        return Highlight(*at, "found", f"Found: {where(quote)}", address)


def quote_summary(evidence: Evidence, manuscript_id: str, *, is_done: bool) -> str:
    """Return what was checked as HTML, empty where there is nothing to say of it.

    Only of an answer that `is_done` it is said that it quotes nothing.
    """
    count = counted(evidence, is_done=is_done)
    parts = [f"<p>{escape(count)}</p>"] if count else []
    if evidence.missing:
        rows = [_missing(quote, manuscript_id) for quote in evidence.missing[:_LISTED]]
        if (more := len(evidence.missing) - _LISTED) > 0:
            rows.append(f"<li>and {more:,} more, underlined with dots in the text</li>")
        parts.append(f"<ul>{''.join(rows)}</ul>")
    if evidence.terms:
        terms = ", ".join(f"“{short(term.text)}”" for term in evidence.terms[:_LISTED])
        more = len(evidence.terms) - _LISTED
        and_more = f" and {more:,} more" if more > 0 else ""
        parts.append(
            f"<p>Short phrases in quotation marks that are not in the manuscript, perhaps terms: "
            f"{escape(terms)}{and_more}.</p>"
        )
    parts += [f"<p>{escape(text)}</p>" for text in flagged(evidence, _LISTED)]
    return f'<div class="fr-checked" role="note">{"".join(parts)}</div>' if parts else ""


def _missing(quote: Quote, manuscript_id: str) -> str:
    because = escape(where(quote))
    if quote.near is not None:
        near = (quote.near.start, quote.near.end)
        because += f" {passage_link('Compare the passage', manuscript_id, *near)}"
    return f"<li>“{escape(short(quote.text))}” <span>{because}</span></li>"
