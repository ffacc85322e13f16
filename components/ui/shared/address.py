"""The page's address: which manuscript and which analysis are open, to be kept as a bookmark."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st

from components.errors import UnknownAnalysis, UnknownManuscript
from components.manuscripts import Manuscript
from components.store import Analysis, Kind, Series
from components.ui.shared import widgets
from components.ui.shared.html_tables import Html, html
from components.ui.shared.visit import Visit

T = TypeVar("T")

_LAST = "opened"  # the manuscript that was opened last, on whichever page


class Page(StrEnum):
    """What is opened at an address of its own, by the name that it has there.

    ANALYSIS and REPORT are one page, Analyse; what is asked on the page Ask is stored as a chat.
    """

    ANALYSIS = "analysis"
    COMPARISON = "comparison"
    ASK = "chat"
    REPORT = "report"
    PICTURES = "picture"
    MANUSCRIPT = "at"


#: Where a series of each kind is shown.
_SERIES = {
    Kind.COMPARISON: ("pages/compare.py", Page.COMPARISON),
    Kind.CHAT: ("pages/ask.py", Page.ASK),
    Kind.REPORT: ("pages/analyse.py", Page.REPORT),
}
_KINDS = {page: kind for kind, (_, page) in _SERIES.items()}

#: What of a report is shown, beside which report it is: one of its chapters, or a lens's report.
CHAPTER, LENS = "chapter", "lens"

#: Of a manuscript: its chapters without it, GLANCE for what is measured.
VIEW, GLANCE = "view", "glance"


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored manuscript and its id."""

    id: str
    manuscript: Manuscript


def open_address(visit: Visit, page: Page) -> Opened | None:
    """Return the manuscript that the address names, None where it names none.

    The address is that of `come_back`.
    """
    if not come_back(page):
        return None
    opened: Analysis | Series | None = None
    manuscript_id = st.query_params.get("manuscript", "")
    if page is Page.ANALYSIS and Page.REPORT in st.query_params:
        page = Page.REPORT
    if page is Page.ANALYSIS and (opened := open_analysis(visit)):
        if opened.series_kind is not None:
            # Alone it would show its model, which a comparison may still hide.
            leave(page)
            file, query = link(opened)
            st.switch_page(file, query_params=query)
        manuscript_id = opened.question.manuscript_id
    elif page in _KINDS and (opened := open_series(visit, page)):
        manuscript_id = opened.manuscript_id
    if opened is not None and not manuscript_id:
        return None
    try:
        manuscript = visit.shelf.manuscripts.get(manuscript_id)
    except UnknownManuscript as error:
        leave(page)
        widgets.warn(f"{error} {error.advice}")
        return None
    at = st.query_params.get("at") if page is Page.MANUSCRIPT else None
    parts = {Page.MANUSCRIPT: (VIEW,), Page.REPORT: (CHAPTER, LENS) if opened else ()}
    more = {name: st.query_params.get(name, "") for name in parts.get(page, ())}
    go(manuscript_id, opened.id if opened else at, page=page, **more)
    return Opened(manuscript_id, manuscript)


def come_back(page: Page) -> bool:
    """Have the address name what was open on the page before, where it names nothing.

    That is the manuscript that was opened last where nothing was open on the page yet. Return
    whether the address names anything.
    """
    if not _names(page):
        last = st.session_state.get(_LAST)
        before = st.session_state.get(_key(page), {"manuscript": last} if last else {})
        if before:
            st.query_params.from_dict(before)
    return _names(page)


def _names(page: Page) -> bool:
    names = ["manuscript", page, *([Page.REPORT] if page is Page.ANALYSIS else [])]
    return any(name in st.query_params for name in names)


def _key(page: Page | None) -> str:
    """Return where this window stores the last address of the page that shows `page`."""
    return f"address-{Page.ANALYSIS if page is Page.REPORT else page}"


def address_of(page: Page | None) -> dict[str, str]:
    """Return the address of what a page shows or is about to show; nothing is opened.

    Empty for a page, None, that opens nothing.
    """
    if page is not None and _names(page):
        return st.query_params.to_dict()
    before: dict[str, str] = st.session_state.get(_key(page), {})
    return before


def open_analysis(visit: Visit, page: Page = Page.ANALYSIS) -> Analysis | None:
    """Return the analysis that the address names, None where it names none that there is."""
    return _open(visit.shelf.analyses.get, page)


def open_series(visit: Visit, page: Page) -> Series | None:
    """Return the comparison, chat or report that the address names, None where it names none."""

    def get(series_id: str) -> Series:
        series = visit.shelf.series.get(series_id)
        if series.kind is not _KINDS.get(page, series.kind):
            raise UnknownAnalysis("There is nothing under this address that this page could show.")
        if series.comparison and visit.shelf.series.get(series.comparison).is_blind:
            raise UnknownAnalysis(
                "This reading belongs to a blind comparison that was not judged yet.",
                advice="Judge it on the page Compare; then it is shown here, with its model.",
            )
        return series

    return _open(get, page)


def _open(get: Callable[[str], T], page: Page) -> T | None:
    open_id = st.query_params.get(page, "")
    if not open_id:
        return None
    try:
        return get(open_id)
    except UnknownAnalysis as error:
        del st.query_params[page]
        widgets.warn(f"{error} {error.advice}")
        return None


def go(
    manuscript_id: str, open_id: str | None = None, *, page: Page = Page.ANALYSIS, **more: str
) -> None:
    """Let the address name a manuscript, what is open of it, and `more` of that by name."""
    named = {"manuscript": manuscript_id, str(page): open_id or "", **more}
    named = {name: value for name, value in named.items() if value}
    if manuscript_id:
        st.session_state[_LAST] = manuscript_id
    st.session_state[_key(page)] = named
    if st.query_params.to_dict() != named:
        st.query_params.from_dict(named)


def leave(page: Page) -> None:
    """Let the address name nothing, on any page."""
    st.session_state.pop(_LAST, None)
    begin_anew(page)


def begin_anew(page: Page) -> None:
    """Let the address name nothing; what was opened last still opens on other pages."""
    st.session_state.pop(_key(page), None)
    st.query_params.clear()


def forget_others(manuscript_id: str) -> None:
    """Let every page open this manuscript next, whatever was open there before."""
    st.session_state[_LAST] = manuscript_id
    for page in Page:
        st.session_state.pop(_key(page), None)


def passage_address(manuscript_id: str, start: int, end: int | None = None) -> str:
    """Return the address, relative to any page of the app, that shows a passage of a manuscript.

    `start` and `end` count characters of its text; without `end` the paragraph is marked.
    """
    at = f"{start}" if end is None else f"{start}-{end}"
    return f"./manuscript?{urlencode({'manuscript': manuscript_id, 'at': at})}"


def passage_link(text: str, manuscript_id: str, start: int, end: int | None = None) -> Html:
    """Return `text` as a link, in HTML, to a passage of a manuscript."""
    address = escape(passage_address(manuscript_id, start, end))
    return Html(f'<a href="{address}" target="_self">{html(text)}</a>')


def series_link(kind: Kind, series_id: str) -> tuple[str, dict[str, str]]:
    """Return the page's file and the address at which a comparison, chat or report is shown."""
    file, page = _SERIES[kind]
    return file, {str(page): series_id}


def link(analysis: Analysis) -> tuple[str, dict[str, str]]:
    """Return the page's file and the address at which an analysis is shown."""
    if analysis.series_kind is not None:
        return series_link(analysis.series_kind, analysis.series_id or "")
    if analysis.question.pictures:
        return "pages/pictures.py", {"picture": analysis.id}
    return "pages/analyse.py", {"analysis": analysis.id}
