"""The dialog that renames or deletes something in the library, or asks another model."""

import contextlib

import streamlit as st

from components import store
from components.errors import UnknownAnalysis
from components.store import Analysis, Kind, Series, State
from components.ui.question.run_buttons import ask_another_model, capability_for
from components.ui.shared import widgets
from components.ui.shared.labels import plain, plural
from components.ui.shared.problems import problems_shown
from components.ui.shared.visit import Visit

_MANAGED = "managed"


def manage_button(managed_id: str, *, effect: str = "Rename or delete it") -> None:
    """Offer to manage what has this id; the dialog of the page then says what can be done."""
    manage, key = st.session_state.__setitem__, f"manage-{managed_id}"
    widgets.action("Manage", "more_horiz", key, manage, _MANAGED, managed_id, help=effect)


def managed() -> str | None:
    """Return the id of what is being managed."""
    managed_id: str | None = st.session_state.get(_MANAGED)
    return managed_id


def end_managing() -> None:
    """Close the dialog."""
    st.session_state.pop(_MANAGED, None)


def manage_dialog(visit: Visit, manuscripts: list[store.StoredManuscript]) -> None:
    """Show the dialog for what is being managed, if anything is, however often the page runs."""
    managed_id = managed()
    if managed_id is None:
        return
    for manuscript in manuscripts:
        if manuscript.id == managed_id:
            _manage_manuscript(visit, manuscript)
            return
    with contextlib.suppress(UnknownAnalysis):
        _manage_analysis(visit, visit.shelf.analyses.get(managed_id))
        return
    with contextlib.suppress(UnknownAnalysis):
        series = visit.shelf.series.get(managed_id)
        is_report = series.kind is Kind.REPORT
        title = "Report" if is_report else "Comparison or chat"
        st.dialog(title, on_dismiss=end_managing)(_manage_series)(visit, series)
        return
    end_managing()  # It was deleted in another window.


@st.dialog("Manuscript", on_dismiss=end_managing)
def _manage_manuscript(visit: Visit, manuscript: store.StoredManuscript) -> None:
    """Rename a manuscript, or delete it with its analyses."""
    shelf = visit.shelf
    _offer_rename("Title", manuscript.title, manuscript.id, shelf.manuscripts)
    analyses = shelf.analyses.of(manuscript.id)
    reports, comparisons = (
        {one.id for one in shelf.series.all(kind) if one.manuscript_id == manuscript.id}
        for kind in (Kind.REPORT, Kind.COMPARISON)
    )
    goes = f"“{manuscript.title}”"
    if analyses:
        count = plural(len(analyses), "analysis", "analyses")
        goes += f" and its {count if len(analyses) > 1 else 'analysis'}"
    if reports:
        goes += f" and {plural(len(reports), 'report')}"
    is_active = not (reports | comparisons).isdisjoint(shelf.reports.active())
    is_active |= any(not analysis.state.has_ended for analysis in analyses)
    _offer_delete(visit, "manuscript", manuscript.id, goes, shelf.manuscripts, is_active=is_active)


@st.dialog("Analysis", on_dismiss=end_managing)
def _manage_analysis(visit: Visit, analysis: Analysis) -> None:
    """Rename an analysis, ask its question of another model, or delete it."""
    _offer_rename("Name", analysis.name, analysis.id, visit.shelf.analyses)
    with problems_shown():
        models, _ = visit.app.models(capability_for(analysis))
        ask_another_model(visit, analysis, models, on_asked=end_managing)
    st.divider()
    goes = f"“{analysis.name}” of “{analysis.question.title}”"
    is_active = not analysis.state.has_ended
    _offer_delete(visit, "analysis", analysis.id, goes, visit.shelf.analyses, is_active=is_active)


def _manage_series(visit: Visit, series: Series) -> None:
    """Rename a comparison, a chat or a report, or delete it with all that is in it."""
    shelf, is_report = visit.shelf, series.kind is Kind.REPORT
    if is_report or series.is_of_books:
        calls = shelf.calls_of(series)
        is_active = any(not state.has_ended for state in calls)
        # The reports of a comparison go with it.
        count = calls[State.DONE] if is_report else len(shelf.series.reports_of(series.id))
        noun = "answer" if is_report else "report"
    else:
        analyses = shelf.analyses.in_series(series.id)
        is_active = any(not analysis.state.has_ended for analysis in analyses)
        count, noun = len(analyses), "answer"
    _offer_rename("Name", series.name, series.id, shelf.series)
    goes, what = f"“{series.name}” with {plural(count, noun)}", "report" if is_report else "it"
    _offer_delete(visit, what, series.id, goes, shelf.series, is_active=is_active)


def _offer_rename(label: str, now: str, managed_id: str, stored: store.NamedRecords) -> None:
    name = st.text_input(label, value=now, key=f"{label.lower()}-{managed_id}").strip()
    if st.button("Rename", icon=":material/edit:", disabled=not name):
        stored.rename(managed_id, name)
        end_managing()
        st.rerun()
    st.divider()


def _offer_delete(
    visit: Visit,
    what: str,
    managed_id: str,
    goes: str,
    stored: store.NamedRecords,
    *,
    is_active: bool,
) -> None:
    """Say that `goes` is deleted, and delete it by a click; then it can be restored for a while."""
    stops = " What is under way stops." if is_active else ""
    minutes = f"{store.UNDO_SECONDS / 60:.0f} minutes"
    st.markdown(
        f"Deletes {plain(goes)}.{stops} For {minutes} it can be restored, under “Recently deleted”."
    )
    label = "Delete it" if what == "it" else f"Delete the {what}"
    if st.button(label, icon=":material/delete:"):
        visit.app.jobs.stop(visit.shelf, managed_id)
        stored.delete(managed_id)
        end_managing()
        st.rerun()
