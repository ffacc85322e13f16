"""A task that reaches outside, to show that `watching` sees one: it is none of the app's."""

import socket
from contextlib import suppress


def answer(*_):
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), 0.1)
