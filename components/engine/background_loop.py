"""One event loop in one thread, for everything that talks to Ollama.

Pages run in Streamlit's threads, which a click may end at any line; what runs here is not touched
by that. The asynchronous client is needed too: with the synchronous one, closing from another
thread does not unblock a read that waits for the first token.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """An event loop in a daemon thread, running from construction until `stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stopping = False
        self._changing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="first-reader-loop", daemon=True)
        self._thread.start()

    def start(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run `coroutine` in the loop; the future belongs to the caller's thread.

        Raises: RuntimeError once the loop stops: what it took on then would never end.
        """
        with self._changing:
            if not self._stopping:
                return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        raise RuntimeError("the loop has stopped")

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run `coroutine` in the loop and wait for its value. Raises: what it raises."""
        return self.start(coroutine).result()

    def stop(self, *, seconds: float = 2.0) -> None:
        """Cancel what still runs, let it clean up for at most `seconds`, and end the thread."""
        with self._changing:
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
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()
