"""Manuscripts with their analyses, newest first, and what a search finds among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from components.store import Analysis, Kept, State
from components.ui import words
from components.ui.address import go
from components.ui.manage_dialog import manage_button, manage_dialog
from components.ui.visit import Visit

#: Manuscripts that are drawn at once; each has some widgets.
_SHOWN = 15

ANALYSE = "pages/analyse.py"

_STATES = {
    State.QUEUED: "waiting",
    State.CONTACTING: "starting",
    State.LOADING: "loading the model",
    State.READING: "reading",
    State.WRITING: "writing",
    State.STOPPING: "stopping",
    State.DONE: "finished",
    State.STOPPED: "stopped by you",
    State.FAILED: "broke off",
    State.INTERRUPTED: "interrupted",
}


@dataclass(slots=True)
class Entry:
    """A manuscript in the list, with its analyses and what of each a search found."""

    manuscript: Kept
    analyses: list[tuple[Analysis, str]] = field(default_factory=list)


def library_list(visit: Visit) -> None:
    """Show the search field and what it leaves of the library."""
    kept = visit.shelf.manuscripts.all()
    if not kept:
        st.html(
            '<p class="fr-lead">Nothing here yet. Manuscripts that you upload are kept here with '
            "their analyses, on this computer, until you delete them.</p>"
        )
        if st.button("Read a manuscript", type="primary", icon=":material/upload_file:"):
            st.switch_page(ANALYSE)
        return
    searched = st.text_input(
        "Search titles and analyses",
        key="search",
        placeholder="A title, or words of an analysis",
        icon=":material/search:",
    ).strip()
    entries = _found(visit, kept, searched) if searched else _all(visit, kept)
    if not entries:
        st.info(f"Nothing holds “{words.plain(searched)}”.", icon=":material/search_off:")
        return
    shown = st.session_state.get("library-shown", _SHOWN)
    for entry in entries[:shown]:
        _show(entry, searched)
    if len(entries) > shown and st.button(f"Show more ({len(entries) - shown:,})"):
        st.session_state["library-shown"] = shown + _SHOWN
        st.rerun()
    manage_dialog(visit, kept)


def earlier_analyses(visit: Visit, manuscript_id: str, shown: Analysis | None) -> None:
    """List the analyses of a manuscript below its contents, but for the one that is shown."""
    others = [
        one for one in visit.shelf.analyses.of(manuscript_id) if shown is None or one.id != shown.id
    ]
    if not others:
        return
    count = words.plural(len(others), "other analysis", "other analyses")
    with st.expander(count, icon=":material/history:"):
        for one in others[:_SHOWN]:
            if st.button(words.plain(one.name), key=f"earlier-{one.id}", type="tertiary"):
                go(manuscript_id, one.id)
                st.rerun()
            st.html(f'<p class="fr-quiet fr-under">{escape(_facts(one))}</p>')


def _all(visit: Visit, kept: list[Kept]) -> list[Entry]:
    entries = {one.id: Entry(one) for one in kept}
    for analysis in visit.shelf.analyses.all():
        if analysis.question.manuscript_id in entries:  # Another window may have deleted it.
            entries[analysis.question.manuscript_id].analyses.append((analysis, ""))
    return list(entries.values())


def _found(visit: Visit, kept: list[Kept], searched: str) -> list[Entry]:
    entries = {one.id: Entry(one) for one in kept}
    for analysis, around in visit.shelf.analyses.search(searched):
        if analysis.question.manuscript_id in entries:
            entries[analysis.question.manuscript_id].analyses.append((analysis, around))
    return [
        entry
        for entry in entries.values()
        if entry.analyses or searched.lower() in entry.manuscript.title.lower()
    ]


def _show(entry: Entry, searched: str) -> None:
    manuscript = entry.manuscript
    with st.container(border=True, key=f"manuscript-{manuscript.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(words.plain(manuscript.title), anchor=False)
            if st.button(
                "Open", key=f"open-{manuscript.id}", icon=":material/menu_book:", type="tertiary"
            ):
                st.switch_page(ANALYSE, query_params={"manuscript": manuscript.id})
            manage_button(manuscript.id)
        facts = f"{words.plural(manuscript.words, 'word')} · {words.date(manuscript.created)}"
        st.html(f'<p class="fr-quiet">{escape(facts)}</p>')
        for analysis, around in entry.analyses:
            _show_analysis(analysis, around, searched)


def _show_analysis(analysis: Analysis, around: str, searched: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            words.plain(analysis.name),
            key=f"open-{analysis.id}",
            icon=":material/article:",
            type="tertiary",
        ):
            st.switch_page(ANALYSE, query_params={"analysis": analysis.id})
        manage_button(analysis.id)
    facts = f'<p class="fr-quiet fr-under">{escape(_facts(analysis))}</p>'
    st.html(facts + _marked(around, searched))


def _facts(analysis: Analysis) -> str:
    return " · ".join(
        (analysis.question.model, _STATES[analysis.state], words.date(analysis.created))
    )


def _marked(around: str, searched: str) -> str:
    """Return as HTML what stands around the words that were found, which are marked."""
    if not around:
        return ""
    parts = re.split(f"({re.escape(searched)})", around, flags=re.IGNORECASE)
    text = "".join(
        f"<mark>{escape(part)}</mark>" if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )
    return f'<p class="fr-found">{text}</p>'
