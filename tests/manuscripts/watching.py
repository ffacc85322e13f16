"""Watching the process that reads a file: what it reaches for, as Python itself reports it.

A `sitecustomize` on the worker's path adds an audit hook before anything of the app is imported. It
tells what it sees through a named pipe, since the worker may write no file; the processes that it
starts in turn have the hook as well. What a library does in C without Python is not seen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from components.settings import PROJECT

HOOK = """
import os
import sys

_pipe = os.open({pipe!r}, os.O_WRONLY)
_ALWAYS = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
    "socket.sendto", "socket.sendmsg", "socket.bind", "urllib.Request", "http.client.connect",
    "ftplib.connect", "smtplib.connect", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "webbrowser.open",
)
_PATHS = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _told(event, args):
    if event == "open":
        path, mode, flags = args
        writes = set(mode or "") & set("wax+") or (flags or 0) & _WRITES
        if not writes or isinstance(path, int) or os.fsdecode(path) == os.devnull:
            return
        said = os.fsdecode(path)
    elif event in _PATHS:
        said = os.fsdecode(args[0])
    elif event in _ALWAYS:
        said = ascii(args[:2])[:200]
    else:
        return
    if "__pycache__" not in said:
        os.write(_pipe, (event + " " + said.replace(chr(10), " ") + chr(10)).encode())


sys.addaudithook(_told)
"""


class Watch:
    """What the workers started since have reached for."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        pipe = folder / "told"
        os.mkfifo(pipe)
        self._reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        (folder / "sitecustomize.py").write_text(HOOK.format(pipe=str(pipe)), encoding="utf-8")
        before = os.environ.get("PYTHONPATH", "")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), before))))

    def seen(self) -> list[str]:
        """Return the events so far, one a line: "socket.connect ...", "open /tmp/a"."""
        told = b""
        while True:
            try:
                more = os.read(self._reading, 65_536)
            except BlockingIOError:
                break
            if not more:  # nobody writes any more
                break
            told += more
        return told.decode().splitlines()

    def run(self, code: str) -> None:
        """Run `code` in a process of its own, as a worker is."""
        subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False, capture_output=True)

    def close(self) -> None:
        """Take the pipe down."""
        os.close(self._reading)
