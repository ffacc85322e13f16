"""An open manuscript at the head of a page, and its contents."""

from html import escape

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.manuscripts import Manuscript
from components.ui.analyse.upload_panel import upload_panel
from components.ui.manuscript.outline_labels import evidence, manuscript_facts, origin, surety
from components.ui.shared import labels
from components.ui.shared.address import Opened, Page, leave, open_address
from components.ui.shared.visit import Visit

_CONTENTS_SHOWN = 400


def open_manuscript(visit: Visit, host: Host | None, page: Page = Page.ANALYSIS) -> Opened | None:
    """Return the manuscript of the page's address; without one, show where to drop it."""
    opened = open_address(visit, page)
    if opened is None:
        upload_panel(visit, host, page)
        return None
    manuscript = opened.manuscript
    title, change = st.columns([4, 1.3], vertical_alignment="bottom")
    with title:
        st.title(labels.plain(manuscript.title), anchor=False)
        st.html(labels.line(manuscript_facts(manuscript), "fr-meta"))
    with change, st.container(horizontal=True, gap=None, horizontal_alignment="distribute"):
        if st.button("Check the chapters", type="tertiary", icon=":material/toc:"):
            st.switch_page("pages/manuscript.py", query_params={"manuscript": opened.id})
        _another_manuscript(page)
    _show_warnings(manuscript)
    return opened


def contents(opened: Opened, ranges: tuple[tuple[int, int], ...]) -> None:
    """List the chapters with their words; those outside `ranges` of characters are pale."""
    chapters = opened.manuscript.chapters
    if not chapters:
        st.html(labels.line("No chapter headings were found in this text."))
        return
    is_read = [
        any(start < chapter.end and chapter.start < end for start, end in ranges)
        for chapter in chapters
    ]
    if len(chapters) > 1:
        st.html(labels.line(f"{sum(is_read):,} of {len(chapters):,} chapters"))
    rows = []
    for chapter, reads in zip(chapters[:_CONTENTS_SHOWN], is_read, strict=False):
        out = "" if reads else ' class="fr-out" title="Not read this time"'
        words = labels.length(chapter.words, opened.manuscript.unit)
        rows.append(f"<li{out}><span>{escape(chapter.name)}</span><span>{words}</span></li>")
    if len(chapters) > _CONTENTS_SHOWN:
        rows.append(f"<li><span>and {len(chapters) - _CONTENTS_SHOWN:,} more</span></li>")
    with st.container(height=420 if len(rows) > 12 else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Contents">{"".join(rows)}</ul>')


def open_outline(visit: Visit) -> str | None:
    """Return the id of the manuscript of the address; without one, show where to drop it."""
    opened = open_address(visit, Page.MANUSCRIPT)
    if opened is not None:
        return opened.id
    try:
        host = visit.app.host() if visit.app.wait_connected(0) else None
    except FirstReaderError:
        host = None  # Nothing is asked of it on this page.
    upload_panel(visit, host, Page.MANUSCRIPT)
    return None


def outline_head(visit: Visit, manuscript_id: str, manuscript: Manuscript) -> None:
    """Show the title, to be changed, and all that is known without a model; offer the analysis."""
    title, actions = st.columns([3, 1.2], vertical_alignment="top")
    with title:
        st.title(labels.plain(manuscript.title), anchor=False)
        by, source = origin(manuscript)
        lines = (by, f"{manuscript_facts(manuscript)} · {source}")
        st.html("".join(labels.line(line, "fr-meta") for line in lines if line))
    with actions:
        if st.button("Analyse this manuscript", type="primary", icon=":material/menu_book:"):
            st.switch_page("pages/analyse.py", query_params={"manuscript": manuscript_id})
        with st.container(horizontal=True):
            _change_title(visit, manuscript_id, manuscript.title)
            _another_manuscript(Page.MANUSCRIPT)
    how, check = surety(manuscript)
    if check:
        st.info(how, icon=":material/rule:")
    else:
        st.html(labels.line(how, "fr-meta"))
    if votes := evidence(manuscript):
        st.html(labels.line(votes, "fr-meta"))
    _show_warnings(manuscript)


def _change_title(visit: Visit, manuscript_id: str, before: str) -> None:
    key = f"title-{manuscript_id}-{before}"
    with (
        st.popover("Title", icon=":material/edit:", type="tertiary", key=f"popover-{key}"),
        st.form(f"form-{key}", border=False),
    ):
        title = st.text_input("Title of the manuscript", value=before, max_chars=200).strip()
        if st.form_submit_button("Change the title") and title and title != before:
            visit.shelf.manuscripts.rename(manuscript_id, title)
            st.rerun()


def _another_manuscript(page: Page) -> None:
    if st.button("Another manuscript", type="tertiary", icon=":material/upload_file:"):
        leave(page)
        st.rerun()


def _show_warnings(manuscript: Manuscript) -> None:
    """Show what could not be read of the file, or was left out."""
    for warning in manuscript.warnings:
        st.warning(labels.plain(warning), icon=":material/info:")
