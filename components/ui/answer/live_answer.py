"""One analysis as it grows on the page: the line above the text, and the text."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

import streamlit as st

from components.analysis import is_assembled, is_cited, readable_items
from components.engine import Text
from components.evidence import Evidence, Index
from components.export import stages
from components.export.stages import StageText
from components.reports import is_prose
from components.store import (
    Analysis,
    CallOutcome,
    JournalEntry,
    Question,
    QueuePosition,
    State,
    StepStatus,
)
from components.ui.answer.cited_answer import CitedAnswer
from components.ui.answer.growing_text import Transcript
from components.ui.answer.quote_marks import Marking, quote_summary
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.shared import labels
from components.ui.shared.html_tables import HtmlSlot
from components.ui.shared.visit import Visit

#: Seconds between two updates of the line above the text, and of the figures.
LINE_SECONDS = 2.0

#: Seconds between two updates of a position in the queue, which is read from all that waits.
QUEUE_SECONDS = 5.0

#: Seconds between two looks at what goes on elsewhere, while one text is watched.
LOOK_SECONDS = 3.0

#: Seconds between two frames of several texts that grow side by side; what came for any of them
#: goes to the browser together. It renders the page for each bundle of messages in some ten
#: milliseconds whatever the bundle holds, time that models on the same processor lose.
FRAME_SECONDS = 0.25


class _Rows:
    """Makes JSON into markdown, each finding or sentence of a summary as soon as it is written."""

    def __init__(self, question: Question, index: Index) -> None:
        self._question, self._index = question, index
        self._attempt, self._answer, self._shown = 0, "", 0

    def readable(self, entry: JournalEntry) -> JournalEntry:
        """Return the entry with the rows that its text completes."""
        if not isinstance(entry.event, Text):
            return entry
        if entry.attempt != self._attempt:
            self._attempt, self._answer, self._shown = entry.attempt, "", 0
        self._answer += entry.event.text
        rows: list[str] = []
        if "}" in entry.event.text:
            rows = readable_items(self._question, self._answer, self._index, after=self._shown)
            self._shown += len(rows)
        text = "".join(f"{row}\n\n" for row in rows)
        return replace(entry, event=replace(entry.event, text=text))


#: What can be watched, an analysis or a step of a report: both are one call, with its question.
Called = TypeVar("Called", bound=Analysis | StepStatus)


class Watched(Generic[Called]):
    """Shows the journal of `analysis` where it is constructed, its quotations checked.

    `marking` is shared where several answers are about one manuscript. `nameless` leaves out what
    would tell which model it is: its name, its speed, its thoughts. Without `shows_text` only the
    line above the text is shown. `panel` shows the figures, of the same moment as the line.
    """

    def __init__(
        self,
        visit: Visit,
        analysis: Called,
        *,
        nameless: bool = False,
        marking: Marking | None = None,
        shows_text: bool = True,
        panel: StatisticsPanel | None = None,
    ) -> None:
        self._shows_text = shows_text
        self.analysis: Called = analysis
        self.outcome = CallOutcome()
        self.seq = 0
        #: Where it stands in the queue while it waits.
        self.place: QueuePosition | None = None
        self._visit = visit
        self._nameless = nameless
        self._panel = panel
        self._line = st.empty()
        question, answers = analysis.question, marking or Marking(visit)
        checks = is_prose(question) and not is_cited(question)
        with st.container():  # Of the text, so that what was checked stays below it.
            self._transcript = Transcript(
                # Skip quotation checks for JSON answers.
                lambda: answers.marks(question) if checks else None,
                thoughts=not nameless,
            )
        self._rows: _Rows | CitedAnswer | None = None
        if is_assembled(question) and (index := answers.index(question.manuscript_id)):
            if is_cited(question):
                self._rows = CitedAnswer(question, index, f"words-{analysis.call_id}")
            else:
                self._rows = _Rows(question, index)
        self._checked = HtmlSlot(st.empty())
        self._next_line = 0.0
        self._shown: State | None = None

    @property
    def has_ended(self) -> bool:
        """Whether all of it is on the page."""
        return self.outcome.state.has_ended

    @property
    def readable(self) -> str | None:
        """The statements of an answer that is made of these, as Markdown; None of any other."""
        return self._rows.readable_text if isinstance(self._rows, CitedAnswer) else None

    @property
    def evidence(self) -> Evidence | None:
        """What was found of the quotations on the page; None where nothing is checked."""
        return self._transcript.evidence

    def add(self, entries: Iterable[JournalEntry]) -> None:
        """Take in the next entries; nothing is sent yet."""
        for entry in entries:
            self.seq = entry.seq
            self.outcome.add(entry)
            if self._shows_text:
                self._transcript.add(self._rows.readable(entry) if self._rows else entry)
        if self.has_ended:
            if isinstance(self._rows, CitedAnswer):
                self._rows.finish(is_done=self.outcome.state is State.DONE)
            self._transcript.finish()  # Before anything says that it has ended.

    def show(self) -> tuple[bool, float | None]:
        """Send what is new and may be sent.

        Return whether the state is another than before, and the seconds until the rest may be sent.
        """
        # The text first: the first words come with a change of the state.
        wait = None if self.has_ended else self._transcript.show()
        changed = self.outcome.state is not self._shown
        if changed or time.monotonic() >= self._next_line:
            now = time.time()
            self._line.html(labels.stage(self._stage(now)) + self._unwritten())
            if self._panel is not None:
                self._panel.show(self.outcome, self.analysis.question, now=now)
            waits = self.outcome.state is State.QUEUED
            self._next_line = time.monotonic() + (QUEUE_SECONDS if waits else LINE_SECONDS)
            self._shown = self.outcome.state
        if (evidence := self.evidence) is not None:
            is_done = self.outcome.state is State.DONE
            about = self.analysis.question.manuscript_id
            self._checked.show(quote_summary(evidence, about, is_done=is_done))
        return changed, wait

    def _stage(self, now: float) -> StageText:
        """Say what happens, or how it ended."""
        app, question = self._visit.app, self.analysis.question
        if self.outcome.state is State.QUEUED:
            self.place = app.jobs.queue_position(self.analysis)
            return stages.queued(self.place, connected=app.is_connected)
        self.place = None
        if self._nameless:
            length = labels.length_of(self.outcome.text)
            return StageText(labels.nameless(self.outcome), (length,))
        reading_seconds = app.reading_seconds(question)
        return stages.stage(self.outcome, question, reading_seconds=reading_seconds, now=now)

    def _unwritten(self) -> str:
        """Say that what is written cannot be stored now, where this process writes it."""
        app = self._visit.app
        unwritten = app.jobs.unwritten(self.analysis)
        if unwritten is None:
            return ""
        folder = None if app.store.path is None else str(app.store.path.parent)
        return labels.unwritten(unwritten.problem, folder, is_stopped=unwritten.is_stopped)


def follow(
    visit: Visit, watched: Iterable[Watched[Called]], *, look_seconds: float = LOOK_SECONDS
) -> Iterable[list[Watched[Called]]]:
    """Show all of `watched` as they grow, until all have ended; yield those whose state changed.

    Yields an empty list once in `look_seconds`, so that the rest of the page can be refreshed.
    """
    going = [answer for answer in watched if not answer.has_ended]
    wait, looked = 0.0, time.monotonic()
    while going:
        seen: Mapping[str, int] = {answer.analysis.call_id: answer.seq for answer in going}
        entries = visit.app.store.journal.after_each(seen, timeout=wait)
        for answer in going:
            answer.add(entries.get(answer.analysis.call_id, ()))
        shown = [(answer, *answer.show()) for answer in going]
        changed = [answer for answer, is_changed, _ in shown if is_changed]
        if changed or time.monotonic() - looked >= look_seconds:
            looked = time.monotonic()
            yield changed
        going = [answer for answer in going if not answer.has_ended]
        if entries and len(going) > 1:
            time.sleep(FRAME_SECONDS)
            wait = 0.0
        else:
            wait = min([rest for _, _, rest in shown if rest is not None] + [LINE_SECONDS / 2])
