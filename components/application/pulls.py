"""Models that are being fetched: in the background, whether or not a page watches."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from components.engine import BackgroundLoop, Hosts, PullProgress
from components.engine.private import Folder, first_model
from components.errors import FirstReaderError, ModelError, PullLost


class PullState(StrEnum):
    """Where a pull is."""

    RUNNING = "running"
    DONE = "done"
    CANCELED = "canceled"
    FAILED = "failed"


@dataclass(slots=True)
class Pull:
    """A pull of `model` by the server at `host`; read by pages while it changes."""

    host: str
    model: str
    state: PullState = PullState.RUNNING
    progress: PullProgress = field(default_factory=PullProgress)
    error: FirstReaderError | None = None


class Pulls:
    """The pulls of this process, one for each model of a server; for many threads.

    The private server in `folder` gets its first model from elsewhere than Ollama's registry.
    """

    def __init__(self, loop: BackgroundLoop, hosts: Hosts, folder: Path) -> None:
        self._loop = loop
        self._folder = Folder(folder.absolute())
        self._hosts = hosts
        self._lock = threading.Lock()
        self._pulls: dict[tuple[str, str], Pull] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def all(self) -> list[Pull]:
        """Return the pulls since the start that were not dismissed, the oldest first."""
        with self._lock:
            return list(self._pulls.values())

    def start(self, host: str, model: str) -> None:
        """Begin to fetch `model`, or go on with it; one that runs is left as it is.

        Raises: ModelError for a name that cannot be one.
        """
        model = model.strip()
        if not model or any(letter.isspace() for letter in model):
            raise ModelError("This is not the name of a model.", advice="Write, say, llama3.2:3b.")
        with self._lock:
            before = self._pulls.get((host, model))
            if before is not None and before.state is PullState.RUNNING:
                return
            pull = Pull(host, model)
            if before is not None and not isinstance(before.error, PullLost):
                # What is there still and was shown never steps back.
                pull.progress.share = before.progress.share
            self._pulls[host, model] = pull
        self._loop.start(self._run(pull))

    def cancel(self, host: str, model: str) -> None:
        """End a pull; the server keeps what it has fetched."""
        self._loop.start(self._cancel(host, model))

    def dismiss(self, host: str, model: str) -> None:
        """Forget a pull that has ended."""
        with self._lock:
            pull = self._pulls.get((host, model))
            if pull is not None and pull.state is not PullState.RUNNING:
                del self._pulls[host, model]

    async def close(self) -> None:
        """End all pulls."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _cancel(self, host: str, model: str) -> None:
        if task := self._tasks.get((host, model)):
            task.cancel()

    def _lines(self, pull: Pull) -> AsyncGenerator[dict[str, Any], None]:
        is_private = any(host.url == pull.host and host.is_private for host, _ in self._hosts.all())
        if is_private and pull.model == first_model.NAME:
            return first_model.pull(self._folder, pull.host)
        return self._hosts.engine(pull.host).management.pull(pull.model)

    async def _run(self, pull: Pull) -> None:
        if task := asyncio.current_task():
            self._tasks[pull.host, pull.model] = task
        try:
            lines = self._lines(pull)
            async with contextlib.aclosing(lines):
                async for line in lines:
                    pull.progress.add(line, at=time.monotonic())
            await self._hosts.check(up_only=True)  # First: who is told that it is here, looks.
            pull.state = PullState.DONE
        except asyncio.CancelledError:
            pull.state = PullState.CANCELED
        except FirstReaderError as error:
            pull.error, pull.state = error, PullState.FAILED
        finally:
            self._tasks.pop((pull.host, pull.model), None)
