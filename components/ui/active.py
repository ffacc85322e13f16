"""What waits or runs, in the sidebar of every page, with a way to it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import streamlit as st

from components.store import Analysis, State
from components.ui import words
from components.ui.address import link
from components.ui.notifier import notifier
from components.ui.visit import Visit

#: Seconds between two looks on pages that do not themselves watch an analysis.
_LOOK = 3

_SAID = {State.QUEUED: "waiting", State.STOPPING: "stopping"}


class ActiveAnalyses:
    """The list of a visitor's active analyses at one place in the sidebar."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with st.sidebar:
            self._place = st.empty()
        self._shown: str | None = None

    def refresh(self) -> list[Analysis]:
        """Show what is active now, sending it only where it changed; return it."""
        active = self._visit.shelf.analyses.active()
        html = _listed(active)
        if html != self._shown:
            self._place.html(html) if html else self._place.empty()
            self._shown = html
        return active


def active_analyses(visit: Visit) -> ActiveAnalyses:
    """Show what is active, once; a page that watches an analysis refreshes it as it goes."""
    shown = ActiveAnalyses(visit)
    active = shown.refresh()
    with st.sidebar:
        notifier([one.id for one in active])
    return shown


def keep_active_analyses_fresh(visit: Visit) -> None:
    """Have the browser ask again while something is active; call it last, on idle pages."""
    active = [one.id for one in visit.shelf.analyses.active()]
    if active:
        _ask_again(visit, active)()


def _ask_again(visit: Visit, before: list[str]) -> Callable[[], None]:
    @st.fragment(run_every=_LOOK)
    def ask() -> None:
        if [one.id for one in visit.shelf.analyses.active()] != before:
            st.rerun()

    return ask


def _href(analysis: Analysis) -> str:
    file, query = link(analysis)
    page = file.removeprefix("pages/").removesuffix(".py").replace("analyse", "")
    return f"./{page}?{urlencode(query)}"


def _listed(active: list[Analysis]) -> str:
    if not active:
        return ""
    rows = "".join(
        f'<li><a href="{escape(_href(one))}" target="_self">{escape(one.question.title)}'
        f"</a><span>{escape(_SAID.get(one.state, one.state.value))}</span></li>"
        for one in active
    )
    count = words.plural(len(active), "analysis", "analyses")
    return f'<div class="fr-active" role="status"><b>{count} under way</b><ul>{rows}</ul></div>'
