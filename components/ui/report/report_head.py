"""The head of a report and its list of chapters: what it is, how far it is, what broke off."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from components.export.stages import StageText, about, queued, step_name
from components.reports import Depth, Read, Report, seconds_left
from components.store import QueuePosition, State, StepStatus
from components.ui.analyse.analyse_form import ask_as_before
from components.ui.report.report_labels import ICONS, chapter_state, doing
from components.ui.shared import labels, widgets
from components.ui.shared.address import CHAPTER, Page
from components.ui.shared.html_tables import HtmlSlot
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_NAMED = 8  # steps that broke off and are named one by one
_TALL = 16  # chapters above which the list scrolls in its own box

_DEPTHS = {Depth.SKIM: "skimmed", Depth.STANDARD: "read", Depth.THOROUGH: "read thoroughly"}


class ReportHead:
    """The line that says how far a report is."""

    def __init__(self, visit: Visit, report: Report) -> None:
        self._visit = visit
        self._place = HtmlSlot(st.empty())
        self.measure(report)

    def measure(self, report: Report) -> None:
        """Read anew how fast the model is, after a step."""
        self._speeds = self._visit.shelf.reports.speeds(report.setting.digest)

    def show(
        self,
        report: Report,
        step: StepStatus | None = None,
        state: State | None = None,
        place: QueuePosition | None = None,
    ) -> None:
        """Say what happens to `step`, now in `state` or at a `place`, and how many are done."""
        facts = [f"{report.done:,} of {len(report.steps):,} done"]
        if step is None or state is None:
            states = Counter(step.state for step in report.steps)
            what = "Starting" if report.is_active else labels.report_state(states)
        else:
            what = f"{step_name(step)}: {doing(state)}…"
            if state is State.QUEUED and not self._visit.app.is_connected:
                what = "Waiting for Ollama; it goes on as soon as Ollama answers"
            elif place is not None and (place.running or place.put_off):
                waits = queued(place, connected=True)
                what = f"{step_name(step)}: {', '.join([waits.what.lower(), *waits.facts])}"
            chosen = [receipt for receipt in report.receipts if receipt.state is not Read.LEFT_OUT]
            whole = sum(receipt.is_complete for receipt in chosen)
            facts.append(f"{whole:,} of {labels.plural(len(chosen), 'chapter')} read whole")
            left = seconds_left(report, self._speeds)
            facts += [] if left is None else [f"about {about(left)} left"]
        self._place.show(labels.stage(StageText(what, (", ".join(facts),))))


def report_head(visit: Visit, report: Report, offer_files: Callable[[], None]) -> ReportHead:
    """Show what was read how, how far it is, and the buttons; `offer_files` once it has ended."""
    widgets.say(_about(report))
    head = ReportHead(visit, report)
    head.show(report)
    jobs, running = visit.app.jobs, report.running
    with widgets.row():
        if report.is_active or report.stuck:
            label, key, icon, act = "Resume", "resume", "play_arrow", jobs.again
            effect = "Asks what was stopped or failed once more; what is done is kept."
            if report.is_active:
                label, key, icon, act = "Stop", "stop-report", "stop_circle", jobs.stop
                effect = "What is done is kept; Resume goes on from there."
            is_stopping = bool(running) and all(one.state is State.STOPPING for one in running)
            look = {"type": "primary", "disabled": is_stopping, "help": effect}
            widgets.action(label, icon, key, act, visit.shelf, report.id, **look)
        if report.is_active:
            return head
        widgets.action(
            "New analysis", "add", "new-analysis", ask_as_before, visit, report, type="secondary"
        )
        with st.popover("Save", icon=":material/download:"):
            offer_files()
    return head


def _about(report: Report) -> str:
    setting = report.setting
    way = "as a whole" if setting.is_whole else "chapter by chapter"
    return labels.facts(
        f"The whole book, {_DEPTHS[setting.depth]} {way} by {setting.model}",
        ", ".join(report.lenses),
        f"answers in {setting.language}" if setting.language else "",
        labels.date(report.series.created),
    )


def report_problems(visit: Visit, report: Report) -> None:
    """Say of each error which steps it ended, with its advice, and offer to run them again."""
    failed = [step for step in report.stuck if step.state in (State.FAILED, State.INTERRUPTED)]
    if not failed:
        return
    by_error: dict[str, list[StepStatus]] = {}
    for step in failed:
        by_error.setdefault(str(step.error or ""), []).append(step)
    with st.container(key="book-problems"):
        for steps in by_error.values():
            if steps[0].error is not None:
                show_problem(steps[0].error, kept="What is done is kept.")
            else:
                st.error("It was interrupted too often and not begun again by itself.")
            for step in steps[:_NAMED]:
                with widgets.row():
                    name, again = labels.plain(step_name(step)), visit.app.jobs.again
                    of, key = (visit.shelf, step.analysis_id), f"again-{step.position}"
                    st.markdown(f":red[Failed:] {name}", width="content")
                    widgets.action("Try again", "replay", key, again, *of)
            if len(steps) > _NAMED:
                more = labels.plural(len(steps) - _NAMED, "more step")
                st.caption(f"and {more}; “Resume” asks all of them again.")


class ChapterList:
    """The list of chapters, each with a link to it; `show` sends only the rows that changed."""

    def __init__(self, report: Report, chapter: int | None) -> None:
        self._chapter = chapter
        # A link to the page itself changes the address only where the page itself changes it: the
        # last of these is dropped from it at once (`address.go`).
        self._query = {"manuscript": report.series.manuscript_id, str(Page.REPORT): report.id}
        self._query |= {"by": "list"}
        count = len(report.receipts)
        widgets.say(labels.plural(count, "chapter"))
        # Half a row is seen at its end, which says that there is more.
        with (
            st.container(
                height=546 if count > _TALL else "content", border=False, key="book-scroll"
            ),
            st.container(key="book-list", gap=None),
        ):
            self._places = [st.empty() for _ in report.receipts]
        self._shown: list[str] = [""] * count
        self.show(report)

    def show(self, report: Report) -> None:
        """Show what became of each chapter by now."""
        for number, receipt in enumerate(report.receipts):
            state = chapter_state(receipt)
            if receipt.state is Read.UNDER_WAY and receipt.calls:
                state = f"under way, {receipt.done:,} of {receipt.calls:,}"
            if state == self._shown[number]:
                continue
            self._shown[number] = state
            name = labels.plain(receipt.name)
            length = labels.length(receipt.words, report.manuscript.unit)
            label = f"**{name}**" if receipt.chapter == self._chapter else name
            self._places[number].page_link(
                "pages/analyse.py",
                label=f"{label} :small[{length} · {state}]",
                icon=ICONS[receipt.state],
                disabled=receipt.state is Read.LEFT_OUT,
                width="stretch",
                query_params=self._query | {CHAPTER: str(receipt.chapter)},
            )
