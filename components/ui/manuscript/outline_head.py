"""The head of a manuscript's page: its title, what is known of it, and the way to an analysis."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.manuscripts import Manuscript
from components.ui.analyse.manuscript_panel import another_manuscript, show_warnings
from components.ui.analyse.upload_panel import upload_panel
from components.ui.manuscript.outline_labels import facts, origin, surety
from components.ui.shared import labels
from components.ui.shared.address import Page, open_address
from components.ui.shared.visit import Visit


def open_outline(visit: Visit) -> str | None:
    """Return the id of the manuscript of the address; without one, show where to drop it."""
    found = open_address(visit, Page.MANUSCRIPT)
    if found is None:
        upload_panel(visit, _host(visit), Page.MANUSCRIPT)
        return None
    return found[0]


def outline_head(visit: Visit, manuscript_id: str, manuscript: Manuscript) -> None:
    """Show the title, to be changed, and all that is known without a model; offer the analysis."""
    title, actions = st.columns([3, 1.2], vertical_alignment="top")
    with title:
        st.title(labels.plain(manuscript.title), anchor=False)
        by, source = origin(manuscript)
        lines = [by, f"{facts(manuscript)} · {source}"]
        st.html("".join(f'<p class="fr-meta">{escape(line)}</p>' for line in lines if line))
    with actions:
        if st.button("Analyse this manuscript", type="primary", icon=":material/menu_book:"):
            st.switch_page("pages/analyse.py", query_params={"manuscript": manuscript_id})
        with st.container(horizontal=True):
            _title(visit, manuscript_id, manuscript.title)
            another_manuscript(Page.MANUSCRIPT)
    said, check = surety(manuscript)
    if check:
        st.info(said, icon=":material/rule:")
    else:
        st.html(f'<p class="fr-meta">{escape(said)}</p>')
    show_warnings(manuscript)


def _title(visit: Visit, manuscript_id: str, before: str) -> None:
    key = f"title-{manuscript_id}-{before}"
    with (
        st.popover("Title", icon=":material/edit:", type="tertiary", key=f"popover-{key}"),
        st.form(f"form-{key}", border=False),
    ):
        title = st.text_input("Title of the manuscript", value=before, max_chars=200).strip()
        if st.form_submit_button("Change the title") and title and title != before:
            visit.shelf.manuscripts.rename(manuscript_id, title)
            st.rerun()


def _host(visit: Visit) -> Host | None:
    """Return the Ollama in use, if there is one yet: here nothing is asked of it."""
    if not visit.app.wait_connected(0):
        return None
    try:
        return visit.app.host()
    except FirstReaderError:
        return None
