"""The head of a report: what it is, how far it is, and the one button that stops it or goes on."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.export.stages import about, step_name
from components.reports import Depth, Read, Report, seconds_left
from components.store import Kind, Series, State, StepStatus
from components.ui.book.report_labels import doing
from components.ui.question.options_form import describe
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: Steps that broke off and are named one by one.
_NAMED = 8

#: Readings that are offered to be opened.
_SHOWN = 20


class ReportHead:
    """The line that says how far a report is; `show` sends it where it changed."""

    def __init__(self, visit: Visit, report: Report) -> None:
        self._visit = visit
        self._place = st.empty()
        self._shown = ""
        self._speeds = visit.shelf.reports.speeds(report.setting.digest)

    def look(self, report: Report) -> None:
        """Ask anew how fast the model is, after a step."""
        self._speeds = self._visit.shelf.reports.speeds(report.setting.digest)

    def show(
        self, report: Report, step: StepStatus | None = None, state: State | None = None
    ) -> None:
        """Say what happens to `step`, now in `state`, and how many are done."""
        html = self._said(report, step, state)
        if html != self._shown:
            self._place.html(html)
            self._shown = html

    def _said(self, report: Report, step: StepStatus | None, state: State | None) -> str:
        facts = [f"{report.done:,} of {len(report.steps):,} done"]
        if step is None or state is None:
            what = _ended(report)
        else:
            what = f"{step_name(step)}: {doing(state)}…"
            if state is State.QUEUED and not self._visit.app.is_connected:
                what = "Waiting for Ollama; it goes on as soon as Ollama answers"
            chosen = [receipt for receipt in report.receipts if receipt.state is not Read.LEFT_OUT]
            whole = sum(one.is_complete for one in chosen)
            facts.append(f"{whole:,} of {labels.plural(len(chosen), 'chapter')} read whole")
            left = seconds_left(report, self._speeds)
            if left is not None:
                facts.append(f"about {about(left)} left")
        said = ", ".join(facts)
        return f'<p class="fr-stage" role="status"><b>{escape(what)}</b> · {escape(said)}</p>'


def report_head(visit: Visit, report: Report) -> ReportHead:
    """Show what was read how, how far it is, and the buttons."""
    st.html(f'<p class="fr-quiet">{escape(_about(report))}</p>')
    head = ReportHead(visit, report)
    head.show(report)
    with st.container(horizontal=True, vertical_alignment="center"):
        if report.is_active:
            stopping = all(one.state is State.STOPPING for one in report.running)
            st.button(
                "Stop",
                key="stop-report",
                type="primary",
                icon=":material/stop_circle:",
                on_click=visit.app.jobs.stop_series,
                args=(visit.shelf, report.id),
                disabled=bool(report.running) and stopping,
                help="What is done is kept, and can be gone on from.",
            )
        elif report.stuck:
            st.button(
                "Go on",
                key="go-on",
                type="primary",
                icon=":material/play_arrow:",
                on_click=visit.app.jobs.again_series,
                args=(visit.shelf, report.id),
                help="Asks what was stopped or broke off once more; what is done is kept.",
            )
        if not report.is_active and st.button(
            "New reading", key="new-reading", icon=":material/add:"
        ):
            go(report.series.manuscript_id, page=Page.REPORT)
            st.rerun()
    return head


def report_problems(visit: Visit, report: Report) -> None:
    """Say of each error which steps it ended, with its advice, and offer to run them again."""
    failed = [one for one in report.stuck if one.state in (State.FAILED, State.INTERRUPTED)]
    if not failed:
        return
    by_error: dict[str, list[StepStatus]] = {}
    for one in failed:
        by_error.setdefault(str(one.error or ""), []).append(one)
    with st.container(key="book-problems"):
        for steps in by_error.values():
            if steps[0].error is not None:
                show_problem(steps[0].error, kept="What is done is kept.")
            else:
                st.error("It was interrupted too often and not begun again by itself.")
            for step in steps[:_NAMED]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(
                        f":red[Broke off:] {labels.plain(step_name(step))}", width="content"
                    )
                    _again(visit, step, key=f"again-{step.position}")
            if len(steps) > _NAMED:
                more = labels.plural(len(steps) - _NAMED, "more step")
                st.caption(f"and {more}; “Go on” asks all of them again.")


def _again(visit: Visit, step: StepStatus, *, key: str) -> None:
    st.button(
        "Run again",
        key=key,
        icon=":material/replay:",
        type="tertiary",
        on_click=visit.app.jobs.again,
        args=(visit.shelf, step.analysis_id),
    )


def earlier_reports(visit: Visit, manuscript_id: str, shown: Series | None) -> None:
    """List the other readings of a manuscript, to be opened."""
    others = [
        one
        for one in visit.shelf.series.all(Kind.REPORT)
        if one.manuscript_id == manuscript_id and (shown is None or one.id != shown.id)
    ]
    if not others:
        return
    counts = visit.shelf.reports.counts([other.id for other in others[:_SHOWN]])
    with st.expander(f"Earlier readings ({len(others):,})", icon=":material/history:"):
        for other in others[:_SHOWN]:
            if st.button(labels.plain(other.name), key=f"earlier-{other.id}", type="tertiary"):
                go(manuscript_id, other.id, page=Page.REPORT)
                st.rerun()
            states = counts[other.id]
            facts = (
                str(other.details.get("model", "")),
                f"{states[State.DONE]:,} of {states.total():,} done",
                labels.date(other.created),
            )
            said = escape(" · ".join(filter(None, facts)))
            st.html(f'<p class="fr-quiet fr-under">{said}</p>')


def _about(report: Report) -> str:
    setting = report.setting
    depth = {Depth.SKIM: "skimmed", Depth.STANDARD: "read", Depth.THOROUGH: "read thoroughly"}
    way = "as a whole" if setting.is_whole else "chapter by chapter"
    said = [
        f"The whole book, {depth[setting.depth]} {way} by {setting.model}",
        ", ".join(report.lenses),
        f"answers in {setting.language}" if setting.language else "",
        labels.date(report.series.created),
        describe_given(report),
    ]
    return " · ".join(filter(None, said))


def describe_given(report: Report) -> str:
    """Say which options were given, by Ollama's names; the context always."""
    question = report.steps[0].question if report.steps else None
    context = f"num_ctx {report.setting.num_ctx:,}"
    if question is None:
        return context
    given = {
        name: value
        for name, value in question.options.given().items()
        if name in report.setting.options and name not in ("num_ctx", "num_predict", "format")
    }
    return " · ".join(filter(None, (context, describe(type(question.options).of(given)))))


def _ended(report: Report) -> str:
    if report.is_active:
        return "Starting"
    if report.done == len(report.steps):
        return "Finished"
    states = {one.state for one in report.stuck}
    return "You stopped it" if states == {State.STOPPED} else "Broke off"
