"""What can be done with something in the library: rename it, ask another model, delete it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import streamlit as st

from components.errors import FirstReaderError, UnknownAnalysis, UnknownManuscript
from components.store import UNDO_SECONDS, Analysis, Kind, Series, State, StoredManuscript
from components.ui.compare.compared_columns import calls_of, is_of_books
from components.ui.question.run_buttons import ask_another_model, capability_for
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_UNDO, _MANAGED = "deleted", "managed"


def manage_button(of: str) -> None:
    """Offer to manage the manuscript or analysis with the id `of`."""
    st.button(
        "Manage",
        key=f"manage-{of}",
        icon=":material/more_horiz:",
        type="tertiary",
        on_click=_manage,
        args=(of,),
    )


def manage_dialog(visit: Visit, manuscripts: list[StoredManuscript]) -> None:
    """Show the dialog for what is being managed, if anything is, however often the page runs."""
    managed = st.session_state.get(_MANAGED)
    if managed is None:
        return
    for manuscript in manuscripts:
        if manuscript.id == managed:
            _manage_manuscript(visit, manuscript)
            return
    with contextlib.suppress(UnknownAnalysis):
        _manage_analysis(visit, visit.shelf.analyses.get(managed))
        return
    with contextlib.suppress(UnknownAnalysis):
        series = visit.shelf.series.get(managed)
        manage = _manage_report if series.kind is Kind.REPORT else _manage_series
        manage(visit, series)
        return
    _close()  # It was deleted in another window.


def _manage(of: str) -> None:
    st.session_state[_MANAGED] = of


def _close() -> None:
    st.session_state.pop(_MANAGED, None)


@st.dialog("Manuscript", on_dismiss=_close)
def _manage_manuscript(visit: Visit, manuscript: StoredManuscript) -> None:
    """Rename a manuscript, or delete it with its analyses."""
    _offer_rename("Title", manuscript.title, manuscript.id, visit.shelf.manuscripts.rename)
    analyses = visit.shelf.analyses.of(manuscript.id)
    goes = f"“{manuscript.title}”"
    if analyses:
        count = labels.plural(len(analyses), "analysis", "analyses")
        goes += f" and its {count}" if len(analyses) > 1 else " and its analysis"
    reports = [
        one for one in visit.shelf.series.all(Kind.REPORT) if one.manuscript_id == manuscript.id
    ]
    if reports:
        goes += f" and {labels.plural(len(reports), 'reading')} of the whole book"
    under_way = any(not analysis.state.has_ended for analysis in analyses)
    read = [*reports, *visit.shelf.series.all(Kind.COMPARISON)]
    of_it = {one.id for one in read if one.manuscript_id == manuscript.id}
    under_way |= not of_it.isdisjoint(visit.shelf.reports.active())
    _say_what_goes(goes, under_way=under_way)
    if st.button("Delete the manuscript", icon=":material/delete:"):
        visit.app.jobs.stop_manuscript(visit.shelf, manuscript.id)
        visit.shelf.manuscripts.delete(manuscript.id)
        _deleted("manuscript", manuscript.id, goes)


@st.dialog("Analysis", on_dismiss=_close)
def _manage_analysis(visit: Visit, analysis: Analysis) -> None:
    """Rename an analysis, ask its question of another model, or delete it."""
    _offer_rename("Name", analysis.name, analysis.id, visit.shelf.analyses.rename)
    _ask_another_model(visit, analysis)
    st.divider()
    goes = f"“{analysis.name}” of “{analysis.question.title}”"
    _say_what_goes(goes, under_way=not analysis.state.has_ended)
    if st.button("Delete the analysis", icon=":material/delete:"):
        visit.app.jobs.stop(visit.shelf, analysis.id)
        visit.shelf.analyses.delete(analysis.id)
        _deleted("analysis", analysis.id, goes)


@st.dialog("Comparison or chat", on_dismiss=_close)
def _manage_series(visit: Visit, series: Series) -> None:
    """Rename a comparison or a chat, or delete it with all that is in it."""
    _offer_rename("Name", series.name, series.id, visit.shelf.series.rename)
    if is_of_books(series):  # The reports go with it.
        states = set(calls_of(visit.shelf, series))
        with_it = labels.plural(len(visit.shelf.series.reports_of(series.id)), "report")
    else:
        analyses = visit.shelf.analyses.in_series(series.id)
        states = {analysis.state for analysis in analyses}
        with_it = labels.plural(len(analyses), "answer")
    goes = f"“{series.name}” with {with_it}"
    _say_what_goes(goes, under_way=any(not state.has_ended for state in states))
    if st.button("Delete it", icon=":material/delete:"):
        visit.app.jobs.stop_series(visit.shelf, series.id)
        visit.shelf.series.delete(series.id)
        _deleted("series", series.id, goes)


@st.dialog("Reading of the whole book", on_dismiss=_close)
def _manage_report(visit: Visit, report: Series) -> None:
    """Rename a report, or delete it with all that was written for it."""
    _offer_rename("Name", report.name, report.id, visit.shelf.series.rename)
    states = visit.shelf.reports.counts([report.id])[report.id]
    goes = f"“{report.name}” with {labels.plural(states[State.DONE], 'answer')}"
    _say_what_goes(goes, under_way=any(not state.has_ended for state in states))
    if st.button("Delete the reading", icon=":material/delete:"):
        visit.app.jobs.stop_series(visit.shelf, report.id)
        visit.shelf.series.delete(report.id)
        _deleted("series", report.id, goes)


def _offer_rename(label: str, now: str, of: str, rename: Callable[[str, str], None]) -> None:
    """Show the name of what has the id `of`, to be changed."""
    name = st.text_input(label, value=now, key=f"{label.lower()}-{of}").strip()
    if st.button("Rename", icon=":material/edit:", disabled=not name):
        rename(of, name)
        _close()
        st.rerun()
    st.divider()


def _deleted(kind: str, of: str, what: str) -> None:
    """Close the dialog of what was deleted, and offer to bring it back."""
    st.session_state[_UNDO] = (kind, of, what)
    _close()
    st.rerun()


def offer_undo(visit: Visit) -> None:
    """Say what was deleted last in this window, and bring it back if that is asked."""
    kind, kept_id, what = st.session_state.get(_UNDO, ("", "", ""))
    if not kind:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo"):
        st.info(
            f"Deleted: {labels.plain(what)}. "
            f"It is gone for good in {UNDO_SECONDS / 60:.0f} minutes.",
            icon=":material/delete:",
        )
        undone = st.button("Undo", icon=":material/undo:")
    if undone:
        st.session_state.pop(_UNDO)
        shelf = visit.shelf
        restore = {
            "manuscript": shelf.manuscripts.restore,
            "analysis": shelf.analyses.restore,
            "series": shelf.series.restore,
        }
        try:
            restore[kind](kept_id)
        except (UnknownManuscript, UnknownAnalysis):
            st.warning("It was too late: it is gone for good.", icon=":material/info:")
        else:
            st.rerun()


def _ask_another_model(visit: Visit, analysis: Analysis) -> None:
    try:
        models, _ = visit.app.models(capability_for(analysis))
    except FirstReaderError as error:
        show_problem(error)
        return
    ask_another_model(visit, analysis, models, on_asked=_close)


def _say_what_goes(goes: str, under_way: bool) -> None:
    stops = " What is under way stops." if under_way else ""
    st.markdown(f"Deletes {labels.plain(goes)}.{stops} You can undo it for a while.")
