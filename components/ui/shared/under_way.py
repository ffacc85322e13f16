"""What waits or runs: a panel at the top right of each page, and what of it has ended.

The panel says of each thing what happens to it, its place in the queue and the minutes that are
expected, and stops it, puts it first, or off until tonight. Nothing is shown where nothing goes on.
What ended while it was not open on the page of this visit is said in a line until it is opened.

The browser is told too, by an island of script that is mounted once. When an active analysis has
ended and the page is not being looked at, it notifies the system, for those who allow it and never
with a title or a text; whether they do is asked where something takes long. Being on every page, it
also closes the navigation on a narrow screen once a page was chosen there.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from components.errors import RecordUnreadable, UnknownAnalysis, UnknownManuscript
from components.export.stages import expected
from components.jobs import tonight
from components.reports import seconds_left_of
from components.store import Kind, Outlook, Series, State
from components.ui.shared import labels, widgets
from components.ui.shared.address import Page, address_of, link, series_link
from components.ui.shared.html_tables import Html, HtmlSlot
from components.ui.shared.visit import Visit

#: What this visit's pages said of work elsewhere, by its address: that goes on, and that has ended.
_SEEN, _ENDED = "work-seen", "work-ended"

_ROWS = "work-rows"  # how many rows the panel had in the run before

#: Seconds from which on something takes long, so that one is glad to be told of its end.
LONG_SECONDS = 120

_CHECK_SECONDS = 3  # seconds between two checks on pages that do not themselves watch an analysis
_SERIES = {Kind.CHAT: "chat", Kind.COMPARISON: "comparison"}
_FOLDER = Path(__file__).parent
_NOTIFY = '<button type="button" class="ask" hidden>Notify me<span> when it is done</span></button>'


@dataclass(frozen=True, slots=True)
class _Active:
    """Something that goes on: where it is shown, of what, what it is, and how far it is.

    `address` is what it is steered by. `series_id` is that of a report or a comparison, which ends
    as a whole. `asks_in` is the seconds after which it has taken long.
    """

    id: str
    address: str
    file: str
    query: dict[str, str]
    title: str
    kind: str
    progress: str
    runs: bool
    series_id: str = ""
    outlook: Outlook | None = None
    asks_in: float = 0.0

    @property
    def href(self) -> str:
        page = self.file.removeprefix("pages/").removesuffix(".py").replace("analyse", "")
        return f"./{page}?{urlencode(self.query)}"

    @property
    def put_off(self) -> float | None:
        """Until when it is put off, in seconds since 1970."""
        place = self.outlook.place if self.outlook else None
        return place.put_off if place else None

    def line(self, *more: str) -> Html:
        """Return its name, with a link to it, and what happens to it, as HTML."""
        names = [self.title] if self.title.lower() == self.kind else [self.title, self.kind]
        what = escape(", ".join(filter(None, names)))
        said = escape(labels.facts(self.progress, *more))
        return Html(
            f'<a href="{escape(self.href)}" target="_self" title="{what}">{what}</a>'
            f"<span>{said}</span>"
        )


class ActiveAnalyses:
    """The panel of what goes on, at the top of a page; `page` is what can be open there.

    A page that watches an analysis refreshes it as it goes.
    """

    def __init__(self, visit: Visit, page: Page | None = None) -> None:
        self._visit = visit
        self._page = page
        self._ended_line: HtmlSlot | None = None
        self._rows: dict[tuple[str, bool], HtmlSlot] = {}
        self._refreshed = 0.0
        # It lies in the page's upper margin, so that nothing moves when it comes and goes.
        self._row = widgets.row("under-way")

    def _fill(self, active: Sequence[_Active], rows: dict[tuple[str, bool], _Active]) -> HtmlSlot:
        """Make the places of the line and of `rows`, and what notifies of the end of `active`."""
        with self._row:
            place = HtmlSlot(st.empty())
            island = st.components.v2.component(
                "first_reader_notifier",
                html=_NOTIFY,
                css=(_FOLDER / "notifier.css").read_text(encoding="utf-8"),
                js=(_FOLDER / "notifier.js").read_text(encoding="utf-8"),
            )
            ids = [one.id for one in active]
            asks_in = min((one.asks_in for one in active), default=0.0)
            # In a list: of a mapping's values Streamlit asks pandas, and loads it for that.
            island(data=[{"active": ids, "asksIn": asks_in}], key="notifier")
            if rows:
                # It opens and stays open in the browser alone: what it holds is always there.
                label = f"Under way ({len(rows):,})"
                with st.popover(label, key="under-way-panel"):
                    for row, one in rows.items():
                        self._rows[row] = self._steered(one)
                    # What a run has not replaced stays until its end, which may take an hour.
                    for _ in range(st.session_state.get(_ROWS, 0) - len(rows)):
                        st.empty()
            st.session_state[_ROWS] = len(rows)
        return place

    def _steered(self, one: _Active) -> HtmlSlot:
        """Show the buttons by which one is steered, under the place for what is said of it."""
        jobs, outlook = self._visit.app.jobs, one.outlook
        night = tonight(datetime.now(UTC))
        waits = outlook is None or outlook.waits
        can_be_first = outlook is None or outlook.can_be_first
        first = "Before what else you asked. Questions and reports still take turns, and other "
        off = "It is night already."
        if night is not None:
            off = f"Waits until {night:%H:%M}, then goes on by itself if First Reader runs. "
            off += "What is being read or written now ends first."
        steers: list[tuple[str, Callable[..., None], list[datetime | None], bool, str]] = [
            ("Stop", jobs.stop, [], True, "What is done is kept."),
            ("First", jobs.put_first, [], can_be_first, f"{first}people keep their turns."),
            ("Tonight", jobs.put_off, [night], waits and night is not None, off),
        ]
        if one.put_off is not None:
            steers[-1] = ("Now", jobs.put_off, [None], True, "Does not wait for the night.")
        with st.container(key=f"way-{one.address}", gap=None):
            slot = HtmlSlot(st.empty())
            with st.container(horizontal=True, gap="small"):
                for label, act, more, can, effect in steers:
                    key, of = f"way-{label.lower()}-{one.address}", (self._visit.shelf, one.address)
                    look = {"type": "secondary", "disabled": not can, "help": effect}
                    widgets.action(label, "", key, _unless_deleted, act, *of, *more, **look)
        return slot

    def refresh(self, *, always: bool = False) -> list[_Active]:
        """Show what goes on where that changed, or `always`; return all that goes on.

        Where anything began or ended, or is put off, the page is run anew.
        """
        self._refreshed = time.monotonic()
        active = _active(self._visit)
        rows: dict[str, _Active] = {}
        for one in sorted(active, key=lambda one: not one.runs):
            rows.setdefault(one.href, one)
        by_kind = {(href, one.put_off is not None): one for href, one in rows.items()}
        if self._ended_line is None:  # Not before this run has asked what it asks.
            self._ended_line = self._fill(active, by_kind)
        self._ended_line.show(_ended_line(self._ended(rows)), always=always)
        if by_kind.keys() != self._rows.keys():
            st.rerun()
        for row, one in by_kind.items():
            said = f'<div class="fr-way">{one.line(*expected(one.outlook))}</div>'
            self._rows[row].show(said, always=always)
        return active

    def look(self) -> None:
        """Refresh, unless that was done a moment ago."""
        if time.monotonic() - self._refreshed >= _CHECK_SECONDS:
            self.refresh()

    def keep_fresh(self) -> None:
        """Have the browser ask again while something goes on; call it last, on idle pages.

        The panel is shown again where it changed, the page where anything began or ended.
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

    def _ended(self, going: dict[str, _Active]) -> list[_Active]:
        """Return what was said to go on elsewhere and has ended, unless it was opened since."""
        shown = address_of(self._page)

        def is_elsewhere(one: _Active) -> bool:
            return not one.query.items() <= shown.items()

        before: dict[str, _Active] = st.session_state.get(_SEEN, {})
        ended: dict[str, _Active] = st.session_state.get(_ENDED, {})
        now = {}
        for href, one in {**before, **ended}.items():
            if href not in going and is_elsewhere(one):
                with contextlib.suppress(UnknownAnalysis):  # Deleted since.
                    now[href] = replace(one, progress=_ending(self._visit, one))
        st.session_state[_SEEN] = {href: one for href, one in going.items() if is_elsewhere(one)}
        st.session_state[_ENDED] = now
        return list(now.values())


def _unless_deleted(act: Callable[..., None], *arguments: object) -> None:
    with contextlib.suppress(UnknownAnalysis):  # In another window.
        act(*arguments)


def _active(visit: Visit) -> list[_Active]:
    """Return what waits or runs of a visitor's, analyses first, newest first."""
    analyses, reports = visit.shelf.analyses.active(), visit.shelf.reports.active()
    outlooks = visit.app.jobs.outlooks(visit.shelf) if analyses or reports else {}
    active = []
    for analysis in analyses:
        question, series_kind = analysis.question, analysis.series_kind
        series_id, is_compared = analysis.series_id or "", series_kind is Kind.COMPARISON
        state = "" if analysis.state is State.QUEUED else labels.state(analysis.state)
        progress = labels.facts("" if is_compared else question.model, state)  # It may be blind.
        if unwritten := visit.app.jobs.unwritten(analysis):
            progress = str(unwritten.problem)
        outlook = outlooks.get(series_id or analysis.call_id)
        active.append(
            _Active(
                analysis.id,
                series_id or analysis.id,
                *link(analysis),
                question.title,
                question.lens if series_kind is None else _SERIES.get(series_kind, ""),
                progress,
                runs=analysis.state.is_running,
                series_id=series_id if is_compared else "",
                outlook=outlook,
                asks_in=_asks_in(outlook, analysis.created),
            )
        )
    for series_id in reports:
        with contextlib.suppress(UnknownAnalysis):  # Deleted a moment ago.
            series = visit.shelf.series.get(series_id)
            calls, address = visit.shelf.calls_of(series), series_link(series.kind, series.id)
            outlook = outlooks.get(series.id)
            if outlook is not None:
                left = _seconds_left(series.id, calls[State.DONE], visit, series)
                outlook = replace(outlook, seconds=left)
            progress = f"{calls[State.DONE]:,} of {calls.total():,} done"
            runs = any(state.is_running for state in calls)
            its = (series.id, series.id, *address, series.name, "", progress)
            active.append(_Active(*its, runs=runs, series_id=series.id, outlook=outlook))
    return active


def _asks_in(outlook: Outlook | None, created: datetime) -> float:
    """Return the seconds until an analysis has taken long; 0 where it is expected to."""
    started = outlook.place.seconds if outlook and outlook.place else 0.0
    if outlook and (started or 0.0) + (outlook.seconds or 0.0) > LONG_SECONDS:
        return 0.0
    return max(LONG_SECONDS - (time.time() - created.timestamp()), 0.0)


@st.cache_data(show_spinner=False, max_entries=100)
def _seconds_left(series_id: str, done: int, _visit: Visit, _series: Series) -> float | None:  # noqa: ARG001
    """Return the seconds that a report, or all of a comparison, take yet, as its page says.

    A report is read whole for it, so that it is done once for as many calls as are `done`.
    """
    try:
        return seconds_left_of(_visit.shelf, _series)
    except (UnknownManuscript, RecordUnreadable):  # Deleted a moment ago, or damaged.
        return None


def _ending(visit: Visit, work: _Active) -> str:
    """Say how something ended. Raises: UnknownAnalysis."""
    if not work.series_id:
        analysis = visit.shelf.analyses.get(work.id)
        return labels.state(analysis.state, analysis.error)
    calls = visit.shelf.calls_of(visit.shelf.series.get(work.series_id))
    return labels.report_state(calls).lower()


def _ended_line(ended: Sequence[_Active]) -> str:
    if not ended:
        return ""
    more = f' · <a href="./library" target="_self">{len(ended) - 1:,} more</a>'
    return (
        f'<p class="fr-elsewhere" role="status"><span>Ended:</span> {ended[0].line()}'
        f"{more if len(ended) > 1 else ''}</p>"
    )
