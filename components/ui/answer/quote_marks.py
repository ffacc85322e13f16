"""What an answer quotes, marked on the page: a link to the passage, or that there is none.

A block is marked once, when it is finished and written, so that nothing already read changes; the
live tail is never marked. The index of a manuscript is kept between runs: it is of text and
chapters alone, and whoever may open the manuscript may use it.
"""

from __future__ import annotations

import streamlit as st

from components.errors import UnknownManuscript
from components.evidence import Checker, Evidence, Finding, Index, Marked
from components.manuscripts import Manuscript
from components.markdown import Headings, Highlight, to_html
from components.ui.shared.address import passage_address
from components.ui.shared.visit import Visit

#: Indexes that are kept; that of a novel takes some 5 MB.
_KEPT = 8

NOT_FOUND = "not found in the manuscript"
UNKNOWN = "this name is not in the manuscript"


class Marking:
    """Makes marks for answers about a visitor's manuscripts, each read once."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: dict[str, Index | None] = {}

    def index(self, manuscript_id: str) -> Index | None:
        """Return the index of a manuscript; None where there is none or it was deleted."""
        if manuscript_id not in self._known:
            self._known[manuscript_id] = self._made(manuscript_id)
        return self._known[manuscript_id]

    def marks(self, manuscript_id: str) -> QuoteMarks | None:
        """Return what marks one answer about a manuscript; None without one."""
        index = self.index(manuscript_id)
        return None if index is None else QuoteMarks(index, manuscript_id)

    def _made(self, manuscript_id: str) -> Index | None:
        if not manuscript_id:
            return None
        try:
            manuscript = self._visit.shelf.manuscripts.get(manuscript_id)
        except UnknownManuscript:
            return None
        outline = hash((manuscript.title, manuscript.author, manuscript.chapters))
        return _index(manuscript.sha256, outline, manuscript)


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
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

    def html(self, block: str, *, is_last: bool, headings: Headings) -> str:
        """Return the next finished block as HTML."""
        found = self._checker.block(block, is_last=is_last)
        marks = (mark_of(one, self._manuscript_id) for one in found)
        return to_html(block, [mark for mark in marks if mark is not None], headings=headings)


def mark_of(marked: Marked, manuscript_id: str) -> Highlight | None:
    """Return the mark for a finding; None for a term, a title, a single common word."""
    where = (marked.stretch, marked.start, marked.end)
    found = marked.found
    if not isinstance(found, Finding):
        return Highlight(*where, "unknown", UNKNOWN)
    if found.is_missing:
        return Highlight(*where, "missing", missing_because(found))
    if not found.is_verified or (found.words < 2 and found.count > 1):
        return None
    place = found.places[0]
    return Highlight(
        *where, "found", found_where(found), passage_address(manuscript_id, place.start, place.end)
    )


def found_where(found: Finding) -> str:
    """Say where a quotation was found: its chapter, and what is worth knowing of it."""
    heading = found.places[0].name
    said = f"Found in the manuscript: {heading}" if heading else "Found in the manuscript"
    notes = []
    if "other chapter" in found.remarks:
        notes.append("not in the chapter that is named here")
    if "omission" in found.remarks:
        notes.append("with an omission")
    if "brackets" in found.remarks:
        notes.append("the words in brackets are the model's")
    if found.count > 1:
        notes.append(f"in {found.count:,} places, this is the first")
    return "; ".join([said, *notes])


def missing_because(found: Finding) -> str:
    """Say that a quotation was not found, and how near the manuscript comes."""
    if found.near is None:
        return NOT_FOUND
    where = f" ({found.near.name})" if found.near.name else ""
    return f"{NOT_FOUND} in this form: punctuation or capitals differ{where}"
