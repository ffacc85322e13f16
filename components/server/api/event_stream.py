"""What happens in an analysis, as server-sent events, from any point on.

The number of each event is that of its entry in the journal: whoever was cut off sends the last one
that came (`Last-Event-ID`, which browsers' `EventSource` does by itself, or `?after=`) and is given
what came since, also after the server was started again.
"""

import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from components.application import Application
from components.engine import ContextChosen, Finished, Text, Thought
from components.errors import FirstReaderError
from components.server.api.problem_details import Refused, problem
from components.store import Analysis, Failed, Happening, JournalEntry, State, StateChanged

T = TypeVar("T")

#: Streams at once: each waits in a thread. More than an editor's windows, few enough for a server.
MOST_STREAMS = 32

#: Seconds of one wait for entries, and between two signs of life where nothing happens.
_WAIT_SECONDS, _ALIVE_SECONDS = 1.0, 15.0

#: Beyond this no number in JSON is exact, nor any entry's.
_MOST_SEQ = 2**53

#: What the words of the first version's API stand for; all other states are "processing".
_STATUSES = {
    State.DONE: "completed",
    State.STOPPED: "error",
    State.FAILED: "error",
    State.INTERRUPTED: "error",
}


def status_word(state: State) -> str:
    """Return `processing`, `completed` or `error`."""
    return _STATUSES.get(state, "processing")


def first_wanted(request: Request) -> int:
    """Return the number after which events are wanted. Raises: Refused."""
    # A browser that connects again sends the address that it began with.
    text = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 16 and int(text) <= _MOST_SEQ):
        raise Refused(422, "The number of the last event is no whole number.")
    return int(text)


class Streams:
    """Gives the streams of a server; each waits where the live page does."""

    def __init__(self) -> None:
        self._threads = CapacityLimiter(MOST_STREAMS)

    async def response(
        self, app: Application, current: Callable[[], Analysis], after: int
    ) -> Response:
        """Return the events of an analysis after a number, to be sent until it ends.

        `current` returns the analysis as it is now. Where it has ended and nothing is left, 204
        tells `EventSource` not to connect again. Raises: Refused, UnknownAnalysis, StoreError.
        """
        if not self._threads.available_tokens:
            raise Refused(503, "Too many streams are open.", headers={"Retry-After": "5"})
        analysis: Analysis = await self._in_thread(current)
        entries = await self._in_thread(app.store.journal.after, analysis.call_id, after)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if analysis.state.has_ended and not entries:
            return Response(status_code=204, headers=headers)
        stream = self._stream(app, analysis, current, entries, after)
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    async def _stream(
        self,
        app: Application,
        analysis: Analysis,
        current: Callable[[], Analysis],
        entries: list[JournalEntry],
        seq: int,
    ) -> AsyncIterator[str]:
        state, sent_at = analysis.state, time.monotonic()
        yield "retry: 2000\n\n"
        try:
            while True:
                for entry in entries:
                    seq, sent_at = entry.seq, time.monotonic()
                    if isinstance(entry.event, StateChanged):
                        state = entry.event.state
                    yield _event(entry)
                if state.has_ended:
                    return
                if time.monotonic() - sent_at >= _ALIVE_SECONDS:
                    await self._in_thread(current)  # It may have been deleted.
                    sent_at = time.monotonic()
                    yield ": still here\n\n"
                began = time.monotonic()
                read = partial(app.store.journal.after, timeout=_WAIT_SECONDS)
                entries = await self._in_thread(read, analysis.call_id, seq)
                if not entries and time.monotonic() - began < _WAIT_SECONDS / 2:
                    return  # The store was closed.
        except FirstReaderError as error:
            yield f"event: problem\ndata: {json.dumps(problem(error))}\n\n"

    async def _in_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(
            call, *arguments, abandon_on_cancel=True, limiter=self._threads
        )


def _event(entry: JournalEntry) -> str:
    """Return an entry as it is sent; `attempt` counts, since a new one begins a new text."""
    kind, data = _happening(entry.event)
    data |= {"attempt": entry.attempt, "at": entry.at}
    return f"id: {entry.seq}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"


def _happening(event: Happening) -> tuple[str, dict[str, Any]]:
    match event:
        case Text(text, pieces):
            return "text", {"text": text, "tokens": pieces}
        case Thought(text, pieces):
            return "thinking", {"text": text, "tokens": pieces}
        case ContextChosen():
            return "context", asdict(event)
        case Finished(statistics):
            return "figures", asdict(statistics)
        case StateChanged(state):
            return "state", {"state": state.value, "status": status_word(state)}
        case Failed(error):
            return "problem", problem(error)
