"""The chapters of a report beside its results: words, what became of each, a way to its notes."""

from __future__ import annotations

import streamlit as st

from components.reports import Read, Receipt, Report
from components.ui.book.report_labels import MARKS, RED
from components.ui.shared import labels
from components.ui.shared.address import CHAPTER, Page

#: Chapters above which the list scrolls in its own box.
_TALL = 16


class ChapterList:
    """The list where it is made; `show` sends the rows that changed, so that nothing moves."""

    def __init__(self, report: Report, chapter: int | None) -> None:
        self._chapter = chapter
        # A link to the page itself changes the address only where the page itself changes it: the
        # last of these is dropped from it at once (`address.go`).
        about = {"manuscript": report.series.manuscript_id, str(Page.REPORT): report.id}
        self._about = about | {"by": "list"}
        count = len(report.receipts)
        st.html(f'<p class="fr-quiet">{labels.plural(count, "chapter")}</p>')
        with (
            # Half a row is seen at its end, which says that there is more.
            st.container(
                height=546 if count > _TALL else "content", border=False, key="book-scroll"
            ),
            st.container(key="book-list", gap=None),
        ):
            self._places = [st.empty() for _ in report.receipts]
        self._shown: list[object] = [None] * count
        self.show(report)

    def show(self, report: Report) -> None:
        """Show what became of each chapter by now."""
        for number, receipt in enumerate(report.receipts):
            said = (receipt.state, receipt.done, receipt.calls)
            if said != self._shown[number]:
                self._shown[number] = said
                self._row(number, receipt)

    def _row(self, number: int, receipt: Receipt) -> None:
        state = f":red[{receipt.state}]" if receipt.state in RED else str(receipt.state)
        if receipt.state is Read.UNDER_WAY and receipt.calls:
            state = f"under way, {receipt.done:,} of {receipt.calls:,}"
        name = labels.plain(receipt.name)
        label = f"**{name}**" if receipt.chapter == self._chapter else name
        self._places[number].page_link(
            "pages/book.py",
            label=f"{label} :small[{receipt.words:,} words · {state}]",
            icon=MARKS[receipt.state],
            disabled=receipt.state is Read.LEFT_OUT,
            width="stretch",
            query_params=self._about | {CHAPTER: str(receipt.chapter)},
        )
