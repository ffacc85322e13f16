"""One event loop in one thread, for everything that talks to Ollama.

Pages run in Streamlit's threads, which a click may end at any line; what runs here is not touched
by that. The asynchronous client is needed too: with the synchronous one, closing from another
thread does not unblock a read that waits for the first token.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from components.engine.exceptions import described

_log = logging.getLogger(__name__)

#: The longest pause of `repeated` after failures, in seconds; each failure in a row doubles it.
LONGEST_PAUSE = 5.0

T = TypeVar("T")


class BackgroundLoop:
    """An event loop in a daemon thread, running from construction until `stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stopping = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="first-reader-loop", daemon=True)
        self._thread.start()

    def start(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run `coroutine` in the loop; the future belongs to the caller's thread.

        Raises: RuntimeError once the loop stops: the coroutine would never end.
        """
        with self._lock:
            if not self._stopping:
                return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        raise RuntimeError("the loop has stopped")

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run `coroutine` in the loop and wait for its value. Raises: what it raises."""
        return self.start(coroutine).result()

    def stop(self, *, seconds: float = 2.0) -> None:
        """Cancel what still runs, let it clean up for at most `seconds`, and end the thread."""
        with self._lock:
            if not self._stopping:
                self._stopping = True
                self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=seconds)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            # What they closed is let go of in the loop's next turn.
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


async def repeated(
    step: Callable[[], Awaitable[object]],
    *,
    name: str,
    seconds: float,
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Do `step` again and again, about `seconds` apart, until `until` says so or it is cancelled.

    Whatever a step raises is logged as `name`, once for the same failure in a row, and the step is
    tried again after a longer and longer pause. `wait` waits for a number of seconds, or less.
    """
    pause, last = seconds, ""
    while not until():
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - the loop must survive anything
            failure = described(error)
            if failure != last:
                _log.error("%s failed, and is tried again: %s", name, failure)
            pause, last = min(pause * 2, max(LONGEST_PAUSE, seconds)), failure
        else:
            if last:
                _log.warning("%s works again", name)
            pause, last = seconds, ""
        if not until():
            await wait(pause)
