"""An Ollama server that the app starts, and that ends with the app.

The same class starts a program that the user installed and the private build. The former keeps its
home and its models; the latter gets its own, and none of the user's settings for Ollama.

A page and a shell beside it that each started an Ollama would hold the same model in memory twice.
So one server can serve all processes of the user: the first starts it, and later ones use it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from components.engine.private.folder import Folder
from components.engine.private.locate import answers
from components.engine.private.supervise import ended_within, supervised, wait_or_kill
from components.errors import OllamaUnavailable

#: Seconds for a server to answer after its start; a cold disk has been seen to take ten.
START_DEADLINE = 60.0

#: Seconds between two checks whether it answers yet, and between two tries for a lock.
POLL = 0.05

#: Another program may take the free port before the server is started.
PORT_TRIES = 5

#: What the log says when another program has the port.
_IN_USE = "address already in use"


class OllamaProcess:
    """One `ollama serve` on a loopback port of its own, started by `start`, ended by `stop`.

    It also ends when this process ends in any way, kill -9 included. One that is `shared` is the
    same for all processes that start it in the folder, and ends with the last of them. It runs
    `parallel` calls of a model at once, each in a context of its own, which multiplies the memory
    that a context takes. Usable as a context manager; its methods may be called from several
    threads.
    """

    def __init__(
        self,
        binary: Path,
        folder: Folder,
        *,
        private: bool,
        parallel: int = 1,
        shared: bool = False,
    ) -> None:
        self._binary = binary
        self._folder = folder
        self._private = private
        self._sharing = _Sharing(folder, "private" if private else "installed") if shared else None
        #: How many calls of a model it runs at once: as it was started, maybe elsewhere.
        self.parallel = parallel
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The server's address.

        Raises: OllamaUnavailable before `start` and after `stop`.
        """
        if self._url is None:
            raise OllamaUnavailable("Ollama is not running.")
        return self._url

    @property
    def running(self) -> bool:
        """Whether the server was started, not stopped, and has not ended by itself."""
        process, url = self._process, self._url
        if process is not None:
            return process.poll() is None
        return url is not None and self._sharing is not None and self._sharing.serves(url)

    def start(self, *, deadline: float = START_DEADLINE) -> None:
        """Start the server and return when it answers; does nothing when it runs already.

        Raises: OllamaUnavailable when it ends by itself or does not answer within `deadline`
        seconds; nothing is left running then.
        """
        with self._lock:
            if self.running:
                return
            until = time.monotonic() + deadline
            if self._sharing is None:
                self._start(until)
            else:
                self._share(self._sharing, until)

    def stop(self) -> None:
        """End the server and everything it started; does nothing when there is none.

        One that is shared goes on while others use it, and else ends within some seconds.
        """
        with self._lock:
            if self._sharing is None or self._sharing.leave():
                self._stop()
            elif self._process is not None:
                # The others end it now, but only its parent can collect its exit status.
                threading.Thread(target=self._process.wait, daemon=True).start()
            self._process, self._url = None, None
            if self._sharing is not None:
                self._sharing.release()

    def __enter__(self) -> Self:
        """Start the server; see `start` for what is raised."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def _share(self, sharing: _Sharing, until: float) -> None:
        """Use the server that another process started, or start it for all."""
        self._stop()  # One that ended by itself.
        entered = sharing.enter(until)
        if isinstance(entered, _Serving):
            self._url, self.parallel = entered.url, entered.parallel
            return
        try:
            self._start(until, lock=entered)
            sharing.announce(entered, _Serving(self.url, self.parallel))
        except BaseException:
            sharing.release()
            raise
        finally:
            os.close(entered)

    def _start(self, until: float, *, lock: int | None = None) -> None:
        for _ in range(PORT_TRIES):
            if self._try_to_start(until, lock):
                return
        raise OllamaUnavailable("Ollama found no free port on this computer.")

    def _try_to_start(self, until: float, lock: int | None) -> bool:
        self._folder.make()
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        log = self._folder.serve_log
        log.write_bytes(b"")
        try:
            with log.open("ab") as sink:
                process = subprocess.Popen(
                    supervised(
                        [str(self._binary), "serve"],
                        users=self._sharing.users if self._sharing else None,
                    ),
                    stdin=subprocess.DEVNULL if self._sharing else subprocess.PIPE,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    env=self._environ(port),
                    start_new_session=True,
                    pass_fds=() if lock is None else (lock,),
                )
        except OSError as error:
            raise OllamaUnavailable(f"Ollama cannot be started: {error.strerror}.") from error
        self._process, self._url = process, None
        try:
            while not ended_within(process, POLL):
                # A stranger may answer on a port that ours did not get: ours must still live.
                if answers(url) and not ended_within(process, POLL):
                    self._url = url
                    return True
                if time.monotonic() >= until:
                    message = f"Ollama does not answer after its start; its log is {log}."
                    raise OllamaUnavailable(message)
        finally:
            if self._url is None:
                self._stop()
        if _IN_USE in log.read_text(encoding="utf-8", errors="replace"):
            return False
        raise OllamaUnavailable(f"Ollama ended as soon as it was started; its log is {log}.")

    def _stop(self) -> None:
        process, self._process, self._url = self._process, None, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        else:
            process.terminate()
        wait_or_kill(process)

    def _environ(self, port: int) -> dict[str, str]:
        # With OLLAMA_DEBUG or OLLAMA_DEBUG_LOG_REQUESTS the manuscript would be in a log.
        hidden = ("OLLAMA_", "LLAMA_", "GGML_") if self._private else ("OLLAMA_DEBUG",)
        environ = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        environ.setdefault("OLLAMA_NUM_PARALLEL", str(self.parallel))
        if self._private:
            for path in (self._folder.home, self._folder.models):
                path.mkdir(parents=True, exist_ok=True)
            environ |= {
                "HOME": str(self._folder.home),
                "OLLAMA_MODELS": str(self._folder.models),
                "OLLAMA_NOPRUNE": "1",  # A second app may be importing into the same folder.
            }
        return environ | {"OLLAMA_HOST": f"127.0.0.1:{port}", "OLLAMA_NO_CLOUD": "1"}


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True)
class _Serving:
    """A server that another process started: its address, and how many calls it runs at once."""

    url: str
    parallel: int


class _Sharing:
    """This process's part in sharing the server called `name` of a folder.

    Two files say who is there, both by locks of the system (flock), which end with the process that
    holds them, however it ends:

    - `NAME.users` is locked, shared, by each process that uses the server. The server's supervisor
      ends it when nobody holds that lock any more, so it may outlive the process that started it.
    - `NAME.server` is locked by the supervisor as long as it runs; it holds the address.
    """

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self.users = folder.root / f"{name}.users"
        self._server = folder.root / f"{name}.server"
        self._user: int | None = None

    def enter(self, until: float) -> _Serving | int:
        """Become a user; return the server that runs, or the lock for starting it.

        The lock is a descriptor that the supervisor inherits and the caller closes. `until` is a
        time of `time.monotonic`. Raises: OllamaUnavailable.
        """
        self._folder.make()
        if self._user is None:
            self._user = _open(self.users)
        # A process that ends an unused server holds this lock exclusively meanwhile.
        while not _lock(self._user, fcntl.LOCK_SH):
            _pause(until)
        while True:
            lock = _open(self._server)
            if _lock(lock, fcntl.LOCK_EX):
                os.ftruncate(lock, 0)
                return lock
            os.close(lock)
            serving = self._serving()
            if serving is not None and answers(serving.url) and self._serving() == serving:
                return serving
            _pause(until)

    def announce(self, lock: int, serving: _Serving) -> None:
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

    def _serving(self) -> _Serving | None:
        try:
            url, parallel = json.loads(self._server.read_bytes())
            return _Serving(str(url), int(parallel))
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


def _pause(until: float) -> None:
    if time.monotonic() >= until:
        raise OllamaUnavailable("Another First Reader starts or ends Ollama and does not finish.")
    time.sleep(POLL)
