"""Which pictures are open, by the page's address, and what was asked of others before."""

from __future__ import annotations

import streamlit as st

from components.store import Analysis
from components.ui.pictures.picture_upload import forget_pictures, is_drafting
from components.ui.shared import labels
from components.ui.shared.address import Page, go, link, open_analysis
from components.ui.shared.earlier import analysis_facts, earlier_list
from components.ui.shared.visit import Visit


def open_pictures(visit: Visit) -> Analysis | None:
    """Return the analysis of pictures that the address names, None where it names none."""
    if Page.PICTURES not in st.query_params and not is_drafting():
        before = st.session_state.get(f"address-{Page.PICTURES}")
        if before:
            st.query_params.from_dict(before)
    analysis = open_analysis(visit, Page.PICTURES)
    if analysis is None:
        return None
    if not analysis.question.pictures:  # An address that was put together by hand.
        page, query = link(analysis)
        st.switch_page(page, query_params=query)
    go("", analysis.id, page=Page.PICTURES)
    return analysis


def pictures_head(analysis: Analysis | None) -> None:
    """Show what the pictures are called, or what the page is for; offer to begin anew."""
    with st.container():  # One place, whatever is in it: what comes below keeps its own.
        _head(analysis)


def _head(analysis: Analysis | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = labels.plain(analysis.name) if analysis else "Look at pictures"
        st.title(name, anchor=False)
        if (analysis is not None or is_drafting()) and st.button(
            "Other pictures", key="other-pictures", type="tertiary", icon=":material/add:"
        ):
            forget_pictures()
            st.session_state.pop(f"address-{Page.PICTURES}", None)
            st.query_params.clear()
            st.rerun()
    lead = st.empty()  # Gone at once when something was asked, and not when it has ended.
    if analysis is None:
        lead.html(
            '<p class="fr-lead">Covers, illustrations, photos of a manuscript’s pages: a model '
            "looks at them and says what it sees.</p>"
        )
    else:
        lead.empty()


def earlier_pictures(visit: Visit, shown: Analysis | None) -> None:
    """List what was asked of pictures, but for the one that is shown."""

    def open_work(analysis: Analysis) -> None:
        forget_pictures()
        go("", analysis.id, page=Page.PICTURES)

    earlier_list(
        "other question about pictures",
        (analysis for analysis in visit.shelf.analyses.all() if analysis.question.pictures),
        shown,
        lambda analyses: map(analysis_facts, analyses),
        open_work,
        plural="other questions about pictures",
    )
