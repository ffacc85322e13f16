"""An answer from passages, as it is written: each statement with its citation, beside the passages.

A citation is made here, from the characters that `read_findings` has found, and leads to the words
in the passage beside it. What has none is folded away.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from components.analysis import LOOKED_UP, Finding, holds, read_findings, readable_items
from components.engine import Text
from components.evidence import Index
from components.retrieval import missing_words
from components.store import JournalEntry, Question
from components.ui.shared import labels
from components.ui.shared.address import passage_link
from components.ui.shared.html_tables import HtmlSlot

#: Passages that are open while nothing is cited yet.
_OPEN = 2

_READS = "These passages were found. The model reads them, and then answers here."
_SAYS_NOTHING = (
    "The passages that were found do not answer this, as far as words can show. Read them beside, "
    "put the question in other words, or have every chapter read for it."
)


class CitedAnswer:
    """Shows an answer where it is constructed: on the left what is stated, on the right from where.

    `name` is unique on the page, for the links between the two.
    """

    def __init__(self, question: Question, index: Index, name: str) -> None:
        self._question, self._index, self._name = question, index, name
        self._attempt, self._answer = 0, ""
        self._findings: Sequence[Finding] = ()
        missing = [] if question.part == LOOKED_UP else missing_words(question.prompt, index)
        words = ", ".join(f"“{word}”" for word in missing)
        self._missing = labels.line(f"The manuscript nowhere has {words}.") if missing else ""
        left, right = st.columns([1.15, 1], gap="large")
        self._stated = HtmlSlot(left.empty())
        self._passages = HtmlSlot(right.empty())
        self._show()

    def readable(self, entry: JournalEntry) -> JournalEntry:
        """Take in the next entry; return it without the text, which is shown here."""
        if not isinstance(entry.event, Text):
            return entry
        if entry.attempt != self._attempt:
            self._attempt, self._answer = entry.attempt, ""
        self._answer += entry.event.text
        if "}" in entry.event.text:
            self._findings = read_findings(self._question, self._answer, self._index)
            self._show()
        return replace(entry, event=replace(entry.event, text=""))

    @property
    def readable_text(self) -> str:
        """What is shown on the left, but for what is folded away, as Markdown."""
        return "\n\n".join(readable_items(self._question, self._answer, self._index))

    def finish(self, *, is_done: bool) -> None:
        """Show what can be said only of an answer that has ended, and of one that `is_done`."""
        self._show(_SAYS_NOTHING if is_done else "")

    def _show(self, without: str = _READS) -> None:
        """Show what is there by now; `without` a statement, say that."""
        stated = [one for one in self._findings if holds(self._question, one)]
        others = [one for one in self._findings if not holds(self._question, one)]
        html = "".join(f"<p>{self._statement(finding)}</p>" for finding in stated)
        html = self._missing + html
        if without and not stated:
            html += labels.line(without, "fr-none")
        if others:
            count = labels.plural(len(others), "statement")
            rows = "".join(f"<li>{self._statement(finding)}</li>" for finding in others)
            html += (
                f"<details><summary>{count} left out, not borne out by these passages</summary>"
                f"<ul>{rows}</ul></details>"
            )
        self._stated.show(
            f'<div class="fr-analysis fr-stated" dir="auto">{html}</div>' if html else ""
        )
        self._passages.show(self._beside(stated))

    def _statement(self, finding: Finding) -> str:
        """Return a statement as HTML, with its citation and what is to be checked in it."""
        html = escape(finding.claim)
        if (number := self._passage_of(finding)) is not None:
            where = escape(finding.chapter or "the passage")
            html += (
                f' <a class="fr-cite" href="#{self._anchor(finding.start)}" '
                f'aria-label="Passage {number}, {where}">[{number}]</a>'
            )
        doubts = "".join(f" <em>{escape(remark)}</em>" for remark in finding.remarks)
        return f"{html}{doubts}"

    def _passage_of(self, finding: Finding) -> int | None:
        """Return the number, from 1, of the passage in which the words behind a finding stand."""
        for number, (start, end) in enumerate(self._question.ranges, 1):
            if finding.start is not None and start <= finding.start < end:
                return number
        return None

    def _anchor(self, start: int | None) -> str:
        return f"{self._name}-{start}"

    def _beside(self, stated: Sequence[Finding]) -> str:
        cited = {self._passage_of(finding) for finding in stated}
        shown: list[str] = []
        rest: list[str] = []
        for number, span in enumerate(self._question.ranges, 1):
            is_open = number in cited or (not stated and number <= _OPEN)
            (shown if is_open else rest).append(self._passage(number, span, stated))
        if not shown and not rest:
            return ""
        html = "".join(shown)
        if rest:
            which = "more found, not cited" if cited - {None} else "more found"
            html += f"<details><summary>{len(rest)} {which}</summary>{''.join(rest)}</details>"
        return f'<section class="fr-passages" aria-label="Passages" tabindex="0">{html}</section>'

    def _passage(self, number: int, span: tuple[int, int], stated: Sequence[Finding]) -> str:
        start, end = span
        chapter = self._index.chapter_at(start)
        where = chapter.name if chapter else "The text"
        cited = sorted(
            {
                (finding.start, finding.end)
                for finding in stated
                if finding.start is not None and finding.end and start <= finding.start < end
            }
        )
        html, at = "", start
        for begin, stop in cited:
            if begin < at:  # Two that overlap are marked by the first.
                continue
            html += self._escaped(at, begin)
            html += f'<mark id="{self._anchor(begin)}">{self._escaped(begin, stop)}</mark>'
            at = max(at, stop)
        html += self._escaped(at, end)
        marked = cited[0] if cited else span
        link = passage_link("Open in the manuscript", self._question.manuscript_id, *marked)
        return (
            f'<article dir="auto"><h4>[{number}] {escape(where)} {link}</h4><p>{html}</p></article>'
        )

    def _escaped(self, start: int, end: int) -> str:
        text = self._index.text[start:end]
        return escape(text).replace("\n\n", "</p><p>").replace("\n", "<br>")
