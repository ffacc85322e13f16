"""What waits or runs, in the sidebar of every page, with a way to it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

from components.errors import UnknownAnalysis
from components.store import Analysis, State
from components.ui import words
from components.ui.address import link, report_link
from components.ui.notifier import notifier
from components.ui.visit import Visit

#: Seconds between two looks on pages that do not themselves watch an analysis.
_LOOK = 3

_SAID = {State.QUEUED: "waiting", State.STOPPING: "stopping"}


@dataclass(frozen=True, slots=True)
class ActiveReport:
    """A report of which a step runs or may run: what it is of, how many steps are done of all."""

    id: str
    name: str
    done: int
    steps: int


class ActiveAnalyses:
    """The list of a visitor's active analyses and reports at one place in the sidebar."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with st.sidebar:
            self._place = st.empty()
        self._shown: str | None = None

    def refresh(self) -> list[str]:
        """Show what is active now, sending it only where it changed; return its ids."""
        active, reports = self._visit.shelf.analyses.active(), active_reports(self._visit)
        html = _listed(active, reports)
        if html != self._shown:
            self._place.html(html) if html else self._place.empty()
            self._shown = html
        return [*(one.id for one in active), *(one.id for one in reports)]


def active_analyses(visit: Visit) -> ActiveAnalyses:
    """Show what is active, once; a page that watches an analysis refreshes it as it goes."""
    shown = ActiveAnalyses(visit)
    active = shown.refresh()
    with st.sidebar:
        notifier(active)
    return shown


def active_reports(visit: Visit) -> list[ActiveReport]:
    """Return the reports that go on, newest first."""
    ids = visit.shelf.reports.active()
    found = []
    for series_id, states in (visit.shelf.reports.counts(ids) if ids else {}).items():
        with contextlib.suppress(UnknownAnalysis):  # Deleted a moment ago.
            name = visit.shelf.series.get(series_id).name
            found.append(ActiveReport(series_id, name, states[State.DONE], states.total()))
    return found


def keep_active_analyses_fresh(visit: Visit) -> None:
    """Have the browser ask again while something is active; call it last, on idle pages."""
    active = _active(visit)
    if active:
        _ask_again(visit, active)()


def _active(visit: Visit) -> list[str]:
    return [*(one.id for one in visit.shelf.analyses.active()), *visit.shelf.reports.active()]


def _ask_again(visit: Visit, before: list[str]) -> Callable[[], None]:
    @st.fragment(run_every=_LOOK)
    def ask() -> None:
        if _active(visit) != before:
            st.rerun()

    return ask


def _href(file: str, query: dict[str, str]) -> str:
    page = file.removeprefix("pages/").removesuffix(".py").replace("analyse", "")
    return f"./{page}?{urlencode(query)}"


def _listed(active: list[Analysis], reports: list[ActiveReport]) -> str:
    if not active and not reports:
        return ""
    rows = [
        _row(_href(*link(one)), one.question.title, _SAID.get(one.state, one.state.value))
        for one in active
    ]
    rows += [
        _row(_href(*report_link(one.id)), one.name, f"{one.done:,} of {one.steps:,}")
        for one in reports
    ]
    count = words.plural(len(rows), "analysis", "analyses")
    html = "".join(rows)
    return f'<div class="fr-active" role="status"><b>{count} under way</b><ul>{html}</ul></div>'


def _row(href: str, name: str, said: str) -> str:
    return (
        f'<li><a href="{escape(href)}" target="_self" title="{escape(name)}">{escape(name)}</a>'
        f"<span>{escape(said)}</span></li>"
    )
