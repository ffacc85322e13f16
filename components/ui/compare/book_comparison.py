"""A comparison of whole-book reports on the page: progress, reports side by side, where they part.

The page shows what is there when it runs; while a report is under way only the lines of progress
are looked at again, and the page itself when a column has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from components.errors import UnknownManuscript
from components.export import formatting
from components.reports import ModelComparison, Report, compare_models, open_report
from components.store import Series, State
from components.ui.answer.quote_marks import Marking
from components.ui.book.checked_answers import looked_up
from components.ui.book.report_answers import show_answer
from components.ui.compare.book_differences import book_differences
from components.ui.compare.book_figures import book_figures
from components.ui.compare.compared_columns import columns_of
from components.ui.compare.comparison_files import book_comparison_files
from components.ui.compare.verdict_form import reveal_names, verdict_form
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.manage_dialog import manage_button, manage_dialog
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: Seconds between two looks while a report is under way.
_LOOK = 3


def book_comparison(visit: Visit, comparison: Series) -> None:
    """Show the comparison as it is now, and ask for the verdict once all columns have ended."""
    blind = comparison.is_blind
    try:
        reports = _reports(visit, comparison)
    except UnknownManuscript as error:
        show_problem(error)
        return
    st.html(f'<p class="fr-quiet">{escape(_about(comparison, reports, blind=blind))}</p>')
    if not reports:
        st.info("All reports of this comparison were deleted.", icon=":material/info:")
        return
    is_active = any(report.is_active for report in reports)
    _steer(visit, comparison, reports, is_active=is_active)
    _progress(visit, comparison, is_active=is_active)
    marking = Marking(visit)
    wrote = any(one.state is State.DONE for each in reports for one in each.of("report"))
    lens = _choose_lens(reports) if wrote else None
    with st.container(key="comparison"):
        for place, one in zip(st.columns(len(reports), gap="medium"), reports, strict=True):
            with place:
                _head(visit, one, is_active=is_active, blind=blind)
                if lens is not None:
                    _final(one, lens, marking)
    if is_active:
        _look_again()
    index = marking.index(comparison.manuscript_id)
    if index is not None and sum(report.done > 0 for report in reports) > 1:
        looked = looked_up(index, reports[0].manuscript.sha256)
        differing = compare_models(reports, index, look=looked)
        book_differences(differing, [_letter(report) for report in reports], marking)
        if not blind:
            _figures(differing)
    manage_dialog(visit, [])
    if is_active:
        return
    if wrote or comparison.verdict is not None:
        verdict_form(visit, comparison, columns_of(visit.shelf, comparison))
        if not blind:
            book_comparison_files(visit, comparison, reports)
    elif blind:
        reveal_names(visit, comparison)


def _reports(visit: Visit, comparison: Series) -> list[Report]:
    """Return the reports in their order. Raises: UnknownManuscript."""
    found = visit.shelf.series.reports_of(comparison.id)
    return [open_report(visit.shelf, one) for one in found]


def _letter(report: Report) -> str:
    return formatting.letter(report.series.position)


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
        f"another, in a context of {setting.num_ctx:,} tokens.{gone}"
    )


def _steer(visit: Visit, comparison: Series, reports: Sequence[Report], *, is_active: bool) -> None:
    """Offer to stop all, to go on with all, or to begin another comparison."""
    with st.container(horizontal=True):
        if is_active:
            if st.button("Stop all", key="stop-all", type="primary", icon=":material/stop_circle:"):
                visit.app.jobs.stop_series(visit.shelf, comparison.id)
                st.rerun()
            manage_button(comparison.id)
            return
        stuck = any(report.stuck for report in reports)
        if stuck and st.button(
            "Go on with all",
            key="again-all",
            icon=":material/play_circle:",
            help="Asks again what was stopped or broke off; what is done is kept.",
        ):
            visit.app.jobs.again_series(visit.shelf, comparison.id)
            st.rerun()
        if st.button("New comparison", key="new-comparison", icon=":material/add:"):
            go(comparison.manuscript_id, page=Page.COMPARISON)
            st.rerun()
        manage_button(comparison.id)


def _progress(visit: Visit, comparison: Series, *, is_active: bool) -> None:
    """Show how far each column is; looked at again by itself while one is under way."""
    ids = [one.id for one in visit.shelf.series.reports_of(comparison.id)]
    ended = _ended(visit, ids)

    def look() -> None:
        if _ended(visit, ids) != ended:
            st.rerun()
        counts = visit.shelf.reports.counts(ids)
        rows = []
        for name, one in zip(_letters(visit, comparison), ids, strict=False):
            states = counts[one]
            total, done = states.total(), states[State.DONE]
            share = done / total if total else 0.0
            rows.append(
                f'<div style="margin-bottom: 0.7rem"><p class="fr-stage" role="status"><b>{name}'
                f"</b> · {_said(states)} · {done:,} of {labels.plural(total, 'answer')}</p>"
                f"{labels.gauge(share)}</div>"
            )
        st.html("".join(rows))

    _again(look, every=_LOOK if is_active else None)()


def _again(look: Callable[[], None], *, every: int | None) -> Callable[[], None]:
    return st.fragment(look, run_every=every) if every else look


def _letters(visit: Visit, comparison: Series) -> list[str]:
    return [formatting.letter(one.position) for one in visit.shelf.series.reports_of(comparison.id)]


def _ended(visit: Visit, ids: Sequence[str]) -> list[bool]:
    """Return of each report whether nothing of it waits or runs."""
    counts = visit.shelf.reports.counts(ids)
    return [not any(not state.has_ended for state in counts[one]) for one in ids]


def _said(states: dict[State, int]) -> str:
    """Say what a column does: the same words for every model."""
    if any(state.is_running for state in states):
        return "Reading"
    broke = states.get(State.FAILED, 0) + states.get(State.INTERRUPTED, 0)
    if broke and not states.get(State.STOPPED):
        return "Broke off" if states.get(State.QUEUED) else "Finished, not all of it"
    if states.get(State.STOPPED):
        return "Stopped"
    return "Waiting for its turn" if states.get(State.QUEUED) else "Finished"


def _choose_lens(reports: Sequence[Report]) -> str:
    """Return the lens whose reports are shown."""
    lenses = list(reports[0].lenses)
    if len(lenses) == 1:
        return lenses[0]
    return str(st.selectbox("Lens", lenses, key="book-lens-shown"))


def _look_again() -> None:
    """Say that the page is of one moment, and offer another."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Below is what was there when this page was shown; it is renewed by itself when "
            "a column has ended."
        )
        st.button("Show what is there by now", key="look-again", icon=":material/refresh:")


def _head(visit: Visit, report: Report, *, is_active: bool, blind: bool) -> None:
    """Show what a column is called, with its own Stop or Go on, and what broke off."""
    letter = _letter(report)
    name = letter if blind else f"{letter} · {report.setting.model}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(labels.plain(name), anchor=False)
        if is_active and report.is_active:
            if st.button("Stop", key=f"stop-{letter}", icon=":material/stop_circle:"):
                visit.app.jobs.stop_series(visit.shelf, report.id)
                st.rerun()
        elif report.stuck and st.button(
            "Go on", key=f"again-{letter}", icon=":material/play_circle:"
        ):
            visit.app.jobs.again_series(visit.shelf, report.id)
            st.rerun()
    if not blind:
        link = escape(f"./book?report={report.id}")
        st.html(
            f'<p class="fr-quiet"><a href="{link}" target="_self" style="color: inherit">Open the '
            "whole report</a></p>"
        )
    _say_error(report, blind=blind)


def _final(report: Report, lens: str, marking: Marking) -> None:
    """Show what a lens comes to, its quotations marked."""
    finals = report.of("report", lens)
    letter = _letter(report)
    if not finals or finals[0].state is not State.DONE:
        st.caption(f"{letter} has not come to a report by this lens.")
        return
    st.caption(f"{letter}: {labels.plain(lens)}")
    show_answer(finals[0], marking)


def _say_error(report: Report, *, blind: bool) -> None:
    errors = [one.error for one in report.stuck if one.error is not None]
    if not errors:
        return
    steps = labels.plural(len(errors), "answer")
    if blind:  # Its message may name the model.
        st.error(
            f"{_letter(report)} has {steps} that broke off. What is done is kept; the reason is "
            "shown with the names.",
            icon=":material/error:",
        )
    else:
        show_problem(errors[0], kept=f"{steps} of {_letter(report)} broke off; the rest is kept.")


def _figures(differing: ModelComparison) -> None:
    names = [f"{_letter(report)} · {report.setting.model}" for report in differing.reports]
    book_figures(differing, names)
