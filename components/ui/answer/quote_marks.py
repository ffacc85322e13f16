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
from components.manuscripts import Manuscript
from components.markdown import Headings, Highlight, to_html
from components.ui.shared import labels
from components.ui.shared.address import passage_address
from components.ui.shared.visit import Visit

#: Indexes that are cached; that of a novel takes some 5 MB.
_CACHED = 8

#: Quotations that are listed; all are marked in the text.
_LISTED = 12
_CHARACTERS = 160

_NOT_FOUND = "not found in the manuscript"

_REMARKS = {
    "other chapter": "not in the chapter that is named here",
    "omission": "with an omission",
    "brackets": "the words in brackets are the model's",
}


class Marking:
    """Makes marks for answers about a visitor's manuscripts, each read once."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._indexes: dict[str, Index | None] = {"": None}

    def index(self, manuscript_id: str) -> Index | None:
        """Return the index of a manuscript; None where there is none or it was deleted."""
        if manuscript_id not in self._indexes:
            try:
                manuscript = self._visit.shelf.manuscripts.get(manuscript_id)
            except UnknownManuscript:
                self._indexes[manuscript_id] = None
            else:
                outline = hash((manuscript.title, manuscript.author, manuscript.chapters))
                self._indexes[manuscript_id] = _index(manuscript.sha256, outline, manuscript)
        return self._indexes[manuscript_id]

    def marks(self, manuscript_id: str) -> QuoteMarks | None:
        """Return what marks one answer about a manuscript; None without one."""
        index = self.index(manuscript_id)
        return None if index is None else QuoteMarks(index, manuscript_id)


@st.cache_resource(show_spinner=False, max_entries=_CACHED)
def _index(sha256: str, outline: int, _manuscript: Manuscript) -> Index:  # noqa: ARG001
    return Index(_manuscript)


class QuoteMarks:
    """Checks the blocks of one answer in their order, and writes them with their marks."""

    def __init__(self, index: Index, manuscript_id: str) -> None:
        self._checker = Checker(index)
        self._manuscript_id = manuscript_id

    @property
    def evidence(self) -> Evidence:
        """What was found so far."""
        return self._checker.evidence

    def html(self, block: str, is_last: bool, headings: Headings) -> str:
        """Return the next finished block as HTML."""
        marked = self._checker.block(block, is_last=is_last)
        marks = (_highlight(each, self._manuscript_id) for each in marked)
        return to_html(block, [mark for mark in marks if mark is not None], headings=headings)


def _highlight(marked: Marked, manuscript_id: str) -> Highlight | None:
    """Return the mark for a quote; None for a term, a title, a single common word."""
    where = (marked.stretch, marked.start, marked.end)
    quote = marked.found
    if not isinstance(quote, Quote):
        return Highlight(*where, "unknown", "this name is not in the manuscript")
    if quote.is_missing:
        return Highlight(*where, "missing", missing_because(quote))
    if not quote.is_verified or (quote.words < 2 and quote.count > 1):
        return None
    location = quote.places[0]
    address = passage_address(manuscript_id, location.start, location.end)
    return Highlight(*where, "found", _found_where(quote), address)


def _found_where(quote: Quote) -> str:
    """Say where a quotation was found: its chapter, and what is worth knowing of it."""
    heading = quote.places[0].name
    notes = [f"Found in the manuscript: {heading}" if heading else "Found in the manuscript"]
    notes += [note for remark, note in _REMARKS.items() if remark in quote.remarks]
    if quote.count > 1:
        notes.append(f"in {quote.count:,} places, this is the first")
    return "; ".join(notes)


def missing_because(quote: Quote) -> str:
    """Say that a quotation was not found, and how near the manuscript comes."""
    if quote.near is None:
        return _NOT_FOUND
    where = f" ({quote.near.name})" if quote.near.name else ""
    return f"{_NOT_FOUND} in this form: punctuation or capitals differ{where}"


def quote_summary(evidence: Evidence, manuscript_id: str) -> str:
    """Return what was checked as HTML, empty where nothing was quoted and no name is unknown."""
    parts = []
    if evidence.quotes:
        parts.append(f"<p>{escape(quotation_count(evidence))}</p>")
    if evidence.missing:
        rows = [_missing(quote, manuscript_id) for quote in evidence.missing[:_LISTED]]
        if (more := len(evidence.missing) - _LISTED) > 0:
            rows.append(f"<li>and {more:,} more, underlined with dots in the text</li>")
        parts.append(f"<ul>{''.join(rows)}</ul>")
    if evidence.terms:
        terms = ", ".join(f"“{_short(term.text)}”" for term in evidence.terms[:_LISTED])
        more = len(evidence.terms) - _LISTED
        and_more = f" and {more:,} more" if more > 0 else ""
        parts.append(
            f"<p>Short phrases in quotation marks that are not in the manuscript, perhaps terms: "
            f"{escape(terms)}{and_more}.</p>"
        )
    if evidence.unknown_names:
        names = ", ".join(map(_short, evidence.unknown_names[:_LISTED]))
        parts.append(f"<p>Names that are not in the manuscript: {escape(names)}.</p>")
    return f'<div class="fr-checked" role="note">{"".join(parts)}</div>' if parts else ""


def quotation_count(evidence: Evidence) -> str:
    """Say how many quotations there are, and how many of them were found."""
    total, found = len(evidence.quotations), evidence.found
    if not total:
        return "No quotation of four words or more."
    count = labels.plural(total, "quotation")
    if found == total:
        return f"{count}: {'' if total == 1 else 'all '}found in the manuscript."
    if not found:
        return f"{count}: {'not' if total == 1 else 'none'} found in the manuscript."
    return f"{count}: {found:,} found in the manuscript, {total - found:,} not."


def _missing(quote: Quote, manuscript_id: str) -> str:
    because = escape(missing_because(quote))
    if quote.near is not None:
        address = escape(passage_address(manuscript_id, quote.near.start, quote.near.end))
        because += f' <a href="{address}" target="_self">Compare the passage</a>'
    return f"<li>“{escape(_short(quote.text))}” <span>{because}</span></li>"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _CHARACTERS else f"{plain[:_CHARACTERS].rsplit(' ', 1)[0]} …"
