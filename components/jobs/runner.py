"""Runs analyses: submit, cancel, nothing else.

A page submits and goes its way; the runner writes to the record's journal, and pages read that.
One analysis at a time talks to the server: two would share its memory and each load the other's
model out again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from components.engine import BackgroundLoop, Engine, Event, Finished, StageBegan
from components.errors import EngineError, FirstReaderError
from components.store import Question, Record, Shelf, State

_log = logging.getLogger(__name__)


class Runner:
    """Runs analyses in `loop`, one at a time; `engine` returns the server to ask.

    `engine` may raise FirstReaderError where there is no server; the analysis then fails with it.
    """

    def __init__(self, loop: BackgroundLoop, shelf: Shelf, engine: Callable[[], Engine]) -> None:
        self._loop = loop
        self._shelf = shelf
        self._engine = engine
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    def submit(self, question: Question) -> Record:
        """Begin an analysis and return its record at once."""
        record = self._shelf.open(question)
        self._loop.call(self._start(record))
        return record

    def cancel(self, analysis_id: str) -> None:
        """Stop the analysis: the connection is closed, the server stops, the text is kept.

        One that has already ended is left as it is. Raises: UnknownAnalysis.
        """
        record = self._shelf.record(analysis_id)
        self._loop.call(self._stop(record))

    def shut_down(self, *, seconds: float = 3.0) -> None:
        """Stop all analyses and wait for them, at most `seconds`."""
        self._loop.call(self._stop_all(seconds))

    async def _start(self, record: Record) -> None:
        task = asyncio.get_running_loop().create_task(self._run(record))
        self._tasks[record.id] = task
        task.add_done_callback(lambda _: self._ended(record))

    def _ended(self, record: Record) -> None:
        del self._tasks[record.id]
        if not record.state.is_final:  # It was cancelled before it ran a line.
            record.move(State.STOPPED)

    async def _stop(self, record: Record) -> None:
        task = self._tasks.get(record.id)
        if task is None or record.state.is_final or record.state is State.STOPPING:
            return
        record.move(State.STOPPING)
        task.cancel()

    async def _stop_all(self, seconds: float) -> None:
        tasks = list(self._tasks.values())
        for record in self._shelf.records():
            await self._stop(record)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def _run(self, record: Record) -> None:
        try:
            async with self._turn:
                events = self._engine().stream(record.question.call)
                # Closing what we iterate, at once and not at collection, closes the connection.
                async with contextlib.aclosing(events):
                    async for event in events:
                        self._write(record, event)
            record.move(State.DONE)
        except asyncio.CancelledError:
            record.move(State.STOPPED)
        except FirstReaderError as error:
            record.fail(error)
        except Exception as error:  # noqa: BLE001 - the last resort of a page or a job
            # The type only: a message of a foreign exception may hold text of the manuscript.
            _log.error("analysis %s failed: %s", record.id[:6], type(error).__name__)
            record.fail(
                EngineError(
                    "First Reader failed while it ran this analysis; this is a fault of the app.",
                    advice="What was written is kept. Run the analysis again.",
                )
            )

    def _write(self, record: Record, event: Event) -> None:
        if isinstance(event, StageBegan):
            if record.state is not State.STOPPING:
                record.move(State(event.stage))  # Each stage is a state of the same name.
        else:
            record.journal.append(event)
        if isinstance(event, Finished) and event.statistics.done_reason is None:
            _log.warning("Ollama gave no done_reason for analysis %s", record.id[:6])
