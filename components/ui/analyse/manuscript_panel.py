"""An open manuscript at the head of a page, and its contents."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from components.engine import Host
from components.manuscripts import Manuscript
from components.ui.analyse.upload_panel import upload_panel
from components.ui.manuscript.outline_labels import facts
from components.ui.shared import labels
from components.ui.shared.address import Page, leave, open_address
from components.ui.shared.visit import Visit

_CONTENTS_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Opened:
    """A manuscript that the app keeps, and its address."""

    id: str
    manuscript: Manuscript


def open_manuscript(visit: Visit, host: Host | None, page: Page = Page.ANALYSIS) -> Opened | None:
    """Return the manuscript of the page's address; without one, show where to drop it."""
    found = open_address(visit, page)
    if found is None:
        upload_panel(visit, host, page)
        return None
    opened = Opened(*found)
    manuscript = opened.manuscript
    title, change = st.columns([4, 1.3], vertical_alignment="bottom")
    with title:
        st.title(labels.plain(manuscript.title), anchor=False)
        st.html(f'<p class="fr-meta">{escape(facts(manuscript))}</p>')
    with change, st.container(horizontal=True, gap=None, horizontal_alignment="distribute"):
        if st.button("Check the chapters", type="tertiary", icon=":material/toc:"):
            st.switch_page("pages/manuscript.py", query_params={"manuscript": opened.id})
        another_manuscript(page)
    show_warnings(manuscript)
    return opened


def another_manuscript(page: Page) -> None:
    """Offer to leave this manuscript for another one."""
    if st.button("Another manuscript", type="tertiary", icon=":material/upload_file:"):
        leave(page)
        st.rerun()


def show_warnings(manuscript: Manuscript) -> None:
    """Show what could not be read of the file, or was left out."""
    for warning in manuscript.warnings:
        st.warning(labels.plain(warning), icon=":material/info:")


def contents(opened: Opened, ranges: tuple[tuple[int, int], ...]) -> None:
    """List the chapters with their words; those outside `ranges` of characters are pale."""
    chapters = opened.manuscript.chapters
    if not chapters:
        st.html('<p class="fr-quiet">No chapter headings were found in this text.</p>')
        return
    rows = []
    for chapter in chapters[:_CONTENTS_SHOWN]:
        read_too = any(start < chapter.end and chapter.start < end for start, end in ranges)
        out = "" if read_too else ' class="fr-out" title="Not read this time"'
        heading = chapter.name
        rows.append(
            f"<li{out}><span>{escape(heading)}</span>"
            f"<span>{labels.plural(chapter.words, 'word')}</span></li>"
        )
    if len(chapters) > _CONTENTS_SHOWN:
        rows.append(f"<li><span>and {len(chapters) - _CONTENTS_SHOWN:,} more</span></li>")
    with st.container(height=420 if len(rows) > 12 else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Contents">{"".join(rows)}</ul>')
