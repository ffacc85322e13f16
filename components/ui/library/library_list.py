"""Manuscripts with their analyses, newest first, and what a search finds among them."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape

import streamlit as st

from components.store import Analysis, Kind, Series, State, StoredManuscript
from components.ui.shared import labels, widgets
from components.ui.shared.address import link, series_link
from components.ui.shared.earlier import analysis_facts, report_facts
from components.ui.shared.manage_dialog import manage_button, manage_dialog
from components.ui.shared.visit import Visit

#: Manuscripts that are drawn at once; each has some widgets.
_SHOWN = 15

_ANALYSE = "pages/analyse.py"

SERIES_ICONS = {Kind.COMPARISON: "compare", Kind.CHAT: "forum", Kind.REPORT: "auto_stories"}


@dataclass(slots=True)
class LibraryEntry:
    """A manuscript in the list with its analyses, and its readings: reports and their comparisons.

    Analyses stand by the id of their series, or their own; beside each stand the words around what
    a search found in it. Without a manuscript it holds pictures, and chats that talk freely.
    """

    manuscript: StoredManuscript | None
    analyses: dict[str, list[tuple[Analysis, str]]] = field(default_factory=dict)
    readings: list[tuple[Series, str]] = field(default_factory=list)


def library_list(visit: Visit) -> None:
    """Show the search field and what it leaves of the library."""
    manuscripts = visit.shelf.manuscripts.all()
    if not manuscripts and not visit.shelf.analyses.all():
        lead = (
            "Nothing here yet. Manuscripts that you upload are kept here with their analyses, on "
            "this computer, until you delete them."
        )
        widgets.say(lead, "fr-lead")
        if st.button("Read a manuscript", type="primary", icon=":material/upload_file:"):
            st.switch_page(_ANALYSE)
        return
    searched = st.text_input(
        "Search titles and analyses",
        key="search",
        placeholder="A title, or words of an analysis",
        icon=":material/search:",
    ).strip()
    entries = _entries(visit, manuscripts, searched)
    wordless = visit.shelf.analyses.wordless()
    if not entries:
        widgets.info(f"Nothing holds “{labels.plain(searched)}”.", "search_off")
        return
    shown = st.session_state.get("library-shown", _SHOWN)
    for entry in entries[:shown]:
        _show(visit, entry, searched, wordless)
    if len(entries) > shown and st.button(f"Show more ({len(entries) - shown:,})"):
        st.session_state["library-shown"] = shown + _SHOWN
        st.rerun()
    manage_dialog(visit, manuscripts)


def _entries(
    visit: Visit, manuscripts: list[StoredManuscript], searched: str
) -> list[LibraryEntry]:
    """Return the manuscripts that hold `searched` with their work, and last the work on none."""
    shelf = visit.shelf
    reports = [report for report in shelf.series.all(Kind.REPORT) if not report.comparison]
    of_books = [series for series in shelf.series.all(Kind.COMPARISON) if series.is_of_books]
    # The columns of a comparison are shown in it, not beside it.
    readings = sorted([*reports, *of_books], key=lambda reading: reading.created, reverse=True)
    if searched:
        analyses = shelf.analyses.search(searched)
        around = shelf.reports.search(searched)
        readings = [reading for reading in readings if reading.id in around]
    else:
        analyses = [(analysis, "") for analysis in shelf.analyses.all()]
        around = defaultdict(str)
    entries = {manuscript.id: LibraryEntry(manuscript) for manuscript in manuscripts}
    without = LibraryEntry(None)
    for analysis, words in analyses:
        manuscript_id = analysis.question.manuscript_id
        entry = entries.get(manuscript_id) if manuscript_id else without
        if entry is not None:  # Else another window deleted the manuscript.
            of = analysis.series_id or analysis.id
            entry.analyses.setdefault(of, []).append((analysis, words))
    for reading in readings:
        if reading.manuscript_id in entries:
            entries[reading.manuscript_id].readings.append((reading, around[reading.id]))
    return [
        entry
        for entry in (*entries.values(), without)
        if entry.analyses
        or entry.readings
        or (entry.manuscript and searched.lower() in entry.manuscript.title.lower())
    ]


def _show(visit: Visit, entry: LibraryEntry, searched: str, wordless: Collection[str]) -> None:
    manuscript = entry.manuscript
    with st.container(
        border=True, key=f"manuscript-{manuscript.id}" if manuscript else "without-manuscript"
    ):
        if manuscript is None:
            st.header("Without a manuscript", anchor=False)
        else:
            _show_head(manuscript)
        useless = []
        for is_useless, show in _works(visit, entry, searched, wordless):
            if is_useless and not searched:
                useless.append(show)
            else:
                show()
        if useless:
            label = f"{len(useless):,} that broke off or wrote nothing"
            with st.expander(label, icon=":material/history_toggle_off:"):
                for show in useless:
                    show()


def _works(
    visit: Visit, entry: LibraryEntry, searched: str, wordless: Collection[str]
) -> Iterator[tuple[bool, Callable[[], None]]]:
    """Yield what shows the readings of a manuscript, then its analyses, newest first.

    Before each stands whether it broke off or holds no word.
    """
    for reading, around in entry.readings:
        calls, icon = visit.shelf.calls_of(reading), SERIES_ICONS[reading.kind]
        address, facts = series_link(reading.kind, reading.id), report_facts(reading, calls)
        is_useless = not calls[State.DONE] and all(state.has_ended for state in calls)
        excerpt = _marked(around, searched)
        yield is_useless, partial(_show_work, reading, reading.id, icon, address, facts, excerpt)
    for of, found in entry.analyses.items():
        analyses = [analysis for analysis, _ in found]
        first = analyses[0]
        icon = "image" if first.question.pictures else "article"
        if first.series_kind:
            icon = SERIES_ICONS[first.series_kind]
        excerpt = _marked(next((around for _, around in found if around), ""), searched)
        ended = (State.FAILED, State.INTERRUPTED)
        is_useless = all(one.id in wordless or one.state in ended for one in analyses)
        facts = analysis_facts(*analyses)
        yield is_useless, partial(_show_work, first, of, icon, link(first), facts, excerpt)


def _show_head(manuscript: StoredManuscript) -> None:
    query = {"manuscript": manuscript.id}
    with widgets.row():
        st.header(labels.plain(manuscript.title), anchor=False)
        offers = (("Open", "pages/manuscript.py", "toc"), ("Analyse", _ANALYSE, "menu_book"))
        for label, page, icon in offers:
            key = f"{label.lower()}-{manuscript.id}"
            if st.button(label, key=key, icon=f":material/{icon}:", type="tertiary"):
                st.switch_page(page, query_params=query)
        manage_button(manuscript.id)
    words = labels.length(manuscript.words, manuscript.unit)
    widgets.say(labels.facts(words, labels.date(manuscript.created)))


def _show_work(
    work: Analysis | Series,
    of: str,
    icon: str,
    address: tuple[str, dict[str, str]],
    facts: str,
    excerpt: str,
) -> None:
    page, query = address
    with widgets.row(wrap=False):
        label, symbol = labels.plain(work.name), f":material/{icon}:"
        if st.button(label, key=f"open-{of}", icon=symbol, type="tertiary", wrap=True):
            st.switch_page(page, query_params=query)
        manage_button(of)
    st.html(labels.line(facts, "fr-quiet fr-under") + excerpt)


def _marked(around: str, searched: str) -> str:
    """Return as HTML what stands around the words that were found, which are marked."""
    if not around:
        return ""
    parts = re.split(f"({re.escape(searched)})", around, flags=re.IGNORECASE)
    text = "".join(
        f"<mark>{escape(part)}</mark>" if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )
    return f'<p class="fr-found" dir="auto">{text}</p>'
