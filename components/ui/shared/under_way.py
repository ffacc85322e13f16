"""What waits or runs and is not open on this page: one line above it, with a way to it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

from components.errors import UnknownAnalysis
from components.store import Analysis, Kind, Series, State
from components.ui.compare.compared_columns import calls_of
from components.ui.shared.address import Page, address_of, link, series_link
from components.ui.shared.notifier import notifier
from components.ui.shared.visit import Visit

#: Seconds between two looks on pages that do not themselves watch an analysis.
_LOOK = 3

_SAID = {
    State.QUEUED: "waiting",
    State.CONTACTING: "contacting Ollama",
    State.LOADING: "loading the model",
}

_SERIES = {Kind.CHAT: "chat", Kind.COMPARISON: "comparison"}


@dataclass(frozen=True, slots=True)
class _Active:
    """Something that goes on: where it is shown, of what, what it is, and how far it is."""

    id: str
    file: str
    query: dict[str, str]
    title: str
    kind: str
    said: str
    runs: bool

    @property
    def href(self) -> str:
        page = self.file.removeprefix("pages/").removesuffix(".py").replace("analyse", "")
        return f"./{page}?{urlencode(self.query)}"


class ActiveAnalyses:
    """The line about what goes on elsewhere, at the top of a page; `page` is what can be open."""

    def __init__(self, visit: Visit, page: Page | None) -> None:
        self._visit = visit
        self._page = page
        self._shown = ""
        # It lies in the page's upper margin, so that nothing moves when it comes and goes.
        with st.container(key="under-way", horizontal=True, vertical_alignment="center"):
            self._place = st.empty()
            active = self.refresh()
            notifier([one.id for one in active], elsewhere=bool(self._elsewhere(active)))

    def refresh(self, *, always: bool = False) -> list[_Active]:
        """Show what goes on elsewhere where it changed, or `always`; return all that goes on."""
        active = _active(self._visit)
        html = _line(self._elsewhere(active))
        if always or html != self._shown:
            if html:
                self._place.html(html)
            else:
                self._place.empty()
            self._shown = html
        return active

    def keep_fresh(self) -> None:
        """Have the browser ask again while something goes on; call it last, on idle pages.

        The line is shown again where it changed, the page where anything began or ended.
        """
        before = [one.id for one in self.refresh()]
        if not before:
            return

        @st.fragment(run_every=_LOOK)
        def ask() -> None:
            # Streamlit lets a fragment write to this place only if it does so each time.
            if [one.id for one in self.refresh(always=True)] != before:
                st.rerun()

        ask()

    def _elsewhere(self, active: Sequence[_Active]) -> list[_Active]:
        """Return those that are not open on this page, what is open in several columns once."""
        shown = address_of(self._page)
        found: dict[str, _Active] = {}
        for one in sorted(active, key=lambda one: not one.runs):
            if not one.query.items() <= shown.items():
                found.setdefault(one.href, one)
        return list(found.values())


def active_analyses(visit: Visit, page: Page | None = None) -> ActiveAnalyses:
    """Show what goes on; a page that watches an analysis refreshes it as it goes."""
    return ActiveAnalyses(visit, page)


def _active(visit: Visit) -> list[_Active]:
    """Return what waits or runs of a visitor's, analyses first, newest first."""
    found = [_of_analysis(visit, one) for one in visit.shelf.analyses.active()]
    for series_id in visit.shelf.reports.active():
        with contextlib.suppress(UnknownAnalysis):  # Deleted a moment ago.
            found.append(_of_series(visit, visit.shelf.series.get(series_id)))
    return found


def _of_analysis(visit: Visit, one: Analysis) -> _Active:
    file, query = link(one)
    kind = one.question.lens if one.series_kind is None else _SERIES.get(one.series_kind, "")
    held = visit.app.jobs.unwritten(one)
    said = _SAID.get(one.state, one.state.value) if held is None else str(held.problem)
    return _Active(one.id, file, query, one.question.title, kind, said, one.state.is_running)


def _of_series(visit: Visit, one: Series) -> _Active:
    file, query = series_link(one.kind, one.id)
    calls = calls_of(visit.shelf, one)
    said = f"{calls[State.DONE]:,} of {calls.total():,} done"
    runs = any(calls[state] for state in State if state.is_running)
    return _Active(one.id, file, query, one.name, "", said, runs)


def _line(elsewhere: Sequence[_Active]) -> str:
    if not elsewhere:
        return ""
    first, more = elsewhere[0], len(elsewhere) - 1
    said = [first.title] if first.title.lower() == first.kind else [first.title, first.kind]
    name = escape(", ".join(filter(None, said)))
    rest = f' · <a href="./library" target="_self">{more:,} more</a>' if more else ""
    return (
        f'<p class="fr-under-way" role="status"><span>Under way:</span> '
        f'<a href="{escape(first.href)}" target="_self" title="{name}">{name}</a>'
        f"<span>, {escape(first.said)}{rest}</span></p>"
    )
