"""What pages and scripts ask of analyses: submit, stop, again, and the place in the queue."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from components.errors import StoreFull, StoreUnavailable
from components.jobs.batch_writer import Unwritten
from components.jobs.dispatch import Dispatch
from components.store import (
    Analysis,
    Kind,
    NewReport,
    Question,
    QuestionPicture,
    QueuePosition,
    Series,
    Step,
    StepStatus,
    Store,
    UserStore,
)


class Jobs:
    """Steers analyses of `store` that `dispatch` brings to workers; for many threads.

    Each method takes the shelf of the user who asks, and knows nobody else's analyses. All raise
    StoreError where the store fails.
    """

    def __init__(self, store: Store, dispatch: Dispatch) -> None:
        self._store = store
        self._dispatch = dispatch

    def submit(
        self,
        shelf: UserStore,
        question: Question,
        *,
        name: str = "",
        chat_id: str | None = None,
        parent_id: str | None = None,
        chat_name: str | None = None,
        pictures: Sequence[QuestionPicture] = (),
    ) -> Analysis:
        """Queue an analysis and return it at once.

        `chat_id` and `parent_id` give it its place in a chat. With `chat_name` it begins a chat of
        that name, both or neither: its `series_id`. Raises: UnknownManuscript.
        """
        if chat_name is not None:
            about = question.manuscript_id
            chat = shelf.series.begin(Kind.CHAT, [question], name=chat_name, manuscript_id=about)
            (analysis,) = shelf.analyses.in_series(chat.id)
        else:
            analysis = shelf.analyses.begin(
                question, name=name, series_id=chat_id, parent_id=parent_id, pictures=pictures
            )
        self._dispatch.announce()
        return analysis

    def compare(
        self,
        shelf: UserStore,
        questions: Sequence[Question],
        *,
        name: str,
        details: Mapping[str, Any],
        together: bool,
        shuffled: bool = False,
    ) -> Series:
        """Queue the columns of a comparison and return it at once.

        `together` runs them at the same time on one host; `shuffled` gives them places of chance.
        Raises: UnknownManuscript.
        """
        if shuffled:
            questions = secrets.SystemRandom().sample(questions, len(questions))
        comparison = shelf.series.begin(
            Kind.COMPARISON,
            questions,
            name=name,
            manuscript_id=questions[0].manuscript_id,
            details=details,
            together=together,
        )
        self._dispatch.announce()
        return comparison

    def announce(self) -> None:
        """Have the queue looked at now."""
        self._dispatch.announce()

    def stop(self, shelf: UserStore, analysis_id: str) -> None:
        """Stop the analysis: the connection is closed, the server stops, the text is kept.

        One that has ended is left as it is. Where nothing can be written, one that this process
        performs stops all the same. Raises: UnknownAnalysis.
        """
        analysis = shelf.analyses.get(analysis_id)
        try:
            told = self._store.control.stop(analysis_id)
        except (StoreFull, StoreUnavailable):
            if not self._dispatch.stop(analysis.call_id):
                raise
            return
        for call_id, job in told:
            self._dispatch.abort(call_id, job)

    def unwritten(self, analysis: Analysis | StepStatus) -> Unwritten | None:
        """Return why what is written of one is in this process's memory; None where it is kept."""
        return self._dispatch.unwritten(analysis.call_id)

    def again(self, shelf: UserStore, analysis_id: str) -> None:
        """Run an analysis again that was stopped, failed or interrupted; its text is kept.

        One that is done or under way is left as it is. Raises: UnknownAnalysis.
        """
        shelf.analyses.get(analysis_id)
        if self._store.control.again(analysis_id):
            self._dispatch.announce()

    def anew(self, shelf: UserStore, analysis_ids: Sequence[str]) -> None:
        """Ask what is done of these once more, since its answers are no good; they are kept.

        Nothing is done while one of them runs. Raises: UnknownAnalysis.
        """
        for analysis_id in analysis_ids:
            shelf.analyses.get(analysis_id)
        if self._store.control.anew(analysis_ids):
            self._dispatch.announce()

    def report(
        self,
        shelf: UserStore,
        steps: Sequence[Step],
        *,
        name: str,
        details: Mapping[str, Any],
    ) -> Series:
        """Queue the steps of a report and return it at once. Raises: UnknownManuscript."""
        report = shelf.series.begin_report(
            steps,
            name=name,
            manuscript_id=steps[0].question.manuscript_id,
            details=details,
        )
        self._dispatch.announce()
        return report

    def compare_reports(
        self,
        shelf: UserStore,
        reports: Sequence[NewReport],
        *,
        name: str,
        details: Mapping[str, Any],
        shuffled: bool = False,
    ) -> Series:
        """Queue reports that are compared, one after another, and return the comparison at once.

        `shuffled` gives them places, and turns, of chance. Raises: UnknownManuscript.
        """
        if shuffled:
            reports = secrets.SystemRandom().sample(reports, len(reports))
        comparison = shelf.series.begin_comparison(
            reports,
            name=name,
            manuscript_id=reports[0].steps[0].question.manuscript_id,
            details=details,
        )
        self._dispatch.announce()
        return comparison

    def stop_series(self, shelf: UserStore, series_id: str) -> None:
        """Stop all that waits or runs of a report or a comparison; what is done is kept.

        Raises: UnknownAnalysis.
        """
        shelf.series.get(series_id)
        for call_id, job in self._store.control.stop_series(series_id):
            self._dispatch.abort(call_id, job)

    def stop_manuscript(self, shelf: UserStore, manuscript_id: str) -> None:
        """Stop all that waits or runs on a manuscript. Raises: UnknownManuscript."""
        shelf.manuscripts.get(manuscript_id)
        for call_id, job in self._store.control.stop_manuscript(manuscript_id):
            self._dispatch.abort(call_id, job)

    def again_series(self, shelf: UserStore, series_id: str) -> None:
        """Go on with all that was stopped, failed or interrupted; what is done is left as it is.

        Raises: UnknownAnalysis.
        """
        shelf.series.get(series_id)
        if self._store.control.again_series(series_id):
            self._dispatch.announce()

    def place(self, analysis: Analysis | StepStatus) -> QueuePosition | None:
        """Return where one stands in the queue; None when it does not wait."""
        return self._store.control.place(analysis.call_id, slots=self._dispatch.slots)

    def start(self) -> None:
        """Begin to run what is queued."""
        self._dispatch.start()

    def close(self, *, seconds: float = 3.0) -> None:
        """End; what runs in this process goes back to the queue, its text kept."""
        self._dispatch.close(seconds=seconds)
