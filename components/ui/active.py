"""What waits or runs, in the sidebar of every page, with a way to it."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import streamlit as st

from components.errors import UnknownAnalysis
from components.store import Analysis, Series, State
from components.ui import words
from components.ui.address import link, series_link
from components.ui.compared import calls_of
from components.ui.notifier import notifier
from components.ui.visit import Visit

#: Seconds between two looks on pages that do not themselves watch an analysis.
_LOOK = 3

_SAID = {State.QUEUED: "waiting", State.STOPPING: "stopping"}


class ActiveAnalyses:
    """The list of a visitor's active analyses and readings at one place in the sidebar."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with st.sidebar:
            self._place = st.empty()
        self._shown: str | None = None

    def refresh(self) -> list[str]:
        """Show what is active now, sending it only where it changed; return its ids."""
        active, readings = self._visit.shelf.analyses.active(), _readings(self._visit)
        html = _listed(active, readings)
        if html != self._shown:
            self._place.html(html) if html else self._place.empty()
            self._shown = html
        return [*(one.id for one in active), *(one.id for one, _ in readings)]


def active_analyses(visit: Visit) -> ActiveAnalyses:
    """Show what is active, once; a page that watches an analysis refreshes it as it goes."""
    shown = ActiveAnalyses(visit)
    active = shown.refresh()
    with st.sidebar:
        notifier(active)
    return shown


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


def _readings(visit: Visit) -> list[tuple[Series, Counter[State]]]:
    """Return the reports, and comparisons of reports, that go on, each with its calls by state."""
    found = []
    for series_id in visit.shelf.reports.active():
        with contextlib.suppress(UnknownAnalysis):  # Deleted a moment ago.
            one = visit.shelf.series.get(series_id)
            found.append((one, calls_of(visit.shelf, one)))
    return found


def _listed(active: list[Analysis], readings: list[tuple[Series, Counter[State]]]) -> str:
    if not active and not readings:
        return ""
    rows = [
        _row(_href(*link(one)), one.question.title, _SAID.get(one.state, one.state.value))
        for one in active
    ]
    rows += [
        _row(
            _href(*series_link(one.kind, one.id)),
            one.name,
            f"{calls[State.DONE]:,} of {calls.total():,}",
        )
        for one, calls in readings
    ]
    count = words.plural(len(rows), "analysis", "analyses")
    html = "".join(rows)
    return f'<div class="fr-active" role="status"><b>{count} under way</b><ul>{html}</ul></div>'


def _row(href: str, name: str, said: str) -> str:
    return (
        f'<li><a href="{escape(href)}" target="_self" title="{escape(name)}">{escape(name)}</a>'
        f"<span>{escape(said)}</span></li>"
    )
