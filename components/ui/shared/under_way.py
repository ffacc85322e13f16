"""What waits or runs and is not open on this page: one line above it, with a way to it.

What ended there while some page of this visit said that it goes on stays in the line until it is
opened.

The browser is told too, by an island of script that is mounted once. When an active analysis has
ended and the page is not being looked at, it notifies the system, for those who allow it and never
with a title or a text. Being on every page, it also closes the navigation on a narrow screen once a
page was chosen there.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from components.errors import UnknownAnalysis
from components.store import Kind, State
from components.ui.compare.compared_columns import calls_of
from components.ui.shared import labels
from components.ui.shared.address import Page, address_of, link, series_link
from components.ui.shared.html_tables import HtmlSlot
from components.ui.shared.visit import Visit

#: What this visit's pages said of work elsewhere, by its address: that goes on, and that has ended.
_SEEN, _ENDED = "work-seen", "work-ended"

_CHECK_SECONDS = 3  # seconds between two checks on pages that do not themselves watch an analysis
_SERIES = {Kind.CHAT: "chat", Kind.COMPARISON: "comparison"}
_FOLDER = Path(__file__).parent
_NOTIFY = '<button type="button" class="ask" hidden>Notify me<span> when it is done</span></button>'


@dataclass(frozen=True, slots=True)
class _Active:
    """Something that goes on: where it is shown, of what, what it is, and how far it is.

    `series_id` is that of a report or a comparison, which ends as a whole.
    """

    id: str
    file: str
    query: dict[str, str]
    title: str
    kind: str
    progress: str
    runs: bool
    series_id: str = ""

    @property
    def href(self) -> str:
        page = self.file.removeprefix("pages/").removesuffix(".py").replace("analyse", "")
        return f"./{page}?{urlencode(self.query)}"


class ActiveAnalyses:
    """The line about what goes on elsewhere, at the top of a page; `page` is what can be open.

    A page that watches an analysis refreshes it as it goes.
    """

    def __init__(self, visit: Visit, page: Page | None = None) -> None:
        self._visit = visit
        self._page = page
        self._line: HtmlSlot | None = None
        # It lies in the page's upper margin, so that nothing moves when it comes and goes.
        self._row = st.container(key="under-way", horizontal=True, vertical_alignment="center")

    def _fill(self, active: Sequence[_Active]) -> HtmlSlot:
        """Make the line's place, and what notifies of the end of `active`."""
        with self._row:
            place = HtmlSlot(st.empty())
            island = st.components.v2.component(
                "first_reader_notifier",
                html=_NOTIFY,
                css=(_FOLDER / "notifier.css").read_text(encoding="utf-8"),
                js=(_FOLDER / "notifier.js").read_text(encoding="utf-8"),
            )
            ids = [one.id for one in active]
            elsewhere = bool(self._elsewhere(active))
            # In a list: of a mapping's values Streamlit asks pandas, and loads it for that.
            island(data=[{"active": ids, "elsewhere": elsewhere}], key="notifier")
        return place

    def refresh(self, *, always: bool = False) -> list[_Active]:
        """Show what goes on elsewhere where it changed, or `always`; return all that goes on."""
        active = _active(self._visit)
        if self._line is None:  # Not before this run has asked what it asks.
            self._line = self._fill(active)
        elsewhere = self._elsewhere(active)
        said = _line("Under way", "under-way", elsewhere)
        said += _line("Ended", "ended", self._ended(active, elsewhere))
        self._line.show(said, always=always)
        return active

    def keep_fresh(self) -> None:
        """Have the browser ask again while something goes on; call it last, on idle pages.

        The line is shown again where it changed, the page where anything began or ended.
        """
        before = [one.id for one in self.refresh()]
        if not before:
            return

        @st.fragment(run_every=_CHECK_SECONDS)
        def check() -> None:
            # Streamlit lets a fragment write to this place only if it does so each time.
            if [one.id for one in self.refresh(always=True)] != before:
                st.rerun()

        check()

    def _elsewhere(self, work: Sequence[_Active]) -> list[_Active]:
        """Return those that are not open on this page, what is open in several columns once."""
        shown = address_of(self._page)
        elsewhere: dict[str, _Active] = {}
        for one in sorted(work, key=lambda one: not one.runs):
            if not one.query.items() <= shown.items():
                elsewhere.setdefault(one.href, one)
        return list(elsewhere.values())

    def _ended(self, active: Sequence[_Active], elsewhere: Sequence[_Active]) -> list[_Active]:
        """Return what was said to go on elsewhere and has ended, unless it was opened since."""
        going = {one.href for one in active}
        before: dict[str, _Active] = st.session_state.get(_SEEN, {})
        ended: dict[str, _Active] = st.session_state.get(_ENDED, {})
        ended = {**{href: one for href, one in before.items() if href not in going}, **ended}
        now = {}
        for one in self._elsewhere([one for href, one in ended.items() if href not in going]):
            with contextlib.suppress(UnknownAnalysis):  # Deleted since.
                now[one.href] = replace(one, progress=_ending(self._visit, one))
        st.session_state[_SEEN] = {one.href: one for one in elsewhere}
        st.session_state[_ENDED] = now
        return list(now.values())


def _active(visit: Visit) -> list[_Active]:
    """Return what waits or runs of a visitor's, analyses first, newest first."""
    active = []
    for analysis in visit.shelf.analyses.active():
        question, state, series_kind = analysis.question, analysis.state, analysis.series_kind
        kind = question.lens if series_kind is None else _SERIES.get(series_kind, "")
        unwritten = visit.app.jobs.unwritten(analysis)
        progress = str(unwritten.problem) if unwritten else labels.state(state)
        file, query = link(analysis)
        runs, column_of = state.is_running, ""
        if series_kind is Kind.COMPARISON:
            column_of = analysis.series_id or ""
        active.append(
            _Active(analysis.id, file, query, question.title, kind, progress, runs, column_of)
        )
    for series_id in visit.shelf.reports.active():
        with contextlib.suppress(UnknownAnalysis):  # Deleted a moment ago.
            series = visit.shelf.series.get(series_id)
            file, query = series_link(series.kind, series.id)
            calls = calls_of(visit.shelf, series)
            progress = f"{calls[State.DONE]:,} of {calls.total():,} done"
            runs = any(state.is_running for state in calls)
            active.append(
                _Active(series.id, file, query, series.name, "", progress, runs, series.id)
            )
    return active


def _ending(visit: Visit, work: _Active) -> str:
    """Say how something ended. Raises: UnknownAnalysis."""
    if not work.series_id:
        analysis = visit.shelf.analyses.get(work.id)
        return labels.state(analysis.state, analysis.error)
    calls = calls_of(visit.shelf, visit.shelf.series.get(work.series_id))
    worst = (State.FAILED, State.INTERRUPTED, State.STOPPED, State.DONE)
    return labels.state(next((state for state in worst if calls[state]), State.DONE))


def _line(name: str, kind: str, elsewhere: Sequence[_Active]) -> str:
    if not elsewhere:
        return ""
    first, more = elsewhere[0], len(elsewhere) - 1
    names = [first.title] if first.title.lower() == first.kind else [first.title, first.kind]
    what = escape(", ".join(filter(None, names)))
    rest = f' · <a href="./library" target="_self">{more:,} more</a>' if more else ""
    return (
        f'<p class="fr-elsewhere fr-{kind}" role="status"><span>{name}:</span> '
        f'<a href="{escape(first.href)}" target="_self" title="{what}">{what}</a>'
        f"<span>, {escape(first.progress)}{rest}</span></p>"
    )
