"""The cable between browser and app, which can be pulled out and put back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """Passes on what comes to a port of its own to the port of the app, while it is in."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._in = True
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cut every connection, and each that is tried."""
        self._in = False
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def put_back(self) -> None:
        """Let new connections through."""
        self._in = True

    def close(self) -> None:
        self.pull()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                end, _ = self._listener.accept()
                if not self._in:
                    end.close()
                    continue
                other = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [end, other]
                for pair in ((end, other), (other, end)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def cable(address: str) -> Iterator[tuple[str, Cable]]:
    """Give the address of the app at the end of a cable, and the cable."""
    made = Cable(int(address.rsplit(":", 1)[1]))
    try:
        yield f"http://127.0.0.1:{made.port}", made
    finally:
        made.close()
