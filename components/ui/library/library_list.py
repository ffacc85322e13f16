"""Manuscripts with their analyses, newest first, and what a search finds among them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from components.store import Analysis, Kind, Series, StoredManuscript
from components.ui.compare.compared_columns import calls_of, is_of_books
from components.ui.shared import labels
from components.ui.shared.address import go, link, series_link
from components.ui.shared.earlier import analysis_facts, earlier_list, reading_facts
from components.ui.shared.manage_dialog import manage_button, manage_dialog
from components.ui.shared.visit import Visit

#: Manuscripts that are drawn at once; each has some widgets.
_SHOWN = 15

ANALYSE = "pages/analyse.py"

#: The name of what is about no manuscript, among the manuscripts.
_WITHOUT = "Without a manuscript"

_ICONS = {
    Kind.COMPARISON: ":material/compare:",
    Kind.CHAT: ":material/forum:",
    Kind.REPORT: ":material/auto_stories:",
}


@dataclass(slots=True)
class LibraryEntry:
    """A manuscript in the list, its analyses and readings, and what of each a search found.

    Readings are of the whole book: reports, and comparisons of reports.

    None stands for no manuscript: pictures, and chats that talk freely.
    """

    manuscript: StoredManuscript | None
    analyses: list[tuple[Analysis, str]] = field(default_factory=list)
    readings: list[tuple[Series, str]] = field(default_factory=list)


def library_list(visit: Visit) -> None:
    """Show the search field and what it leaves of the library."""
    kept = visit.shelf.manuscripts.all()
    if not kept and not visit.shelf.analyses.all():
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
        st.info(f"Nothing holds “{labels.plain(searched)}”.", icon=":material/search_off:")
        return
    shown = st.session_state.get("library-shown", _SHOWN)
    for entry in entries[:shown]:
        _show(visit, entry, searched)
    if len(entries) > shown and st.button(f"Show more ({len(entries) - shown:,})"):
        st.session_state["library-shown"] = shown + _SHOWN
        st.rerun()
    manage_dialog(visit, kept)


def earlier_analyses(visit: Visit, manuscript_id: str, shown: Analysis | None) -> None:
    """List the analyses of a manuscript below its contents, but for the one that is shown."""
    analyses = visit.shelf.analyses.of(manuscript_id)
    earlier_list(
        "other analysis",
        (one for one in analyses if one.series_id is None and not one.question.pictures),
        shown,
        lambda listed: map(analysis_facts, listed),
        lambda analysis: go(manuscript_id, analysis.id),
        plural="other analyses",
    )


def _all(visit: Visit, kept: list[StoredManuscript]) -> list[LibraryEntry]:
    readings = ((reading, "") for reading in _readings(visit))
    return _entries(kept, ((analysis, "") for analysis in visit.shelf.analyses.all()), readings)


def _found(visit: Visit, kept: list[StoredManuscript], searched: str) -> list[LibraryEntry]:
    held = visit.shelf.reports.search(searched)
    readings = [(reading, held[reading.id]) for reading in _readings(visit) if reading.id in held]
    return [
        entry
        for entry in _entries(kept, visit.shelf.analyses.search(searched), readings)
        if entry.analyses
        or entry.readings
        or (entry.manuscript and searched.lower() in entry.manuscript.title.lower())
    ]


def _readings(visit: Visit) -> list[Series]:
    """Return reports and comparisons of reports, newest first; columns are in their comparison."""
    reports = [one for one in visit.shelf.series.all(Kind.REPORT) if not one.comparison]
    compared = [one for one in visit.shelf.series.all(Kind.COMPARISON) if is_of_books(one)]
    return sorted([*reports, *compared], key=lambda one: one.created, reverse=True)


def _entries(
    kept: list[StoredManuscript],
    analyses: Iterable[tuple[Analysis, str]],
    readings: Iterable[tuple[Series, str]],
) -> list[LibraryEntry]:
    """Return the manuscripts, each with its analyses, and last what is about none."""
    entries = {one.id: LibraryEntry(one) for one in kept}
    without = LibraryEntry(None)
    for analysis, around in analyses:
        if not analysis.question.manuscript_id:
            without.analyses.append((analysis, around))
        elif analysis.question.manuscript_id in entries:  # Another window may have deleted it.
            entries[analysis.question.manuscript_id].analyses.append((analysis, around))
    for reading, around in readings:
        if reading.manuscript_id in entries:
            entries[reading.manuscript_id].readings.append((reading, around))
    return [*entries.values(), *([without] if without.analyses else [])]


def _show(visit: Visit, entry: LibraryEntry, searched: str) -> None:
    manuscript = entry.manuscript
    if manuscript is None:
        with st.container(border=True, key="without-manuscript"):
            st.header(_WITHOUT, anchor=False)
            for analyses in _together(entry.analyses):
                _show_analyses(analyses, searched)
        return
    with st.container(border=True, key=f"manuscript-{manuscript.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(labels.plain(manuscript.title), anchor=False)
            if st.button(
                "Open", key=f"open-{manuscript.id}", icon=":material/toc:", type="tertiary"
            ):
                st.switch_page("pages/manuscript.py", query_params={"manuscript": manuscript.id})
            if st.button(
                "Analyse",
                key=f"analyse-{manuscript.id}",
                icon=":material/menu_book:",
                type="tertiary",
            ):
                st.switch_page(ANALYSE, query_params={"manuscript": manuscript.id})
            manage_button(manuscript.id)
        facts = f"{labels.plural(manuscript.words, 'word')} · {labels.date(manuscript.created)}"
        st.html(f'<p class="fr-quiet">{escape(facts)}</p>')
        for reading, around in entry.readings:
            _show_reading(visit, reading, _marked(around, searched))
        for analyses in _together(entry.analyses):
            _show_analyses(analyses, searched)


def _together(found: list[tuple[Analysis, str]]) -> list[list[tuple[Analysis, str]]]:
    """Return the analyses of a series as one, where the first of them stands."""
    of: dict[str, list[tuple[Analysis, str]]] = {}
    for analysis, around in found:
        of.setdefault(analysis.series_id or analysis.id, []).append((analysis, around))
    return list(of.values())


def _show_analyses(found: list[tuple[Analysis, str]], searched: str) -> None:
    """Show an analysis, or the comparison or chat that several are of."""
    analysis = found[0][0]
    of = analysis.series_id or analysis.id
    page, query = link(analysis)
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = _icon(analysis)
        name = labels.plain(analysis.name)
        if st.button(name, key=f"open-{of}", icon=icon, type="tertiary"):
            st.switch_page(page, query_params=query)
        manage_button(of)
    facts = labels.line(analysis_facts(*(one for one, _ in found)), "fr-quiet fr-under")
    around = next((around for _, around in found if around), "")
    st.html(facts + _marked(around, searched))


def _show_reading(visit: Visit, reading: Series, found: str) -> None:
    page, query = series_link(reading.kind, reading.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        name, icon = labels.plain(reading.name), _ICONS[reading.kind]
        if st.button(name, key=f"open-{reading.id}", icon=icon, type="tertiary"):
            st.switch_page(page, query_params=query)
        manage_button(reading.id)
    facts = reading_facts(reading, calls_of(visit.shelf, reading))
    st.html(labels.line(facts, "fr-quiet fr-under") + found)


def _icon(analysis: Analysis) -> str:
    if analysis.series_kind:
        return _ICONS[analysis.series_kind]
    return ":material/image:" if analysis.question.pictures else ":material/article:"


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
