"""The page's address: which manuscript and which analysis are open, to be kept as a bookmark."""

from __future__ import annotations

import streamlit as st

from components.errors import UnknownAnalysis, UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Analysis
from components.ui.visit import Visit

_NAMES = ("manuscript", "analysis")


def open_address(visit: Visit) -> tuple[str, Manuscript] | None:
    """Return id and value of the manuscript that the address names, None where it names none.

    Coming back to the page from another one opens what was open before.
    """
    if not any(name in st.query_params for name in _NAMES):
        before = st.session_state.get("address")
        if not before:
            return None
        st.query_params.from_dict(before)
    analysis = open_analysis(visit)
    manuscript_id = (
        analysis.question.manuscript_id if analysis else st.query_params.get("manuscript", "")
    )
    try:
        manuscript = visit.shelf.manuscripts.get(manuscript_id)
    except UnknownManuscript as error:
        leave()
        st.warning(f"{error} {error.advice}", icon=":material/info:")
        return None
    go(manuscript_id, analysis.id if analysis else None)
    return manuscript_id, manuscript


def open_analysis(visit: Visit) -> Analysis | None:
    """Return the analysis that the address names, None where it names none that there is."""
    analysis_id = st.query_params.get("analysis", "")
    if not analysis_id:
        return None
    try:
        return visit.shelf.analyses.get(analysis_id)
    except UnknownAnalysis as error:
        del st.query_params["analysis"]
        st.warning(f"{error} {error.advice}", icon=":material/info:")
        return None


def go(manuscript_id: str, analysis_id: str | None = None) -> None:
    """Let the address name a manuscript, and an analysis of it."""
    named = {"manuscript": manuscript_id} | ({"analysis": analysis_id} if analysis_id else {})
    st.session_state["address"] = named
    if st.query_params.to_dict() != named:
        st.query_params.from_dict(named)


def leave() -> None:
    """Let the address name nothing."""
    st.session_state.pop("address", None)
    st.query_params.clear()
