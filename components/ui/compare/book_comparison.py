"""A comparison of whole-book reports on the page: progress, reports side by side, where they part.

The page shows what is there when it runs; while a report is under way only the lines of progress
are refreshed, and the page itself when a column has ended.
"""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from components.errors import UnknownManuscript
from components.evidence import Index
from components.export import Contents, comparison_contents
from components.export.formatting import letter
from components.reports import Report, compare_models, open_report
from components.store import Series, State
from components.ui.answer.quote_marks import Marking
from components.ui.compare.book_differences import book_differences
from components.ui.compare.compared_columns import (
    bar_above,
    column_panels,
    columns_of_each,
    heading,
    offer_stop_or_new,
    show_column_problem,
)
from components.ui.compare.compared_figures import book_figures
from components.ui.compare.verdicts import beside_ranking, verdict_bar
from components.ui.report.report_answers import show_answer
from components.ui.report.report_view import show_totals
from components.ui.shared import labels, widgets
from components.ui.shared.download_row import documents, download_row
from components.ui.shared.manage_dialog import manage_button, manage_dialog
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_REFRESH_SECONDS = 3  # seconds between two refreshes while a report is under way


def book_comparison(visit: Visit, comparison: Series) -> None:
    """Show the comparison as it is now, and ask for the verdict once all columns have ended."""
    blind = comparison.is_blind
    try:
        series = visit.shelf.series.reports_of(comparison.id)
        reports = [open_report(visit.shelf, one) for one in series]
    except UnknownManuscript as error:
        show_problem(error)
        return
    st.html(labels.line(_about(comparison, reports, blind=blind)))
    if not reports:
        widgets.info("All reports of this comparison were deleted.")
        return
    is_active = any(report.is_active for report in reports)
    letters = [letter(report.series.position) for report in reports]
    _steer(visit, comparison, reports, is_active=is_active)
    _progress(visit, reports, letters, is_active=is_active)
    wrote = any(step.state is State.DONE for report in reports for step in report.of("report"))
    may_be_kept = False
    _, verdict = bar_above(letters)
    if not is_active:
        columns = columns_of_each(visit.shelf, [comparison])[comparison.id]
        with verdict:
            may_be_kept = verdict_bar(visit, comparison, columns, wrote=wrote)
    for panel, report in zip(column_panels(letters, blind=blind), reports, strict=True):
        if panel is not None:
            show_totals(report, panel)
    marking = Marking(visit, *reports)
    lens, *others = reports[0].lenses
    if wrote and others:
        lens = str(st.selectbox("Lens", [lens, *others], key="book-lens-shown"))
    with st.container(key="comparison"):
        places = st.columns(len(reports), gap="medium")
        for place, report, name in zip(places, reports, letters, strict=True):
            with place:
                _head(visit, report, name, is_active=is_active, blind=blind)
                if wrote:
                    _final(report, name, lens, marking)
    if is_active:
        with widgets.row():
            st.caption(
                "Below is what was there when this page was shown; it is renewed by itself when "
                "a column has ended."
            )
            st.button("Show what is there by now", key="look-again", icon=":material/refresh:")
    index, differing = marking.index(comparison.manuscript_id), None
    if index is not None and sum(report.done > 0 for report in reports) > 1:
        differing = compare_models(reports, index, look=marking.look(reports[0]))
        book_differences(differing, letters, marking)
    with beside_ranking(visit, comparison):
        if differing is not None and not blind:
            book_figures(differing)
    manage_dialog(visit, [])
    if not may_be_kept:
        return

    def contents() -> Contents:
        index = Index(reports[0].manuscript)
        differing = compare_models(reports, index)
        return comparison_contents(comparison, differing, index, ollama=visit.app.ollama_versions())

    download_row(reports[0].manuscript.title, "comparison", documents(contents))


def _about(comparison: Series, reports: Sequence[Report], *, blind: bool) -> str:
    if not reports:
        return "The whole book."
    setting = reports[0].setting
    lenses = ", ".join(title for _, title in setting.lenses)
    read = "read at once" if setting.is_whole else "read chapter by chapter"
    chapters = labels.plural(len(setting.chapters), "chapter")
    names = "; the names are hidden until you have judged" if blind else ""
    deleted = len(comparison.details["reports"]) - len(reports)
    gone = f" {labels.plural(deleted, 'report')} of it was deleted." if deleted else ""
    return (
        f"The whole book, {chapters}, {read}, depth {setting.depth}: {lenses}{names}. One after "
        f"another.{gone}"
    )


def _steer(visit: Visit, comparison: Series, reports: Sequence[Report], *, is_active: bool) -> None:
    """Offer to stop all, to go on with all, or to begin another comparison."""
    with widgets.row():
        if not is_active and any(report.stuck for report in reports):
            again, of = visit.app.jobs.again, (visit.shelf, comparison.id)
            effect = "Asks again what was stopped or failed; what is done is kept."
            look = {"type": "secondary", "help": effect}
            widgets.action("Resume all", "play_circle", "again-all", again, *of, **look)
        offer_stop_or_new(visit, comparison, is_active=is_active)
        manage_button(comparison.id)


def _progress(
    visit: Visit, reports: Sequence[Report], letters: Sequence[str], *, is_active: bool
) -> None:
    """Show how far each column is; refreshed by itself while one is under way."""
    ids = [report.id for report in reports]
    ended = _ended(visit.shelf.reports.counts(ids), ids)

    def show() -> None:
        counts = visit.shelf.reports.counts(ids)
        if _ended(counts, ids) != ended:
            st.rerun()
        rows = []
        for report_id, name in zip(ids, letters, strict=True):
            calls = counts[report_id]
            total, done = calls.total(), calls[State.DONE]
            rows.append(
                '<div style="margin-bottom: 0.7rem"><p class="fr-stage" role="status">'
                f"<b>{name}</b> · {labels.report_state(calls)} · {done:,} of "
                f"{labels.plural(total, 'answer')}</p>"
                f"{labels.gauge(done / total if total else 0.0)}</div>"
            )
        st.html("".join(rows))

    if is_active:
        show = st.fragment(show, run_every=_REFRESH_SECONDS)
    show()


def _ended(counts: dict[str, Counter[State]], ids: Sequence[str]) -> list[bool]:
    """Return of each report whether nothing of it waits or runs."""
    return [all(state.has_ended for state in counts[report_id]) for report_id in ids]


def _head(visit: Visit, report: Report, name: str, *, is_active: bool, blind: bool) -> None:
    """Show what a column is called, with its own Stop or Go on, and what broke off."""
    offer, stuck = None, report.stuck
    if is_active and report.is_active:
        offer = "Stop", "stop_circle", f"stop-{name}", visit.app.jobs.stop
    elif stuck:
        offer = "Resume", "play_circle", f"again-{name}", visit.app.jobs.again
    with widgets.row():
        title = heading(report.series.position, report.setting.model, blind=blind)
        st.header(labels.plain(title), anchor=False)
        if offer is not None:
            label, icon, key, steer = offer
            if widgets.action(label, icon, key, type="secondary"):
                steer(visit.shelf, report.id)
                st.rerun()
    if not blind:
        st.html(
            f'<p class="fr-quiet"><a href="./?report={report.id}" target="_self" '
            'style="color: inherit">Open the whole report</a></p>'
        )
    errors = [step.error for step in stuck if step.error is not None]
    if errors:
        steps = labels.plural(len(errors), "answer")
        show_column_problem(
            errors[0],
            f"{name} has {steps} that failed. What is done is kept",
            kept=f"{steps} of {name} failed; the rest is kept.",
            blind=blind,
        )


def _final(report: Report, name: str, lens: str, marking: Marking) -> None:
    """Show the report by a lens, its quotations marked."""
    finals = report.of("report", lens)
    if not finals or finals[0].state is not State.DONE:
        st.caption(f"{name} has not come to a report by this lens.")
        return
    st.caption(f"{name}: {labels.plain(lens)}")
    show_answer(finals[0], marking)
