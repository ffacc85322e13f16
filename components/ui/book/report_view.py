"""A report on its page: what each lens came to, chapter by chapter, and what can be relied on.

What is shown is in the address: a chapter, or what a lens came to. So a refresh, a second tab and a
bookmark show the same, and a page that is opened while the report goes on goes on watching it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from components.plots.static_plots import PlotImage, pictures
from components.reports import Read, Report, open_report
from components.store import Series, StepStatus
from components.ui.answer.quote_marks import Marking
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.book.report_answers import lens_view, quotations_line
from components.ui.book.report_beside import report_beside
from components.ui.book.report_chapter import chapter_view
from components.ui.book.report_chapters import ChapterList
from components.ui.book.report_charts import report_charts
from components.ui.book.report_files import report_files
from components.ui.book.report_head import earlier_reports, report_head, report_problems
from components.ui.book.report_live import LivePlace, follow_report
from components.ui.book.report_receipt import report_headline, report_receipt
from components.ui.book.report_totals import report_totals
from components.ui.glance.cached_measures import measures_of
from components.ui.shared import labels
from components.ui.shared.address import CHAPTER, LENS, Page, go
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit

_CHAPTERS = "Chapter by chapter"

#: Answers above which it takes more than a moment to look up what they quote.
_MANY = 100


def report_view(
    visit: Visit, series: Series, panel: StatisticsPanel, active: ActiveAnalyses
) -> None:
    """Show a report; while it goes on, as it goes on."""
    report = open_report(visit.shelf, series)
    marking = Marking(visit)
    head = report_head(visit, report)
    if report.is_outline_changed:
        st.info(
            "The chapters of this manuscript were changed after this reading, which shows them as "
            "they were read. In a new reading, what has not changed is not asked again.",
            icon=":material/info:",
        )
    report_headline(visit, report)
    left, right = st.columns([1, 2.1], gap="large")
    with right:
        live = LivePlace() if report.is_active else None
        report_problems(visit, report)
        chapter, lens = _choose(report)
        waits: Callable[[Report], None] | None = None
        with st.container(key="book-results"):
            if chapter is not None:
                _chapter(report, chapter, marking)
            else:
                waits = lens_view(report, lens, marking)
        quotations = st.empty()
    with left, st.container(key="book-chapters"):
        chapters = ChapterList(report, chapter)
        earlier_reports(visit, series.manuscript_id, series)
    report_charts(visit, report)
    st.header("Receipt", anchor=False, divider=False)
    receipt = report_receipt(visit, report)
    if live is None:
        st.header("Save", anchor=False, divider=False)
        report_files(visit, report, _pictures)
        st.header("Beside another reading", anchor=False, divider=False)
        report_beside(visit, report)
    if report.done > _MANY and not st.session_state.get(f"book-checked-{report.id}"):
        # The first time: some ten milliseconds an answer, kept from then on.
        quotations.html('<p class="fr-quiet">Looking the quotations up…</p>')
    st.session_state[f"book-checked-{report.id}"] = True
    if said := quotations_line(report, marking):
        quotations.html(f'<p class="fr-quiet">{escape(said)}</p>')
    else:
        quotations.empty()
    if live is None:
        report_totals(report, panel)
        return

    def keep_true(now: Report) -> None:
        receipt.show(now)
        if waits is not None:
            waits(now)

    follow_report(
        visit,
        report,
        live,
        head,
        chapters,
        panel,
        active,
        marking,
        keep_true,
        lambda now: _shown(now, chapter, lens),
    )


def _pictures(report: Report) -> list[PlotImage]:
    return pictures(report, measures_of(report.manuscript))


def _choose(report: Report) -> tuple[int | None, str]:
    """Show what there is to be opened; return the chapter that is open, if any, and the lens."""
    chapter = _chapter_of_address(report)
    asked = st.query_params.get(LENS, "")
    titles = list(report.lenses)
    lens = asked if asked in titles else titles[0]
    widget = f"book-view-{report.id}"
    st.session_state[widget] = _CHAPTERS if chapter is not None else lens

    def chosen() -> None:
        said = st.session_state[widget]
        if said == _CHAPTERS:
            _go(report, **{CHAPTER: str(_first(report))})
        else:
            _go(report, **{LENS: said})

    st.segmented_control(
        "What is shown",
        [*titles, _CHAPTERS],
        key=widget,
        on_change=chosen,
        required=True,
        format_func=labels.plain,
        label_visibility="collapsed",
    )
    return chapter, lens


def _chapter(report: Report, chapter: int, marking: Marking) -> None:
    """Show the choice of a chapter and what there is of it."""
    names = {receipt.chapter: receipt.name for receipt in report.receipts}
    widget = f"book-chapter-{report.id}"
    st.session_state[widget] = chapter
    order = list(names)
    at = order.index(chapter)

    def chosen() -> None:
        _go(report, **{CHAPTER: str(st.session_state[widget])})

    with st.container(horizontal=True, vertical_alignment="bottom", key="book-choose"):
        st.selectbox(
            "Chapter",
            order,
            format_func=names.__getitem__,
            key=widget,
            on_change=chosen,
            label_visibility="collapsed",
        )
        for label, icon, to in (
            ("Earlier", "arrow_back", at - 1),
            ("Later", "arrow_forward", at + 1),
        ):
            st.button(
                label,
                key=f"book-{label.lower()}",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(order),
                on_click=_go,
                args=(report,),
                kwargs={CHAPTER: str(order[to % len(order)])},
            )
    chapter_view(report, chapter, marking)


def _chapter_of_address(report: Report) -> int | None:
    asked = st.query_params.get(CHAPTER, "")
    there = {str(receipt.chapter): receipt.chapter for receipt in report.receipts}
    return there.get(asked)


def _first(report: Report) -> int:
    chosen = [receipt.chapter for receipt in report.receipts if receipt.state is not Read.LEFT_OUT]
    return chosen[0] if chosen else report.receipts[0].chapter


def _go(report: Report, **more: str) -> None:
    go(report.series.manuscript_id, report.id, page=Page.REPORT, **more)


def _shown(report: Report, chapter: int | None, lens: str) -> object:
    """Return what is shown of a report beside what is sent in its place."""
    if chapter is None:
        steps = [report.final(lens)]
    else:
        steps = [
            step
            for step in report.steps
            if step.question.ranges and (not chapter or chapter in step.question.chapters)
        ]
    return ([_state(step) for step in steps], len(report.stuck))


def _state(step: StepStatus) -> object:
    return step.state if step.state.has_ended else None
