"""The bar of the open manuscript at the head of a page, its two views, and its contents."""

from datetime import date
from html import escape

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.manuscripts import Manuscript
from components.reports import Permission, note_permission, permission_of
from components.ui.analyse.upload_panel import upload_panel
from components.ui.manuscript.outline_labels import evidence, manuscript_facts, origin, surety
from components.ui.shared import labels, widgets
from components.ui.shared.address import (
    GLANCE,
    VIEW,
    Opened,
    Page,
    begin_anew,
    forget_others,
    go,
    open_address,
)
from components.ui.shared.visit import Visit

_CONTENTS_SHOWN = 400

#: Manuscripts that are offered beside the open one; the library has all.
_NEWEST = 6

_CHAPTERS = "chapters"
_VIEWS = {_CHAPTERS: "Chapters", GLANCE: "At a glance"}


def open_manuscript(
    visit: Visit, host: Host | None = None, page: Page = Page.ANALYSIS
) -> Opened | None:
    """Show the bar of the manuscript of the page's address and return it.

    Without one, show where to drop it; `host` is the server that the page uses.
    """
    opened = open_address(visit, page)
    if opened is None:
        upload_panel(visit, host or _connected(visit), page)
        return None
    manuscript_bar(visit, opened, page)
    for warning in opened.manuscript.warnings:
        widgets.warn(labels.plain(warning))
    return opened


def _connected(visit: Visit) -> Host | None:
    try:
        return visit.app.host() if visit.app.wait_connected(0) else None
    except FirstReaderError:
        return None  # Nothing is asked of it before a manuscript is open.


def manuscript_bar(visit: Visit, opened: Opened, page: Page) -> None:
    """Say at the head of a page which manuscript is open, and offer to open another there."""
    manuscript = opened.manuscript

    def switch(other_id: str) -> None:
        view = st.query_params.get(VIEW, "")
        forget_others(other_id)
        go(other_id, page=page, **{VIEW: view})

    with st.container(key="manuscript-bar"):
        st.title(labels.plain(manuscript.title), anchor=False)
        widgets.say(manuscript_facts(manuscript), "fr-meta")
        # Another manuscript makes it another popover, which is closed.
        with st.popover(
            "Switch manuscript", icon=":material/swap_horiz:", key=f"switch-{opened.id}"
        ):
            newest = visit.shelf.manuscripts.all(_NEWEST + 1)
            for other in [stored for stored in newest if stored.id != opened.id][:_NEWEST]:
                name = labels.facts(other.title, labels.length(other.words, other.unit))
                widgets.action(labels.plain(name), "", f"switch-to-{other.id}", switch, other.id)
            icon = ":material/local_library:"
            st.page_link("pages/library.py", label="All in the library", icon=icon)
            if st.button("Upload another", icon=":material/upload_file:"):
                forget_others("")
                begin_anew(page)
                if page is Page.ASK:
                    st.switch_page("pages/analyse.py")
                st.rerun()


def contents(opened: Opened, ranges: tuple[tuple[int, int], ...]) -> None:
    """List the chapters with their words; those outside `ranges` of characters are pale."""
    chapters = opened.manuscript.chapters
    if not chapters:
        widgets.say("No chapter headings were found in this text.")
        return
    is_read = [
        any(start < chapter.end and chapter.start < end for start, end in ranges)
        for chapter in chapters
    ]
    if len(chapters) > 1:
        widgets.say(f"{sum(is_read):,} of {len(chapters):,} chapters")
    rows = []
    for chapter, reads in zip(chapters[:_CONTENTS_SHOWN], is_read, strict=False):
        out = "" if reads else ' class="fr-out" title="Not read this time"'
        words = labels.length(chapter.words, opened.manuscript.unit)
        rows.append(f"<li{out}><span>{escape(chapter.name)}</span><span>{words}</span></li>")
    if len(chapters) > _CONTENTS_SHOWN:
        rows.append(f"<li><span>and {len(chapters) - _CONTENTS_SHOWN:,} more</span></li>")
    with st.container(height=420 if len(rows) > 12 else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Contents">{"".join(rows)}</ul>')


def choose_view(visit: Visit, opened: Opened) -> bool:
    """Offer the two views and what can be done with the manuscript; return whether it is GLANCE."""
    key = "manuscript-view"

    def turn() -> None:
        view = st.session_state[key]
        at = st.query_params.get("at")
        go(opened.id, at, page=Page.MANUSCRIPT, **{VIEW: view if view == GLANCE else ""})

    # Set beforehand, and not as the widget's default: the address says which it is.
    is_glance = st.query_params.get(VIEW) == GLANCE
    st.session_state[key] = GLANCE if is_glance else _CHAPTERS
    with widgets.row("manuscript-views"):
        widgets.switch("View", _VIEWS, label_visibility="collapsed", key=key, on_change=turn)
        if st.button("Analyse this manuscript", type="primary", icon=":material/menu_book:"):
            st.switch_page("pages/analyse.py", query_params={"manuscript": opened.id})
        _change_title(visit, opened.id, opened.manuscript.title)
        _note_permission(visit, opened.id)
    return is_glance


def outline_head(manuscript: Manuscript) -> None:
    """Say whose it is, what it was read from, and how sure its chapters are."""
    how, check = surety(manuscript)
    known = (origin(manuscript), "" if check else how, evidence(manuscript))
    st.html("".join(labels.line(line, "fr-meta") for line in known if line))
    if check:
        widgets.info(how, "rule")


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


def _note_permission(visit: Visit, manuscript_id: str) -> None:
    """Note who permits what; the confidentiality sheet of each report says so."""
    noted = permission_of(visit.shelf, manuscript_id)
    before = noted or Permission("", "", "")
    # What was noted makes it another popover, which is closed.
    key = f"permission-{manuscript_id}-{before.line}"
    with (
        st.popover(
            "Author’s permission",
            icon=":material/verified_user:" if noted else ":material/shield_question:",
            type="tertiary",
            key=f"popover-{key}",
        ),
        st.form(f"form-{key}", border=False),
    ):
        st.caption("Stands in the confidentiality sheet of each report.")
        given_by = st.text_input("Given by", before.given_by, max_chars=200).strip()
        day = date.fromisoformat(before.given_on) if before.given_on else None
        given_on = st.date_input("On", day, format="YYYY-MM-DD")
        purpose = st.text_input("For", before.purpose, max_chars=200).strip()
        if st.form_submit_button("Note the permission"):
            permission = Permission(given_by, given_on.isoformat() if given_on else "", purpose)
            note_permission(visit.shelf, manuscript_id, permission if permission.line else None)
            st.rerun()
