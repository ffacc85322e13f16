"""What pages and scripts ask of analyses: submit, stop, again, and the place in the queue."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from components.errors import StoreFull, StoreUnavailable
from components.jobs.batch_writer import Unwritten
from components.jobs.dispatch import Dispatch
from components.store import (
    Analysis,
    Kind,
    Question,
    QuestionPicture,
    QueuePosition,
    Series,
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
        self.announce = dispatch.announce

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

    def stop(self, shelf: UserStore, analysis_id: str) -> None:
        """Stop the analysis: the connection is closed, the server stops, the text is kept.

        One that has ended is left as it is. Where nothing can be written, one that this process
        performs stops all the same. Raises: UnknownAnalysis.
        """
        analysis = shelf.analyses.get(analysis_id)
        try:
            stopping = self._store.control.stop(analysis_id)
        except (StoreFull, StoreUnavailable):
            if not self._dispatch.stop(analysis.call_id):
                raise
        else:
            self._abort(stopping)

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

    def stop_series(self, shelf: UserStore, series_id: str) -> None:
        """Stop all of a report or a comparison that waits or runs. Raises: UnknownAnalysis."""
        shelf.series.get(series_id)
        self._abort(self._store.control.stop_series(series_id))

    def stop_manuscript(self, shelf: UserStore, manuscript_id: str) -> None:
        """Stop all that waits or runs on a manuscript. Raises: UnknownManuscript."""
        shelf.manuscripts.get(manuscript_id)
        self._abort(self._store.control.stop_manuscript(manuscript_id))

    def _abort(self, stopping: Iterable[tuple[str, str | None]]) -> None:
        for call_id, job in stopping:
            self._dispatch.abort(call_id, job)

    def again_series(self, shelf: UserStore, series_id: str) -> None:
        """Go on with all that ended without being done. Raises: UnknownAnalysis."""
        shelf.series.get(series_id)
        if self._store.control.again_series(series_id):
            self._dispatch.announce()

    def queue_position(self, analysis: Analysis | StepStatus) -> QueuePosition | None:
        """Return where one stands in the queue; None when it does not wait."""
        slots = self._dispatch.slots
        return self._store.control.queue_position(analysis.call_id, slots=slots)
