"""A report beside another: on the same text where they part, on two drafts what changed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from components.errors import FirstReaderError
from components.evidence import Index
from components.reports import Report, compare_drafts, compare_models, open_report
from components.store import Kind, Series
from components.ui.answer.quote_marks import Marking
from components.ui.book.checked_answers import looked_up
from components.ui.book.report_changes import report_changes
from components.ui.compare.book_differences import book_differences
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: Other reports to choose from.
_CHOICES = 50


def report_beside(visit: Visit, report: Report) -> None:
    """Offer the other reports, and show where the chosen one and this part, or what changed since.

    Those on the same manuscript and on manuscripts of the same title come first.
    """
    others = _others(visit, report)
    if not others:
        st.html(
            '<p class="fr-quiet">There is no other report yet. Upload a revised draft and have it '
            "read, or have another model read this one: what changed, or where the two part, is "
            "then shown here.</p>"
        )
        return
    by_id = {one.id: said for one, said in others}
    chosen = st.selectbox(
        "Compare with",
        list(by_id),
        index=None,
        placeholder="Choose another report",
        key=f"changes-since-{report.id}",
        format_func=by_id.__getitem__,
    )
    if chosen is None:
        return
    try:
        before = open_report(visit.shelf, visit.shelf.series.get(chosen))
    except FirstReaderError as error:
        show_problem(error)
        return
    marking = Marking(visit)
    ids = (before.series.manuscript_id, report.series.manuscript_id)
    indexes = [marking.index(one) for one in ids]
    if indexes[0] is None or indexes[1] is None:
        st.info("The manuscript of that report was deleted.", icon=":material/info:")
        return
    if _is_same_book(before, report):
        _beside(before, report, indexes[1], marking)
        return
    looks = (
        looked_up(indexes[0], before.manuscript.sha256),
        looked_up(indexes[1], report.manuscript.sha256),
    )
    drafts = compare_drafts(before, report, (indexes[0], indexes[1]), looks=looks)
    report_changes(drafts, before, report)


def _is_same_book(one: Report, other: Report) -> bool:
    """Whether both read the same text in the same chapters, so that nothing of it changed."""
    return one.manuscript.text == other.manuscript.text and (
        [each.start for each in one.manuscript.chapters]
        == [each.start for each in other.manuscript.chapters]
    )


def _beside(before: Report, report: Report, index: Index, marking: Marking) -> None:
    """Show where two reports on one book part, whoever made them and when."""
    letters = ["A", "B"]
    named = " ".join(
        f"{letter}: {labels.date(one.series.created)}, {one.setting.model}."
        for letter, one in zip(letters, (before, report), strict=True)
    )
    st.html(f'<p class="fr-quiet">{escape(f"Both are on the same text. {named}")}</p>')
    look = looked_up(index, report.manuscript.sha256)
    book_differences(compare_models([before, report], index, look=look), letters, marking)


def _others(visit: Visit, report: Report) -> list[tuple[Series, str]]:
    """Return the other reports with what each is called, the likeliest earlier drafts first."""
    titles = {manuscript.id: manuscript.title for manuscript in visit.shelf.manuscripts.all()}
    mine = titles.get(report.series.manuscript_id, report.manuscript.title)
    found = [one for one in visit.shelf.series.all(Kind.REPORT) if one.id != report.id]
    found.sort(
        key=lambda one: (
            one.manuscript_id != report.series.manuscript_id,
            titles.get(one.manuscript_id, "").casefold() != mine.casefold(),
        )
    )
    shown = found[:_CHOICES]
    said = [_called(one, titles) for one in shown]
    # A choice is known by what it is called: two of one minute are told apart by a number.
    return [
        (one, f"{name} ({said[at:].count(name)})" if said.count(name) > 1 else name)
        for at, (one, name) in enumerate(zip(shown, said, strict=True))
    ]


def _called(one: Series, titles: Mapping[str, str]) -> str:
    title = titles.get(one.manuscript_id, one.name)
    return f"{title} · {one.details['model']} · {labels.date(one.created)}"
