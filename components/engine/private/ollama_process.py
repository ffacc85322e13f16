"""An Ollama server that the app starts, and that ends with the app.

The same class starts a program that the user installed and the private build. The former keeps its
home and its models; the latter gets its own, and none of the user's settings for Ollama.

A page and a shell beside it that each started an Ollama would hold the same model in memory twice.
So one server serves all processes of the user: the first starts it, and later ones use it.
"""

import fcntl
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from components.engine.private.folder import Folder
from components.engine.private.locate import answers
from components.engine.private.supervise import ended_within, supervised, take_lock, wait_or_kill
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
    """One `ollama serve` on a loopback port of its own for all processes that use `folder`.

    The first to `start` it does so, and it ends with the last of them, in whatever way they end,
    kill -9 included. It runs `parallel` calls of a model at once, as it was started, maybe
    elsewhere; each has a context of its own, which multiplies the memory that a context takes.
    Usable as a context manager; its methods may be called from several threads.

    Two files say who is there, both by locks of the system (flock), which end with the process that
    holds them:

    - `NAME.users` is locked, shared, by each process that uses the server. The server's supervisor
      ends it when nobody holds that lock any more, so it may outlive the process that started it.
    - `NAME.server` is locked by the supervisor as long as it runs; it holds the address.
    """

    def __init__(self, binary: Path, folder: Folder, *, private: bool, parallel: int = 1) -> None:
        self.parallel = parallel
        self._binary = binary
        self._folder = folder
        self._private = private
        name = "private" if private else "installed"
        self._users = folder.users(name)
        self._server = folder.root / f"{name}.server"
        self._lock = threading.Lock()
        #: The descriptor of `_users` while this process uses the server.
        self._user: int | None = None
        #: The supervisor, where this process started the server.
        self._process: subprocess.Popen[bytes] | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The server's address. Raises: OllamaUnavailable before `start` and after `stop`."""
        if self._url is None:
            raise OllamaUnavailable("Ollama is not running.")
        return self._url

    @property
    def running(self) -> bool:
        """Whether the server was started, not stopped, and has not ended by itself."""
        process, url = self._process, self._url
        if process is not None:
            return process.poll() is None
        if url is None:
            return False
        server = _open(self._server)
        try:
            return not take_lock(server, fcntl.LOCK_EX) and self._announced()[0] == url
        finally:
            os.close(server)

    def start(self, *, deadline: float = START_DEADLINE) -> None:
        """Start the server, or use the one that runs; return when it answers.

        Raises: OllamaUnavailable when it ends by itself or does not answer within `deadline`
        seconds; nothing is left running then.
        """
        with self._lock:
            if self.running:
                return
            self._end()  # One that ended by itself.
            until = time.monotonic() + deadline
            server = self._become_user(until)
            if server is None:
                return
            try:
                self._start(until, server)
                os.pwrite(server, json.dumps([self.url, self.parallel]).encode(), 0)
            except BaseException:
                self._release()
                raise
            finally:
                os.close(server)

    def stop(self) -> None:
        """Use the server no more; does nothing when there is none.

        It goes on while others use it. Else it has ended, with everything it started, when this
        returns, or ends within some seconds where another process started it.
        """
        with self._lock:
            if self._user is None or take_lock(self._user, fcntl.LOCK_EX):
                self._end()  # Nobody becomes a user before the lock is released.
            elif self._process is not None:
                # The others end it now, but only its parent can collect its exit status.
                threading.Thread(target=self._process.wait, daemon=True).start()
            self._process, self._url = None, None
            self._release()

    def __enter__(self) -> Self:
        """Start the server; see `start` for what is raised."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def _become_user(self, until: float) -> int | None:
        """Use the server that runs, or return the lock for starting it, a descriptor to close.

        `until` is a time of `time.monotonic`. Raises: OllamaUnavailable.
        """
        self._folder.make()
        if self._user is None:
            self._user = _open(self._users)
        # A process that ends an unused server holds this lock exclusively meanwhile.
        while not take_lock(self._user, fcntl.LOCK_SH):
            _pause(until)
        while True:
            server = _open(self._server)
            if take_lock(server, fcntl.LOCK_EX):
                os.ftruncate(server, 0)
                return server
            os.close(server)
            url, parallel = self._announced()
            if url and answers(url) and self._announced()[0] == url:
                self._url, self.parallel = url, parallel
                return None
            _pause(until)

    def _announced(self) -> tuple[str, int]:
        """Return the address of the server that was started, and how many calls it runs at once.

        The address is empty while it is being started.
        """
        try:
            url, parallel = json.loads(self._server.read_bytes())
            return str(url), int(parallel)
        except (OSError, ValueError, TypeError):
            return "", 0

    def _release(self) -> None:
        """Let others become users again."""
        if self._user is not None:
            fcntl.flock(self._user, fcntl.LOCK_UN)  # Also where a child has the descriptor too.
            os.close(self._user)
            self._user = None

    def _start(self, until: float, lock: int) -> None:
        for _ in range(PORT_TRIES):
            if self._try_to_start(until, lock):
                return
        raise OllamaUnavailable("Ollama found no free port on this computer.")

    def _try_to_start(self, until: float, lock: int) -> bool:
        """Start it under supervision, which inherits `lock`; return whether it got its port."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        log = self._folder.serve_log
        try:
            with log.open("wb") as sink:
                process = subprocess.Popen(
                    supervised([str(self._binary), "serve"], self._users),
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    env=self._environ(port),
                    start_new_session=True,
                    pass_fds=(lock,),
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
                self._end()
        if _IN_USE in log.read_text(encoding="utf-8", errors="replace"):
            return False
        raise OllamaUnavailable(f"Ollama ended as soon as it was started; its log is {log}.")

    def _end(self) -> None:
        process, self._process, self._url = self._process, None, None
        if process is not None:
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


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _pause(until: float) -> None:
    if time.monotonic() >= until:
        raise OllamaUnavailable("Another First Reader starts or ends Ollama and does not finish.")
    time.sleep(POLL)
