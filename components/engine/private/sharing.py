"""One server for all processes of the user that start it in the same folder.

A page and a shell beside it that each started an Ollama would hold the same model in memory twice.
So the first starts the server, and later ones use it. Two files say who is there, both by locks of
the system (flock), which end with the process that holds them, however it ends:

- `NAME.users` is locked, shared, by each process that uses the server. The server's supervisor ends
  it when nobody holds that lock any more, so it may outlive the process that started it.
- `NAME.server` is locked by the supervisor as long as it runs; it holds the address.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from components.engine.private.folder import Folder
from components.engine.private.locate import answers
from components.errors import OllamaUnavailable

#: Seconds between two tries for a lock, or for the address of a server that is being started.
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that another process started: its address, and how many calls it runs at once."""

    url: str
    parallel: int


class Sharing:
    """This process's part in sharing the server called `name` of a folder."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self.users = folder.root / f"{name}.users"
        self._server = folder.root / f"{name}.server"
        self._user: int | None = None

    def enter(self, until: float) -> Serving | int:
        """Become a user; return the server that runs, or the lock for starting it.

        The lock is a descriptor that the supervisor inherits and the caller closes. `until` is a
        time of `time.monotonic`. Raises: OllamaUnavailable.
        """
        self._folder.make()
        if self._user is None:
            self._user = _open(self.users)
        # A process that ends an unused server holds this lock exclusively meanwhile.
        while not _lock(self._user, fcntl.LOCK_SH):
            _sleep(until)
        while True:
            lock = _open(self._server)
            if _lock(lock, fcntl.LOCK_EX):
                os.ftruncate(lock, 0)
                return lock
            os.close(lock)
            serving = self._serving()
            if serving is not None and answers(serving.url) and self._serving() == serving:
                return serving
            _sleep(until)

    def announce(self, lock: int, serving: Serving) -> None:
        """Write down the server that was started under `lock`, for later processes."""
        os.pwrite(lock, json.dumps([serving.url, serving.parallel]).encode(), 0)

    def serves(self, url: str) -> bool:
        """Whether a server runs, at this address."""
        lock = _open(self._server)
        try:
            serving = self._serving()
            return not _lock(lock, fcntl.LOCK_EX) and serving is not None and serving.url == url
        finally:
            os.close(lock)

    def leave(self) -> bool:
        """Use the server no more; return whether nobody does.

        Then nobody becomes a user before `release` is called: the server may be ended.
        """
        if self._user is None or _lock(self._user, fcntl.LOCK_EX):
            return True
        self.release()
        return False

    def release(self) -> None:
        """Let others become users again."""
        if self._user is not None:
            fcntl.flock(self._user, fcntl.LOCK_UN)  # Also where a child has the descriptor too.
            os.close(self._user)
            self._user = None

    def _serving(self) -> Serving | None:
        try:
            url, parallel = json.loads(self._server.read_bytes())
            return Serving(str(url), int(parallel))
        except (OSError, ValueError, TypeError):
            return None  # It is being started.


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(descriptor: int, how: int) -> bool:
    """Take a lock if nobody prevents it; return whether it was taken."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sleep(until: float) -> None:
    if time.monotonic() >= until:
        raise OllamaUnavailable("Another First Reader starts or ends Ollama and does not finish.")
    time.sleep(_POLL)
