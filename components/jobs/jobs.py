"""What pages and scripts ask of analyses: submit, stop, again, and the place in the queue.

How queued calls come to a worker differs: beside the pages in one process, or between processes.
What is queued and who has it stands in the store; what forgets everything here loses time and no
call.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import ParamSpec, TypeVar

from components.analysis import Reason, Schedule
from components.engine import BackgroundLoop
from components.errors import StoreFull, StoreUnavailable
from components.jobs.batch_writer import Unwritten
from components.jobs.worker import Worker
from components.store import (
    Analysis,
    Kind,
    Outlook,
    Question,
    QuestionPicture,
    QueuePosition,
    Series,
    Step,
    StepStatus,
    Store,
    UserStore,
)

P = ParamSpec("P")
T = TypeVar("T")

#: The night, by this computer's clock: what is put off until tonight waits for its beginning.
NIGHT = (time(22), time(6))


class Jobs(ABC):
    """Steers analyses of `store` and brings them to `worker`, in `loop`; for many threads.

    Each method takes the shelf of the user who asks, and knows nobody else's analyses. An address
    is that of an analysis, a series, a comparison of reports or a manuscript, and stands for all
    calls under it. All raise StoreError where the store fails.
    """

    def __init__(self, store: Store, loop: BackgroundLoop, worker: Worker) -> None:
        self._store = store
        self._loop = loop
        self._worker = worker

    @abstractmethod
    def start(self) -> None:
        """Begin. Raises: StoreError."""

    @abstractmethod
    def announce(self) -> None:
        """Say that a call was queued."""

    @abstractmethod
    def abort(self, call_id: str, job: str | None) -> None:
        """Say that a call that a worker has as `job` is to stop, so that it need not look first."""

    @abstractmethod
    def close(self, *, seconds: float) -> None:
        """End; calls that this process performs go back to the queue, within `seconds`."""

    def submit(
        self,
        shelf: UserStore,
        question: Question | Step,
        *,
        name: str = "",
        chat_id: str | None = None,
        parent_id: str | None = None,
        chat_name: str | None = None,
        pictures: Sequence[QuestionPicture] = (),
    ) -> Analysis:
        """Queue an analysis and return it at once; a step with its answer has ended then.

        `chat_id` and `parent_id` give it its place in a chat. With `chat_name` it begins a chat of
        that name, both or neither: its `series_id`; `parent_id` is the analysis that the chat is
        about, if any. Raises: UnknownManuscript.
        """
        if chat_name is not None:
            chat = shelf.series.begin(
                Kind.CHAT,
                [question],
                name=chat_name,
                manuscript_id=Step.of(question).question.manuscript_id,
                parent_id=parent_id,
                pictures=pictures,
            )
            (analysis,) = shelf.analyses.in_series(chat.id)
        else:
            analysis = shelf.analyses.begin(
                question, name=name, series_id=chat_id, parent_id=parent_id, pictures=pictures
            )
        self.perform(analysis.call_id)
        return analysis

    def compare(
        self,
        shelf: UserStore,
        questions: Sequence[Question],
        planned: Schedule,
        *,
        blind: bool = False,
    ) -> Series:
        """Queue the columns of a comparison, of one scope, as `planned`; return it at once.

        Those of a `blind` one get places of chance. Raises: UnknownManuscript.
        """
        if blind:
            questions = secrets.SystemRandom().sample(questions, len(questions))
        comparison = shelf.series.begin(
            Kind.COMPARISON,
            questions,
            name=f"Comparison of {questions[0].scope}",
            manuscript_id=questions[0].manuscript_id,
            details={"blind": blind, "together": planned.together, "reason": planned.reason},
            together=planned.together,
        )
        self.perform(comparison.id)
        return comparison

    def compare_with(self, shelf: UserStore, done: Analysis, question: Question) -> Series:
        """Queue a comparison of an analysis that is done, its answer kept, with `question`.

        Raises: UnknownManuscript, UnknownAnalysis.
        """
        comparison = shelf.series.begin(
            Kind.COMPARISON,
            [Step(done.question, answer_of=done.call_id), Step(question)],
            name=f"Comparison of {question.scope}",
            manuscript_id=question.manuscript_id,
            details={"blind": False, "together": False, "reason": Reason.KEPT},
        )
        self.perform(comparison.id)
        return comparison

    def perform(self, *queued: str) -> None:
        """Have these calls, or the calls of these series, performed now that they are queued."""
        self._worker.own(queued)
        self.announce()

    def stop(self, shelf: UserStore, address: str) -> None:
        """Stop what waits or runs: connections are closed, servers stop, the text is kept.

        Where nothing can be written, an analysis that this process performs stops all the same.
        Raises: UnknownAnalysis.
        """
        shelf.check(address)
        try:
            stopping = self._store.control.stop(address)
        except (StoreFull, StoreUnavailable):
            if not self._loop.call(self._in_loop(self._worker.stop, address)):
                raise
        else:
            for call_id, job in stopping:
                self.abort(call_id, job)

    def put_first(self, shelf: UserStore, address: str) -> None:
        """Put what waits before what else the user asked, and off no longer.

        A report goes before other reports, a question before other questions; the two take turns.
        Raises: UnknownAnalysis.
        """
        shelf.check(address)
        self._store.control.put_first(address)
        self.announce()

    def put_off(self, shelf: UserStore, address: str, until: datetime | None) -> None:
        """Put off what waits until a time, None: no longer. What runs now ends first.

        It begins by itself then, or when the app is next started. Raises: UnknownAnalysis.
        """
        shelf.check(address)
        self._store.control.put_off(address, 0.0 if until is None else until.timestamp())
        self.announce()

    def outlooks(self, shelf: UserStore) -> dict[str, Outlook]:
        """Return what is to come of all that goes on; see `Control.outlooks`."""
        return self._store.control.outlooks(shelf.owner, slots=self._worker.slots)

    def unwritten(self, analysis: Analysis | StepStatus) -> Unwritten | None:
        """Return why what is written of one is in this process's memory; None where it is kept."""
        return self._worker.unwritten(analysis.call_id)

    def again(self, shelf: UserStore, address: str) -> None:
        """Run again what was stopped, failed or interrupted; its text is kept.

        What is done or under way is left as it is. Raises: UnknownAnalysis.
        """
        shelf.check(address)
        if self._store.control.again(address):
            self.announce()

    def anew(self, shelf: UserStore, analysis_ids: Sequence[str]) -> None:
        """Ask what is done of these once more, since its answers are no good; they are kept.

        Nothing is done while one of them runs. Raises: UnknownAnalysis.
        """
        for analysis_id in analysis_ids:
            shelf.check(analysis_id)
        if self._store.control.anew(analysis_ids):
            self.announce()

    def queue_position(self, analysis: Analysis | StepStatus) -> QueuePosition | None:
        """Return where one stands in the queue; None when it does not wait."""
        slots = self._worker.slots
        return self._store.control.queue_position(analysis.call_id, slots=slots)

    async def _in_loop(self, action: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return action(*arguments, **named)


def tonight(now: datetime) -> datetime | None:
    """Return when the night begins; None where it is night already."""
    local = now.astimezone()
    begins, ends = NIGHT
    if not ends <= local.time() < begins:
        return None
    return datetime.combine(local.date(), begins).astimezone()
